#!/usr/bin/env python3
"""The command on bad input and on reports written by hand.

GORDIAN names the binary. One line a check; fails when one does."""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))
GORDIAN = os.path.abspath(
    os.environ.get("GORDIAN") or os.path.join(TOP, "build", "gordian"))
SCHEMA = json.load(open(os.path.join(TOP, "doc", "report.schema.json")))
CHECKS = []
SECONDS = 300  # nothing takes as long, however busy the machine


class Skip(Exception):
    pass


def check(function):
    CHECKS.append(function)
    return function


def gordian(*args, stdin=b"", env=None, **rest):
    """status, standard output, standard error"""
    environment = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
    environment.update(env or {})
    done = subprocess.run([GORDIAN, *args], input=stdin, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=SECONDS, **rest)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


# What the schema says, as far as ours says it.

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool,
         "null": type(None)}


def is_type(value, name):
    if name in ("integer", "number"):
        kinds = (int,) if name == "integer" else (int, float)
        return isinstance(value, kinds) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def validate(value, schema, where="$"):
    if "$ref" in schema:
        validate(value, SCHEMA["$defs"][schema["$ref"].split("/")[-1]], where)
    if "anyOf" in schema:
        for choice in schema["anyOf"]:
            try:
                validate(value, choice, where)
                break
            except AssertionError:
                pass
        else:
            raise AssertionError(f"{where}: fits none")
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    assert not names or any(is_type(value, n) for n in names), \
        f"{where}: {value!r} is no {names}"
    assert "const" not in schema or value == schema["const"], where
    assert "enum" not in schema or value in schema["enum"], \
        f"{where}: {value!r}"
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for key in schema.get("required", []):
            assert key in value, f"{where}: no {key}"
        for key, inner in value.items():
            assert key in known or schema.get("additionalProperties", True), \
                f"{where}: {key} is not in the schema"
            validate(inner, known.get(key, {}), f"{where}.{key}")
    elif isinstance(value, list):
        assert schema.get("minItems", 0) <= len(value), where
        assert len(value) <= schema.get("maxItems", len(value)), where
        for i, inner in enumerate(value):
            validate(inner, schema.get("items", {}), f"{where}[{i}]")
    elif isinstance(value, str) and "pattern" in schema:
        assert re.search(schema["pattern"], value), f"{where}: {value!r}"
    elif isinstance(value, (int, float)) and "minimum" in schema:
        assert value >= schema["minimum"], f"{where}: {value}"


# Report files.

def program(pid=42, **more):
    return {"t": "program", "format": "gordian-lines/1", "run": "r",
            "pid": pid, "argv": ["./it", "x"], "exe": "/nowhere/it", **more}


def finding(ident="00000000000000aa", sizes=(48, 32), edges=None, **more):
    n = len(sizes)
    if edges is None:
        edges = [(i, (i + 1) % n, 8) for i in range(n)]
    return {"t": "finding", "scan": 1, "id": ident, "kind": "cycle",
            "confidence": "certain", "count": 3, "bytes": 3 * sum(sizes),
            "retained_bytes": 0, "retained_blocks": 0, "nested": [],
            "members_total": n,
            "members": [{"address": hex(4096 + 64 * i), "size": size,
                         "stack": 0} for i, size in enumerate(sizes)],
            "edges": [{"from": a, "to": b, "offset": o, "kind": "strong"}
                      for a, b, o in edges],
            "cut": {"edge": n - 1, "reason": "it is the last"} if edges
            else None,
            "stacks": [[[0, 4660]]],
            "modules": [{"path": "/nowhere/it", "build_id": "abcd"}], **more}


def parent_and_child(ident="00000000000000cc", **more):
    """What macros tell of a cycle: all that a report can say."""
    one = finding(ident, stacks=[[[0, 4660]], [[0, 4096], [0, 8192]]],
                  cut={"edge": 1, "reason": "a back pointer's name"}, **more)
    one["members"][0].update(type="Parent", refcount=2, finalizer="drop",
                             resources=["fd 7 /var/log/x", "fd 9 pipe:[5]"])
    one["members"][1].update(type="Child", refcount=1, finalizer="reap")
    one["edges"] = [
        {"from": 0, "to": 1, "offset": 8, "kind": "strong", "field": "kids[0]",
         "stack": 1},
        {"from": 1, "to": 0, "offset": 16, "kind": "strong",
         "field": "parent", "stack": -1},
        {"from": 1, "to": 0, "offset": 24, "kind": "weak", "field": "root"}]
    one["acquires"] = [{"member": 1, "count": 2, "stack": 1}]
    return one


def excess(ident="00000000000000ee", acquires=((1, 1),), refcount=3, **more):
    one = finding(ident, sizes=(40,), edges=[], kind="excess-ref", count=2,
                  stacks=[[[0, 4660]], [[0, 4096], [0, 8192], [0, 12288]],
                          [[0, 5000], [0, 8192], [0, 12288]]],
                  references=2, **more)
    one["members"][0].update(type="Node", refcount=refcount)
    one["acquires"] = [{"count": n, "stack": s} for n, s in acquires]
    return one


def misuse(**more):
    return {"t": "warning", "text": "a count fell below zero",
            "stack": [[0, 4660], [0, 8192]],
            "modules": [{"path": "/nowhere/it", "build_id": "abcd"}], **more}


def scan(n=1, **more):
    return {"t": "scan", "n": n, "trigger": "exit", "blocks": 12345,
            "bytes": 99, "objects": 0, "pause_us": 1500, "stopped_threads": 0,
            "child_cpu_ms": 0.5, "peak_child_kb": 10, "findings": 1, **more}


END = {"t": "end", "exit": 0}


def lines(*records):
    return b"".join(r if isinstance(r, bytes) else
                    json.dumps(r).encode() + b"\n" for r in records)


def write(name, *records):
    with open(name, "wb") as file:
        file.write(lines(*records))
    return name


def as_json(*args, status=0):
    code, out, err = gordian("report", "--format=json", *args)
    assert code == status, (code, err)
    report = json.loads(out.decode("utf-8"))
    validate(report, SCHEMA)
    return report


def as_text(*args, status=0, **rest):
    code, out, err = gordian("report", *args, **rest)
    assert code == status, (code, err)
    return out.decode("utf-8", "replace")


def one_line(err, *words):
    assert err.count("\n") == 1 and err.startswith("gordian"), err
    for word in words:
        assert word in err, (word, err)


# Reading.

@check
def missing_file():
    code, out, err = gordian("report", "no-such.jsonl")
    assert (code, out) == (1, b"")
    one_line(err, "no-such.jsonl", "No such file")


@check
def foreign_files():
    for content in (b"hello\n", b"\0" * 10000, b"{}\n", b"{\n}\n", b"[1]\n",
                    b'{"t":"scan","n":1}\n', b'{"t":5}\n', b"{" * 100000,
                    b'{"t":"program"}\n', b"\x7fELF\2\1\1", b"{"):
        open("foreign", "wb").write(content)
        code, out, err = gordian("report", "foreign")
        assert (code, out) == (1, b""), (content[:20], code)
        one_line(err, "'foreign' is not a Gordian report")


@check
def newer_format():
    write("newer", program(format="gordian-lines/2"))
    code, _, err = gordian("report", "newer")
    assert code == 1
    one_line(err, "gordian-lines/2")


@check
def empty_file_and_directory():
    open("empty", "w").close()
    code, _, err = gordian("report", "empty")
    assert code == 1
    one_line(err, "empty")
    code, _, err = gordian("report", ".")
    assert code == 1
    one_line(err, "directory")


@check
def unreadable_file():
    if os.geteuid() == 0:
        raise Skip("root reads everything")
    write("secret", program())
    os.chmod("secret", 0)
    code, _, err = gordian("report", "secret")
    assert code == 1
    one_line(err, "Permission denied")


@check
def truncated_anywhere():
    whole = lines(program(), finding(), scan(), finding("bb"), scan(2), END)
    ends = [i + 1 for i, c in enumerate(whole) if c == 10]
    for cut in list(range(ends[0] + 1, len(whole) - 1, 97)) + ends:
        open("cut", "wb").write(whole[:cut])
        code, out, err = gordian("report", "--format=json", "cut")
        validate(json.loads(out), SCHEMA)
        line = sum(e <= cut for e in ends) + 1
        if cut in ends or cut + 1 in ends:
            assert (code, err) == (0, ""), (cut, code, err)
        else:
            assert code == 1, cut
            one_line(err, f"truncated at line {line};", "is shown")


@check
def garbage_between():
    write("bad", program(), b"garbage\n", finding(), scan(), END)
    code, out, err = gordian("report", "--format=json", "bad")
    assert code == 1 and len(json.loads(out)["findings"]) == 1
    one_line(err, "line 2")
    write("bad", program(), b"garbage\n", finding(), b"\n", b'{"t":\n', scan())
    code, out, err = gordian("report", "--format=json", "bad")
    assert code == 1 and len(json.loads(out)["scans"]) == 1
    one_line(err, "line 2", "1 more")  # an empty line is no damage


@check
def unknown_records_and_keys_are_skipped():
    write("new", program(later=1), {"t": "colour", "x": [1]},
          finding(hue="red"), scan(fresh={}), END)
    report = as_json("new")
    assert len(report["findings"]) == 1 and report["program"]["exit"] == 0


@check
def nonsense_values():
    """Any value replaced by any other: no crash, and still the schema."""
    values = [None, -1, 2 ** 62, 1e300, "x", "", [], [[]], {}, True,
              [[[-5, -5]]], {"edge": 99}, [None], ["a", 1]]
    whole = [program(), finding(), excess(), misuse(), scan(), END]
    for place, record in enumerate(whole):
        for key in record:
            if key in ("t", "format"):
                continue
            for value in values:
                records = list(whole)
                records[place] = {**record, key: value}
                write("odd", *records)
                for form in ("json", "text"):
                    code, out, err = gordian("report", "--format=" + form,
                                             "odd")
                    assert code in (0, 1), (key, value, code, err)
                    if form == "json" and out:
                        validate(json.loads(out), SCHEMA)


@check
def nonsense_inside():
    """The same for what stands inside a finding's lists."""
    values = [None, -1, 0, 9, 2 ** 62, -2 ** 63, "x", "", [], [1, "y"], {}]
    for make in (parent_and_child, excess):
        for name in ("members", "edges", "acquires"):
            keys = {key for entry in make()[name] for key in entry}
            for key in sorted(keys):
                for value in values:
                    one = make()
                    for entry in one[name]:
                        entry[key] = value
                    write("odd", program(), one, scan())
                    as_json("odd")
                    as_text("odd")


@check
def killed_program():
    write("killed", program(), finding(), scan())
    assert as_json("killed")["program"]["exit"] is None


@check
def last_end_counts():
    write("ends", program(), scan(), END, {"t": "end", "exit": 143})
    assert as_json("ends")["program"]["exit"] == 143


@check
def later_scan_supersedes():
    later = finding(scan=2, count=7, bytes=70, sizes=(8,))
    write("later", program(), finding(), scan(), later, scan(2))
    one, = as_json("later")["findings"]
    assert (one["count"], one["bytes"]) == (7, 70)
    assert [m["size"] for m in one["members"]] == [48, 32]
    assert (one["first_scan"], one["last_scan"]) == (1, 2)
    assert "gone" not in one


@check
def what_a_later_scan_has_not_is_gone():
    write("gone", program(), finding("a", kind="lost"), finding("b"),
          scan(findings=2), finding("b", scan=2), scan(2))
    report = as_json("gone")
    b, a = report["findings"]
    assert (a["id"], a["gone"], a["came_back"]) == ("a", True, True), a
    assert "gone" not in b
    assert (report["summary"]["findings"], report["summary"]["lost"]) == (1, 0)
    assert report["summary"]["gone"] == report["summary"]["came_back"] == 1
    text = as_text("gone")
    assert text.index("id b") < text.index("gone loss: "), text
    assert "last seen by scan 1, which was wrong" in text, text
    assert "1 gone again" in text, text


@check
def what_no_whole_scan_has_not_stands():
    two = program(), finding("a"), finding("b"), scan(findings=2)
    for rest in ([], [finding("a", scan=2)], [finding("a", scan=2, count=9), b"x\n",
                                              scan(2, findings=2)]):
        write("half", *two, *rest)
        code, out, _ = gordian("report", "--format=json", "half")
        report = json.loads(out)
        assert report["summary"]["findings"] == 2, (rest, report["summary"])
        assert report["summary"]["gone"] == 0, rest


@check
def what_may_be_gone_was_no_error():
    for one, spared in ((finding(confidence="likely", outer_bytes=0), 0),
                        (finding(), 1),
                        (finding(confidence="suspect"), 0),
                        (finding(dead=True), 0)):
        write("told", program(), one, scan(spared=0),
              scan(2, spared=spared, findings=0))
        report = as_json("told")
        assert report["findings"][0]["gone"], one
        assert report["summary"]["gone"] == 1
        assert report["summary"]["came_back"] == 0, (one, spared)
        assert report["summary"]["suspects"] == 0
    write("doubted", program(), finding(confidence="likely", outer_bytes=9),
          scan(), scan(2, findings=0))
    assert as_json("doubted")["summary"]["came_back"] == 1


@check
def gone_is_what_is_gone_in_all_programs():
    write("had", program(1), finding(), scan(), scan(2, findings=0))
    write("has", program(2), finding(count=5), scan())
    for files in (("had", "has"), ("has", "had")):
        report = as_json(*files)
        assert report["findings"][0]["count"] == 5, report["findings"]
        assert "gone" not in report["findings"][0]
        assert report["summary"]["came_back"] == 0
    report = as_json("had", "had")
    assert report["findings"][0]["count"] == 6 and report["findings"][0]["gone"]


@check
def what_a_gone_one_kept_stands_alone():
    write("kept", program(), finding("h", nested=["b"]),
          finding("b", confidence="likely"), scan(findings=2),
          finding("b", scan=2), scan(2))
    text = as_text("kept")
    assert "held by" not in text and "gone cycle: " in text, text


@check
def files_merge():
    write("one", program(1), finding(retained_bytes=5), scan(), END)
    write("two", program(2), finding(retained_bytes=6), finding("bb"), scan())
    report = as_json("one", "two")
    assert report["program"]["pid"] == 1
    assert [p["pid"] for p in report["programs"]] == [1, 2]
    assert [s["pid"] for s in report["scans"]] == [1, 2]
    merged = {f["id"]: f for f in report["findings"]}
    assert merged["00000000000000aa"]["count"] == 6
    assert merged["00000000000000aa"]["retained_bytes"] == 11
    assert merged["bb"]["count"] == 3
    both = open("one", "rb").read() + open("two", "rb").read()
    code, out, _ = gordian("report", "--format=json", "-", stdin=both)
    assert code == 0 and json.loads(out) == report


@check
def one_bad_file_among_good():
    write("good", program(), finding(), scan())
    code, out, err = gordian("report", "--format=json", "none", "good")
    assert code == 1 and len(json.loads(out)["findings"]) == 1
    one_line(err, "none")


@check
def summary_counts_each_byte_once():
    holder = finding("h", sizes=(10,), kind="lost", edges=[], count=1,
                     bytes=10, retained_bytes=100, retained_blocks=3,
                     nested=["r"])
    write("sums", program(), holder, finding("r", count=1, bytes=80),
          finding("s", confidence="suspect", held_by="a stale word"), scan())
    report = as_json("sums")
    assert report["summary"] == {
        "findings": 2, "cycles": 1, "lost": 1, "excess_refs": 0, "bytes": 90,
        "retained_bytes": 20, "suppressed": 0, "suspects": 1, "gone": 0,
        "came_back": 0}, report["summary"]
    assert [f["id"] for f in report["findings"]][-1] == "s"
    assert report["findings"][-1]["held_by"] == "a stale word"


@check
def any_bytes_give_utf8():
    head = json.dumps(program()).replace("./it", "BAD").encode()
    bad = json.dumps(finding()).encode().replace(b"/nowhere", b"/no\xff\xfe")
    write("bytes", head.replace(b"BAD", b"a\xff\xc3b") + b"\n", bad + b"\n",
          scan())
    report = as_json("bytes")
    assert report["program"]["argv"][0] == "a\ufffd\ufffdb"
    module = report["findings"][0]["members"][0]["stack"][0]["module"]
    assert module == "/no\ufffd\ufffd/it"
    as_text("bytes").encode()


@check
def terminal_is_not_reprogrammed():
    write("escape", program(argv=["\x1b]0;x\x07", "a\u009bb"]),
          finding(cut={"edge": 0, "reason": "\x1b[2J"}), scan())
    text = as_text("escape")
    assert not set("\x1b\x07\u009b") & set(text), text


# Drawing.

RING = """\
    ╭─▶ [0] 48 bytes   it+0x1234
    │      ↓ +8
    │   [1] 32 bytes   it+0x1234
    ╰──────╯ +8   ✂ cut here

    ✂ cut [1]+8 → [0]: it is the last
"""


@check
def ring_is_drawn():
    write("ring", program(), finding(), scan())
    text = as_text("ring")
    assert RING in text, text
    head = text.split("\n")[2]
    assert head.startswith("CYCLE  3 instances, 240 bytes"), head
    assert text.rstrip().split("\n")[-1].startswith("gordian: 1 cycle: 240"), \
        text


@check
def ascii_elsewhere():
    write("ring", program(argv=["ä"]), finding(), scan())
    _, out, _ = gordian("report", "ring", env={"LC_ALL": "C"})
    assert b"    .-> [0] 48 bytes   it+0x1234\n" in out, out
    assert max(out) < 128


@check
def more_edges_than_the_ring():
    write("web", program(),
          finding(sizes=(8, 8, 8), edges=[(0, 1, 0), (0, 1, 24), (0, 2, 8),
                                          (1, 2, 0), (2, 0, 0), (2, 1, 8)]),
          scan())
    text = as_text("web")
    assert "↓ +0, +24   also +8 → [2]" in text, text
    assert "╰──────╯ +0   also +8 → [1]   ✂ cut here" in text or \
        "╰──────╯ +0   also +8 → [1]" in text, text


@check
def no_arrow_where_no_edge_is():
    write("star", program(),
          finding(sizes=(8, 8, 8), edges=[(0, 1, 0), (1, 0, 0), (0, 2, 8),
                                          (2, 0, 0)]), scan())
    text = as_text("star")
    drawing = text.split("\n\n")[2].split("\n")
    assert "[1]" in drawing[2] and "↓" not in drawing[3], text
    assert "+0 → [0]" in drawing[3], text


@check
def self_cycle():
    write("self", program(), finding(sizes=(24,)), scan())
    text = as_text("self")
    assert "╭─▶ [0] 24 bytes   it+0x1234\n    ╰──────╯ +8" in text, text


@check
def large_rings_are_short():
    big = finding(sizes=(24,) * 100, edges=[(i, i + 1, 0) for i in range(99)],
                  members_total=50000, cut={"edge": 40, "reason": "it is so"})
    write("big", program(), big, scan())
    report = as_json("big")
    assert report["findings"][0]["members_total"] == 50000
    assert len(report["findings"][0]["members"]) == 100
    text = as_text("big")
    assert "35 more" in text and "49,958 more" in text, text
    assert "[40] 24 bytes" in text and text.count("\n") < 45, text
    middle = finding(sizes=(24,) * 100, cut=None)
    write("middle", program(), middle, scan())
    text = as_text("middle")
    assert "⋮ 94 more" in text and "╰──────╯ +8" in text, text
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
    assert (taken["member"], taken["count"]) == (1, 2), taken
    assert [f["offset"] for f in taken["stack"]] == [4096, 8192], taken
    assert cycle["cut"] == {"edge": 1, "reason": "a back pointer's name"}
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
    ╭─▶ [0] Parent, 48 bytes, count 2   it+0x1234
    │      ↓ Parent.kids[0]
    │   [1] Child, 32 bytes, count 1    it+0x1234
    ╰──────╯ Child.parent, Child.root weak   ✂ cut here

    ✂ cut Child.parent: a back pointer's name
    finalizers, in this order: [0] drop → [1] reap
    holds open [0] fd 7 /var/log/x
    holds open [0] fd 9 pipe:[5]
    references taken here:
      [1] 2 taken by
        ??  it+0x1000
        ??  it+0x2000

    [0] [1] allocated by
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
    assert "╰──────╯ .parent, .root weak" in text, text
    assert "✂ cut [1].parent → [0]: a back" in text, text


@check
def weak_edges_are_no_way_round():
    one = parent_and_child()
    one["edges"][1]["kind"] = "weak"
    one["cut"] = None
    write("weak", program(), one, scan())
    text = as_text("weak")
    assert "╭" not in text and "╰" not in text, text
    assert "also Child.parent weak, Child.root weak → [0]" in text, text


@check
def finalizers_run_from_the_cut_on():
    ring = finding(sizes=(8, 8, 8), cut={"edge": 0, "reason": "x"})
    for i, name in enumerate(("zero", "one", "two")):
        ring["members"][i]["finalizer"] = name
    write("order", program(), ring, scan())
    text = as_text("order")
    assert "in this order: [1] one → [2] two → [0] zero\n" in text, text
    del ring["members"][0]["finalizer"], ring["members"][2]["finalizer"]
    write("order", program(), ring, scan())
    assert "    finalizer: [1] one\n" in as_text("order")
    many = finding(sizes=(8,) * 20)
    for i, member in enumerate(many["members"]):
        member.update(finalizer="drop", resources=[f"fd {i} socket"])
    write("order", program(), many, scan())
    text = as_text("order")
    assert "→ [7] drop → … and 12 more\n" in text, text
    assert "[7] fd 7 socket\n    holds open 12 more\n" in text, text


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
    assert head.startswith("EXCESS-REF  2 objects of Node, 120 bytes"), head
    assert "gordian: 1 excess reference: 120 bytes leaked" in text, text
    assert as_json("excess")["summary"]["excess_refs"] == 1
    write("excess", program(), excess(acquires=((2, 1), (1, 2))), scan())
    text = as_text("excess")
    assert "1 unknown, taken here (1 of these 3):\n      2 taken by\n" in text
    assert "1 taken by\n        ??  it+0x1388\n        … the rest as above\n" \
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
              "a count fell below zero, at innermost (misused.c:4)", "without"]
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
    assert "no block was seen" in as_text("blind")


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
def colour_only_on_terminals():
    import pty
    write("ring", program(), finding(), scan())
    for variables, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        env.update(variables, TERM="xterm")
        ours, theirs = pty.openpty()
        subprocess.run([GORDIAN, "report", "ring"], stdout=theirs, env=env)
        os.close(theirs)
        text = os.read(ours, 65536)
        os.close(ours)
        assert (b"\x1b[" in text) == coloured, text


@check
def output_file():
    write("ring", program(), finding(), scan())
    assert as_text("ring", "-o", "out.txt") == ""
    assert open("out.txt", encoding="utf-8").read() == as_text("ring")
    for name, word in (("no/such", "No such file"), (".", "directory")):
        code, _, err = gordian("report", "ring", "--output", name)
        assert code == 1
        one_line(err, word)
    with open("/dev/full", "wb") as full:
        done = subprocess.run([GORDIAN, "report", "ring"], stdout=full,
                              stderr=subprocess.PIPE)
    assert done.returncode == 1 and b"No space" in done.stderr, done


# Names.

SOURCE = r"""
#include <stdlib.h>
#define INLINE static inline __attribute__((always_inline))
INLINE void *innermost(size_t n) { return malloc(n); }
INLINE void *middle(size_t n)
{
	return innermost(n + 3);
}
__attribute__((noinline)) void *outermost(size_t n)
{
	void *p = middle(n);
	__asm__ volatile("" : : "r"(p) : "memory");
	return p;
}
int main(void) { return !outermost(5); }
"""

CXX = r"""
#include <cstdlib>
namespace space {
template <class T> struct Box { virtual ~Box(); T t; };
template <class T> Box<T>::~Box() {}
__attribute__((noinline)) void *make(int n) { return new Box<int>[n]; }
}
int main(int c, char **) { return !space::make(c); }
"""


def compiled(name, source, compiler, *flags):
    if not shutil.which(compiler):
        raise Skip(f"no {compiler}")
    suffix = ".cc" if compiler == "g++" else ".c"
    open(name + suffix, "w").write(source)
    subprocess.run([compiler, "-O2", *flags, name + suffix, "-o", name],
                   check=True)
    return os.path.abspath(name)


def symbols(path):
    text = subprocess.run(["nm", path], check=True, stdout=subprocess.PIPE)
    return {words[-1]: int(words[0], 16)
            for words in map(str.split, text.stdout.decode().split("\n"))
            if len(words) == 3}


def build_id(path):
    text = subprocess.run(["readelf", "-n", path], stdout=subprocess.PIPE)
    return re.search(r"Build ID: ([0-9a-f]+)", text.stdout.decode()).group(1)


def call_in(path, function):
    """The address of its call, less one, as in reports."""
    text = subprocess.run(["objdump", "-d", f"--disassemble={function}", path],
                          stdout=subprocess.PIPE).stdout.decode()
    at = re.search(r"call.*\n\s+([0-9a-f]+):", text)
    if not at:
        raise Skip("no call found")
    return int(at.group(1), 16) - 1


def stack_of(path, address, ident=None, **member):
    one = finding(sizes=(8,), kind="lost", edges=[], stacks=[[[0, address]]],
                  modules=[{"path": path, "build_id":
                            build_id(path) if ident is None else ident}])
    one["members"][0].update(member)
    write("names", program(), one, scan())
    report = as_json("names")
    return report, report["findings"][0]["members"][0]


@check
def inlined_functions():
    path = compiled("inlined", SOURCE, "gcc", "-g")
    address = call_in(path, "outermost")
    _, member = stack_of(path, address)
    assert [(f["function"], f["line"], f["inlined"])
            for f in member["stack"]] == [
        ("innermost", 4, True), ("middle", 7, True), ("outermost", 11, False)
    ], member["stack"]
    assert {f["offset"] for f in member["stack"]} == {address}
    assert {os.path.basename(f["file"]) for f in member["stack"]} == \
        {"inlined.c"}
    text = as_text("names")
    assert re.search(r"innermost +inlined.c:4\n +middle +inlined.c:7", text)


@check
def no_debug_information():
    path = compiled("plain", SOURCE, "gcc")
    address = call_in(path, "outermost")
    _, member = stack_of(path, address)
    frame, = member["stack"]
    assert (frame["function"], frame["file"], frame["line"]) == \
        ("outermost", None, None)


@check
def dynamic_symbols_alone():
    path = compiled("dynamic", SOURCE, "gcc", "-rdynamic")
    address = call_in(path, "outermost")
    subprocess.run(["strip", path], check=True)
    _, member = stack_of(path, address)
    assert member["stack"][0]["function"] == "outermost"
    path = compiled("bare", SOURCE, "gcc")
    address = call_in(path, "outermost")
    subprocess.run(["strip", path], check=True)
    report, member = stack_of(path, address)
    assert member["stack"][0]["function"] is None
    assert report["warnings"] == []
    assert f"bare+{address:#x}" in as_text("names")


@check
def another_build_id():
    path = compiled("other", SOURCE, "gcc", "-g")
    report, member = stack_of(path, call_in(path, "outermost"), "0123456789")
    frame, = member["stack"]
    assert frame["function"] is None and frame["module"] == path
    assert len(report["warnings"]) == 1, report["warnings"]
    assert "build-id" in report["warnings"][0]


@check
def cxx_names():
    path = compiled("cxx", CXX, "g++", "-g")
    table = symbols(path)
    _, member = stack_of(path, table["_ZN5space4makeEi"] + 1,
                         vtable=[0, table["_ZTVN5space3BoxIiEE"] + 16])
    assert member["type"] == "space::Box<int>", member["type"]
    assert member["stack"][-1]["function"] == "space::make(int)"
    text = as_text("names")
    assert "space::make  " in text, text
    _, member = stack_of(path, 16, vtable=[0, table["main"]])
    assert member["type"] is None


@check
def odd_modules():
    os.mkfifo("fifo")
    open("text", "w").write("x" * 5000)
    odd = ["", "linux-vdso.so.1", os.path.abspath("fifo"), "/dev/zero", "/",
           os.path.abspath("text"), "/nowhere/at/all"]
    one = finding(stacks=[[[i, 5] for i in range(len(odd))] + [[-1, 7]]],
                  modules=[{"path": p, "build_id": ""} for p in odd])
    write("odd", program(), one, scan())
    report = as_json("odd")
    stack = report["findings"][0]["members"][0]["stack"]
    assert len(stack) == len(odd) + 1
    assert stack[0]["module"] is None and stack[-1]["offset"] == 7
    assert len(report["warnings"]) == 5, report["warnings"]


@check
def library_frames_are_folded():
    libc = next((p for p in ("/lib/x86_64-linux-gnu/libc.so.6",
                             "/lib64/libc.so.6") if os.path.exists(p)), None)
    if not libc:
        raise Skip("libc is elsewhere")
    path = compiled("folded", SOURCE, "gcc", "-g")
    one = finding(stacks=[[[1, 5], [0, call_in(path, "outermost")], [1, 6],
                           [1, 7]]],
                  modules=[{"path": path, "build_id": build_id(path)},
                           {"path": libc, "build_id": ""}])
    write("fold", program(), one, scan())
    text = as_text("fold")
    assert "… 1 frame in libc.so.6" in text, text
    assert "… 2 frames in libc.so.6" in text, text
    assert "innermost (folded.c:4)" in text, text
    # An executable is the program's own wherever it lies.
    write("fold", program(exe=libc), one, scan())
    assert "in libc.so.6" in as_text("fold")
    cat = os.path.realpath("/bin/cat")
    other = os.path.join("/usr/lib/cat")
    one["modules"][1]["path"] = other
    write("fold", program(exe=cat), one, scan())
    assert "1 frame in cat" in as_text("fold")
    write("fold", program(exe=other), one, scan())
    assert "cat+0x5" in as_text("fold")


def cpu_of_children():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


@check
def large_reports_are_quick():
    """Eight times as many findings take about eight times as long: of processor
    time, so that it does not matter what else the machine does."""
    path = compiled("quick", SOURCE, "g++", "-g")
    base, ident, took = symbols(path)["main"], build_id(path), []
    for n in (200, 1600):
        many = [finding(f"{i:016x}", stacks=[[[0, base + (i + k) % 4000]
                                              for k in range(50)]],
                        modules=[{"path": path, "build_id": ident}])
                for i in range(n)]
        write("quick.jsonl", program(), *many, scan())
        before = cpu_of_children()
        for form in ("json", "text"):
            assert gordian("report", "--format=" + form, "quick.jsonl")[0] == 0
        took.append(cpu_of_children() - before)
    assert took[1] < 24 * took[0], took


# Usage.

@check
def usage():
    for args, status in (((), 2), (("diff", "a", "b"), 2), (("why",), 2),
                         (("--what",), 2), (("report",), 2), (("check",), 2),
                         (("report", "--format=html", "x"), 2),
                         (("report", "--format=none", "x"), 2),
                         (("report", "--interval=1", "x"), 2),
                         (("report", "-o"), 2), (("check", "1", "2"), 2),
                         (("help", "diff"), 2), (("run",), 125),
                         (("run", "--"), 125),
                         (("run", "--suppressions=x", "true"), 125),
                         (("run", "--format=dot", "true"), 125),
                         (("run", "--interval=-1", "true"), 125),
                         (("run", "--interval=soon", "true"), 125),
                         (("run", "--interval=", "true"), 125),
                         (("run", "--interval=1e5", "true"), 125),
                         (("run", "--threshold=0", "true"), 125),
                         (("run", "--threshold=1.5", "true"), 125),
                         (("run", "--threshold=99999999999999999999", "true"),
                          125),
                         (("run", "--error-exitcode=0", "true"), 125),
                         (("run", "--error-exitcode=256", "true"), 125),
                         (("run", "--follow=maybe", "true"), 125),
                         (("run", "--quiet=1", "true"), 125),
                         (("run", "--report", ""), 125)):
        code, out, err = gordian(*args)
        assert (code, out) == (status, b""), (args, code, out)
        if args:
            one_line(err)


@check
def help_is_there():
    for args in (("--help",), ("-h",), ("help",), ("help", "run"),
                 ("run", "--help"), ("report", "-h"), ("check", "--help")):
        code, out, err = gordian(*args)
        assert (code, err) == (0, ""), args
        text = out.decode()
        assert "xample" in text and "Usage: gordian" in text, args
        for word in ("diff", "why", "suppressions", "html", "pprof"):
            assert word not in text, (args, word)
    code, out, _ = gordian("--version")
    assert code == 0 and out.startswith(b"gordian ")


@check
def check_refuses():
    for pid in ("0", "-1", "1x", "", "99999999999"):
        code, _, err = gordian("check", "--", pid)
        assert code == 2, pid
        one_line(err)
    code, _, err = gordian("check", "4194303")
    assert code == 1
    one_line(err, "no process")
    code, _, err = gordian("check", str(os.getpid()))
    assert code == 1
    one_line(err, "does not run under Gordian")


# Running; the library itself is not under test.

def run(*args, **rest):
    if not os.path.exists(os.path.join(os.path.dirname(GORDIAN),
                                       "libgordian.so")):
        raise Skip("no libgordian.so")
    return gordian("run", *args, **rest)


QUIET = ("--quiet", "--format=none")


@check
def run_exit_status():
    for script, status in (("exit 0", 0), ("exit 77", 77),
                           ("kill -TERM $$", 143), ("kill -KILL $$", 137)):
        code, _, err = run(*QUIET, "sh", "-c", script)
        assert code == status, (script, code, err)


@check
def run_cannot_execute():
    open("script", "w").write("#!/no/such/interpreter\n")
    open("data", "w").write("x")
    open("text-script", "w").write("exit 5\n")
    os.chmod("script", 0o755)
    os.chmod("text-script", 0o755)
    for name, status, word in (("./none", 127, "No such file"),
                               ("no-such-program", 127, "No such file"),
                               ("", 127, "No such file"),
                               ("./data", 126, "Permission denied"),
                               (".", 126, "Permission denied"),
                               ("./script", 127, "/no/such/interpreter")):
        code, out, err = run("--", name)
        assert (code, out) == (status, b""), (name, code, err)
        one_line(err, word)
    assert run(*QUIET, "./text-script")[0] == 5


@check
def run_passes_everything_through():
    code, out, err = run(*QUIET, "--", "sh", "-c",
                         'cat; echo "$@" >&2', "sh", "--report=x", "--help",
                         stdin=b"in\0put")
    assert (code, out, err) == (0, b"in\0put", "--report=x --help\n")


@check
def run_report_cannot_be_written():
    os.mkdir("dir.jsonl")
    for name in ("/no/such/dir/x", "dir.jsonl", "dir.jsonl/", "/proc/x.%p",
                 "/no/such/%p", "ring/x"):
        write("ring", program())
        code, out, err = run("--report=" + name, "echo", "ran")
        assert (code, out) == (125, b""), (name, code, out)
        one_line(err, "report")


@check
def run_signals():
    script = ('trap "echo term; exit 3" TERM; trap "echo usr1" USR1; '
              'echo ready; while :; do sleep 0.05; done')
    if not os.path.exists(os.path.join(os.path.dirname(GORDIAN),
                                       "libgordian.so")):
        raise Skip("no libgordian.so")
    process = subprocess.Popen([GORDIAN, "run", *QUIET, "--follow=no", "sh",
                                "-c", script], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGUSR1)
    assert process.stdout.readline() == b"usr1\n"
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == b"term\n"
    assert process.wait(SECONDS) == 3


@check
def run_keeps_dispositions():
    script = r"grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status"
    plain = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE)
    code, out, _ = run(*QUIET, "sh", "-c", script)
    # What the library catches is its own affair.
    def kept(text):
        return [line for line in text.split(b"\n") if b"Cgt" not in line]
    assert kept(out) == kept(plain.stdout), (out, plain.stdout)


@check
def run_says_what_it_cannot_see():
    path = compiled("static", "int main(void) { return 7; }", "gcc",
                    "-static")
    code, _, err = run("--format=none", path)
    assert code == 7
    one_line(err, "statically linked")
    path = compiled("own", "#include <stddef.h>\n"
                    "void *malloc(size_t n) { (void)n; return 0; }\n"
                    "int main(void) { return 6; }", "gcc", "-rdynamic",
                    "-fno-builtin")
    code, _, err = run("--format=none", path)
    assert code == 6 and "malloc" in err, err
    path = compiled("asan", "int main(void) { return 5; }", "gcc",
                    "-fsanitize=address")
    code, _, err = run("--format=none", path)
    assert code == 5
    one_line(err, "AddressSanitizer")


@check
def run_from_an_odd_place():
    """A path that LD_PRELOAD cannot hold."""
    library = os.path.join(os.path.dirname(GORDIAN), "libgordian.so")
    if not os.path.exists(library):
        raise Skip("no libgordian.so")
    os.mkdir("a b:c")
    for file in (GORDIAN, library):
        shutil.copy(file, "a b:c")
    done = subprocess.run(["a b:c/gordian", "run", *QUIET, "sh", "-c",
                           "echo $LD_PRELOAD; grep -c libgordian "
                           "/proc/self/maps"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    assert done.returncode == 0 and not done.stderr, done
    link, mapped = done.stdout.split()
    assert int(mapped) > 0 and not os.path.lexists(link), done


@check
def run_keeps_only_its_own_reports():
    write("gordian.1.jsonl", program(1), finding(), scan())
    write("x.jsonl", program(1), finding(), scan())
    write("x.jsonl.7", program(1), finding(), scan())
    for pattern in ("gordian.%p.jsonl", "x.jsonl"):
        code, _, err = run("--error-exitcode=9", "--report=" + pattern, "true")
        assert code == 0 and "00aa" not in err, (pattern, code, err)
    assert b'"pid": 1,' not in open("x.jsonl", "rb").read()


def main():
    failed = 0
    wanted = sys.argv[1:]
    for function in CHECKS:
        if wanted and function.__name__ not in wanted:
            continue
        scratch = tempfile.mkdtemp()
        os.chdir(scratch)
        try:
            function()
            print("ok", function.__name__)
        except Skip as why:
            print("ok", function.__name__, "# skipped:", why)
        except Exception as why:  # each check stands alone
            failed += 1
            text = " ".join(f"{type(why).__name__}: {why}".split("\n"))
            print("not ok", function.__name__ + ":", text[:2000])
        os.chdir("/")
        shutil.rmtree(scratch, ignore_errors=True)
        sys.stdout.flush()
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
