#!/usr/bin/env python3
"""A heap that grows for ten minutes, scanned every second as far as the budget
goes: what the scans cost, by the report and by the program's own accounts.

soak.py [options] LIBRARY PROGRAMS; PROGRAMS is where `soak` was built. Exits
with 1 when the scans cost more than the budget."""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import common


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--blocks", type=int, default=2000000)
    parser.add_argument("--interval", type=float, default=1)
    parser.add_argument("--budget", type=float, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("library", type=os.path.realpath)
    parser.add_argument("programs")
    return parser.parse_args()


def soak(args):
    with tempfile.TemporaryDirectory() as directory:
        report = os.path.join(directory, "soak.jsonl")
        env = common.environment(
            LD_PRELOAD=args.library,
            GORDIAN_OPTIONS=f"report={report}:interval={args.interval}"
                            f":budget={args.budget}:plain=no")
        done = subprocess.run(
            [os.path.join(args.programs, "soak"), str(args.seconds),
             str(args.blocks)], env=env, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout), common.scans(report)


def row(scans, seconds):
    """What they cost together, and the most that one took."""
    cost = sum(scan["cost_ms"] for scan in scans)
    return {"scans": len(scans),
            "blocks": max(scan["blocks"] for scan in scans),
            "pause_ms": max(scan["pause_us"] for scan in scans) / 1e3,
            "cpu_ms": round(sum(scan["child_cpu_ms"] for scan in scans), 1),
            "copied_mb": round(sum(scan["copied_kb"] for scan in scans) / 1024,
                               1),
            "cost_ms": round(cost, 1),
            "percent": round(cost / seconds / 10, 2)}


def result_of(args, program, scans):
    """The last scan is not of the budget, and the program ends before it."""
    periodic = [s for s in scans if s["trigger"] in ("threshold", "interval")]
    parts = [periodic[i * len(periodic) // 8:(i + 1) * len(periodic) // 8]
             for i in range(8)]
    whole = row(periodic, program["seconds"])
    copied = whole["copied_mb"] * 256 * 3 / 1e6  # pages, 3 us each
    pauses = sum(s["pause_us"] for s in periodic) / 1e6
    real = program["children_cpu"] + copied + pauses
    return {
        "machine": common.machine(), "versions": [], "skipped": [],
        "program": program, "budget": args.budget,
        "eighths": [row(part, program["seconds"]) for part in parts if part],
        "whole": whole,
        "percent_to_the_end": round(100 * real / program["seconds"], 2),
        "findings": max(s["findings"] for s in scans)}


def show(result):
    common.show_top(result)
    program = result["program"]
    print(f"\n{program['seconds']:.0f} s, the program itself "
          f"{program['cpu']:.1f} s of CPU time; each line an eighth of the "
          f"scans\n\n{'scans':>6} {'blocks':>9} {'longest':>9} {'cpu':>9} "
          f"{'copied':>9} {'cost':>9} {'of the whole':>12}")
    for line in [*result["eighths"], result["whole"]]:
        print(f"{line['scans']:6} {line['blocks']:9} "
              f"{line['pause_ms']:6.2f} ms {line['cpu_ms']:6.0f} ms "
              f"{line['copied_mb']:6.1f} MB {line['cost_ms']:6.0f} ms "
              f"{line['percent']:10.2f} %")
    print(f"\nwith the children's ends: {result['percent_to_the_end']} % of "
          f"the time; the budget is {result['budget']:g} %")


def main():
    args = arguments()
    program, scans = soak(args)
    result = result_of(args, program, scans)
    if args.json:
        print(json.dumps(result, indent=1))
    else:
        show(result)
    percent = max(result["percent_to_the_end"], result["whole"]["percent"])
    return percent > args.budget


if __name__ == "__main__":
    sys.exit(main())
