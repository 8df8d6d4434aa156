"""Rules: what is known of calls of unmodified libraries (doc/design/rules.md)."""
import os
import sys

from common import GORDIAN, TOP, Skip, as_other, build, check, findings_of, \
    main, one_line, package_flags, preload, reachable_by_others, run, start, \
    takers, warnings

PLACE = os.path.join(TOP, "tests", "rules")
RULES = os.path.join(PLACE, "counted.rules")
CALLS = ["second", "pair", "large", "many", "rest", "find", "pointer"]


def build_counted(*flags):
    source = os.path.join(PLACE, "counted.c")
    build("-shared", "-fPIC", "-Wl,-soname,libcounted.so.3", source, "-o",
          "libcounted.so.3")
    build("-shared", "-fPIC", os.path.join(PLACE, "plugin.c"),
          *(f for f in flags if f != "-no-pie"), "-o",
          "plugin.so", "./libcounted.so.3")
    build(*flags, os.path.join(PLACE, "caller.cc"), "-o", "caller",
          "./libcounted.so.3", "-ldl", "-Wl,-rpath,$ORIGIN")


def called(*plugins, flags=(), options="", env=None):
    """What the calls of caller.cc show; its output stays its own."""
    build_counted(*flags)
    rest = {"env": env} if env else {}
    plain = start(["./caller", *plugins], **rest)
    watched = run(f"--rules={RULES} --format=none --report=x.jsonl {options}",
                  "./caller", *plugins, **rest)
    assert watched == plain, (plain, watched)
    assert not warnings(), warnings()
    (finding,) = findings_of()
    return takers(finding)


def expected(*more):
    return sorted([("by_" + name, 1) for name in CALLS] +
                  [(name, 1) for name in more])


@check
def calls_of_any_type():
    assert called() == expected("main"), called()


@check
def calls_by_other_words():
    for flags in (["-fno-plt"], ["-Wl,-z,now"], ["-Wl,-z,lazy"],
                  ["-no-pie", "-Wl,-z,lazy"]):
        took = called(flags=flags)
        assert took == expected("main"), (flags, took)


@check
def modules_opened_later():
    took = called(os.path.abspath("plugin.so"))
    assert took == expected("main", "plugin_hold"), took
    took = called("./plugin.so", flags=["-Wl,-z,lazy"])
    assert took == expected("main", "plugin_hold"), took


@check
def nothing_is_noted_without_rules():
    build_counted()
    run("--format=none --report=x.jsonl", "./caller")
    (finding,) = findings_of()
    assert finding["acquires"] == [], finding["acquires"]


@check
def a_bad_line_is_told():
    with open("bad.rules", "w") as file:
        file.write("# fine\nref f\nreff f\nunref f ret\nref f 7\nref\n"
                   "count f 4\nref f 1 2\nnew f\tT # fine\r\n"
                   "count f 0x10 33\nref " + "f" * 200 + "\n")
    wrong = [3, 4, 5, 6, 7, 8, 10, 11]
    code, out, err = run("--rules=bad.rules", "/bin/echo", "ran")
    assert code == 125 and not out, (code, out)
    lines = err.splitlines()
    assert [line.split(":")[2] for line in lines[:-1]] == \
        [str(n) for n in wrong], err
    assert "8 bad lines in 'bad.rules'" in lines[-1], err
    code, out, err = preload("report=x.jsonl:rules=bad.rules", "/bin/echo",
                             "ran")
    assert (code, out) == (0, "ran\n"), (code, out)
    place = os.path.abspath("bad.rules")
    told = [w for w in warnings() if w.startswith(place + ":")]
    assert [w.split(":")[1] for w in told] == [str(n) for n in wrong], told


@check
def a_file_that_cannot_be_read():
    os.mkfifo("fifo")
    with open("large", "w") as file:
        file.truncate((1 << 20) + 1)
    for name in ("none", "fifo", "large", "/dev/zero", "."):
        code, out, err = run(f"--rules={name}", "/bin/echo", "ran")
        assert code == 125 and not out and err.count("\n") == 1, (name, err)
        code, out, _ = preload(f"report=x.jsonl:rules={name}", "/bin/echo",
                               "ran")
        assert (code, out) == (0, "ran\n"), (name, code, out)
        assert len(warnings()) == 1, (name, warnings())


@check
def a_file_of_another_user():
    if os.getuid():
        raise Skip("not root")
    os.mkdir("open")
    os.chmod("open", 0o1777)
    for place, refused in (".", False), ("open", True):
        name = os.path.join(place, "their.rules")
        with open(name, "w") as file:
            file.write("ref f\n")
        os.chown(name, 65534, 65534)
        os.symlink(name, place + ".link")
        for path in name, place + ".link":
            code, out, err = run("--format=none --rules=" + path, "/bin/echo",
                                 "ran")
            assert (code, out) == ((125, "") if refused else (0, "ran\n")), \
                (path, code, out)
            assert ("another user" in err) == refused, (path, err)
            assert err.count("\n") == refused, err
        preload(f"report=x.jsonl:rules={name}", "/bin/echo", "ran")
        told = [w for w in warnings() if "another user" in w]
        assert len(told) == refused, warnings()


@check
def a_file_that_may_not_be_read():
    place = "." if os.getuid() else reachable_by_others()
    os.chmod(place, 0o777)
    path = os.path.abspath(os.path.join(place, "closed.rules"))
    with open(path, "w"):
        pass
    os.chmod(path, 0)
    before = [] if os.getuid() else as_other()
    tool = GORDIAN if os.getuid() else os.path.join(place, "gordian")
    code, out, err = start([*before, tool, "run", "--rules=" + path,
                            "/bin/echo", "ran"], cwd=place)
    assert code == 125 and not out, (code, out, err)
    one_line(err, path, "Permission denied")


@check
def a_file_that_is_no_text():
    with open("binary", "wb") as file:
        file.write(bytes(range(256)) * 40)
    code, out, err = run("--rules=binary", "/bin/echo", "ran")
    assert code == 125 and not out, (code, out)
    lines = err.splitlines()
    assert len(lines) == 9 and lines[0].startswith("gordian: binary:1: "), \
        err
    assert lines[-1].startswith("gordian: nothing was run: "), err


@check
def rules_of_another_library_do_not_hold():
    build_counted()
    with open("other.rules", "w") as file:
        file.write("library libcount.so\nref thing_take\n"
                   "library libcounted.so.2\nref thing_take\n")
    run("--rules=other.rules --format=none --report=x.jsonl", "./caller")
    (finding,) = findings_of()
    assert finding["acquires"] == [], finding["acquires"]
    with open("any.rules", "w") as file:
        file.write("ref thing_take\nunref thing_drop\n")
    run("--rules=any.rules --format=none --report=x.jsonl", "./caller")
    (finding,) = findings_of()
    assert takers(finding) == [("by_pointer", 1), ("main", 1)], \
        takers(finding)


def counted(what, *rules):
    """The findings in counts.c with these rules: kind, count and counts."""
    build_counted()
    build(os.path.join(PLACE, "counts.c"), "-o", "counts",
          "./libcounted.so.3", "-Wl,-rpath,$ORIGIN")
    with open("counts.rules", "w") as file:
        file.write("\n".join(["library libcounted.so", *rules]) + "\n")
    code, _, err = run("--rules=counts.rules --format=none --report=x.jsonl "
                       "--interval=0.001", "./counts", what)
    assert code == 0, (code, err)
    assert not warnings(), warnings()
    return [(f["kind"], f["count"], [m["refcount"] for m in f["members"]],
             takers(f)) for f in findings_of()
            if f["confidence"] != "suspect"]


COUNT = "count thing_new 0 64"
TAKE = "ref thing_take", "unref thing_drop"


@check
def counts_show_what_is_too_many():
    assert counted("excess", COUNT, *TAKE) == \
        [("excess-ref", 3, [2], [("forget", 1)] * 2)]
    assert [f[:3] for f in counted("excess", COUNT)] == \
        [("excess-ref", 3, [2])]
    # a rule that is wrong makes no object
    assert [f[:3] for f in counted("excess", "count thing_new 9 32")] == \
        [("lost", 3, [None])]
    assert [f[:3] for f in counted("excess", "count thing_new 16 64")] == \
        [("lost", 3, [None])]


@check
def lists_that_own_nothing_hide_nothing():
    assert counted("known", COUNT) == []
    known = counted("known", COUNT, "weak-symbol things_known", *TAKE)
    assert [f[:3] for f in known] == [("cycle", 3, [1, 1])], known
    assert [f[:3] for f in counted("known", "weak-symbol things_known")] == \
        [("cycle", 3, [None, None])]


@check
def blocks_that_own_nothing_hide_nothing():
    assert counted("listed", COUNT, "weak thing_new") == []
    listed = counted("listed", COUNT, "weak list_new", *TAKE)
    assert [f[:3] for f in listed] == [("cycle", 3, [1, 1])], listed
    assert [f[:3] for f in counted("listed", "weak list_new")] == \
        [("cycle", 3, [None, None])]


@check
def what_is_in_use_is_not_found():
    for rules in ([COUNT], [COUNT, "weak-symbol things_known", *TAKE], TAKE,
                  [COUNT, "weak list_new", "weak-symbol things_known"]):
        assert counted("live", *rules) == [], rules


def library(name, package, kind, count, taker):
    """The leak of tests/rules/NAME.c, and its mended form."""
    flags = package_flags(package)
    source = os.path.join(PLACE, name + ".c")
    build(source, "-o", "leaks", *flags)
    build("-DMENDED", source, "-o", "mended", *flags)
    code, _, err = run("--format=none --report=x.jsonl", "./leaks")
    if code == 77:
        raise Skip(f"{package} does not work here")
    assert code == 0, (code, err)
    found = [f for f in findings_of() if f["confidence"] != "suspect"]
    (finding,) = found
    assert (finding["kind"], finding["count"]) == (kind, count), finding
    if taker:
        assert takers(finding) == [(taker, 1)], takers(finding)
    code, _, err = run("--format=none --error-exitcode=9 --report=y.jsonl",
                       "./mended")
    assert code == 0, (code, err)
    assert not findings_of("y.jsonl"), findings_of("y.jsonl")


@check
def the_shipped_example():
    """The back reference was taken in join_group()."""
    flags = package_flags("json-c")
    examples = os.path.join(TOP, "examples")
    build(os.path.join(examples, "services.c"), "-o", "services", *flags)
    run("--format=none --report=x.jsonl", "./services",
        os.path.join(examples, "services.json"))
    (finding,) = findings_of()
    assert takers(finding) == [("join_group", 1)], takers(finding)
    assert finding["edges"][finding["cut"]["edge"]]["ownership"] == "counted"
    assert finding["cause"] == "cycle", finding["cause"]


@check
def talloc():
    library("talloc", "talloc", "cycle", 3, "hold")


@check
def sd_bus():
    library("sd-bus", "libsystemd", "cycle", 3, "watch_new")


@check
def openssl():
    library("openssl", "libcrypto", "cycle", 3, "keep")


@check
def libxml2():
    library("libxml2", "libxml-2.0", "lost", 3, None)


@check
def glib():
    library("glib", "glib-2.0", "cycle", 3, "enlist")


if __name__ == "__main__":
    sys.exit(main())
