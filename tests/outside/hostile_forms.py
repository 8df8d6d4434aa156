#!/usr/bin/env python3
"""Reports that nobody's program wrote, in every form, read by readers that are
not ours. Whatever stands in a report, what is made of it is well formed, drives
no terminal, and nothing of it runs in a browser."""
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

from browser import Browser
from common import check, main, Skip
from made import END, finding, gordian, keeper, misuse, NASTY, \
    parent_and_child, program, scan, write
from npm import package

FORMS = ("text", "json", "html", "sarif", "junit", "gitlab", "pprof", "folded",
         "dot", "prometheus", "lsan", "heapsnapshot")
# What drives a terminal, or turns the writing round.
CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f"
                     "\u2028-\u202e\u2066-\u2069]")
IDENT = "00000000000000bb"


# The readers. Where one is not to be had, the others read.

def reader(name, version):
    try:
        return package(name, version)
    except Skip:
        return None


def read_sarif(out):
    value = json.loads(out)
    try:
        import jsonschema
    except ImportError:
        return
    place = reader("@microsoft/jest-sarif", "1.0.0-beta.0")
    if not place:
        return
    schema = json.load(open(os.path.join(
        place, "lib/schemas/sarif-2.1.0-rtm.5.json"), encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(value)


def read_pprof(out):
    data = gzip.decompress(out)
    place = reader("pprof-format", "2.3.2")
    if not shutil.which("node") or not place:
        return
    code = """const {Profile} = require(process.argv[1]);
      const p = Profile.decode(require('fs').readFileSync(0));
      for (const s of p.sample) if (s.value.length !== 4) throw s;"""
    subprocess.run(["node", "-e", code, place],
                   input=data, capture_output=True, check=True)


def read_folded(out):
    for row in out.decode().splitlines():
        assert re.fullmatch(r"[^ ;]+(;[^ ;]+)* \d+", row), row[:200]


def read_dot(out):
    if not shutil.which("dot"):
        return
    done = subprocess.run(["dot", "-Tjson"], input=out, capture_output=True,
                          check=False)
    assert not done.returncode and not done.stderr, done.stderr[:500]
    json.loads(done.stdout)


def read_prometheus(out):
    try:
        from prometheus_client.parser import text_string_to_metric_families
    except ImportError:
        return
    assert list(text_string_to_metric_families(out.decode()))


def read_heapsnapshot(out):
    value = json.loads(out)
    count = len(value["strings"])
    assert all(name < count for name in value["nodes"][1::7])
    assert all(0 <= n < 1 << 53 for n in value["nodes"]), "larger than a double"


READERS = {
    "json": json.loads, "sarif": read_sarif, "gitlab": json.loads,
    "junit": xml.etree.ElementTree.fromstring, "pprof": read_pprof,
    "folded": read_folded, "dot": read_dot, "prometheus": read_prometheus,
    "heapsnapshot": read_heapsnapshot}


def read_back(name="r.jsonl", forms=FORMS):
    for form in forms:
        code, out, err = gordian("report", "--format=" + form, name)
        assert code == (1 if err else 0), (form, code, err)
        assert not CONTROL.search(err), (form, err)
        if code and not out:  # it is no report at all
            assert "is not a Gordian report" in err, (form, err)
            continue
        try:
            READERS.get(form, lambda out: None)(out)
            assert form == "pprof" or not CONTROL.search(out.decode())
        except Exception as error:
            raise AssertionError(f"{form}: {error!r:.2000}") from error


# The kinds.

def spoiled(word, ident=IDENT):
    """A report with the word wherever a word may stand."""
    one = parent_and_child(ident, because=word, held_by=word)
    for i, member in enumerate(one["members"]):
        member.update(type=f"{word}{i}", finalizer=word, resources=[word] * 2)
    for edge in one["edges"]:
        edge["field"] = word
    one["cut"]["reason"] = word
    one["modules"] = [{"path": "/" + word, "build_id": word},
                      {"path": "python", "build_id": ""}]
    one["python"] = [{"function": word, "file": "/" + word, "line": 3,
                      "first_line": 1}]
    one["stacks"] = [[[1, 0], [0, 4660]], [[0, 4096], [1, 0]]]
    lost = keeper("00000000000000cd")
    lost["members"][0].update(rtti=word, runtime=word)
    lost["edges"][0]["field"] = word
    return write("r.jsonl",
                 program(argv=[word, word], exe="/" + word), one, lost,
                 finding("00000000000000ce", confidence="suspect",
                         held_by=word),
                 dict(misuse(), text=word), scan(findings=3), END)


WORDS = {
    "escapes": "\x1b]0;owned\x07\x1b[2J\x9b31m\x08\x7f\x00",
    "bidi": "\u202egpj\u2066\u200f\u061c\u2028\u2029\ufeff\ufffe",
    "newlines": "a\nb\r\nc\rd\te\x0b\x0c\x85f",
    "quotes": "\"'`\\\\\" ' \\n \\\" $(id) %s%n{{x}} {0} | ; # & * ? ~",
    "markup": "</script></style></textarea>--><img src=x onerror=pwned()>"
              "<svg onload=pwned()><!--<script>pwned()</script>]]>&lt;&#0;",
    "nasty": NASTY,
    "none": "",
    "blanks": "   ",
    "address": "javascript:pwned()//http://example.invalid/?a=b&c#d",
    "climbs": "../../../../etc/passwd",
    "templates": "std::map<" * 400 + "int" + ">" * 400,
    "half": "a<b<c(d{e[f::operator<<",
    "dots": "::" * 200 + "." * 200,
}


def words_are_safe(*names):
    for name in names:
        spoiled(WORDS[name])
        try:
            read_back()
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error


@check
def escapes_and_newlines():
    words_are_safe("escapes", "bidi", "newlines")


@check
def quotes_and_markup():
    words_are_safe("quotes", "markup", "nasty")


@check
def words_that_are_none():
    words_are_safe("none", "blanks", "address", "climbs")


@check
def names_that_do_not_end():
    words_are_safe("templates", "half", "dots")


@check
def names_of_a_megabyte():
    one = keeper()
    one["members"][0]["type"] = "\u202e<" * (1 << 18)
    one["kept"][0]["type"] = "a::" * (1 << 18)
    one["modules"][0]["path"] = "/" + "x" * (1 << 20)
    write("r.jsonl", program(), one, scan(), END)
    read_back()


@check
def long_names_are_cut():
    """In every form: it tells so, and names that differ stay different."""
    spoiled("\u00e9" * (1 << 16))
    for form in FORMS:
        _, out, _ = gordian("report", "--format=" + form, "r.jsonl")
        assert len(out) < 1 << 20, (form, len(out))
    found = json.loads(gordian("report", "--format=json", "r.jsonl")[1])
    types = {m["type"] for f in found["findings"] for m in f["members"]
             if str(m["type"]).startswith("\u00e9")}
    assert len(types) == 2, types  # they end in 0 and 1
    for name in types:
        assert re.fullmatch("\u00e9{2048}\u2026 \\(131073 bytes, "
                            "[0-9a-f]{16}\\)", name), name[-60:]
    long = "x" * 70000
    write("r.jsonl", program(), finding(long + "a", nested=[long + "b"]),
          finding(long + "b"), scan(findings=2), END)
    found = json.loads(gordian("report", "--format=json", "r.jsonl")[1])
    one, two = found["findings"]
    assert one["nested"] == [two["id"]] and one["id"] != two["id"]


@check
def bytes_that_are_no_characters():
    spoiled("WORD")
    text = open("r.jsonl", "rb").read()
    for word in (b"\xff\xfe\x80", b"\xc0\xaf\xed\xa0\x80", b"\\ud800",
                 b"\\udc00\\ud800", b"\\u0000", b"\xf4\x90\x80\x80"):
        open("r.jsonl", "wb").write(text.replace(b"WORD", word))
        read_back()


def with_numbers(n):
    one = parent_and_child(IDENT, count=n, bytes=n, retained_bytes=n,
                           retained_blocks=n, outer_bytes=n, outer=n,
                           blocks=n, references=n)
    one["members_total"] = n
    for member in one["members"]:
        member.update(size=n, refcount=n, since=n, epoch=n, counts=[n],
                      values=[n], points=[[n, [0, n]]], address=hex(abs(int(n))))
        member["in"] = n
    for edge in one["edges"]:
        edge.update(offset=n, into=n)
    one["stacks"] = [[[0, n], [-1, n], [n, n]], [[n, 0]]]
    one["acquires"] = [{"member": 0, "count": n, "stack": 0},
                       {"member": n, "count": n, "stack": n}]
    two = dict(finding("00000000000000ef"), count=n, bytes=n,
               retained_bytes=n, retained_blocks=n)
    return write("r.jsonl", program(pid=n), one, two, two,
                 scan(n=1, blocks=n, bytes=n, objects=n, pause_us=n,
                      stopped_threads=n, child_cpu_ms=n, peak_child_kb=n,
                      findings=n, stacks=n, cost_ms=n, copied_kb=n),
                 {"t": "end", "exit": n})


@check
def numbers_that_nothing_has():
    for n in (2 ** 63 - 1, -2 ** 63, 2 ** 62, 2 ** 53 + 1, 2 ** 32, 2 ** 31,
              -1, 0, 1e308, -0.5, 2 ** 64, 10 ** 400):
        with_numbers(n)
        read_back()


@check
def deep_nesting():
    findings = [finding(f"{i:016x}", nested=[f"{i + 1:016x}"])
                for i in range(1, 1000)]
    write("r.jsonl", program(), *findings, scan(findings=999), END)
    read_back(forms=set(FORMS) - {"dot"})  # dot takes minutes
    write("r.jsonl", program(), *[
        finding(f"{i:016x}", nested=[f"{k:016x}" for k in range(1, 60)])
        for i in range(1, 60)], scan(findings=59), END)
    read_back()
    deep = json.dumps(finding()).replace('"nested": []', '"nested": '
                                         + "[" * 1500 + "]" * 1500)
    write("r.jsonl", program(), deep.encode() + b"\n", finding(), scan(), END)
    read_back()


@check
def identities_that_are_none():
    for ident in ("", "<b>", "../x", "\x1b[2J\n", "x" * 70000, "'\"&", "a b"):
        write("r.jsonl", program(), finding(ident),
              finding("1", nested=[ident, "2"]), scan(findings=2), END)
        read_back()


@check
def modules_that_are_no_files():
    os.mkfifo("fifo")
    os.symlink("loop", "loop")
    open("secret", "w").close()
    os.chmod("secret", 0)
    os.mkdir("folder")
    here = os.getcwd()
    for path in ("/dev/zero", "/dev/full", "/dev/stdin", "/dev/tty",
                 "/proc/self/mem", "/proc/kcore", "/proc/self/environ",
                 here + "/fifo", here + "/loop", here + "/secret",
                 here + "/folder", "/", "//", "/dev/fd/0"):
        one = finding(stacks=[[[0, 4660], [1, 3]]])
        one["modules"] = [{"path": path, "build_id": ""},
                          {"path": "python", "build_id": ""}]
        one["python"] = [{"function": "f", "file": path, "line": 3}]
        write("r.jsonl", program(exe=path), one, scan(), END)
        read_back()


@check
def nothing_runs_in_a_browser():
    with Browser() as browser:
        for name in WORDS:
            spoiled(WORDS[name])
            assert gordian("report", "--format=html", "-o", "r.html",
                           "r.jsonl")[0] == 0
            browser.open("r.html")
            browser.value("document.querySelectorAll('details')"
                          ".forEach((e) => e.open = true)")
            assert browser.value("document.querySelectorAll("
                                 "'details.finding').length") == 3, name
            assert browser.value("document.scripts.length") == 2, name
            assert browser.value("document.images.length") == 0, name
            assert browser.value(
                "[...document.querySelectorAll('a')].every((e) => "
                "e.getAttribute('href').startsWith('#'))"), name
            shown = browser.value("document.body.innerText")
            assert not CONTROL.search(shown), (name, CONTROL.search(shown))
            assert not browser.complaints, (name, browser.complaints)


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
