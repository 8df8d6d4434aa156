#!/usr/bin/env python3
"""Reports of many machines: merged, with counts a host, and what doc/fleet.md
shows."""
import json
import os
import re
import sys

from common import ACT, check, main, records, run
from made import (
    as_json, as_text, END, finding, gordian, NASTY, program, scan, write)


def on(host, name, count, **more):
    """A report of a program there, which has one finding so often."""
    return write(name, program(host=host, **more),
                 finding(count=count, bytes=80 * count), scan(), END)


@check
def a_report_names_its_host():
    run("--report=x.jsonl --format=none", ACT, "ring:1")
    first, = records("x.jsonl", "program")
    assert first["host"] == os.uname().nodename, first
    assert as_json("x.jsonl")["program"]["host"] == first["host"]


@check
def counts_are_told_by_host():
    names = [on("web1", "a", 2, pid=7), on("web2", "b", 30, pid=7),
             on("web1", "c", 3, pid=8), on(None, "d", 1, pid=9)]
    report = as_json(*names)
    assert [p["host"] for p in report["programs"]] == [
        "web1", "web2", "web1", None]
    found, = report["findings"]
    assert found["count"] == 36 and found["pids"] == [7, 7, 8, 9], found
    assert list(found["hosts"].items()) == [("web2", 30), ("web1", 5)], found
    text = as_text(*names)
    assert "and 3 more processes on 2 hosts\n" in text, text
    assert "    30 on web2, 5 on web1 and 1 elsewhere\n" in text, text
    assert " on " not in as_text("a", "c", "d"), "one host is no news"
    assert as_json("d")["findings"][0]["hosts"] == {}


@check
def counts_by_host_are_those_of_the_last_scan():
    gone = write("gone", program(host="web1"), finding(count=9), scan(),
                 scan(2, findings=0), END)
    still = write("still", program(host="web2"), finding(count=9), scan(),
                  finding(count=4, scan=2), scan(2), END)
    assert as_json(gone, still)["findings"][0]["hosts"] == {"web2": 4}
    assert as_json(gone)["findings"][0]["hosts"] == {"web1": 9}


@check
def a_pid_is_another_process_on_another_host():
    """Each has a child that executed something unseen, of one pid."""
    left = {"t": "child", "pid": 9, "unscanned": True}
    names = [write(host, program(host=host, run=run), left, scan(findings=0),
                   END)
             for host, run in (("web1", ""), ("web2", ""), ("web3", "r"))]
    assert as_json(*names)["summary"]["unscanned"] == 3
    assert as_json("web1", "web1")["summary"]["unscanned"] == 1


@check
def many_hosts_are_summed_up():
    names = [on(f"web{i}", f"n{i}", i, pid=i) for i in range(1, 100)]
    text = as_text(*names)
    assert ("    99 on web99, 98 on web98, 97 on web97, 96 on web96 and 4,560 "
            "elsewhere\n") in text, text
    assert len(as_json(*names)["findings"][0]["hosts"]) == 99


@check
def names_of_hosts_are_filtered():
    names = [on(NASTY, "bad", 2), on("web1", "good", 1)]
    assert as_json(*names)["findings"][0]["hosts"]["web1"] == 1
    for form in "text", "html", "sarif", "junit", "dot", "prometheus":
        _, out, err = gordian("report", "--format=" + form, *names)
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", out), out
        assert "\u202e" not in out.decode() and not err, (form, err)
    assert "<script>alert" not in gordian(
        "report", "--format=html", *names)[1].decode()
    for odd in ("", 5, [], {}, "x" * 100000, "\0"):
        on(odd, "odd", 3)
        as_json("odd", "good")
        as_text("odd", "good")


if __name__ == "__main__":
    sys.exit(main())
