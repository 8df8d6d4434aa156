#!/usr/bin/env python3
"""Reports of many machines: merged, with counts a host, and what doc/fleet.md
shows."""
import json
import os
import re
import subprocess
import sys
import urllib.request

from common import ACT, check, main, records, run
from duckdb import Database
from made import (
    as_json, as_text, END, finding, gordian, lines, NASTY, program, scan, write)
from npm import package
from shown import blocks, needs, page, shell

PAGE = page("fleet.md")


def on(host, name, count, **more):
    """A report of a program there, which has one finding so often."""
    return write(name, program(host=host, **more),
                 finding(count=count, bytes=80 * count), scan(), END)


@check
def a_report_names_its_host():
    run("--report=x.jsonl --format=none", ACT, "ring:1")
    first, = records("x.jsonl", "program")
    assert first["host"] == os.uname().nodename, first
    assert as_json("x.jsonl")["program"]["host"] == first["host"]


@check
def counts_are_told_by_host():
    names = [on("web1", "a", 2, pid=7), on("web2", "b", 30, pid=7),
             on("web1", "c", 3, pid=8), on(None, "d", 1, pid=9)]
    report = as_json(*names)
    assert [p["host"] for p in report["programs"]] == [
        "web1", "web2", "web1", None]
    found, = report["findings"]
    assert found["count"] == 36 and found["pids"] == [7, 7, 8, 9], found
    assert list(found["hosts"].items()) == [("web2", 30), ("web1", 5)], found
    text = as_text(*names)
    assert "and 3 more processes on 2 hosts\n" in text, text
    assert "    in 4 processes: 30 instances on web2, 5 on web1 and 1 " \
        "elsewhere\n" in text, text
    assert " on " not in as_text("a", "c", "d"), "one host is no news"
    assert as_json("d")["findings"][0]["hosts"] == {}


@check
def counts_by_host_are_those_of_the_last_scan():
    gone = write("gone", program(host="web1"), finding(count=9), scan(),
                 scan(2, findings=0), END)
    still = write("still", program(host="web2"), finding(count=9), scan(),
                  finding(count=4, scan=2), scan(2), END)
    assert as_json(gone, still)["findings"][0]["hosts"] == {"web2": 4}
    assert as_json(gone)["findings"][0]["hosts"] == {"web1": 9}


@check
def a_pid_is_another_process_on_another_host():
    """Each has a child that executed something unseen, of one pid."""
    left = {"t": "child", "pid": 9, "unscanned": True}
    names = [write(host, program(host=host, run=run), left, scan(findings=0),
                   END)
             for host, run in (("web1", ""), ("web2", ""), ("web3", "r"))]
    assert as_json(*names)["summary"]["unscanned"] == 3
    assert as_json("web1", "web1")["summary"]["unscanned"] == 1


@check
def many_hosts_are_summed_up():
    names = [on(f"web{i}", f"n{i}", i, pid=i) for i in range(1, 100)]
    text = as_text(*names)
    assert ("    in 99 processes: 99 instances on web99, 98 on web98, 97 on web97, 96 on web96 and 4,560 "
            "elsewhere\n") in text, text
    assert len(as_json(*names)["findings"][0]["hosts"]) == 99


@check
def names_of_hosts_are_filtered():
    names = [on(NASTY, "bad", 2), on("web1", "good", 1)]
    assert as_json(*names)["findings"][0]["hosts"]["web1"] == 1
    for form in "text", "html", "sarif", "junit", "dot", "prometheus":
        _, out, err = gordian("report", "--format=" + form, *names)
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", out), out
        assert "\u202e" not in out.decode() and not err, (form, err)
    assert "<script>alert" not in gordian(
        "report", "--format=html", *names)[1].decode()
    for odd in ("", 5, [], {}, "x" * 100000, "\0"):
        on(odd, "odd", 3)
        as_json("odd", "good")
        as_text("odd", "good")


def sample(host, name, count, compress=None, **more):
    """A report where doc/fleet.md has them: a leak that is gone, one that is
    there, and what is no leak."""
    os.makedirs(os.path.join("reports", host), exist_ok=True)
    data = lines(
        program(host=host, **more), finding(count=99), finding("gone"),
        scan(findings=2), finding(scan=2, count=count, bytes=80 * count),
        finding("small", scan=2, count=1, bytes=1, retained_bytes=9),
        finding("doubt", scan=2, confidence="suspect"),
        finding("soon", scan=2, pending=True), scan(2, findings=4), END)
    if compress:
        data = subprocess.run(compress, input=data, capture_output=True,
                              check=True).stdout
    with open(os.path.join("reports", host, name), "wb") as file:
        file.write(data)


def samples():
    needs("gzip", "zstd")
    sample("web1", "server.4711.jsonl", 2)
    sample("web1", "server.4712.jsonl.gz", 1, ["gzip", "-c"])
    sample("web2", "server.311.jsonl.zst", 30, ["zstd", "-cq"])


@check
def gordian_reads_them_all():
    samples()
    for line in blocks(PAGE, "By Gordian itself", "sh")[0].splitlines():
        code, out = shell(line)
        assert code == 0, (line, out)
    hosts = {f["id"]: f["hosts"] for f in json.load(open("fleet.json"))
             ["findings"]}
    assert hosts["00000000000000aa"] == {"web2": 30, "web1": 3}, hosts
    assert "web2" in open("fleet.html", encoding="utf-8").read()
    assert "    in 3 processes: 30 instances on web2, 3 on web1\n" in PAGE
    assert "    in 3 processes: 30 instances on web2, 3 on web1\n" in shell(
        "gordian report reports/*/*.jsonl*")[1]


STATEMENT, = blocks(PAGE, "By an engine that reads JSON lines", "sql")


def table(engine):
    return blocks(PAGE, "By an engine that reads JSON lines",
                  "sql " + engine)[0]


@check
def duckdb_reads_them_as_they_are():
    samples()
    database = Database()
    database.query(table("duckdb"))
    first, second = database.query(STATEMENT)
    assert first == {
        "id": "00000000000000aa", "kind": "cycle", "instances": "33",
        "bytes_kept": "2640", "hosts": "2",
        "example": "reports/web1/server.4711.jsonl"}, first
    assert (second["id"], second["bytes_kept"]) == ("small", "30"), second


@check
def duckdb_reads_the_json():
    samples()
    shell(blocks(PAGE, "By Gordian itself", "sh")[0])
    rows = {row["id"]: row for row in Database().query(table("duckdb-json"))}
    row = rows["00000000000000aa"]
    assert (row["instances"], row["hosts"]) == ("33", "web2, web1"), row


# What a parser of many dialects of SQL makes of the page.
PARSE = """
const {parse} = await import(process.argv[1] + '/dist/index.node.js');
const {readFileSync} = await import('fs');
for (const [dialect, text] of JSON.parse(readFileSync(0))) {
  const got = parse(text, dialect);
  if (!got.success) throw new Error(dialect + ': ' + got.error + text);
}"""


@check
def other_engines_parse_the_statements():
    needs("node")
    place = package("@polyglot-sql/sdk", "0.12.1")
    good = [(dialect, STATEMENT) for dialect in ("clickhouse", "spark")]
    good.append(("clickhouse", table("clickhouse")))
    # the parser does not know the views of Spark that have columns
    good.append(("spark", table("spark").split(";")[1]))
    for texts, fails in (good, False), ([("spark", "SELECT FROM )")], True):
        done = subprocess.run(
            ["node", "--input-type=module", "-e", PARSE, place],
            input=json.dumps(texts).encode(), capture_output=True)
        assert bool(done.returncode) == fails, done.stderr.decode()


@check
def a_profile_is_made():
    needs("node")
    samples()
    line, = blocks(PAGE, "As profiles: Pyroscope, Parca", "sh")
    code, out = shell(line)
    assert code == 0, out
    read = subprocess.run(["node", "-e", """
      const {Profile} = require(process.argv[1]);
      const p = Profile.decode(require('zlib').gunzipSync(
          require('fs').readFileSync('leaks.pb.gz')));
      const t = p.stringTable.strings;
      console.log(p.sampleType.map((v) => t[Number(v.type)]).join(', '));
      console.log(p.sample.reduce((sum, s) => sum + Number(s.value[0]), 0));
      """, package("pprof-format", "2.3.2")], capture_output=True, check=True)
    values, total = read.stdout.decode().splitlines()
    assert set(values.split(", ")) <= set(re.findall(r"\w+_\w+", PAGE)), values
    assert total == "10", (total, "of two blocks each: 3 and 2 small ones")


def metrics_made():
    """What the line of the page leaves in ./node-exporter."""
    line, = blocks(PAGE, "As metrics: Prometheus", "sh")
    sample("web1", "server.4711.jsonl", 2)
    os.makedirs("node-exporter")
    code, out = shell(line.replace("/var/lib/prometheus/", "").replace(
        "/var/log/gordian", os.path.abspath("reports/web1")))
    assert code == 0, out
    assert os.listdir("node-exporter") == ["gordian.prom"]


def exporter():
    """A node exporter on a port that it chose, and that port."""
    process = subprocess.Popen(
        ["prometheus-node-exporter", "--web.listen-address=127.0.0.1:0",
         "--collector.disable-defaults", "--collector.textfile",
         "--collector.textfile.directory=node-exporter"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    for line in process.stderr:
        found = re.search(rb"address=127.0.0.1:(\d+)", line)
        if found:
            return process, found.group(1).decode()
    raise AssertionError("the exporter has ended")


@check
def a_node_exporter_reads_metrics():
    needs("prometheus-node-exporter")
    metrics_made()
    process, port = exporter()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as got:
            text = got.read().decode()
    finally:
        process.kill()
        process.communicate()
    assert 'gordian_findings{kind="cycle"} 2\n' in text, text
    assert "node_textfile_scrape_error 0\n" in text, text


@check
def promtool_checks_metrics_and_rule():
    needs("promtool")
    metrics_made()
    with open("node-exporter/gordian.prom", encoding="utf-8") as file:
        done = subprocess.run(["promtool", "check", "metrics"], stdin=file,
                              capture_output=True)
    assert (done.returncode, done.stderr) == (0, b""), done
    write("rules.yml", blocks(PAGE, "As metrics: Prometheus", "yaml")[0].encode())
    code, out = shell("promtool check rules rules.yml")
    assert code == 0 and "1 rules found" in out, out


if __name__ == "__main__":
    sys.exit(main())
