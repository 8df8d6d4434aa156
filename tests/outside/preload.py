#!/usr/bin/env python3
"""The library alone, without the command: LD_PRELOAD and GORDIAN_OPTIONS."""
import json
import os
import re
import shutil
import sys

from common import (
    ACT, check, Daemon, environment, findings, GORDIAN, LIBRARY, main, one_line,
    preload, records, RING, scans, start)
from outside import compiled


@check
def preload_prints_a_summary():
    code, out, err = preload(None, ACT, "ring", "say", "mine", "exit", "3")
    assert (code, out) == (3, "mine\n"), (code, out)
    assert "CYCLE" in err and "1 cycle" in err, err
    assert "ring" in err and "act.c:" in err, err
    names = os.listdir(".")
    assert len(names) == 1 and re.fullmatch(r"gordian\.\d+\.jsonl", names[0])
    assert findings(names[0]) == [RING]


@check
def a_process_that_goes_on_is_not_missed():
    """the summary of a check in a running program; but who reads that report
    afterwards is told that the last scan is missing"""
    code, out, err = preload("report=x.jsonl", ACT, "ring", "check",
                             "raise", "9")
    assert code == -9 and "1 cycle" in err, (code, err)
    assert "unknown" not in err, err
    _, out, _ = start([GORDIAN, "report", "x.jsonl"])
    assert "the last scan of" in out and "is missing" in out, out


@check
def preload_is_silent_about_nothing():
    assert preload(None, ACT, "keep", "5", "say", "x") == (0, "x\n", "")
    assert preload(None, ACT, "suspect", "exit", "4")[0] == 4
    assert preload("", "sh", "-c", "echo out; echo err >&2; exit 9") == \
        (9, "out\n", "err\n")


@check
def preload_options():
    code, _, err = preload(r"report=a\:b\\c.%n.jsonl:threshold=100", ACT,
                           "keep", "500")
    assert (code, err) == (0, ""), err
    assert os.listdir(".") == [r"a:b\c.act.jsonl"], os.listdir(".")
    assert len(scans("threshold", r"a:b\c.act.jsonl")) >= 4


@check
def none_leaves_no_report():
    for words in (["ring", "exit", "3"], ["fork", "ring", "exit", "3"]):
        code, _, err = preload("report=none", ACT, *words)
        assert code in (0, 3) and "CYCLE" in err and "act.c:" in err, err
        assert os.listdir(".") == [], os.listdir(".")
    with Daemon("ring blocked pause", report="none") as daemon:
        for _ in range(2):
            assert daemon.found() == [RING]
        assert os.listdir(".") == []
        daemon.process.kill()
    preload("report=./none", ACT, "ring")
    assert os.listdir(".") == ["none"], os.listdir(".")
    os.unlink("none")
    os.mkdir("lib")  # where no command is
    shutil.copy(LIBRARY, "lib")
    _, _, err = preload("report=none", ACT, "ring",
                        library=os.path.abspath("lib/libgordian.so"),
                        more={"PATH": os.path.abspath("lib")})
    assert err.endswith(" 1 finding\n"), err


@check
def preload_mistakes_are_one_warning():
    for options, words in (("colour=red:report=x.jsonl", "option 'colour'"),
                           ("report=x.jsonl:interval=soon", "'interval=soon'"),
                           ("threshold=0:report=x.jsonl", "'threshold=0'"),
                           ("budget=101:report=x.jsonl", "'budget=101'"),
                           ("memory=0:report=x.jsonl", "'memory=0'")):
        code, out, err = preload(options, ACT, "keep", "1", "say", "x",
                                 "exit", "5")
        assert (code, out) == (5, "x\n"), (code, out)
        one_line(err, words)
        assert words in json.dumps(records("x.jsonl", "warning")), options


@check
def mistakes_are_told_once():
    """Also where the command tells what was found."""
    code, _, err = preload("colour=red:report=x.jsonl", ACT, "ring")
    assert code == 0 and "CYCLE" in err, err
    assert err.count("colour") == 1, err
    _, out, _ = start([GORDIAN, "report", "x.jsonl"])
    assert out.count("colour") == 1, out


@check
def preload_without_the_command():
    """Alone, and called from where PATH has no gordian."""
    os.mkdir("lib")
    shutil.copy(LIBRARY, "lib")
    os.mkdir("bin")
    code, out, err = preload("report=x.jsonl", ACT, "ring", "lost", "exit",
                             "6", library=os.path.abspath("lib/libgordian.so"),
                             more={"PATH": os.path.abspath("bin")})
    assert (code, out) == (6, ""), (code, out)
    assert re.search(r"^CYCLE 1 instance, 80 bytes$", err, re.M), err
    assert re.search(r"^LOST 1 instance, 100 bytes$", err, re.M), err
    assert re.search(r"^ +/.*/act\+0x[0-9a-f]+$", err, re.M), err
    assert err.endswith("gordian report " + os.path.abspath("x.jsonl") + "\n")
    _, _, also = preload("report=y.jsonl", ACT, "excess",
                         library=os.path.abspath("lib/libgordian.so"),
                         more={"PATH": os.path.abspath("bin")})
    assert re.search(r"^EXCESS-REF 1 instance, 100 bytes$", also, re.M), also
    for offset in re.findall(r"/act\+(0x[0-9a-f]+)", err):
        _, out, _ = start(["addr2line", "-f", "-e", ACT, offset])
        assert "??" not in out.split("\n")[0], (offset, out)
        if not shutil.which("addr2line"):
            break


RINGS = r"""
#include <memory>
#include <vector>
struct Node { std::shared_ptr<Node> next; std::weak_ptr<Node> back; };
static auto &weak = *new std::vector<std::weak_ptr<Node>>;
static auto &owner = *new std::shared_ptr<Node>;
static __attribute__((noinline)) void dead()
{
	auto one = std::make_shared<Node>(), two = std::make_shared<Node>();
	one->next = two;
	two->next = one;
	weak.push_back(one);
}
static __attribute__((noinline)) void live()
{
	auto one = std::make_shared<Node>(), two = std::make_shared<Node>();
	one->next = two;
	two->back = one;
	owner = one;
}
static __attribute__((noinline)) void clean()
{
	volatile char stack[4096];
	for (int i = 0; i < 4096; i++)
		stack[i] = 0;
}
int main(int argc, char **) { argc > 1 ? dead() : live(); clean(); }
"""


@check
def what_types_decide_is_told_at_the_end():
    """By the command that is at hand; else one line says how."""
    rings = compiled("rings", RINGS, "-O0", "-x", "c++", compiler="g++")
    _, _, err = preload("report=x.jsonl", rings, "ring")
    assert "CYCLE" in err and "1 cycle" in err, err
    assert preload("report=w.jsonl", rings) == (0, "", "")
    os.mkdir("lib")
    shutil.copy(LIBRARY, "lib")
    for word in ["ring"], []:
        _, _, err = preload("report=y.jsonl", rings, *word,
                            library=os.path.abspath("lib/libgordian.so"),
                            more={"PATH": os.path.abspath("lib")})
        one_line(err, "1 ring that only types can decide: gordian report "
                 + os.path.abspath("y.jsonl"))


@check
def preload_of_others_is_kept():
    code, out, err = start([GORDIAN, "run", "--format=none", "sh", "-c",
                            "echo $LD_PRELOAD"],
                           env=environment(LD_PRELOAD="libdl.so.2"))
    ours, _, others = out.strip().partition(":")
    assert code == 0 and ours.endswith("/libgordian.so") and \
        others == "libdl.so.2", (out, err)
    both = LIBRARY + " libdl.so.2"
    code, out, err = preload(None, "sh", "-c", "exec env", library=both)
    assert "LD_PRELOAD=" + both in out.split("\n"), (out, err)


if __name__ == "__main__":
    sys.exit(main())
