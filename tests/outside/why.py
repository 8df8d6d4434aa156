#!/usr/bin/env python3
"""gordian why: what holds a block of a running process (held.c)."""
import json
import os
import re
import signal
import subprocess
import sys

from common import (
    check, GORDIAN, main, one_line, Skip, start, state_of,
    wait_until)
from heldprogram import Held, refused_to_others


def root(value):
    assert value["held"] == "root", value
    return value["path"][0]["root"]


def steps(value):
    return [(step["field"], step["type"], step["times"])
            for step in value["path"][1:]]


@check
def path_from_a_variable():
    with Held() as held:
        value = held.path("item")
        assert root(value) == "sessions in held", value
        assert steps(value) == [
            ("", "table", 1), ("buckets[3]", "node", 1),
            ("next", "node", 9000), ("item", "session", 1)], steps(value)
        assert value["length"] == 9003, value["length"]
        assert int(value["block"], 16) == held.at["item"]
        assert value["size"] == 48, value
        assert steps(held.path("table")) == [("", "table", 1)]


@check
def field_of_a_variable():
    with Held() as held:
        value = held.path("registered")
        assert root(value) == "registry in held", value
        assert steps(value) == [("list", "node", 1),
                                ("item", "session", 1)], value


@check
def address_inside_of_a_block():
    with Held() as held:
        value = held.path("inside")
        assert int(value["block"], 16) == held.at["node"], value
        assert steps(value)[-1] == ("next", "node", 9000), value
        assert held.path("item", more=47)["block"] == hex(held.at["item"])


@check
def steps_that_come_by_turns():
    with Held() as held:
        value = held.path("pair")
        assert root(value) == "pairs in held", value
        assert value["length"] == 200
        folded = [step for step in value["path"][1:] if step["times"] > 1]
        assert [(step["steps"], step["times"]) for step in folded] == \
            [(2, 99)], steps(value)
        whole = sum(step["times"] * step["steps"] for step in folded) + \
            len(value["path"]) - 1 - 2
        assert whole == 200, steps(value)


@check
def what_a_thread_holds():
    with Held() as held:
        value = held.path("local")
        assert root(value) == "thread 2's stack: serve()", value
        assert value["path"][0]["kind"] == "stack"
        assert [step[1] for step in steps(value)] == ["session"]
        value = held.path("current")
        assert root(value) == "thread 2's thread-local storage", value


@check
def text_for_people():
    with Held() as held:
        lines = held.text("item").splitlines()
        assert lines[0] == "sessions in held", lines
        assert [re.split(" {3}", line.strip())[0] for line in lines[1:]] == [
            "→ table", ".buckets[3] → node", "9,000 × .next → node",
            ".item → session"], lines
        assert lines[-1].endswith(hex(held.at["item"])), lines


@check
def nothing_holds_a_leak():
    with Held() as held:
        for name, kind in (("lost", "lost"), ("ring", "cycle")):
            value = held.path(name)
            assert (value["held"], value["path"][0]["address"]) == \
                ("nothing", hex(held.at[name])), value
            assert value["finding"], value
            text = held.text(name)
            assert text.startswith("nothing holds it"), text
            assert f"a member of {kind} " in text, text
            text = held.text(name, LC_ALL="C")
            assert f"a member of {kind} " in text and text.isascii(), text
        assert held.path("third", more=47)["block"] == hex(held.at["third"])


@check
def finding_of_a_leak():
    """Of each instance, not only of the one that the report shows."""
    with Held("rings") as held:
        shown = {"ring": held.path("ring")["finding"],
                 "lost": held.path("lost")["finding"]}
        assert len(set(shown.values())) == 2 and all(shown.values()), shown
        for name, of, kept, text in (
                ("ring2", "ring", False, " but the cycle that it is in: node"),
                ("ring3", "ring", False, " but the cycle that it is in: node"),
                ("kept", "ring", True, " but what leaks, too: session"),
                ("kept3", "ring", True, " but what leaks, too: session"),
                ("second", "lost", False, ": session"),
                ("third", "lost", False, ": session")):
            value = held.path(name)
            assert (value["held"], value["finding"], value["kept"]) == \
                ("nothing", shown[of], kept), (name, value)
            first, second = held.text(name).splitlines()
            assert first.startswith("nothing holds it" + text), first
            what = "kept by cycle" if kept else \
                f"a member of {'cycle' if of == 'ring' else 'lost'}"
            assert second.startswith(f"    {what} {shown[of]}, "), second


@check
def no_block():
    with Held() as held:
        code, out, err = held.ask("nothing")
        assert (code, out) == (1, ""), (code, out)
        one_line(err, "0x8 is in no block: nothing is mapped there")
        code, out, err = held.ask("stack")
        assert (code, out) == (1, ""), (code, out)
        one_line(err, "is in no block: it is in thread 1's stack: main()")


@check
def wrong_usage():
    for words in ([], ["1"], ["x", "0x1"], ["1", "0x1", "0x2"], ["1", "0"],
                  ["1", "x"], ["1", "0x"], ["1", "-1"], ["1", "0x1g"],
                  ["1", "0x800000000000"], ["1", "1" * 40]):
        code, out, err = start([GORDIAN, "why", *words])
        assert (code, out) == (2, ""), (words, code, out)
        one_line(err, "gordian why: ")


@check
def processes_that_cannot_answer():
    code, out, err = start([GORDIAN, "why", str(os.getpid()), "0x1000"])
    assert code == 1, code
    one_line(err, f"process {os.getpid()} does not run under Gordian")
    with Held() as held:
        held.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: state_of(held.pid) == "T")
        code, out, err = held.ask("item")
        assert code == 1, code
        one_line(err, "is stopped (by a signal)")


@check
def another_user_may_not_ask():
    with Held() as held:
        refused_to_others("why", held.pid, hex(held.at["item"]))


@check
def answer_that_cannot_be_written():
    with Held() as held:
        limit = subprocess.run(
            ["prlimit", "--pid", held.pid, "--fsize=1"],
            stderr=subprocess.PIPE)
        if limit.returncode:
            raise Skip("no prlimit")
        code, out, err = held.ask("item")
        assert (code, out) == (1, ""), (code, out)
        one_line(err, "has answered, but cannot write its report: "
                 "File too large")
        assert held.process.poll() is None


@check
def report_is_as_before():
    """Readers of reports pass over the answers."""
    with Held() as held:
        held.path("item")
        held.path("lost")
    code, out, err = start([GORDIAN, "report", "--format=json", "x.jsonl"])
    assert code == 0, err
    value = json.loads(out)
    assert [scan["trigger"] for scan in value["scans"]] == ["request"], value


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
