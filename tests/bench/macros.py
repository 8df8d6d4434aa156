"""What the macros of gordian.h cost, in one table. Each case is run several
times without Gordian and with it by turns, and each run times the loop without
the macros too, so that what is compared ran side by side. Medians."""
import os
import subprocess
import sys
import tempfile

import common

CASES = {
    "ref": "REF + UNREF",
    "link": "LINK + UNLINK",
    "object": "OBJECT + its free",
    "malloc": "malloc + free",
    "control": "arithmetic",
}
FRAMES = (6, 22)
ROUNDS = 3  # in each run
NOTES = """\
absent, one: ns of processor time for each pair, the same loop without the
macros taken off; OBJECT: what it adds to malloc and free. two: how many times
the pairs of one thread are done by two, on objects of their own; arithmetic
shares nothing: more than its figure this machine does not give just now."""


def run(program, library, case, frames):
    """The rounds of one process: [[base, cost, one, two]…]."""
    with tempfile.TemporaryDirectory(prefix="gordian-bench.") as directory:
        tool = common.gordian(library, ":threshold=1000000000000")
        env = common.environment(**tool.env_in(directory) if library else {})
        out = subprocess.run(
            [program, case, str(frames), str(ROUNDS)], env=env, check=True,
            stdout=subprocess.PIPE, text=True).stdout
    if ("gordian: yes" in out) != bool(library):
        sys.exit("bench: Gordian is not there, or is where it should not be")
    return [[float(word) for word in line.split()]
            for line in out.splitlines() if ":" not in line]


def one_case(args, case, frames):
    program = os.path.join(args.programs, "macros")
    rounds = {"absent": [], "gordian": []}
    for _ in range(args.runs):
        rounds["absent"] += run(program, None, case, frames)
        rounds["gordian"] += run(program, args.library, case, frames)
    row = {"case": case, "frames": frames}
    for key, lines in rounds.items():
        row[key + "_ns"] = common.summary(
            [cost - base for base, cost, *_ in lines])
    row["two_threads"] = common.summary(
        [one / two for *_, one, two in rounds["gordian"]])
    return row


def measure(args):
    return [one_case(args, case, frames)
            for case in CASES for frames in FRAMES]


def show(rows):
    print(f"\n{'':18} {'frames':>6} {'absent':>8} {'one':>8} {'two':>6}")
    for row in rows:
        absent, one, two = (row[key]["median"] for key in
                            ("absent_ns", "gordian_ns", "two_threads"))
        print(f"{CASES[row['case']]:18} {row['frames']:6} "
              f"{absent:8.1f} {one:8.1f} {two:6.2f}")
    print(NOTES)
