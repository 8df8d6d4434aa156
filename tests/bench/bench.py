#!/usr/bin/env python3
"""What Gordian costs: workloads plain, under Gordian and under its peers, scans
by interval, and the macros of gordian.h.

    bench.py [--json] [--runs=N] [--only=NAME]… [--peer=NAME]… LIBRARY PROGRAMS

LIBRARY is libgordian.so; PROGRAMS the directory of the built programs. In each
of N rounds (5) a workload runs plain and then under each tool; the ratios to
the plain run of the same round are taken, and of these the median. The slow
tools run in the first round alone, and each at most --limit seconds. A tool or
a workload's program that is missing is named."""
import argparse
import json
import os
import statistics
import sys
import tempfile

import common
import intervals
import macros
import workloads

NOTES = """\
Ratios to plain, of the whole process with its last scan and the summary. cpu:
with its children. memory: the peak of the program's own process, scans apart.
wall of redis: the time of a request, throughput: 1/wall. > stopped there.
Stacks are whole under gordian, lsan-full and heaptrack, of 12 frames under
valgrind; lsan has what frame pointers give."""


def scans(directory):
    """What the reports of a run tell of its scans."""
    found = [scan for name in os.listdir(directory) if name.endswith(".jsonl")
             for scan in common.scans(os.path.join(directory, name))]
    if not found:
        sys.exit("bench: no scan under Gordian")
    return {"n": len(found),
            "pause_us": max(scan["pause_us"] or 0 for scan in found),
            "child_cpu_ms": sum(scan["child_cpu_ms"] or 0 for scan in found)}


def one_run(args, workload, tool):
    with tempfile.TemporaryDirectory(prefix="run.",
                                     dir=args.directory) as directory:
        run = workload.run(tool, directory, args.limit)
        if tool.name == "gordian" and not run["late"]:
            run["scans"] = scans(directory)
    return run


def measure(args, workload, tools):
    """{tool: [a run of each round]}"""
    runs = {tool.name: [] for tool in tools}
    for n in range(args.runs):
        for tool in tools:
            if n == 0 or not tool.slow:
                runs[tool.name].append(one_run(args, workload, tool))
    return runs


def ratios_of(key, runs, plain):
    return [run[key] / other[key] for run, other in zip(runs, plain)
            if run[key] and other[key]]


def compare(name, plain, runs, serves):
    """One row: a tool's runs beside the plain ones of the same rounds."""
    row = {"tool": name, "runs": len(runs),
           "stopped": any(run["late"] for run in runs)}
    bad = [run["status"] for run in runs if run["status"]]
    if bad and not row["stopped"]:
        row["failed"] = (f"ended by signal {-bad[0]}" if bad[0] < 0
                         else f"failed with status {bad[0]}")
        return row
    for key in ("wall",) if row["stopped"] else ("wall", "cpu", "peak"):
        ratios = ratios_of(key, runs, plain)
        if ratios:
            row[key] = common.summary(ratios)
    if serves and "wall" in row:
        row["throughput"] = common.summary([1 / ratio for ratio in
                                            ratios_of("wall", runs, plain)])
    if name == "gordian" and not row["stopped"]:
        row["scans"] = {key: statistics.median(run["scans"][key]
                                               for run in runs)
                        for key in runs[0]["scans"]}
    return row


def one_workload(args, workload, tools):
    runs = measure(args, workload, tools)
    plain = runs.pop("plain")
    if any(run["late"] for run in plain):
        return {"workload": workload.name,
                "failed": f"took more than {args.limit:g} s without any tool"}
    if any(run["status"] for run in plain):
        sys.exit(f"bench: {workload.name} fails without any tool")
    return {
        "workload": workload.name,
        "plain": {key: common.summary([run[key] for run in plain], 6)
                  for key in ("wall", "cpu", "peak")},
        "rows": [compare(name, plain, of, workload.serves)
                 for name, of in runs.items()],
    }


def show_workload(result):
    if "failed" in result:
        print(f"{result['workload']:10} {result['failed']}", flush=True)
        return
    wall, cpu, peak = (result["plain"][key]["median"]
                       for key in ("wall", "cpu", "peak"))
    wall = f"{wall * 1e6:.1f} µs" if wall < 0.001 else f"{wall:.2f} s"
    print(f"{result['workload']:10} {'plain':10} {wall:>8} "
          f"{f'{cpu:.2f} s':>8} {f'{peak / 1024:.0f} MB':>8}")
    for row in result["rows"]:
        print(f"{'':10} {row['tool']:10}", end="")
        for key in ("wall", "cpu", "peak"):
            ratio = "–"
            if key in row:
                ratio = (">" * row["stopped"]
                         + format(row[key]["median"], ".2f"))
            print(f" {ratio:>8}", end="")
        print(f"  {row['failed']}" if "failed" in row else "", end="")
        if "throughput" in row:
            print(f"  throughput {row['throughput']['median']:.2f}", end="")
        if "scans" in row:
            print(f"  {row['scans']['n']:.0f} scans, longest pause "
                  f"{row['scans']['pause_us'] / 1000:.1f} ms", end="")
        print(flush=True)


def skipped(parser, names, things):
    """What is asked for and missing, and why; the rest is left in things."""
    known = [thing.name for thing in things]
    for name in names or []:
        if name not in (*known, "intervals", "macros", "none"):
            parser.error(f"no '{name}'; there are {', '.join(known)}")
    asked = [thing for thing in things if not names or thing.name in names]
    things[:] = [thing for thing in asked if not thing.missing]
    return [{"name": thing.name, "why": thing.missing}
            for thing in asked if thing.missing]


def run_all(args, parser):
    tools, programs = common.peers(), workloads.everything(args.programs,
                                                           args.directory)
    result = {"machine": common.machine(),
              "skipped": skipped(parser, args.peer, tools)
              + skipped(parser, args.only, programs)}
    versions = [thing.version for thing in [*tools, *programs]]
    result["versions"] = list(dict.fromkeys(filter(None, versions)))
    result["workloads"] = []
    tools[:0] = [common.Tool("plain"), common.gordian(args.library)]
    if not args.json:
        common.show_top(result)
        print(f"\n{'':21} {'wall':>8} {'cpu':>8} {'memory':>8}", flush=True)
    for workload in programs:
        result["workloads"].append(one_workload(args, workload, tools))
        if not args.json:
            show_workload(result["workloads"][-1])
    if programs and not args.json:
        print(NOTES)
    for table in (intervals, macros):
        if not args.only or table.__name__ in args.only:
            result[table.__name__] = table.measure(args)
            if not args.json:
                table.show(result[table.__name__])
    if args.json:
        print(json.dumps(result, indent=1))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=30,
                        help="seconds for a run")
    parser.add_argument("--only", action="append", metavar="WORKLOAD",
                        help="those named alone: trees, cpython,\n"
                        "cpython-no-frames, threads-1, threads-2, exchange,\n"
                        "redis, redis-P16, sqlite3, g++, commands, subshells,\n"
                        "make, forks, intervals, macros")
    parser.add_argument("--peer", action="append", metavar="TOOL",
                        help="those named alone, or 'none'")
    parser.add_argument("library", type=os.path.abspath)
    parser.add_argument("programs", type=os.path.abspath)
    args = parser.parse_args()
    if args.runs < 1:
        parser.error("--runs: at least 1")
    with tempfile.TemporaryDirectory(prefix="gordian-bench.") as directory:
        args.directory = directory
        run_all(args, parser)


if __name__ == "__main__":
    main()
