#!/usr/bin/env python3
"""What nobody wants to be told again: suppressions, baselines and
differences."""
import glob
import json
import os
import re
import sys

from common import check, Daemon, main, one_line, wait_asleep
from made import (
    END, SCHEMA, as_json, as_text, excess, finding, gordian, lines,
    parent_and_child, program, scan, validate, write)
from outside import compiled

CLUB = r"""
#include <stdlib.h>
#include <string.h>
struct club { char name[40]; struct member *first; };
struct member { struct club *club; struct member *next; };
#define APART __attribute__((noinline, noclone))
static APART struct member *join(struct club *club)
{
	struct member *member = calloc(1, sizeof(*member));
	member->club = club;
	return member;
}
static APART void found(void)
{
	struct club *club = calloc(1, sizeof(*club));
	club->first = join(club);
}
static APART char *note(void) { return strdup("a note that is lost"); }
static APART void notes(int n) { while (n--) (void)!note(); }
int main(int argc, char **argv)
{
	int i;
	for (i = 0; i < 3; i++)
		found();
	notes(argc > 1 ? atoi(argv[1]) : 2);
	return 0;
}
"""


def club(*args, report="x.jsonl", status=0):
    """Runs the program; leaves its report there."""
    path = "./club" if os.path.exists("club") else \
        compiled("club", CLUB, "-O1")
    code, _, err = gordian("run", "--report=" + report, path, *args)
    assert code == status, err


def kinds(*args):
    report = as_json(*args)
    return (sorted(f["kind"] for f in report["findings"]),
            report["summary"]["suppressed"])


def suppressed(text, *names):
    """kinds that are left of the reports, how many are not, what was said"""
    write("known.supp", text.encode())
    names = names or ("x.jsonl",)
    code, out, err = gordian("report", "--format=json",
                             "--suppressions=known.supp", *names)
    assert code == 0, err
    report = json.loads(out)
    return (sorted(f["kind"] for f in report["findings"]),
            report["summary"]["suppressed"], err)


@check
def leaks_by_function_file_or_module():
    club()
    both = ["cycle", "lost"]
    assert kinds("x.jsonl") == (both, 0)
    for text, left in (("leak:^note$", ["cycle"]),
                       ("leak:note", ["cycle"]),
                       ("leak:^ot", both), ("leak:^not$", both),
                       ("leak:^n*s$", ["cycle"]),
                       ("leak:^join$", ["lost"]),     # any member
                       ("leak:strdup", ["cycle"]),    # a library's function
                       ("leak:club.c", []),           # a file
                       ("leak:/club$", []),           # the module
                       ("leak:libc.so", []),          # ... of any frame
                       ("leak:main", []),
                       ("# leak:main\n\n  leak:^note$  \r\n", ["cycle"]),
                       ("leak:^note$\nleak:^found$", [])):
        got = suppressed(text + "\n")
        assert got == (left, 2 - len(left), ""
                       if len(left) < 2 else got[2]), (text, got)


@check
def cycles_by_type_or_field():
    club()
    for text, left in (("cycle:club", ["lost"]), ("cycle:^member$", ["lost"]),
                       ("cycle:^member.club$", ["lost"]),
                       ("cycle:^club.first$", ["lost"]),
                       ("cycle:^club.club", ["cycle", "lost"]),
                       ("cycle:char", ["cycle", "lost"]),
                       ("cycle:*", ["lost"])):
        got = suppressed(text)
        assert got[:2] == (left, 2 - len(left)), (text, got)


@check
def unused_ones_are_named():
    club()
    *_, err = suppressed("leak:^nothing$\nleak:note\n# x\ncycle:Nothing max=3\n")
    assert err == ("gordian: known.supp:1: leak:^nothing$ was not used\n"
                   "gordian: known.supp:4: cycle:Nothing was not used\n"), err
    *_, err = suppressed("leak:a_%d\n" * 30 % tuple(range(30)))
    assert err.count("was not used") == 20, err
    assert err.endswith("gordian: 10 more suppressions were not used\n"), err


@check
def a_limit_is_kept():
    club()
    for text, left in (("cycle:club max=3", ["lost"]),
                       ("cycle:club max=2", ["cycle", "lost"]),
                       ("cycle:club max=0", ["cycle", "lost"]),
                       ("leak:main max=5", []),
                       ("leak:main max=4", ["cycle", "lost"]),
                       ("leak:main max=4\nleak:note", ["cycle"])):
        got = suppressed(text)
        assert got[:2] == (left, 2 - len(left)), (text, got)
        assert ("more than" in got[2]) == (len(left) > 1 or "4" in text), got
    # Two findings of one suppression count together.
    write("y.jsonl", program(), parent_and_child(), excess(), scan(findings=2))
    assert suppressed("cycle:Child max=3", "y.jsonl")[1] == 1
    assert suppressed("cycle:Parent.kids max=2", "y.jsonl")[1] == 0


@check
def what_a_suppressed_one_holds_goes_too():
    held = parent_and_child("00000000000000ab", outer=0, outer_bytes=0)
    holder = excess("00000000000000aa", nested=["00000000000000ab"],
                    modules=[{"path": "/lib/libheld.so", "build_id": ""}])
    other = excess("00000000000000ac", nested=["00000000000000ab"])
    write("x.jsonl", program(), holder, held, scan(findings=2))
    assert suppressed("leak:libheld")[:2] == ([], 2)
    assert suppressed("cycle:Child")[:2] == (["excess-ref"], 1)
    report = as_json("--suppressions=known.supp", "x.jsonl")
    assert report["findings"][0]["nested"] == []
    # Somebody else holds it, or nobody does.
    write("x.jsonl", program(), holder, held, other, scan(findings=3))
    assert suppressed("leak:libheld")[:2] == (["cycle", "excess-ref"], 1)
    held.update(outer=1, outer_bytes=80)
    write("x.jsonl", program(), holder, held, scan(findings=2))
    assert suppressed("leak:libheld")[:2] == (["cycle"], 1)


@check
def only_alarms_are_counted():
    for more in ({"confidence": "suspect"}, {"pending": True}):
        write("x.jsonl", program(), finding(**more), scan())
        assert suppressed("leak:/nowhere/it")[:2] == ([], 0), more
    write("x.jsonl", program(), finding(), scan(1), scan(2, findings=0))
    assert suppressed("leak:/nowhere/it")[:2] == ([], 0)


@check
def bad_files():
    write("x.jsonl", program(), finding(), scan())
    os.mkdir("dir")
    write("zero", b"leak:a\nleak:\0\n")
    write("word", b"# fine\nleak:a\nrace:b\n")
    write("most", b"leak:x max=18446744073709551616\n")
    for name, words in (("none", ["'none'", "No such file"]),
                        ("dir", ["'dir'", "directory"]),
                        ("zero", ["zero:2: "]),
                        ("word", ["word:3: ", "leak:", "cycle:"]),
                        ("most", ["most:1: ", "limit"])):
        for verb, rest, status in (("report", "x.jsonl", 2),
                                   ("run", "./never", 125),
                                   ("check", "1", 2)):
            code, out, err = gordian(verb, "--suppressions=" + name, rest)
            assert (code, out) == (status, b""), (name, verb, code, err)
            one_line(err, *words)


@check
def generated_ones_can_be_used():
    club()
    write("y.jsonl", program(), parent_and_child(), excess(),
          finding("00000000000000ad", stacks=[[]]),
          finding("00000000000000ac", cut=None), scan(findings=4))
    odd = parent_and_child("00000000000000ba")
    odd["members"][1]["type"] = "A<B*, char[3]>$x max=3\n" + "y" * 500
    tail = parent_and_child("00000000000000bb")
    tail["members"][1]["type"] = "^T*x*$"
    write("z.jsonl", program(), odd, tail, scan(findings=2))
    for name, n in (("x.jsonl", 2), ("y.jsonl", 4), ("z.jsonl", 2)):
        code, out, err = gordian("report", "--gen-suppressions", name)
        assert (code, err) == (0, ""), err
        usable = [line for line in out.splitlines()
                  if not line.startswith(b"#")]
        nameless = out.count(b"no frame of it has a name")
        left, gone, err = suppressed(out.decode(), name)
        assert (len(left), gone, err) == (nameless, n - nameless, ""), out
        for line in usable:
            write("one.supp", line)
            assert as_json("--suppressions=one.supp",
                           name)["summary"]["suppressed"], line
    assert b"cycle:^member.club$\n" in gordian(
        "report", "--gen-suppressions", "x.jsonl")[1]


@check
def runs_obey():
    club()
    write("known.supp", b"leak:^note$\nleak:^join$\n")
    words = ("run", "--error-exitcode=9", "--report=x.jsonl")
    accept = "--suppressions=known.supp"
    for options, status in (([], 9), ([accept], 0),
                            ([accept, "--format=none"], 0),
                            (["--format=none"], 9)):
        code, _, err = gordian(*words, *options, "./club")
        assert code == status, (options, code, err)
    code, _, err = gordian(*words, accept, "./club")
    assert re.search("gordian: nothing leaked but what is suppressed .*; "
                     "2 suppressed\n", err), err


@check
def checks_obey():
    write("known.supp", b"leak:main\n")
    with Daemon("ring blocked read") as daemon:
        value = json.loads(daemon.check("--format=json"))
        assert value["summary"]["findings"] == 1
        value = json.loads(daemon.check("--format=json",
                                        "--suppressions=known.supp"))
        assert value["summary"]["findings"] == 0, value["summary"]
        assert value["summary"]["suppressed"] == 1, value["summary"]


@check
def checks_say_what_is_new():
    with Daemon("lost blocked read lost lost ring blocked read") as daemon:
        assert "before" not in daemon.check()
        text = daemon.check()
        assert text.endswith("gordian: nothing is new since the check "
                             "before\n"), text
        daemon.process.stdin.write(b"x")
        daemon.process.stdin.flush()
        while daemon.process.stdout.readline() != b"ready\n":
            pass
        wait_asleep(daemon.pid)
        text = daemon.check()
        assert re.search("^gordian: new since the check before: 1 × ", text,
                         re.M), text
        assert re.search("^gordian: grown since the check before: from 1 to "
                         "3 × ", text, re.M), text
        value = json.loads(daemon.check("--format=json"))
        validate(value, SCHEMA)
        assert sorted((f["kind"], f["earlier"], f["count"])
                      for f in value["findings"]) == [
                          ("cycle", 1, 1), ("lost", 3, 3)], value["findings"]


@check
def baselines():
    club()
    text = as_text("--format=json", "x.jsonl")
    write("base.json", text.encode())
    write("flat.json", json.dumps(json.loads(text)).encode())
    for base in ("x.jsonl", "base.json", "flat.json"):
        report = as_json("--baseline=" + base, "x.jsonl")
        assert (report["summary"]["findings"],
                report["summary"]["baseline"]) == (0, 2), base
        assert sorted(f["baseline"] for f in report["findings"]) == [2, 3]
        assert "LOST" not in as_text("--baseline=" + base, "x.jsonl")
    club("3", report="more.jsonl")
    club("1", report="less.jsonl")
    for name, left in (("more.jsonl", ["lost"]), ("less.jsonl", [])):
        report = as_json("--baseline=base.json", name)
        assert report["summary"]["findings"] == len(left), report["summary"]
        assert report["summary"]["baseline"] == 2 - len(left)
        code, _, err = gordian("run", "--error-exitcode=9",
                               "--baseline=base.json", "--report=y.jsonl",
                               "--format=none", "./club",
                               "3" if left else "1")
        assert code == (9 if left else 0), (name, code, err)
    text = as_text("--baseline=base.json", "more.jsonl")
    assert ", 2 in the baseline, " in text, text


@check
def a_run_of_nothing_new():
    """Neither a headline nor a file."""
    club()
    code, _, err = gordian("run", "--error-exitcode=9", "--baseline=x.jsonl",
                           "./club")
    assert code == 0 and err.startswith("gordian: nothing leaked but what is "
                                        "in the baseline "), (code, err)
    assert err.count("\n") == 1 and not glob.glob("gordian.*"), err


@check
def more_than_the_baseline_has():
    """Each form for people says how many were known."""
    write("old.jsonl", program(), finding(), scan())
    write("new.jsonl", program(), finding(count=1234), scan())
    told = "1,234 instances of 2 blocks, 3 in the baseline, "
    for form in "text", "junit", "sarif", "gitlab", "dot", "html":
        text = as_text("--format=" + form, "--baseline=old.jsonl", "new.jsonl")
        assert told in text, (form, text)
        text = as_text("--format=" + form, "--baseline=new.jsonl", "old.jsonl")
        assert ", 3 in the baseline" not in text, (form, text)


@check
def a_baseline_of_a_baseline():
    """What it accepted itself is known; what is gone is not."""
    write("x.jsonl", program(), finding(), excess(), scan(findings=2))
    write("one.json", as_text("--format=json", "x.jsonl").encode())
    write("two.json", as_text("--format=json", "--baseline=one.json",
                              "x.jsonl").encode())
    assert as_json("--baseline=two.json", "x.jsonl")["summary"]["baseline"] == 2
    write("gone.jsonl", program(), finding(), scan(1), scan(2, findings=0))
    assert as_json("--baseline=gone.jsonl",
                   "x.jsonl")["summary"]["baseline"] == 0
    write("maybe.jsonl", program(), finding(confidence="suspect"), scan())
    assert as_json("--baseline=maybe.jsonl",
                   "x.jsonl")["summary"]["baseline"] == 1


@check
def bad_baselines():
    write("x.jsonl", program(), finding(), scan())
    os.mkdir("dir")
    write("text", b"hello\n")
    write("empty")
    write("cut.jsonl", lines(program(), finding(), scan())[:-20])
    write("cut.json", b'{"schema": "gordian-report/1", "findings": [{"id"')
    write("none.json", b'{"schema": "gordian-report/1"}')
    write("id.json", b'{"schema":"gordian-report/1","findings":[{"count":1}]}')
    write("deep.json", b'{"schema":"gordian-report/1","findings":'
          + b"[" * 100000)
    os.mkfifo("fifo")
    for name in ("nothing", "dir", "text", "empty", "cut.jsonl", "cut.json",
                 "none.json", "id.json", "deep.json", "fifo"):
        for verb, rest, status in (("report", "x.jsonl", 2),
                                   ("run", "./never", 125)):
            code, out, err = gordian(verb, "--baseline=" + name, rest)
            assert (code, out) == (status, b""), (name, verb, code, err)
            assert err.startswith("gordian: ") and "'" + name in err, err


def diff(old, new, status):
    code, out, err = gordian("diff", "--format=json", old, new)
    assert (code, err) == (status, ""), (old, new, code, err)
    value = json.loads(out)
    assert set(value) == {"new", "gone", "grown"}
    for one in value["new"] + value["gone"]:
        validate(one, SCHEMA["$defs"]["finding"])
    text = gordian("diff", old, new)
    counts = "%d new, %d grown, %d gone\n" % tuple(
        len(value[key]) for key in ("new", "grown", "gone"))
    assert text[0] == status and text[1].decode().endswith(counts), text
    return value, text[1].decode()


@check
def differences():
    club("0", report="old.jsonl")
    club("2", report="new.jsonl")
    club("5", report="newer.jsonl")
    for name in ("old", "new", "newer"):
        write(name + ".json", as_text("--format=json",
                                      name + ".jsonl").encode())
    for kind in (".jsonl", ".json"):
        old, new, newer = (n + kind for n in ("old", "new", "newer"))
        for name in (old, new):
            value, text = diff(name, name, 0)
            assert not any(value.values())
        value, text = diff(old, new, 1)
        assert [f["kind"] for f in value["new"]] == ["lost"]
        assert "new    LOST  2 × char" in text, text
        assert re.search(r"^ +note  club\.c:18$", text, re.M), text
        value, text = diff(new, old, 0)
        assert [f["kind"] for f in value["gone"]] == ["lost"]
        value, text = diff(new, newer, 1)
        grown = value["grown"][0]
        assert (grown["count"], grown["bytes"]) == ([2, 5], [40, 100]), grown
        assert "grown  LOST  2, now 5 ×" in text, text
        assert not any(diff(newer, new, 0)[0].values())
    diff("old.json", "new.jsonl", 1)
    diff("new.jsonl", "new.json", 0)


@check
def only_alarms_differ():
    def other(name, *records):
        return write(name, program(), *records, scan(findings=len(records)))

    has = other("has", finding())
    none = other("none")
    maybe = other("maybe", finding(confidence="suspect"))
    waits = other("waits", finding(pending=True))
    gone = write("gone", program(), finding(), scan(1), scan(2, findings=0))
    for old, new, status, key in (
            (none, has, 1, "new"), (has, none, 0, "gone"),
            (gone, has, 1, "new"), (has, gone, 0, "gone"),
            (none, maybe, 0, None), (maybe, none, 0, None),
            (none, waits, 0, None), (maybe, has, 0, None),
            (has, maybe, 0, None), (waits, has, 0, None)):
        value = diff(old, new, status)[0]
        assert [k for k in value if value[k]] == ([key] if key else []), \
            (old, new, value)


@check
def differences_of_damaged_reports():
    write("good", program(), finding(), scan())
    write("text", b"hello\n")
    write("cut", lines(program(), finding(), scan())[:-20])
    write("bad.json", b'{"schema": "gordian-report/1", "findings": [1]}')
    write("new.json", b'{"schema": "gordian-report/12", "findings": []}')
    for bad in ("text", "cut", "bad.json", "new.json", "nothing"):
        for pair in ((bad, "good"), ("good", bad)):
            code, out, err = gordian("diff", *pair)
            assert (code, out) == (2, b""), (pair, code, out, err)
            assert err.startswith("gordian: ") and bad in err, err
    for words in ((), ("good",), ("good", "good", "good"),
                  ("--format=none", "good", "good"),
                  ("--top=1", "good", "good")):
        code, out, err = gordian("diff", *words)
        assert (code, out) == (2, b"") and err.count("\n") == 1, words


@check
def pipes_are_reports_too():
    """As a shell makes them of git show: <(...), or standard input."""
    write("old.jsonl", program(), finding(), scan(), END)
    write("new.jsonl", program(), finding(count=7), scan(), END)
    write("old.json", as_text("--format=json", "old.jsonl").encode())
    for name in "old.jsonl", "old.json":
        data = open(name, "rb").read()
        code, out, err = gordian("diff", "-", "new.jsonl", stdin=data)
        assert (code, err) == (1, ""), (code, err)
        assert b"0 new, 1 grown, 0 gone" in out, out
        for place in "/dev/fd/0", "/proc/self/fd/0":
            code, out, err = gordian("diff", "new.jsonl", place, stdin=data)
            assert (code, err) == (0, ""), (place, code, err)
        code, out, _ = gordian("report", "--format=json",
                               "--baseline=/dev/fd/0", "old.jsonl", stdin=data)
        assert not code and json.loads(out)["summary"]["baseline"] == 1
    code, out, err = gordian("diff", "-", "new.jsonl", stdin=b"")
    assert (code, out) == (2, b"") and "it is empty" in err, err


@check
def odd_words_are_harmless():
    odd = parent_and_child()
    odd["members"][0]["type"] = "\x1b[31m\n<b>"
    odd["modules"][0]["path"] = "\x1b]0;x\x07"
    write("none", program(), scan(findings=0))
    write("odd", program(), odd, scan())
    text = diff("none", "odd", 1)[1]
    assert "\x1b" not in text and text.count("\n") <= 3, text
    _, out, _ = gordian("report", "--gen-suppressions", "odd")
    assert b"\x1b" not in out, out


if __name__ == "__main__":
    sys.exit(main())
