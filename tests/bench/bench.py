#!/usr/bin/env python3
"""What the macros of gordian.h cost, in one table.

    bench.py [--json] [--runs=N] PROGRAM LIBRARY

PROGRAM is macros.c, built; LIBRARY is libgordian.so. Each case is run N times
(5) without Gordian and with it by turns, and each run times the loop without
the macros too, so that what is compared ran side by side. Medians."""
import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile

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
    """The rounds of one process: [[base, cost, one, two]…], and its facts."""
    env = dict(os.environ)
    for name in ("LD_PRELOAD", "GORDIAN_OPTIONS"):
        env.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="gordian-bench.") as directory:
        if library:
            env["LD_PRELOAD"] = library
            env["GORDIAN_OPTIONS"] = (
                f"report={directory}/%p.jsonl:threshold=1000000000000")
        out = subprocess.run(
            [program, case, str(frames), str(ROUNDS)], env=env, check=True,
            stdout=subprocess.PIPE, text=True).stdout
    facts = dict(re.findall(r"^(\w+): (.*)$", out, re.M))
    if (facts["gordian"] == "yes") != bool(library):
        sys.exit(f"bench: gordian: {facts['gordian']}, "
                 f"with library: {library or 'none'}")
    return [[float(word) for word in line.split()]
            for line in out.splitlines() if ":" not in line], facts


def summary(values):
    """The median, and between what the middle half lies."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": round(middle, 2), "quartiles": [round(low, 2),
                                                      round(high, 2)]}


def measure(args, case, frames):
    rounds = {"absent": [], "gordian": []}
    for _ in range(args.runs):
        rounds["absent"] += run(args.program, None, case, frames)[0]
        rounds["gordian"] += run(args.program, args.library, case, frames)[0]
    row = {"case": case, "frames": frames}
    for key, lines in rounds.items():
        row[key + "_ns"] = summary([cost - base for base, cost, *_ in lines])
    row["two_threads"] = summary(
        [one / two for *_, one, two in rounds["gordian"]])
    return row


def machine(args):
    facts = run(args.program, None, "control", FRAMES[0])[1]
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    system = os.uname()
    return {
        "system": f"{system.sysname} {system.release} {system.machine}",
        "processor": model[1] if model else platform.processor(),
        "processors": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 2),
        "compiler": "gcc " + facts["compiler"],
        "glibc": facts["glibc"],
    }


def show(result):
    about = result["machine"]
    print(f"{about['system']}, {about['processors']} × "
          f"{about['processor']}, load {about['load']}\n"
          f"{about['compiler']}, glibc {about['glibc']}; "
          f"{result['runs']} runs\n")
    print(f"{'':18} {'frames':>6} {'absent':>8} {'one':>8} {'two':>6}")
    for row in result["rows"]:
        absent, one, two = (row[key]["median"] for key in
                            ("absent_ns", "gordian_ns", "two_threads"))
        print(f"{CASES[row['case']]:18} {row['frames']:6} "
              f"{absent:8.1f} {one:8.1f} {two:6.2f}")
    print("\n" + NOTES)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("program")
    parser.add_argument("library")
    args = parser.parse_args()
    if args.runs < 1:
        parser.error("--runs: at least 1")
    args.library = os.path.abspath(args.library)
    args.program = os.path.abspath(args.program)
    result = {"machine": machine(args), "runs": args.runs, "rows": [
        measure(args, case, frames) for case in CASES for frames in FRAMES]}
    if args.json:
        print(json.dumps(result, indent=1))
    else:
        show(result)


if __name__ == "__main__":
    main()
