#!/usr/bin/env python3
"""Several processes: children, generations, one program after another."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys

from common import (
    ACT, act, as_other, check, environment, findings, GORDIAN, LIBRARY, LOST,
    main, reachable_by_others, records, RING, run, scans, start)


def reports():
    return sorted(name for name in os.listdir(".") if ".jsonl" in name)


def all_findings(*words, options=""):
    for name in reports():
        os.unlink(name)
    code, out, err = run("--format=none --report=x.jsonl " + options, ACT,
                         *words)
    assert (code, err) == (0, ""), (code, err)
    return out, findings(*reports())


WAYS = ("system", "popen", "wordexp", "spawn", "spawn-bare", "vfork",
        "vfork-bare", "vfork-number")


@check
def children_by_every_way():
    inner = f"exec {ACT} ring"
    for how in WAYS:
        out, found = all_findings("lost", how, inner)
        assert found == [RING, LOST], (how, found, reports())
        assert out.split()[:2] == [how, "0"], out
        out, found = all_findings("lost", how, inner, options="--follow=no")
        assert found == [LOST], (how, found, reports())
        assert reports() == ["x.jsonl"], reports()


@check
def environments_without_our_words():
    """Children get them all the same; the program never sees them."""
    inner = f"exec {ACT} ring"
    for change in ("clear", "few", "unset"):
        for how in WAYS:
            out, found = all_findings("change-environment", change,
                                      "environment", how, inner, "environment")
            before, done, after = out.splitlines()
            assert found == [RING], (change, how, found)
            assert done == how + " 0", out
            assert before == after and LIBRARY not in after, out


@check
def environments_that_others_may_read():
    """They are left alone, and what is executed is unknown."""
    inner = f"exec {ACT} ring"
    for words, code in ((["thread", "system", inner], 9),
                        (["thread", "change-environment", "clear", "spawn",
                          inner], 9),
                        (["thread", "change-environment", "clear", "system",
                          inner, "system", inner], 125)):
        done = run("--report=x.jsonl --error-exitcode=9", ACT, *words)
        assert done[0] == code, (words, done)
        assert done[2].count("could not be put there") == (code == 125), done


@check
def one_file_for_many():
    out, found = all_findings(*"fork ring then fork ring then fork ring then "
                              "lost".split())
    pids = [line.split()[1] for line in out.splitlines()]
    assert sorted(reports()) == sorted(
        ["x.jsonl"] + ["x.jsonl." + pid for pid in pids]), reports()
    assert found == [("cycle", 3), LOST], found
    assert all(findings("x.jsonl." + pid) == [RING] for pid in pids)
    for name in reports()[1:]:
        (first,) = records(name, "program")
        assert str(first["pid"]) == name.split(".")[-1]
    # a later run begins anew
    code, _ = act("exit 0")
    assert code == 0 and findings("x.jsonl") == []


@check
def the_same_process_again():
    """exec, also with an empty environment; each program has its file."""
    for how in ("exec", "exec-bare"):
        _, found = all_findings("ring", how, "ring", "lost", how, "ring")
        assert len(reports()) == 3, reports()
        pids = {records(name, "program")[0]["pid"] for name in reports()}
        assert len(pids) == 1, pids
        assert found == [("cycle", 3), LOST], (how, found)
    _, found = all_findings("ring", "exec", "ring", options="--follow=no")
    assert reports() == ["x.jsonl"] and found == [RING], (reports(), found)


@check
def env_in_between():
    code, _, err = run("--format=none --report=x.jsonl --error-exitcode=9",
                       "env", "-i", ACT, "ring")
    assert code == 9 and err == "", (code, err)
    code, _, err = run("--format=none --report=y.jsonl --error-exitcode=9",
                       "env", "-i", "sh", "-c", f"env -i {ACT} ring; true")
    assert code == 9, (code, err)


@check
def children_are_not_blamed_for_their_parents():
    out, found = all_findings(*"ring keep 100 fork forget then exit 0".split())
    pid = out.split()[1]
    assert found == [RING], found
    assert reports() == ["x.jsonl"], reports()  # none for the silent child
    out, found = all_findings(*"keep 100 fork lost keep 20 forget then exit "
                              "0".split())
    pid = out.split()[1]
    assert findings("x.jsonl") == []
    own = records("x.jsonl." + pid, "finding")
    assert sum(f["bytes"] for f in own) >= 124, own
    assert sum(f["retained_blocks"] for f in own) <= 120, own
    _, found = all_findings(*"fork fork ring then lost then exit 0".split())
    assert found == [RING, ("lost", 2)], found


@check
def generations_answer_for_themselves():
    """More of them than there are numbers for epochs, and scans before."""
    for options in ("", "--threshold=1 --budget=100"):
        for name in reports():
            os.unlink(name)
        run("--format=none " + options, ACT, *"keep 110 generations 150".split())
        assert len(reports()) == 150, len(reports())
        for name in reports():
            last = scans("exit", name)[-1]["n"]
            found = [f for f in records(name, "finding") if f["scan"] == last]
            assert [(f["kind"], f["count"]) for f in found] == [LOST], name


@check
def parents_hold_what_their_children_made():
    for child, own in (("hang", []), ("hang lost", [LOST]), ("hang keep 5", []),
                       ("keep 5 hang ring", [RING])):
        _, found = all_findings(*f"keep 100 fork {child} _exit 0 then exit 0"
                                .split())
        assert found == own, (child, found)
        assert len(reports()) == 1 + len(own), reports()


@check
def children_that_cannot_write_say_nothing():
    """Unless there is something to be written."""
    as_other()
    place = reachable_by_others()
    try:
        for what, said in (("keep 3", 0), ("lost", 1)):
            words = f"fork {what} exit 3 then exit 4".split()
            env = environment(LD_PRELOAD=place + "/libgordian.so",
                              GORDIAN_OPTIONS=f"report={place}/sub/%n")
            os.mkdir(place + "/sub")
            os.chown(place + "/sub", 65534, 65534)
            code, _, err = start(as_other(
                place + "/act", "read-only", "sub", *words), cwd=place,
                env=env)
            shutil.rmtree(place + "/sub")
            assert code == 4, (code, err)
            assert err.count("permission denied") == said, (what, err)
    finally:
        shutil.rmtree(place)


@check
def children_with_findings_have_reports():
    """Others have none, whatever they do; an executed program has one where a
    place for it was named."""
    out, found = all_findings(*"fork lost _exit 4 then fork keep 3 exit 5 then "
                              "fork exec say x then fork exit 6 then "
                              "fork keep 1 system true exit 0".split())
    pids = [line.split()[1] for line in out.splitlines()
            if line.startswith("child")]
    mine = "x.jsonl." + pids[0]
    assert len(scans("exit", mine)) == 1
    assert records(mine, "end")[-1]["exit"] == 4
    for pid in (pids[1], pids[3], pids[4]):
        assert "x.jsonl." + pid not in reports(), reports()
    executed = records("x.jsonl." + pids[2])
    assert [r["t"] for r in executed if r["t"] in ("program", "scan", "end")] \
        == ["program", "scan", "end"], executed
    assert executed[0]["argv"][1:] == ["say", "x", "then"] or \
        "say" in executed[0]["argv"], executed[0]
    assert found == [LOST], found


@check
def children_that_hold_all_make_no_scan():
    """Where none can be made, only one that has lost a block needs it."""
    as_other()
    place = reachable_by_others()
    os.chmod(place, 0o777)
    words = "keep 9 fork limit-processes keep 3 {} _exit 0 then exit 0"
    try:
        for what, code in (("", 0), ("lost", 125), ("forget", 125)):
            done = start(as_other(
                place + "/gordian", "run", "--error-exitcode=9", place + "/act",
                *words.format(what).split()), cwd=place)
            assert done[0] == code, (what, done)
            assert ("could not be made" in done[2]) == (code == 125), done
    finally:
        shutil.rmtree(place)


MINFLT = 9  # of /proc/PID/stat: pages that were made, copied or mapped


def short_process(shell, command):
    """How many mappings, or which numbers of its own, it prints; plain, and
    more under Gordian: the least of three."""
    def look(*words):
        text = min(start([*words, shell, "-c", command])[1] for _ in range(3))
        return int(text.split()[MINFLT]) if "stat" in command else \
            len(text.splitlines())
    plain = look()
    return plain, look(GORDIAN, "run", "--format=none", "--") - plain


@check
def short_processes_cost_little():
    """Counted, as time says nothing on a machine that does other work."""
    for command, most in (("cat /proc/self/maps; :", 7),
                          ("cat /proc/self/stat; :", 80),
                          ("(read l </proc/self/stat; echo $l); :", 32)):
        plain, more = short_process("sh", command)
        assert plain > 9 and more <= most, (command, plain, more)
    # a child of a larger process writes to few of its pages, too
    plain, more = short_process(
        "bash", "for i in 1 2 3 4; do (:); done; "
        "(read l </proc/self/stat; echo $l); :")
    assert plain > 9 and more <= 38, (plain, more)


@check
def libunwind_comes_before_threads():
    """Or when a stack wants it. A program that forks would pass on its
    mappings."""
    words = (sys.executable, "-S", "-c", "import threading\n"
             "print(open('/proc/self/maps').read().count('libunwind'))\n"
             "t = threading.Thread(target=int); t.start(); t.join()\n"
             "print(open('/proc/self/maps').read().count('libunwind'))")
    before, after = map(int, run("--format=none", *words)[1].split())
    assert not before and after, (before, after)


@check
def children_that_execute_are_counted():
    """When they may have lost a block before; not where it failed."""
    for words, n in (("fork lost exec exit 0", 1), ("fork keep 2 exec exit 0", 0),
                     ("fork exec exit 0", 0), ("fork lost _exit 0", 0)):
        code, out, err = run("--format=json", ACT, "keep", "5",
                             *words.split(), "then", "exit", "0")
        report = json.loads(err)
        assert report["summary"]["unscanned"] == n, (words, err)
        code, out, err = run("", ACT, *words.split(), "then", "exit", "0")
        assert err.count("1 forked child had blocks") == n, (words, err)


@check
def children_that_gave_up_their_rights_are_missed():
    """What they lose is told by PROGRAM's report, which is open."""
    as_other()
    os.chmod(".", 0o700)
    for what, code in (("lost", 125), ("keep 3", 0)):
        done = run("--error-exitcode=9", ACT, *("fork set-user 65534 " + what +
                   " _exit 0 then exit 0").split())
        assert done[0] == code, (what, done)
        assert ("cannot write its report" in done[2]) == (code == 125), done


@check
def only_findings_leave_reports():
    """Where no place was named. PROGRAM's is open meanwhile."""
    others = "system true spawn".split() + [f"exec {ACT} keep 5 exit 0"]
    code, out, _ = run("--format=none", ACT, *others)
    assert code == 0 and not reports(), (code, out, reports())
    code, out, _ = run("--format=none", ACT, "spawn", f"exec {ACT} lost")
    assert code == 0 and len(reports()) == 1, (code, out, reports())
    last = reports()[0]
    assert records(last, "finding") and records(last, "end"), last


@check
def children_without_a_report_answer():
    """A program that was executed makes one to answer with."""
    process = subprocess.Popen([GORDIAN, "run", "--format=none", "--", "sh",
                                "-c", f"{ACT} ring blocked pause & echo $!; "
                                "wait"], stdout=subprocess.PIPE, text=True,
                               env=environment())
    said = process.stdout.readline() + process.stdout.readline()
    pid = int(re.sub("[^0-9]", "", said))  # the two may write at once
    try:
        assert "ready" in said, said
        assert len(reports()) == 1, reports()
        code, out, err = start([GORDIAN, "check", "--format=json", str(pid)])
        assert code == 0, err
        assert [f["kind"] for f in json.loads(out)["findings"]] == ["cycle"]
    finally:
        os.kill(pid, signal.SIGTERM)
        process.communicate()
    assert len(reports()) == 1, reports()


if __name__ == "__main__":
    sys.exit(main())
