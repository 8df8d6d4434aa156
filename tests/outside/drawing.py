#!/usr/bin/env python3
"""What gordian report prints of reports written by hand."""
import sys

from common import check, main, one_line
from made import (
    as_json, as_text, build_id, call_in, compiled, END, excess, finding,
    gordian, misuse, parent_and_child, program, scan, SOURCE, write)


RING = """\
    ╭─▶ [0] 48 bytes   it+0x1234
    │     +8
    │   [1] 32 bytes   it+0x1234
    ╰──── +8   ✂

    if these references are not counted: nothing frees the 48 bytes from it+0x1234
    if they are: ✂ set the pointer at offset 8 of the 32-byte block without taking a reference, or clear it before the last outside reference is released

    allocated by
"""


@check
def ring_is_drawn():
    write("ring", program(), finding(), scan())
    text = as_text("ring")
    assert RING in text, text
    head = text.split("\n")[2]
    assert head.startswith("CYCLE  3 instances of 2 blocks, 240 bytes"), head
    assert text.rstrip().split("\n")[-1].startswith("gordian: 1 cycle: 240"), \
        text


@check
def ascii_elsewhere():
    write("ring", program(argv=["ä"]), finding(), scan())
    _, out, _ = gordian("report", "ring", env={"LC_ALL": "C"})
    assert b"    .-> [0] 48 bytes   it+0x1234\n" in out, out
    assert max(out) < 128
    write("none", program(), scan())
    _, out, _ = gordian("diff", "none", "ring", env={"LC_ALL": "C"})
    assert b"CYCLE  3 x 48 bytes <-> 32 bytes, 240 bytes" in out, out


@check
def more_edges_than_the_ring():
    write("web", program(),
          finding(sizes=(8, 8, 8), edges=[(0, 1, 0), (0, 1, 24), (0, 2, 8),
                                          (1, 2, 0), (2, 0, 0), (2, 1, 8)]),
          scan())
    text = as_text("web")
    assert """\
    ╭─▶ [0] 8 bytes   it+0x1234
    │     +8
    │   [1] 8 bytes   it+0x1234
    ╰──── +0   ✂
""" in text, text
    words = as_text("web", "--verbose").split("blocks and words\n")[1]
    assert words.startswith("""\
        [0] 8 bytes at 0x1000
            +0 → [2]
            +8 → [1]
            +24 → [2]
        [1] 8 bytes at 0x1080
            +0 → [0]
            +8 → [2]
        [2] 8 bytes at 0x1040
            +0 → [1]
"""), words


@check
def no_arrow_where_no_edge_is():
    write("star", program(),
          finding(sizes=(8, 8, 8), edges=[(0, 1, 0), (1, 0, 0), (0, 2, 8),
                                          (2, 0, 0)]), scan())
    text = as_text("star")
    assert """\
    ╭─▶ [0] 8 bytes   it+0x1234
    │     +0  (2 alike)
    │   [1] 8 bytes   it+0x1234
    ╰──── +0   ✂

""" in text, text
    write("chain", program(),
          finding(sizes=(8, 8, 8), edges=[(0, 1, 0), (2, 1, 0)], cut=None),
          scan())
    assert "LOST  3 blocks, 24 bytes" in as_text("chain")


@check
def self_cycle():
    write("self", program(), finding(sizes=(24,)), scan())
    text = as_text("self")
    assert "╭─▶ 24 bytes   it+0x1234\n    ╰──── +8   ✂" in text, text


@check
def large_rings_are_short():
    big = finding(sizes=(24,) * 100, edges=[(i, i + 1, 0) for i in range(99)],
                  members_total=50000, cut={"edge": 40, "reason": "it is so"})
    write("big", program(), big, scan())
    report = as_json("big")
    assert report["findings"][0]["members_total"] == 50000
    assert len(report["findings"][0]["members"]) == 100
    text = as_text("big")
    assert """
    ╭─▶ [0] 24 bytes    it+0x1234
    │     +0
    │   ⋮ 97 more alike
    │   [98] 24 bytes   it+0x1234
    │     +0
    │   [99] 24 bytes   it+0x1234
    │   ⋮ 49,900 more that are not listed
    ╰────

    ✂ cut [40]+0 → [41]: each reference of the ring would do
""" in text, text
    assert text.count("\n") < 45, text
    middle = finding(sizes=(24,) * 100, cut=None)
    write("middle", program(), middle, scan())
    text = as_text("middle")
    assert "⋮ 98 more alike" in text and "╰──── +8   ✂" in text, text
    assert "members_total" not in as_json("middle")["findings"][0]


@check
def what_macros_tell_is_in_the_json():
    write("macros", program(), parent_and_child(), excess(), scan())
    cycle, over = as_json("macros")["findings"]
    a, b = cycle["members"]
    assert (a["type"], a["refcount"], a["finalizer"], a["resources"]) == \
        ("Parent", 2, "drop", ["fd 7 /var/log/x", "fd 9 pipe:[5]"]), a
    assert (b["type"], b["refcount"], b["resources"]) == ("Child", 1, []), b
    kids, parent, root = cycle["edges"]
    assert (kids["field"], parent["field"], root["kind"]) == \
        ("kids[0]", "parent", "weak"), cycle["edges"]
    assert [f["offset"] for f in kids["stack"]] == [4096, 8192], kids
    assert parent["stack"] is None and root["stack"] is None
    taken, = cycle["acquires"]
    assert (taken["member"], taken["count"]) == (0, 2), taken
    assert [f["offset"] for f in taken["stack"]] == [4096, 8192], taken
    assert cycle["cut"] == {
        "edge": 1, "reason": "its name is that of a back pointer",
        "advice": "set Child.parent without taking a reference, or clear it "
                  "before the last outside reference is released"}
    assert (cycle["kind"], cycle["cause"], cycle["head"]) == (
        "cycle", "cycle", 0)
    assert (cycle["title"], cycle["ring"]) == ("Parent ⇄ Child", [0, 1])
    assert [e["ownership"] for e in cycle["edges"]] == [
        "counted", "counted", "weak"]
    assert "references" not in cycle
    assert (over["kind"], over["references"]) == ("excess-ref", 2), over
    assert [(t["member"], t["count"]) for t in over["acquires"]] == [(0, 1)]
    write("plain", program(), finding(), scan())
    one = as_json("plain")["findings"][0]
    member = one["members"][0]
    assert [member[k] for k in ("type", "refcount", "finalizer",
                                "resources")] == [None, None, None, []]
    assert one["edges"][0]["field"] is None and one["acquires"] == []


FIELDS = """\
    ╭─▶ Parent, count 2   it+0x1234
    │     .kids[0]
    │   Child, count 1    it+0x1234
    ╰──── .parent   ✂ set Child.parent without taking a reference, or clear it before the last outside reference is released

    why there: its name is that of a back pointer
    finalizers, in this order: Parent drop → Child reap
    Parent holds open fd 7 /var/log/x
    Parent holds open fd 9 pipe:[5]
    references taken here:
      2 references to Parent taken by
        ??  it+0x1000
        ??  it+0x2000

    allocated by
"""


@check
def fields_are_drawn():
    write("fields", program(), parent_and_child(), scan())
    text = as_text("fields")
    assert FIELDS in text, text
    bare = parent_and_child()
    del bare["members"][1]["type"]
    write("fields", program(), bare, scan())
    text = as_text("fields")
    assert "[1] 32 bytes, count 1   it+0x1234\n    ╰──── .parent   ✂" in text, \
        text
    assert "      2 references to [0] taken by\n" in text, text


@check
def weak_edges_are_no_way_round():
    one = parent_and_child()
    one["edges"][1]["kind"] = "weak"
    one["cut"] = None
    write("weak", program(), one, scan())
    text = as_text("weak")
    assert "LOST  3 × Parent, 144 bytes, keeps 96 bytes more in 3 blocks" \
        in text, text
    assert "╭" not in text and "╰" not in text, text


@check
def finalizers_run_from_the_cut_on():
    ring = finding(sizes=(8, 8, 8), cut={"edge": 0, "reason": "x"})
    for i, name in enumerate(("zero", "one", "two")):
        ring["members"][i]["finalizer"] = name
    write("order", program(), ring, scan())
    text = as_text("order")
    assert "in this order: [0] one → [1] two → [2] zero\n" in text, text
    del ring["members"][0]["finalizer"], ring["members"][2]["finalizer"]
    write("order", program(), ring, scan())
    assert "    finalizer: [0] one\n" in as_text("order")
    many = finding(sizes=(8,) * 20)
    for i, member in enumerate(many["members"]):
        member.update(finalizer="drop", resources=[f"fd {i} socket"])
    write("order", program(), many, scan())
    text = as_text("order")
    assert "→ [7] drop → … and 12 more\n" in text, text
    assert "[7] holds open fd 7 socket\n    holds open 12 more\n" in text, text


EXCESS = """\
    count 3, 2 references known, 1 unknown, taken here:
        ??  it+0x1000
        ??  it+0x2000
        ??  it+0x3000

    allocated by
        ??  it+0x1234
"""


@check
def excess_is_told():
    write("excess", program(), excess(), scan())
    text = as_text("excess")
    assert EXCESS in text, text
    head = text.split("\n")[2]
    assert head.startswith("EXCESS-REF  2 × Node, 120 bytes"), head
    assert "gordian: 1 excess reference: 120 bytes leaked" in text, text
    assert as_json("excess")["summary"]["excess_refs"] == 1
    write("excess", program(), excess(acquires=((2, 1), (1, 2))), scan())
    text = as_text("excess")
    assert "1 unknown, taken here (1 of these 3):\n      2 taken by\n" in text
    assert "1 taken by\n        ??  it+0x1388\n        … the rest as of the one above\n" \
        in text, text
    write("excess", program(), excess(acquires=(), refcount=5), scan())
    assert "known, 3 unknown\n" in as_text("excess")
    one = excess(acquires=())
    del one["references"]
    write("excess", program(), one, scan())
    assert "    count 3\n" in as_text("excess")
    many = excess(acquires=((1, 1),) * 20, refcount=22)
    write("excess", program(), many, scan())
    text = as_text("excess")
    assert text.count("taken by") == 8 and "… more stacks" in text, text


@check
def cycle_that_an_excess_keeps():
    write("kept", program(), excess("e", nested=["r"], retained_bytes=500,
                                    retained_blocks=2),
          parent_and_child("r"), scan())
    text = as_text("kept")
    assert text.index("EXCESS-REF") < text.index("    CYCLE"), text
    assert "id r, kept by excess-ref e\n" in text, text
    assert "gordian: 1 cycle, 1 excess reference: " in text, text


@check
def lost_that_holds_a_descriptor():
    one = finding(sizes=(472,), kind="lost", edges=[])
    one["members"][0].update(resources=["fd 3 /tmp/x"], finalizer="fclose",
                             refcount=0)
    write("file", program(), one, scan())
    text = as_text("file")
    assert "    finalizer: fclose\n    holds open fd 3 /tmp/x\n\n" \
        "    allocated by\n" in text, text
    assert as_json("file")["findings"][0]["members"][0]["refcount"] == 0


@check
def stacks_are_counted():
    counts = {"stacks": 90000, "stacks_walked": 50, "stacks_unwound": 1800,
              "stacks_checked": 7, "stacks_different": 1}
    write("stacks", program(), scan(stacks=80000, stacks_unwound=80000),
          scan(2, **counts))
    report = as_json("stacks")
    assert counts.items() <= report["scans"][1].items(), report["scans"]
    assert report["scans"][0]["stacks_checked"] == 0, report["scans"]
    slow = "2 % of the stacks needed libunwind, which is slow"
    assert [slow in text for text in report["warnings"]] == [True]
    assert slow in as_text("stacks")
    for few in {"stacks_unwound": 899}, {"stacks_unwound": 999, "stacks": 1000}:
        write("stacks", program(), scan(**{**counts, **few}))
        assert as_json("stacks")["warnings"] == []


@check
def wrong_use_has_its_place():
    path = compiled("misused", SOURCE, "gcc", "-g")
    where = misuse(stack=[[0, call_in(path, "outermost")]],
                   modules=[{"path": path, "build_id": build_id(path)}])
    write("misuse", program(), scan(), misuse(), where,
          {"t": "warning", "text": "without"})
    wanted = ["a count fell below zero, at it+0x1234",
              "a count fell below zero, at innermost() (misused.c:4)", "without"]
    warnings = as_json("misuse")["warnings"]
    assert warnings[:3] == wanted, warnings
    text = as_text("misuse")
    for line in wanted:
        assert f"gordian: warning: {line}\n" in text, text


@check
def nested_stand_below():
    write("nest", program(), finding("h", nested=["r"], retained_bytes=500,
                                     retained_blocks=2),
          finding("r", bytes=900), scan())
    text = as_text("nest")
    assert text.index("id h\n") < text.index("    CYCLE") < \
        text.index("id r, held by h\n"), text


@check
def findings_that_hold_each_other():
    write("mutual", program(), finding("a", nested=["b", "a"]),
          finding("b", nested=["a", "gone"]), scan())
    text = as_text("mutual")
    assert text.count("id a\n") == 1 and \
        text.count("id b, held by a\n") == 1, text
    deep = [finding(f"{i:04x}", nested=[f"{i + 1:04x}"]) for i in range(2000)]
    write("deep", program(), *deep, scan())
    assert as_text("deep").count("CYCLE") == 2000


@check
def nothing_found():
    write("clean", program(), scan(), scan(2), END)
    text = as_text("clean")
    assert text.startswith("gordian: nothing leaked (12,345 blocks looked at, "
                           "2 scans") and text.count("\n") == 1, text
    write("none", program(), END)
    assert "nothing leaked" not in as_text("none")
    write("empty", program(), scan(blocks=0), END)
    assert "nothing leaked (0 blocks" in as_text("empty")
    write("blind", program(), scan(blocks=0),
          {"t": "warning", "text": "its malloc is its own", "missing": True},
          END)
    text = as_text("blind")
    assert "no block was seen" in text, text
    assert text.count("its malloc is its own") == 1, text
    assert len(as_json("blind")["warnings"]) == 1


@check
def suspects_come_last_and_short():
    write("maybe", program(), finding("s", confidence="suspect", bytes=9999,
                                      held_by="a stale word"),
          finding("b"), scan())
    text = as_text("maybe")
    assert text.index("id b") < text.index("suspect cycle"), text
    assert "held only by a stale word" in text
    assert "1 suspect not counted" in text


@check
def what_is_no_alarm_is_no_long_list():
    suspects = [finding("s%02d" % i, confidence="suspect", bytes=900 - i)
                for i in range(13)]
    gone = [finding("g%02d" % i, confidence=level) for i, level
            in enumerate(["certain"] * 12 + ["suspect"] * 5)]
    write("long", program(), *suspects, *gone, scan(findings=30),
          *[{**s, "scan": 2} for s in suspects], scan(2, findings=13))
    text = as_text("long")
    assert text.count("suspect cycle: ") == text.count("gone cycle: ") == 10
    assert "suspect: 3 more" in text and "gone: 2 more" in text, text
    assert text.index("id s00") < text.index("id s09") < text.index("gone")
    assert as_json("long")["summary"]["gone"] == 17


@check
def the_largest_alone():
    write("top", program(), finding("h", nested=["r"], retained_bytes=500,
                                    retained_blocks=2),
          finding("r", bytes=900), finding("s", bytes=60),
          finding("t", bytes=50), scan(findings=4))
    text = as_text("top", "--top=1")
    assert text.count("CYCLE") == 2 and "held by h" in text, text
    assert "\n2 findings are left out by --top=1\n" in text, text
    text = as_text("top", "--top=2")
    assert text.count("CYCLE") == 3 and "1 finding is left out" in text, text
    assert as_text("top", "--top=3") == as_text("top")
    for wrong in "0", "-1", "x", "":
        code, _, err = gordian("report", "--top=" + wrong, "top")
        assert code == 2
        one_line(err, "number of findings")


@check
def processes_are_named():
    write("one", program(pid=7, exe="/usr/bin/server"), finding("a"), scan())
    write("two", program(pid=8, exe="/usr/bin/worker"), finding("a"),
          finding("b"), scan(findings=2))
    text = as_text("one", "two")
    assert "    in 2 processes: 7 (server), 8 (worker)\n" in text, text
    assert "    in process 8 (worker)\n" in text, text
    assert "in process" not in as_text("two")
    both = as_json("two", "one")["findings"]
    assert sorted(f["pids"] for f in both) == [[7, 8], [8]], both
    # gone from one of them
    write("left", program(pid=9), finding("a"), scan(),
          scan(2, findings=0))
    left, = (f for f in as_json("one", "left")["findings"])
    assert left["pids"] == [7] and left["count"] == 3, left
    assert [f["pids"] for f in as_json("left")["findings"]] == [[9]]


LIBRARIES = [{"path": f"/usr/lib/lib{n}a.so.1", "build_id": ""} for n in "abcdefg"]


@check
def libraries_have_a_line_each():
    def stack(*frames):
        return finding(kind="lost", sizes=(8,), edges=[], stacks=[
            [[ord(letter) - 97, at] for letter, at in frames]],
            modules=LIBRARIES + [{"path": "/home/it", "build_id": ""}])
    frames = [("a", 1), ("b", 2), ("b", 3), ("h", 4), ("c", 5), ("c", 6),
              ("d", 7)]
    write("each", program(), stack(*frames), scan())
    text = as_text("each")
    assert """
        … 3 frames in libaa.so.1, libba.so.1
        ??  it+0x4
        … 2 frames in libca.so.1
        ??  libda.so.1+0x7
""" in text, text
    many = [("h", 1)] + [(n, 9) for n in "abacadaeafag"]
    write("many", program(), stack(*many), scan())
    text = as_text("many")
    assert """
        ??  it+0x1
        ??  libaa.so.1+0x9
        ??  libba.so.1+0x9
        … 9 frames in libaa.so.1, libca.so.1, libaa.so.1 and others
        ??  libga.so.1+0x9
""" in text, text


@check
def what_differs_is_shown():
    """Two findings whose folded stacks read the same."""
    def lost(ident, at):
        return finding(ident, kind="lost", sizes=(8,), edges=[], stacks=[
            [[0, at], [0, 5], [1, 6]]], modules=[
                LIBRARIES[0], {"path": "/home/it", "build_id": ""}])
    write("alone", program(), lost("a", 1), scan())
    assert "… 2 frames in libaa.so.1\n" in as_text("alone")
    write("pair", program(), lost("a", 1), lost("b", 2), scan(findings=2))
    text = as_text("pair")
    assert "… 2 frames" not in text, text
    assert "libaa.so.1+0x1\n" in text and "libaa.so.1+0x2\n" in text, text


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
