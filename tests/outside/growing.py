#!/usr/bin/env python3
"""What is reached but grows from scan to scan: growing.c, growing.cc,
growing-glib.c, and programs in Python. The culprit is among the first three
places; where nothing grows, nothing is listed."""
import glob
import json
import os
import shutil
import subprocess
import sys

import made
from common import (
    build, check, GORDIAN, main, package_flags, records, run,
    Skip, start, TOP)

HERE = os.path.join(TOP, "tests", "outside")
PYTHON = "/usr/bin/python3"


def built(source, *flags):
    name = os.path.join(".", "program-" + source.replace(".", "-"))
    if not os.path.exists(name):
        build("-I", os.path.join(TOP, "src"), os.path.join(HERE, source),
              "-o", name, *flags)
    return name


def growing(*program, options="", code=0):
    """What the report of a run lists."""
    status, _, err = run("--format=none --report=x.jsonl " + options, *program)
    assert status == code, (status, err)
    status, out, err = start([GORDIAN, "report", "--format=json", "x.jsonl"])
    assert not status, err
    report = json.loads(out)
    made.validate(report, made.SCHEMA)
    assert report["summary"]["growing"] == len(report["growing"])
    return report["growing"]


def functions(place):
    return [frame["function"] or "" for frame in place["stack"]]


def is_from(place, function):
    return any(function in name for name in functions(place))


def culprit(places, function, root=None):
    """The first of the first three that the function made."""
    found = [p for p in places[:3] if is_from(p, function)]
    assert found, [functions(p) for p in places]
    place = found[0]
    assert place["within"] is None, place
    assert len(place["count"]) == 8 and place["path"], place
    assert place["count"] == sorted(place["count"]), place["count"]
    if root:
        assert root in place["path"][0]["root"], place["path"][0]
    return place


C = {
    "cache": ("cache_fill", "cache"),
    "listeners": ("listener_add", "listeners"),
    "sessions": ("session_open", "sessions"),
    "strings": ("intern", "strings"),
    "log": ("log_line", "ring"),
    "memo": ("memoize", "memo"),
    "timers": ("timer_start", "timers"),
    "buffers": ("connection_serve", "spare"),
}


@check
def programs_in_c():
    program = built("growing.c")
    for name, (function, root) in C.items():
        culprit(growing(program, name, "10"), function, root)


@check
def what_it_tells():
    """Counts, bytes, type, path, and what it holds."""
    places = growing(built("growing.c"), "cache", "10")
    entry, *others = places
    assert entry["count"] == [*range(800, 2001, 200), 2000], entry["count"]
    assert entry["type"] == "entry" and entry["bytes"] == 2000 * 24, entry
    assert [step.get("type") for step in entry["path"][1:]] == ["entry"]
    assert [p["within"] for p in others] == [0, 0], others
    value = others[0]
    assert value["bytes"] == 2000 * 500, value
    assert value["path"][-1]["field"] == "value", value["path"]
    assert entry["retained_blocks"] == 2 * 1600, entry  # at scan 8
    code, out, err = start([GORDIAN, "report", "x.jsonl"])
    assert code == 0, err
    assert "Growing, though still reached" in out, out
    assert "blocks of entry from cache_fill()" in out, out
    assert "held by cache in program-growing-c" in out, out
    assert out.count("held by the blocks of cache_fill()") == 2, out
    assert "nothing leaked" in out and "3 places grow" in out, out


@check
def programs_in_cxx():
    program = built("growing.cc")
    for name, function in {"items": "item_find", "recent": "order_use",
                           "watchers": "watcher_add",
                           "counters": "count"}.items():
        root = "shop::" + name
        culprit(growing(program, name, "10"), function, root)


@check
def programs_of_glib():
    program = built("growing-glib.c", *package_flags("glib-2.0"))
    for name, function in {"users": "user_enter", "jobs": "job_done",
                           "names": "name_keep"}.items():
        culprit(growing(program, name, "10"), function)


@check
def programs_in_rust():
    if not shutil.which("rustc"):
        raise Skip("rustc is not installed")
    subprocess.run(["rustc", "-A", "warnings", "-g", "-Clink-arg=-Wl,"
                    "--unresolved-symbols=ignore-all", "-o", "shop",
                    os.path.join(HERE, "growing.rs")], check=True)
    for name, function, kind in (("cache", "page_render", None),
                                 ("history", "event_note", "Event")):
        place = culprit(growing("./shop", name, "10"), function)
        assert not kind or kind in place["type"], place["type"]


PROGRAMS = {
    "remember": """
cache = {}
def remember(n):
    cache[n] = [n, str(n)]
""",
    "listen": """
class Bus:
    def __init__(self):
        self.listeners = []
bus = Bus()
def listen(n):
    bus.listeners.append(lambda: n)
""",
    "compute": """
import functools
@functools.lru_cache(maxsize=None)
def compute(n):
    return (n, n * 1.5)
""",
}


@check
def programs_in_python():
    if not os.path.exists(PYTHON):
        raise Skip("there is no /usr/bin/python3")
    for function, program in PROGRAMS.items():
        with open("program.py", "w", encoding="utf-8") as file:
            file.write(program + f"""
import ctypes
check = ctypes.CDLL(None).gordian_check
for i in range(10):
    for n in range(300):
        {function}(300 * i + n)
    check()
""")
        culprit(growing(PYTHON, "program.py"), function)


@check
def what_does_not_grow():
    """Looked at every few rounds: what is full, what comes and goes."""
    program = built("growing.c")
    for name, most in {"full": 2, "load": 25, "waves": 14,
                       "chance": 25}.items():
        for rounds in range(most, most + 9, 3):
            places = growing(program, name, str(rounds))
            assert not places, (name, rounds, places)


@check
def the_report_stays():
    """Also where no name was given, and nothing was found besides."""
    for name, reports in ("full", 0), ("cache", 1):
        code, _, err = run("", built("growing.c"), name, "9")
        assert code == 0, err
        found = glob.glob("gordian.*.jsonl")
        assert len(found) == reports, (name, found)
        assert ("the report is 'gordian." in err) == bool(reports), err


@check
def eight_scans_are_needed():
    program = built("growing.c")
    assert not growing(program, "cache", "6")  # and one at the end
    assert growing(program, "cache", "7")


@check
def what_is_freed_at_the_end():
    """It grew until then."""
    places = growing(built("growing.c"), "cache", "9", "t")
    assert culprit(places, "cache_fill", "cache")["count"][-1] == 1800
    assert not records("x.jsonl", "finding")


@check
def filled_by_threshold():
    """All scans come while something is allocated, before that is in the
    cache, and one at the end."""
    program = built("growing.c")
    options = "--threshold=3000 --budget=100"
    places = growing(program, "cache", "50", "s", options=options)
    culprit(places, "cache_fill", "cache")  # not the one under way
    assert not growing(program, "cache", "50", "sw", options=options)
    assert not growing(program, "cache", "50", "swt", options=options)


@check
def exit_status():
    """Alarms come first; without growth, the program's own."""
    program = built("growing.c")
    growing(program, "cache", "9", options="--growth-exitcode=7", code=7)
    growing(program, "full", "9", options="--growth-exitcode=7", code=0)
    growing(program, "none", "9", options="--growth-exitcode=7", code=2)
    both = "--growth-exitcode=7 --error-exitcode=8"
    growing(program, "cache", "9", options=both, code=7)
    growing(program, "cache", "9", "l", options=both, code=8)
    growing(program, "cache", "9", "l", options="--growth-exitcode=7", code=7)


def accepted(accept, *program, code=0):
    """What is still listed in a run, what was said in it, and the summary."""
    status, _, err = run("--report=y.jsonl --growth-exitcode=7 " + accept,
                         *program)
    assert status == code, (accept, status, err)
    status, out, more = start([GORDIAN, "report", "--format=json", accept,
                               "y.jsonl"])
    assert status == 0, more
    report = json.loads(out)
    made.validate(report, made.SCHEMA)
    return report["growing"], err, report["summary"]


@check
def suppressions():
    """By function, file or module of any frame, with what the place holds."""
    program = built("growing.c")
    accept = "--suppressions=known.supp"
    for text, left in (("leak:^cache_fill$", 0), ("leak:growing.c", 0),
                       ("leak:/program-growing-c$", 0), ("leak:main", 0),
                       ("leak:^text_new$", 2),  # the one that is held
                       ("leak:^cache$", 3), ("cycle:entry", 3),
                       ("leak:main max=5400", 0), ("leak:main max=5399", 3)):
        with open("known.supp", "w", encoding="utf-8") as file:
            file.write(text + "\n")
        places, err, summary = accepted(accept, program, "cache", "9",
                                        code=7 if left else 0)
        assert len(places) == left, (text, places)
        assert summary["growing"] == left, (text, summary)
        assert summary["growing_suppressed"] == 3 - left, (text, summary)
        assert ("was not used" in err) == (left == 3 and "max" not in text), \
            (text, err)
        assert ("there are 5400 growing blocks of leak:main" in err) == \
            ("5399" in text), (text, err)
        assert ("growing places suppressed" in err) == (not left), (text, err)
    # One that lost blocks has a limit of its own.
    with open("known.supp", "w", encoding="utf-8") as file:
        file.write("leak:main max=100\n")
    *_, summary = accepted(accept, program, "cache", "9", "l", code=7)
    assert (summary["findings"], summary["suppressed"]) == (0, 1), summary


@check
def generated_suppressions():
    program = built("growing.c")
    growing(program, "cache", "9")
    status, out, err = start([GORDIAN, "report", "--gen-suppressions",
                              "x.jsonl"])
    assert (status, err) == (0, ""), err
    assert out == "# 1800 blocks, which grow\nleak:^cache_fill$\n", out
    with open("known.supp", "w", encoding="utf-8") as file:
        file.write(out)
    assert not accepted("--suppressions=known.supp", program, "cache", "9")[0]


@check
def baselines():
    """A report or its JSON, also of a smaller one, and of one that had a
    baseline itself. What grows elsewhere is new."""
    program = built("growing.c")
    growing(program, "cache", "8")
    for name, more in (("one.json", ()), ("two.json",
                                          ("--baseline=one.json",))):
        _, out, _ = start([GORDIAN, "report", "--format=json", *more,
                           "x.jsonl"])
        with open(name, "w", encoding="utf-8") as file:
            file.write(out)
    for base in "x.jsonl", "one.json", "two.json":
        places, err, summary = accepted("--baseline=" + base, program,
                                        "cache", "10")
        assert [p["baseline"] for p in places] == [1600] * 3, places
        assert (summary["growing"], summary["growing_baseline"]) == (0, 3)
        assert "Growing" not in err, err
        assert "3 growing places in the baseline" in err, err
        places, err, summary = accepted("--baseline=" + base, program,
                                        "sessions", "10", code=7)
        assert culprit(places, "session_open", "sessions"), places
        assert not summary["growing_baseline"], summary
        assert "Growing" in err, err
    for wrong in '[1]', '[{"id": "a"}]', '[{"id": "a", "count": []}]':
        with open("bad.json", "w", encoding="utf-8") as file:
            file.write('{"schema": "gordian-report/1", "findings": [], '
                       f'"growing": {wrong}}}')
        status, _, err = run("--baseline=bad.json", "./never")
        assert status == 125 and "bad.json' is damaged" in err, (wrong, err)


@check
def only_a_part_is_in_the_baseline():
    """New places come first, and say what holds them."""
    program = built("growing.c")
    growing(program, "cache", "9")
    _, out, _ = start([GORDIAN, "report", "--format=json", "x.jsonl"])
    base = json.loads(out)
    ids = [p["id"] for p in base["growing"]]
    assert len(set(ids)) == 3 and all(ids), ids
    del base["growing"][1:]
    with open("base.json", "w", encoding="utf-8") as file:
        json.dump(base, file)
    places, err, summary = accepted("--baseline=base.json", program, "cache",
                                    "9", code=7)
    assert [p["id"] for p in places] == ids, places
    assert ["baseline" in p for p in places] == [True, False, False], places
    assert [p["within"] for p in places] == [None, 0, 0], places
    assert summary["growing"] == 2, summary
    assert err.count(", in the baseline\n") == 2, err


@check
def processes_of_one_program():
    """Their places are one."""
    program = built("growing.c")
    growing(program, "cache", "9")
    os.rename("x.jsonl", "y.jsonl")
    growing(program, "cache", "9")
    _, out, _ = start([GORDIAN, "report", "--format=json", "x.jsonl",
                       "y.jsonl"])
    places = json.loads(out)["growing"]
    assert len(places) == 3 and places[0]["count"][-1] == 2 * 1800, places
    assert [p["within"] for p in places] == [None, 0, 0], places


@check
def children_begin_anew():
    """A parent's scans are none of a forked child's."""
    program = built("growing.c")
    assert not growing(program, "cache", "6", "f")
    assert not [name for name in glob.glob("x.jsonl*")
                if records(name, "growing")]
    assert growing(program, "cache", "9", "f")
    first = [min(line["scan"] for line in records(name, "growing"))
             for name in glob.glob("x.jsonl*")]
    assert first == [8, 8], first


@check
def damaged_lines():
    """Places that hold each other or themselves, that lack all, or have too
    much."""
    lines = [made.program()]
    place = {"t": "growing", "scan": 1, "count": [1, 2], "bytes": 9,
             "address": "0x10", "held": "root", "members": [{}]}
    lines += [dict(place, place=1, within=2), dict(place, place=2, within=1),
              dict(place, place=3, within=3), dict(place, place=4, within=99),
              dict(place, place=5, count=[7] * 1000, bytes=-1),
              dict(place, place=6, count="x", members=None, stack=12),
              {"t": "growing", "scan": 1, "place": 7},
              {"t": "growing", "scan": 1}, {"t": "growing", "place": 8},
              {"t": "scan", "n": 1, "trigger": "exit"}]
    with open("x.jsonl", "w", encoding="utf-8") as out:
        out.write("".join(json.dumps(line) + "\n" for line in lines))
    for form in "text", "html", "prometheus", "json":
        status, out, err = start([GORDIAN, "report", "--format=" + form,
                                  "x.jsonl"])
        assert status == 1 and "damaged at line 9 and at 1 more" in err, err
    places = json.loads(out)["growing"]
    assert all(p["within"] is None for p in places), places
    assert all(len(p["count"]) <= 8 for p in places), places


def listed(module, kind, name="str"):
    """Whether what a module's variable, or a stack, holds is listed."""
    place = {"t": "growing", "scan": 1, "place": 1, "bytes": 9999, "stack": 0,
             "count": [1, 2, 3, 4, 5, 6, 7, 8], "address": "0x10",
             "held": "root", "block": "0x10", "size": 50,
             "root": {"kind": kind, "address": "0x99", "place": [0, 64]},
             "members": [{"address": "0x10", "size": 50, "stack": 0,
                          "type": name, "runtime": "python"}],
             "edges": [], "folds": [], "stacks": [[[0, 16]]],
             "modules": [{"path": module, "build_id": ""}]}
    lines = [made.program(), place, {"t": "scan", "n": 1}]
    with open("x.jsonl", "w", encoding="utf-8") as out:
        out.write("".join(json.dumps(line) + "\n" for line in lines))
    _, out, _ = start([GORDIAN, "report", "--format=json", "x.jsonl"])
    return len(json.loads(out)["growing"])


@check
def names_in_a_cache_of_cpython():
    """The cache is of a fixed size, but takes minutes to fill."""
    assert not listed("/none/python3.11", "variable")
    assert not listed("/none/libpython3.12.so.1.0", "variable")
    assert not listed("/none/python3.11", "variable", None)
    assert listed("/none/python3.11", "variable", "list")
    assert listed("/none/libmine.so", "variable")
    assert listed("/none/python3.11", "stack")


if __name__ == "__main__":
    sys.exit(main())
