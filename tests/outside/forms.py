#!/usr/bin/env python3
"""The forms of other tools, each read back by a reader that is not ours: what
it finds must be what the report says. What they look like stands in
tests/golden/forms; "forms.py --write" writes what is printed now: read the
difference before it is kept."""
import difflib
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from common import check, main, Skip, TOP
from made import ALARMS, clean, END, finding, gordian, lines, NASTY, \
    program, scan, SCHEMA, whole, write
from npm import package

def written(form, *files):
    code, out, err = gordian("report", "--format=" + form, *files)
    assert (code, err) == (0, ""), (form, code, err)
    return out


def has_no_control(out):
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", out), out
    assert "\u202e" not in out.decode()


def sarif(*files):
    out = written("sarif", *files)
    has_no_control(out)
    return json.loads(out)


@check
def sarif_has_a_result_a_finding():
    whole()
    run, = sarif("whole")["runs"]
    found = {r["partialFingerprints"]["gordian/v1"]: r for r in run["results"]}
    assert sorted(found) == sorted(ALARMS)
    assert found[ALARMS[0]]["level"] == "error"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    steps = found[ALARMS[1]]["codeFlows"][0]["threadFlows"][0]["locations"]
    texts = [step["location"]["message"]["text"] for step in steps]
    assert texts == ["Parent.kids[0] → Child",
                     "Child.parent → Parent (the reference to cut)"], texts
    assert run["invocations"][0]["executionSuccessful"]


@check
def sarif_tells_what_is_unknown():
    write("open", program(), finding(), scan(trigger="interval"))
    run, = sarif("open")["runs"]
    assert not run["invocations"][0]["executionSuccessful"]


@check
def sarif_keeps_to_what_code_hosts_take():
    one = finding("f" * 16, count=9, bytes=720)
    one["acquires"] = [{"member": 0, "count": 1, "stack": 0}] * 1500
    write("many", program(), one, *[finding(f"{i:016x}") for i in
                                    range(25006)], scan(findings=25007), END)
    code, out, err = gordian("report", "--format=sarif", "many")
    assert not code and "the 7 smallest are left out" in err, err
    results = {r["partialFingerprints"]["gordian/v1"]: r
               for r in json.loads(out)["runs"][0]["results"]}
    assert len(results) == 25000
    most = results["f" * 16]
    assert len(most["locations"]) + len(most["relatedLocations"]) == 1000
    assert "References were taken at 501 more places." in \
        most["message"]["text"], most["message"]


@check
def sarif_fits_its_schema():
    try:
        import jsonschema
    except ImportError as error:
        raise Skip("python3-jsonschema is not installed") from error
    schema = json.load(open(os.path.join(
        package("@microsoft/jest-sarif", "1.0.0-beta.0"),
        "lib/schemas/sarif-2.1.0-rtm.5.json"), encoding="utf-8"))
    whole()
    write("clean", program(), scan(findings=0), END)
    for files in ("whole",), ("clean",), ("whole", "clean"):
        jsonschema.validate(sarif(*files), schema)


GOLDEN = os.path.join(TOP, "tests", "golden", "forms")
PROGRAM = """\
#include <stdlib.h>
struct node { struct node *next; };
void ring(void)
{
    struct node *node = malloc(sizeof(*node));

    node->next = node;
}
int main(void) { ring(); return 0; }
"""


@check
def places_are_relative_to_the_repository():
    if not shutil.which("cc"):
        raise Skip("no cc")
    os.makedirs("it/.git")
    os.makedirs("it/sub/deep")
    open("it/sub/ring.c", "w", encoding="utf-8").write(PROGRAM)
    subprocess.run(["cc", "-g", "-O0", "-o", "ring", "sub/ring.c"], cwd="it",
                   check=True)
    code, _, _ = gordian("run", "--quiet", "--report=ring.jsonl", "./ring",
                         cwd="it")
    assert not code
    for place in "it", "it/sub/deep":
        report = os.path.abspath("it/ring.jsonl")
        out = gordian("report", "--format=sarif", report, cwd=place)[1]
        result, = json.loads(out)["runs"][0]["results"]
        where = result["locations"][0]["physicalLocation"]
        assert where["artifactLocation"] == {"uri": "sub/ring.c",
                                             "uriBaseId": "SRCROOT"}, where
        assert where["region"]["startLine"] == 5
        out = gordian("report", "--format=gitlab", report, cwd=place)[1]
        issue, = json.loads(out)
        assert issue["location"] == {"path": "sub/ring.c",
                                     "lines": {"begin": 5}}
        out = gordian("report", "--format=junit", report, cwd=place)[1]
        case, = xml.etree.ElementTree.fromstring(out).iter("testcase")
        assert (case.get("file"), case.get("line")) == ("sub/ring.c", "5")


@check
def places_are_as_git_names_them():
    """Whatever the compiler called the file."""
    if not shutil.which("cc"):
        raise Skip("no cc")
    os.makedirs("it/.git")
    os.makedirs("it/sub/deep")
    os.symlink("it", "link")
    open("it/sub/ring.c", "w", encoding="utf-8").write(PROGRAM)
    here = os.getcwd()
    for place, named, source, option in (
            ("it", "it", "sub/ring.c", f"-ffile-prefix-map={here}/it=."),
            ("it/sub/deep", "it/sub/deep", "../ring.c",
             f"-ffile-prefix-map={here}/it=."),
            ("it/sub", "it/sub", f"{here}/it/sub/deep/../ring.c", "-g"),
            ("it", "link", "sub/ring.c", "-g"),
            ("it/sub", "link/sub", f"{here}/link/sub/ring.c", "-g")):
        env = {**os.environ, "PWD": os.path.join(here, named)}
        subprocess.run(["cc", "-g", option, "-O0", "-o", f"{here}/ring",
                        source], cwd=place, env=env, check=True)
        code, _, _ = gordian("run", "--quiet", "--report=ring.jsonl", "./ring")
        out = gordian("report", "--format=gitlab", f"{here}/ring.jsonl",
                      cwd=place, env=env)[1]
        issue, = json.loads(out)
        assert not code and issue["location"]["path"] == "sub/ring.c", issue


@check
def the_root_is_a_place():
    whole()
    out = gordian("report", "--format=sarif", os.path.abspath("whole"),
                  cwd="/")[1]
    run, = json.loads(out)["runs"]
    if not os.path.exists("/.git"):
        assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == "file:///"


@check
def gitlab_has_an_issue_a_finding():
    whole()
    issues = json.loads(written("gitlab", "whole"))
    assert sorted(i["fingerprint"] for i in issues) == sorted(ALARMS)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint",
                              "severity", "location"}
        assert issue["location"]["path"] and \
            issue["location"]["lines"]["begin"] > 0
    assert json.loads(written("gitlab", clean())) == []


@check
def junit_has_a_case_a_finding():
    whole()
    out = written("junit", "whole")
    has_no_control(out)
    suite = xml.etree.ElementTree.fromstring(out).find("testsuite")
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests")) == 3
    assert len(suite.findall("testcase/failure")) == \
        int(suite.get("failures")) == 3
    text = "".join(c.get("name") + c.find("failure").text for c in cases)
    for ident in ALARMS:
        assert ident in text
    assert "Parent" in text and "✂" in text


@check
def what_is_no_alarm_is_in_no_form():
    """What is pending, suspect, gone, or in the baseline: as if nothing had
    been found."""
    write("old", program(), finding(), scan(), END)
    write("none", program(), finding(),
          finding("f" * 16, pending=True),
          finding("e" * 16, confidence="suspect"), scan(findings=3), END)
    files = "--baseline=old", "none"
    for form in ("junit", "gitlab", "pprof", "folded", "dot", "lsan",
                 "heapsnapshot"):
        assert written(form, *files) == written(form, clean()), form
    assert sarif(*files)["runs"][0]["results"] == []
    out = written("prometheus", *files)
    assert b"gordian_finding_" not in out
    assert b"\ngordian_pending 1\n" in out


@check
def json_fits_its_schema():
    """As a validator reads it that is not ours."""
    try:
        import jsonschema
    except ImportError as error:
        raise Skip("python3-jsonschema is not installed") from error
    whole()
    for name in "whole", clean():
        jsonschema.validate(json.loads(written("json", name)), SCHEMA)


@check
def junit_of_a_clean_program_passes():
    suite = xml.etree.ElementTree.fromstring(written("junit", clean()))[0]
    assert len(suite) == 1 and not len(suite[0])
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    write("open", program(), scan(findings=0, trigger="interval"))
    suite = xml.etree.ElementTree.fromstring(written("junit", "open"))[0]
    assert suite.get("errors") == "1" and suite[0].find("error") is not None


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """What protobuf's wire has: (number, value or bytes)."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        value, at = varint(data, at)
        if tag & 7 == 2:
            value, at = data[at:at + value], at + value
        else:
            assert not tag & 7, tag
        yield tag >> 3, value


def numbers(packed):
    at, out = 0, []
    while at < len(packed):
        value, at = varint(packed, at)
        out.append(value)
    return out


def profile(*files):
    return gzip.decompress(written("pprof", *files))


@check
def pprof_adds_up():
    whole()
    data = list(fields(profile("whole")))
    texts = [value.decode() for number, value in data if number == 6]
    assert texts[0] == ""
    types = [[texts[v] for _, v in fields(value)]
             for number, value in data if number == 1]
    assert types == [["leaked_objects", "count"], ["leaked_space", "bytes"],
                     ["retained_objects", "count"],
                     ["retained_space", "bytes"]], types
    sums = [0, 0, 0, 0]
    locations = {dict(fields(value))[1] for number, value in data
                 if number == 4}
    for number, value in data:
        if number == 2:
            sample = dict(fields(value))
            assert set(numbers(sample[1])) <= locations
            sums = [a + b for a, b in zip(sums, numbers(sample[2]))]
    text = json.loads(gordian("report", "--format=json", "whole")[1])
    found = [f for f in text["findings"] if f["id"] in ALARMS]
    assert sums[1:] == [sum(f[key] for f in found) for key in
                        ("bytes", "retained_blocks", "retained_bytes")], sums
    assert sums[0] == 3 * 2 + 3 * 2 + 7
    assert NASTY.replace("\x1b", "\x1b") in texts


@check
def pprof_is_read_by_another_reader():
    if not shutil.which("node"):
        raise Skip("no node")
    whole()
    open("whole.pb", "wb").write(profile("whole"))
    code = """
      const {Profile} = require(process.argv[1]);
      const p = Profile.decode(require('fs').readFileSync('whole.pb'));
      const t = p.stringTable.strings;
      let sum = 0n;
      for (const s of p.sample) sum += BigInt(s.value[1]);
      console.log(JSON.stringify([p.sample.length, String(sum),
        t[Number(p.defaultSampleType)], p.function.length]));"""
    read = subprocess.run(
        ["node", "-e", code, package("pprof-format", "2.3.2")],
        capture_output=True, check=True)
    n, total, shown, functions = json.loads(read.stdout)
    assert (n, total, shown) == (3, "760", "leaked_space"), read.stdout
    assert functions


@check
def folded_stacks_add_up():
    whole()
    for form in "folded", "flamegraph":
        rows = written(form, "whole").decode().splitlines()
        for row in rows:
            assert re.fullmatch(r"[^ ;]+(;[^ ;]+)* \d+", row), row
        assert sum(int(row.rsplit(" ", 1)[1]) for row in rows) == 760, rows


@check
def graphviz_reads_dot():
    if not shutil.which("dot"):
        raise Skip("graphviz is not installed")
    whole()
    out = written("dot", "whole")
    has_no_control(out)
    done = subprocess.run(["dot", "-Tjson"], input=out, capture_output=True,
                          check=True)
    assert not done.stderr, done.stderr
    graph = json.loads(done.stdout)
    nodes = [o for o in graph["objects"] if "nodes" not in o]
    assert len(nodes) == 2 + 2 + 1, nodes
    assert [e["label"] for e in graph["edges"] if e.get("style") == "dashed"
            ].count(".parent") == 1


def metrics(*files):
    out = written("prometheus", *files)
    has_no_control(out)
    try:
        from prometheus_client.parser import text_string_to_metric_families
    except ImportError as error:
        raise Skip("python3-prometheus-client is not installed") from error
    return {(s.name, s.labels.get("id") or s.labels.get("kind")): s
            for family in text_string_to_metric_families(out.decode())
            for s in family.samples}


@check
def prometheus_reads_metrics():
    whole()
    read = metrics("whole")
    for kind, n in ("cycle", 2), ("lost", 0), ("excess-ref", 1):
        assert read["gordian_findings", kind].value == n
    assert read["gordian_leaked_bytes", None].value == 760
    assert read["gordian_suspects", None].value == 1
    assert read["gordian_pending", None].value == 1
    assert read["gordian_pause_seconds_max", None].value == 0.0015
    assert read["gordian_finding_instances", ALARMS[2]].value == 7
    assert "<script>" in read["gordian_finding_instances",
                              ALARMS[2]].labels["title"]
    assert metrics(clean())["gordian_findings", "cycle"].value == 0


# As CodeChecker, ClusterFuzz and others look for it.
LEAK = re.compile(r"(Direct|Indirect) leak of (\d+) byte\(s\) in (\d+) "
                  r"object\(s\) allocated from:\n((?:    #\d+ 0x[0-9a-f]+ .*\n)"
                  r"+)\n")


@check
def lsan_text_is_parsed():
    whole()
    out = written("lsan", "whole")
    has_no_control(out)
    text = out.decode()
    assert text.startswith("=" * 65 + "\n==42==ERROR: LeakSanitizer: detected "
                           "memory leaks\n\n")
    leaks = LEAK.findall(text)
    assert sum(int(size) for _, size, _, _ in leaks) == 760
    assert [how for how, _, _, _ in leaks].count("Direct") == 3
    assert text.endswith("SUMMARY: LeakSanitizer: 1760 byte(s) leaked in "
                         "28 allocation(s).\n"), text[-99:]
    assert written("lsan", clean()) == b""


def readable(form):
    """What is printed of the whole report, in text, without what depends on
    the place and the version."""
    out = written(form, "whole")
    if form == "pprof":
        return "".join(f"{number}: {value!r}\n" for number, value in
                       fields(gzip.decompress(out)))
    text = out.decode()
    if form == "html":
        data = re.search('id="data">(.*?)</script>', text, re.S).group(1)
        text = json.dumps(json.loads(data), indent=1) + "\n"
    text = text.replace(os.getcwd(), "/here")
    return re.sub(r'("version": ")\d[^"]*', r"\1N", text)


def forms():
    whole()
    for form in ("text", "json", "html", "heapsnapshot", "sarif", "junit",
                 "gitlab", "pprof", "folded", "dot", "prometheus", "lsan"):
        yield os.path.join(GOLDEN, form + ".txt"), readable(form)


@check
def forms_look_as_they_did():
    for path, text in forms():
        wanted = open(path, encoding="utf-8", newline="").read()
        assert text == wanted, "\n" + "".join(difflib.unified_diff(
            wanted.splitlines(True), text.splitlines(True), path, "now"))


@check
def an_unknown_form_is_wrong_usage():
    whole()
    code, out, err = gordian("report", "--format=xml", "whole")
    assert (code, out) == (2, b"") and "'xml'" in err


@check
def broken_reports_fail_in_every_form():
    data = lines(program(), finding(), scan(), END)
    open("short", "wb").write(data[:len(data) // 2])
    for form in "sarif", "junit", "pprof", "lsan":
        code, _, err = gordian("report", "--format=" + form, "short")
        assert code == 1 and "short" in err, (form, code, err)


@check
def a_full_disk_is_told():
    if not os.path.exists("/dev/full"):
        raise Skip("no /dev/full")
    whole()
    for form in "sarif", "junit", "pprof", "dot":
        code, _, err = gordian("report", "--format=" + form, "-o", "/dev/full",
                               "whole")
        assert (code, err) == (1, "gordian: cannot write '/dev/full': No "
                               "space left on device\n"), (form, code, err)


@check
def forms_are_the_same_from_run_to_run():
    whole()
    for form in "html", "sarif", "junit", "pprof":
        assert written(form, "whole") == written(form, "whole"), form


def write_golden():
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        for path, text in forms():
            open(path, "w", encoding="utf-8", newline="").write(text)
        os.chdir("/")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write_golden()
    else:
        sys.exit(main(needs_act=False))
