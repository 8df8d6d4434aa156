"""What scans by interval cost. A program that allocates without end runs under
Gordian with an interval and without one by turns; the ratios of the wall time
of an allocation, and of these the median."""
import os
import subprocess
import sys
import tempfile

import common

# (seconds, budget in percent, threads that sleep)
CASES = ((0.001, 5, 0), (0.2, 5, 0), (0.01, 1, 0), (0.01, 25, 0), (0.01, 5, 100),
         (0.01, 5, 1000))
NEVER = ":threshold=1000000000000"
NOTES = """\
ratio: an allocation and its free, with scans by interval to without; allowed:
by the budget, 1/(1 - budget). scans: of one run, the last one with them."""


def run(args, options, threads):
    """ns of an allocation, and how many scans there were."""
    with tempfile.TemporaryDirectory(prefix="gordian-bench.") as directory:
        tool = common.gordian(args.library, NEVER + options)
        done = subprocess.run(
            [os.path.join(args.programs, "intervals"), str(threads)],
            env=common.environment(**tool.env_in(directory)), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        found = sum(len(common.scans(os.path.join(directory, name)))
                    for name in os.listdir(directory))
    return float(done.stdout), found


def one_case(args, seconds, budget, threads):
    ratios, found = [], []
    for _ in range(args.runs):
        without, _ = run(args, "", threads)
        ns, n = run(args, f":interval={seconds}:budget={budget}", threads)
        ratios.append(ns / without)
        found.append(n)
    if max(found) < 2:
        sys.exit("bench: no scan by interval")
    return {"interval": seconds, "budget": budget, "threads": threads,
            "ratio": common.summary(ratios), "scans": common.summary(found),
            "allowed": round(1 / (1 - budget / 100), 2)}


def measure(args):
    return [one_case(args, *case) for case in CASES]


def show(rows):
    print(f"\n{'interval':10} {'budget':>8} {'threads':>8} {'ratio':>8} "
          f"{'allowed':>8} {'scans':>8}")
    for row in rows:
        print(f"{row['interval']:8} s {row['budget']:6} % {row['threads']:8} "
              f"{row['ratio']['median']:8.2f} {row['allowed']:8.2f} "
              f"{row['scans']['median']:8.0f}")
    print(NOTES)
