#!/usr/bin/env python3
"""gordian report on bad input, and on several reports."""
import json
import os
import resource
import shutil
import subprocess
import sys

from common import check, main, one_line, records, Skip
from made import (
    as_json, as_text, END, excess, finding, gordian, keeper, lines, misuse,
    parent_and_child, program, scan, SCHEMA, validate, write)


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
def its_own_json():
    write("x.jsonl", program())
    assert gordian("report", "--format=json", "-o", "x.json", "x.jsonl")[0] == 0
    code, out, err = gordian("report", "x.json")
    assert (code, out) == (1, b""), (code, out)
    one_line(err, "'x.json' was written by --format=json")


def packed():
    """The commands that compress, which are here."""
    return [words for words in (("gzip", "-c"), ("zstd", "-cq"))
            if shutil.which(words[0])]


@check
def compressed_files():
    plain = lines(program(), finding(), scan(), END)
    wanted = gordian("report", "--format=json", write_bytes("plain", plain))
    for words in packed():
        data = subprocess.run(words, input=plain, capture_output=True,
                              check=True).stdout
        assert gordian("report", "--format=json",
                       write_bytes("whole", data)) == wanted, words
        assert gordian("report", "--format=json", "-",
                       stdin=data) == wanted, words
        # two parts behind each other are one file
        parts = [subprocess.run(words, input=part, capture_output=True,
                                check=True).stdout
                 for part in (plain[:100], plain[100:])]
        assert gordian("report", "--format=json",
                       write_bytes("parts", b"".join(parts))) == wanted, words


@check
def compressed_files_that_are_damaged():
    plain = lines(program(), *[finding(f"{i:016x}") for i in range(500)],
                  scan(findings=500), END)
    for words in packed():
        data = subprocess.run(words, input=plain, capture_output=True,
                              check=True).stdout
        for broken in data[:len(data) // 2], data[:-3], \
                data[:40] + b"\xff" * 30 + data[70:]:
            code, _, err = gordian("report", write_bytes("broken", broken))
            assert code == 1 and "broken" in err, (words, err)
            assert "damaged" in err or "not a Gordian report" in err, err
        code, out, err = gordian("report", write_bytes("head", data[:3]))
        assert (code, out) == (1, b"") and err.count("\n") == 1, err


def write_bytes(name, data):
    open(name, "wb").write(data)
    return name


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
    whole = [program(), finding(), excess(), keeper(), misuse(), scan(), END]
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
def many_scans_take_little_memory():
    """Those of a server that was watched for months."""
    n = 40000
    most = {"blocks": 2 ** 62, "stacks": 127, "stacks_walked": 128,
            "copied_kb": 2 ** 35, "cost_ms": 0.125, "trigger": "new"}
    with open("many", "wb") as file:
        file.write(lines(program()))
        for i in range(1, n):
            file.write(lines(scan(i, trigger="interval", pause_us=i)))
        file.write(lines(scan(n, **most), END))
    limit = 64 << 20
    for form, said in (("text", "40,000 scans"), ("json", '"n": 40000')):
        code, out, err = gordian(
            "report", "--format=" + form, "many",
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA,
                                                  (limit, limit)))
        assert code == 0 and said in out.decode(), (form, code, err)
    scans = json.loads(out)["scans"]
    assert [s["n"] for s in scans] == list(range(1, n + 1))
    assert [s["pause_us"] for s in scans[:-1]] == list(range(1, n))
    assert {key: scans[-1][key] for key in most} == most, scans[-1]
    assert {s["trigger"] for s in scans[:-1]} == {"interval"}


@check
def nonsense_inside():
    """The same for what stands inside a finding's lists."""
    values = [None, -1, 0, 9, 2 ** 62, -2 ** 63, "x", "", [], [1, "y"], {},
              [[]], [[8, [0, -1]]], [2 ** 62], [0] * 1000]
    for make in (parent_and_child, excess, keeper):
        for name in ("members", "edges", "acquires", "kept"):
            keys = {key for entry in make().get(name, []) for key in entry}
            for key in sorted(keys):
                for value in values:
                    one = make()
                    for entry in one[name]:
                        entry[key] = value
                    write("odd", program(), one, scan())
                    as_json("odd")
                    as_text("odd")


@check
def what_a_head_keeps_is_no_member():
    write("kept", program(), keeper(), scan(), END)
    one, = as_json("kept")["findings"]
    assert [m["size"] for m in one["members"]] == [40] and not one["edges"]
    assert one["cut"] is None


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
        "retained_bytes": 20, "suppressed": 0, "baseline": 0, "suspects": 1,
        "pending": 0, "gone": 0, "came_back": 0, "growing": 0,
        "growing_suppressed": 0, "growing_baseline": 0,
        "unscanned": 0}, report["summary"]
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


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
