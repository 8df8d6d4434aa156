#!/usr/bin/env python3
"""What a scan costs, beside LeakSanitizer's check of the same heap.

    heap.py bench-pause|bench-scan [--json] [--runs=N] [--blocks=N,…]
            [--shape=NAME]… LIBRARY PROGRAMS

bench-pause: how long the program stands still, which a thread that spins on
the clock sees: the longest gap between two of its readings. bench-scan: what
the analysis takes, of processor time and memory, against the blocks. LIBRARY is
libgordian.so; PROGRAMS the directory of the built programs."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

import common

MILLION = 1000000
PAUSES = [  # blocks, threads, ms that Gordian may take or None
    (1 * MILLION, 1, 4), (16 * MILLION, 1, 35),
    (1 * MILLION, 100, 4), (1 * MILLION, 2000, None)]
SHAPES = {  # bytes a block that the child may take: 4 for an unreached edge
    "chain": ("each block holds the next", 32),
    "tree": ("each holds two, a binary tree", 32),
    "random": ("each holds two at random; a fifth is unreached", 33.6),
    "table": ("unconnected, one block holds all", 32),
    "lost": ("unconnected, nothing holds them", 32),
    "giant": ("one cycle of all, each holds another at random", 40),
    "tangle": ("each holds two at random, nothing holds them", 40),
}
PAUSE_NOTES = """\
ms, median and most. no scan, gordian, lsan: the longest gap that the spinning
thread saw in 0.2 s without a scan, and while one was made; the other threads
sleep. The heap: 64 bytes a block, a chain, and an edge at random from each."""
SCAN_NOTES = """\
ms of processor time: gordian, lsan: of the process and of what it waits for;
child: of that, Gordian's child, as it reports it. B/block: the child's peak."""


def looks(args, tool, shape, blocks, threads, checks):
    """One process: [idle gap, [[gap µs, wall ms, cpu ms] of each check]], and
    Gordian's own scans."""
    with tempfile.TemporaryDirectory(prefix="gordian-bench.") as directory:
        argv = [os.path.join(args.programs, "heap"), shape, str(blocks),
                str(threads), str(checks)]
        out = subprocess.run(
            tool.command(argv, directory), cwd=directory, check=True,
            env=common.environment(**tool.env_in(directory)), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        scans = [scan for name in os.listdir(directory)
                 if name.endswith(".jsonl")
                 for scan in common.scans(os.path.join(directory, name))
                 if scan["trigger"] == "api"]
    lines = [[float(word) for word in line.split()]
             for line in out.splitlines()]
    if tool.name == "gordian" and len(scans) != checks:
        sys.exit(f"bench: {len(scans)} scans, not {checks}")
    return lines[0][0], lines[1:], scans


def tried(function, args, *what):
    """What it returns, or how a program that it ran failed."""
    try:
        return function(args, *what)
    except subprocess.CalledProcessError as error:
        return {"failed": f"{' '.join(error.cmd[1:])}: "
                          f"status {error.returncode}"}


def spread(values):
    return {"median": round(statistics.median(values), 2),
            "max": round(max(values), 2)}


def pause_row(args, tools, blocks, threads, limit):
    runs = {tool.name: [] for tool in tools}
    for _ in range(args.runs):
        for tool in tools:
            runs[tool.name].append(looks(args, tool, "mixed", blocks, threads,
                                         3 if blocks < 8 * MILLION else 2))
    scans = [scan for *_, found in runs["gordian"] for scan in found]
    row = {"blocks": blocks, "threads": threads, "at_most_ms": limit,
           "idle_ms": spread([idle / 1000 for of in runs.values()
                              for idle, *_ in of]),
           "pause_ms": spread([scan["pause_us"] / 1000 for scan in scans]),
           "stopped_threads": min(scan["stopped_threads"] for scan in scans)}
    for name, of in runs.items():
        row[name + "_ms"] = spread([gap / 1000 for _, lines, _ in of
                                    for gap, *_ in lines])
    return row


def show(function, row):
    if "failed" in row:
        print(f"failed: {row['failed']}", flush=True)
    else:
        function(row)


def show_pause(row):
    print(f"{row['blocks'] // MILLION:4} M {row['threads']:7}", end="")
    for key in ("idle_ms", "gordian_ms", "pause_ms", "lsan_ms"):
        value = row.get(key)
        print(f"{value['median']:10.2f} {value['max']:8.2f}" if value
              else f"{'–':>10} {'–':>8}", end="")
    print(f"{row['at_most_ms'] or '–':>8}", flush=True)


def pauses(args, tools):
    """A row of each heap, printed as it comes."""
    if not args.json:
        print(f"\n{'blocks':>6} {'threads':>7} {'no scan':>18} {'gordian':>18} "
              f"{'its pause_us':>18} {'lsan':>18} {'at most':>7}")
    rows = []
    for heap in PAUSES:
        if not args.blocks or heap[0] // MILLION in args.blocks:
            rows.append(tried(pause_row, args, tools, *heap))
            if not args.json:
                show(show_pause, rows[-1])
    if not args.json:
        print(PAUSE_NOTES)
    return rows


def scan_row(args, tools, shape, blocks):
    """Two looks at a heap in each run, of which the first may be dearer."""
    row = {"shape": shape, "blocks": blocks}
    cpu, scans = {tool.name: [] for tool in tools}, []
    for _ in range(args.runs):
        for tool in tools:
            _, lines, found = looks(args, tool, shape, blocks, 0, 2)
            cpu[tool.name] += [line[2] for line in lines]
            scans += found
    for name, values in cpu.items():
        row[name + "_cpu_ms"] = spread(values)
    row["child_cpu_ms"] = spread([scan["child_cpu_ms"] for scan in scans])
    peak = max(scan["peak_child_kb"] for scan in scans)
    row["child_bytes_a_block"] = round(peak * 1024 / blocks, 1)
    row["at_most_bytes"] = SHAPES[shape][1]
    return row


def show_scan(row):
    own = row["gordian_cpu_ms"]["median"]
    print(f"{row['shape']:8} {row['blocks'] // MILLION:3} M "
          f"{own:9.0f} {row['child_cpu_ms']['median']:9.0f} "
          f"{own * MILLION / row['blocks']:9.0f}", end="")
    peer = row.get("lsan_cpu_ms")
    print(f" {peer['median']:9.0f} {own / peer['median']:7.2f}" if peer
          else f" {'–':>9} {'–':>7}", end="")
    print(f" {row['child_bytes_a_block']:7.1f} {row['at_most_bytes']:7}",
          flush=True)


def analyses(args, tools):
    if not args.json:
        print(f"\n{'shape':8} {'blocks':>5} {'gordian':>9} {'its child':>9} "
              f"{'ns/block':>9} {'lsan':>9} {'ratio':>7} {'B/block':>7} "
              f"{'at most':>7}")
    rows = []
    for shape in args.shape or SHAPES:
        for blocks in args.blocks or (1, 2, 4, 8, 16):
            rows.append(tried(scan_row, args, tools, shape,
                              blocks * MILLION))
            if not args.json:
                show(show_scan, rows[-1])
    if not args.json:
        print(SCAN_NOTES)
        for shape, (words, _) in SHAPES.items():
            print(f"{shape:7} {words}")
    return rows


def options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--blocks", metavar="N,…", help="in millions",
                        type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--shape", action="append", choices=SHAPES)
    parser.add_argument("what", choices=("bench-pause", "bench-scan"))
    parser.add_argument("library", type=os.path.abspath)
    parser.add_argument("programs", type=os.path.abspath)
    args = parser.parse_args()
    args.runs = args.runs or (3 if args.what == "bench-pause" else 1)
    return args


def main():
    args = options()
    peer = common.lsan("lsan", "symbolize=0")
    if not peer.missing and "failed" in tried(looks, args, peer, "lost", 9, 0,
                                              1):
        peer.missing = "its check fails here; may it use ptrace?"
    result = {"machine": common.machine(), "versions": [peer.version],
              "skipped": [], "runs": args.runs}
    if peer.missing:
        result["skipped"] = [{"name": peer.name, "why": peer.missing}]
    if not args.json:
        common.show_top(result)
    tools = [common.gordian(  # neither tool names functions here
        args.library, ":threshold=1000000000000:memory=65536:plain=no")]
    tools += [] if peer.missing else [peer]
    rows = pauses if args.what == "bench-pause" else analyses
    result["rows"] = rows(args, tools)
    if args.json:
        print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
