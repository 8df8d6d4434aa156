#!/usr/bin/env python3
"""When scans are made: by threshold, interval and budget."""
import sys
import time

from common import act, check, Daemon, main, records, RING, scans


@check
def threshold_to_the_letter():
    act("keep 5000", "--format=none --threshold=1000")
    found = scans("threshold")
    assert 4 <= len(found) <= 5, found
    blocks = [s["blocks"] for s in found]
    assert 1000 <= blocks[0] <= 1050, blocks  # with a few of the loader's
    for before, after in zip(blocks, blocks[1:]):
        assert 1000 <= after - before <= 1005, blocks


@check
def threshold_of_one():
    act("keep 20", "--format=none --threshold=1")
    assert len(scans("threshold")) >= 20


@check
def threshold_counts_what_is_left():
    """Blocks that are freed again do not count."""
    act("loop realloc 100 keep 900 loop free 100",
        "--format=none --threshold=1000")
    assert scans("threshold") == []


@check
def growth_rule():
    act("keep 9000")
    assert scans("threshold") == []
    act("keep 11000")
    first, = scans("threshold")
    assert 10000 <= first["blocks"] <= 10100, first
    act("grow 5", "--format=none --budget=100")
    blocks = [s["blocks"] for s in scans("threshold")]
    assert len(blocks) == 5, blocks
    for before, after in zip(blocks, blocks[1:]):
        assert after - before >= max(10000, before // 4), blocks


@check
def interval_to_the_letter():
    """Whatever hook it is that the program enters."""
    for what in ("free", "usleep"):
        began = time.monotonic()
        act(f"keep 2000 scans 5 {what}", "--format=none --interval=0.2")
        most = (time.monotonic() - began) / 0.2
        assert 5 <= len(scans("interval")) <= most, (what, scans("interval"))
    for what in ("free-null", "realloc", "usable-size", "mmap", "thread",
                 "poll"):
        began = time.monotonic()
        act(f"scans 2 {what}", "--format=none --interval=0.1")
        most = (time.monotonic() - began) / 0.1
        assert 2 <= len(scans("interval")) <= most, (what, scans("interval"))


@check
def interval_sees_what_was_dropped():
    code, _ = act("keep 50 scans 4 drop _exit 0",
                  "--format=none --interval=0.1")
    assert code == 0 and len(scans("interval")) >= 3
    assert max(s["findings"] for s in scans("interval")) == 1
    first = records("x.jsonl", "finding")[0]
    assert first["scan"] < scans("exit")[0]["n"], first


@check
def what_does_nothing_is_scanned_once():
    """No matter how often the interval ends; twice where the first scan left
    a finding to be confirmed, and again once there is something new."""
    quick = "--format=none --interval=0.05"
    act("keep 50 idle 800", quick)
    assert len(scans("interval")) == 1, scans("interval")
    act("rings idle 800 keep 1 idle 800", quick)
    assert len(scans("interval")) == 3, scans("interval")
    found = records("x.jsonl", "finding")
    assert sorted(f["scan"] for f in found) == [1, 2, 2, 3, 3, 4, 4], found


@check
def scans_keep_to_their_budget():
    """Of the first four seconds the whole may be spent at once."""
    act("keep 20000 scans 20 free",
        "--format=none --interval=0.01 --budget=100")
    assert len(scans("interval")) >= 20, scans("interval")
    began = time.monotonic()
    act("keep 20000 scans 1 free loop free 1500",
        "--format=none --interval=0.01 --budget=1")
    share = 0.01 * 1e3 * (4 + time.monotonic() - began)
    costs = [s["cost_ms"] for s in scans("interval")]
    assert costs and sum(costs[:-1]) <= share, (costs, share)
    assert all(s["cost_ms"] >= s["child_cpu_ms"] + s["pause_us"] / 1e3 - 0.2
               for s in records("x.jsonl", "scan"))


@check
def no_budget_no_scan_but_those_asked_for():
    act("keep 30000 loop free 300", "--format=none --interval=0.01 "
        "--threshold=100 --budget=0")
    assert [s["trigger"] for s in records("x.jsonl", "scan")] == ["exit"]
    with Daemon("ring blocked read", options=":budget=0") as daemon:
        assert daemon.found() == daemon.found() == [RING]
        daemon.end()


@check
def no_interval_no_scan():
    act("loop usleep 300")
    assert [s["trigger"] for s in records("x.jsonl", "scan")] == ["exit"]


if __name__ == "__main__":
    sys.exit(main())
