#!/usr/bin/env python3
"""What an allocation costs under ever new stacks, and the memory of each frame
that is known: see stacks.c.

    stacks.py [--json] [--small-pages] LIBRARY PROGRAMS

LIBRARY is libgordian.so; PROGRAMS the directory of the built programs. With
--small-pages the kernel gives no huge ones."""
import argparse
import ctypes
import json
import os
import subprocess
import tempfile

import common

PR_SET_THP_DISABLE = 41
ORDERS = ("near", "far")
NOTES = """\
ns of processor time an allocation: plain, under Gordian, and what it adds a
frame of twelve. longest: of one allocation, in µs; 0.2 ms and more is a huge
page that is filled with zeros, more where a virtual machine gets it first.
B/node: what the process has more than without Gordian, for each frame."""


def without_huge_pages():
    ctypes.CDLL(None).prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0)


def run(args, tool, order):
    """[[nodes, allocations, ns, longest ns, kB] at each mark]"""
    with tempfile.TemporaryDirectory(prefix="gordian-bench.") as directory:
        out = subprocess.run(
            tool.command([os.path.join(args.programs, "stacks"), order],
                         directory), cwd=directory, check=True, text=True,
            env=common.environment(**tool.env_in(directory)),
            preexec_fn=without_huge_pages if args.small_pages else None,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return [[float(word) for word in line.split()]
            for line in out.splitlines()]


def rows(args, order):
    plain = run(args, common.Tool("plain"), order)
    for before, line in zip(plain, run(args, common.gordian(args.library),
                                       order)):
        nodes, _, ns, longest, kb = line
        yield {"order": order, "nodes": int(nodes),
               "plain_ns": before[2], "gordian_ns": ns,
               "frame_ns": round((ns - before[2]) / 12, 1),
               "longest_us": round(longest / 1000),
               "plain_longest_us": round(before[3] / 1000),
               "bytes_a_node": round((kb - before[4]) * 1024 / nodes, 1)}


def show(row):
    print(f"{row['order']:6} {row['nodes'] / 1e6:4.1f} M "
          f"{row['plain_ns']:9.0f} {row['gordian_ns']:9.0f} "
          f"{row['frame_ns']:9.1f} {row['plain_longest_us']:9} "
          f"{row['longest_us']:9} {row['bytes_a_node']:7.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--small-pages", action="store_true")
    parser.add_argument("library", type=os.path.abspath)
    parser.add_argument("programs", type=os.path.abspath)
    args = parser.parse_args()
    result = {"machine": common.machine(), "versions": [], "skipped": [],
              "rows": []}
    if not args.json:
        common.show_top(result)
        print(f"\n{'order':6} {'nodes':>6} {'plain':>9} {'gordian':>9} "
              f"{'a frame':>9} {'longest':>9} {'gordian':>9} {'B/node':>7}")
    for order in ORDERS:
        for row in rows(args, order):
            result["rows"].append(row)
            if not args.json:
                show(row)
    print(json.dumps(result, indent=1) if args.json else NOTES)


if __name__ == "__main__":
    main()
