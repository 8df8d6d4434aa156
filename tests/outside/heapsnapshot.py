#!/usr/bin/env python3
"""gordian snapshot: a whole heap for Chromium's Memory panel. Read by a reader
of our own and by the loader of DevTools (npm's chrome-devtools-frontend, made a
program by esbuild)."""
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from common import (
    check, environment, GORDIAN, LIBRARY, main, one_line, SECONDS, Skip,
    start, state_of, TOP, wait_until)
from heldprogram import Held, refused_to_others
from npm import package


class Snapshot:
    """As the file says, in whole."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
        assert list(value) == [
            "snapshot", "nodes", "edges", "trace_function_infos",
            "trace_tree", "samples", "locations", "strings"], list(value)
        self.meta = value["snapshot"]["meta"]
        self.strings = value["strings"]
        self.functions = self.rows(value["trace_function_infos"], 6)
        self.nodes = self.rows(value["nodes"],
                               len(self.meta["node_fields"]))
        edges = self.rows(value["edges"], len(self.meta["edge_fields"]))
        assert value["snapshot"]["node_count"] == len(self.nodes)
        assert value["snapshot"]["edge_count"] == len(edges)
        assert value["snapshot"]["trace_function_count"] == \
            len(self.functions)
        self.edges = self.by_node(edges)
        self.traces = {}
        self.take_traces(value["trace_tree"], None)

    @staticmethod
    def rows(flat, n):
        assert len(flat) % n == 0, (len(flat), n)
        assert all(0 <= x < 1 << 32 for x in flat)
        return [flat[i:i + n] for i in range(0, len(flat), n)]

    def by_node(self, edges):
        found, at = [], 0
        for node in self.nodes:
            found.append(edges[at:at + node[4]])
            at += node[4]
        assert at == len(edges), (at, len(edges))
        for kind, name, to in edges:
            assert to % 7 == 0 and to // 7 < len(self.nodes), to
            assert kind in (1, 2, 6), kind
            assert kind == 1 or name < len(self.strings), name
        return found

    def take_traces(self, tree, parent):
        for i in range(0, len(tree), 5):
            ident, function, _, _, children = tree[i:i + 5]
            assert ident not in self.traces
            self.traces[ident] = (parent, function)
            self.take_traces(children, ident)

    def name(self, i):
        return self.strings[self.nodes[i][1]]

    def to(self, i):
        """[(edge, node)] of a node"""
        return [(name if kind == 1 else self.strings[name], to // 7)
                for kind, name, to in self.edges[i]]

    def named(self, name):
        return [i for i in range(len(self.nodes)) if self.name(i) == name]

    def stack(self, i):
        """Its functions, innermost first."""
        found, at = [], self.nodes[i][5]
        while at and self.traces[at][0]:
            found.append(self.strings[self.functions[self.traces[at][1]][1]])
            at = self.traces[at][0]
        return found

    def reached(self):
        seen, todo = {0}, [0]
        while todo:
            for kind, _, to in self.edges[todo.pop()]:
                if kind != 6 and to // 7 not in seen:
                    seen.add(to // 7)
                    todo.append(to // 7)
        return seen


def taken(held, name="x.heapsnapshot"):
    code, out, err = start([GORDIAN, "snapshot", held.pid, "-o", name])
    assert (code, out, err) == (0, "", ""), (code, out, err)
    return Snapshot(name)


@check
def structure_is_sound():
    with Held() as held:
        snapshot = taken(held)
    assert snapshot.reached() == set(range(len(snapshot.nodes)))
    ids = [node[2] for node in snapshot.nodes]
    assert len(set(ids)) == len(ids)
    assert all(node[1] < len(snapshot.strings) for node in snapshot.nodes)
    assert all(node[5] == 0 or node[5] in snapshot.traces
               for node in snapshot.nodes)
    sizes = sum(node[3] for node in snapshot.nodes)
    scans = [json.loads(line) for line in open("x.jsonl")]
    scan = [one for one in scans if one["t"] == "scan"][-1]
    # the loader's and our own blocks are in the snapshot, too
    assert scan["bytes"] <= sizes < scan["bytes"] + (1 << 20), (scan, sizes)
    assert scan["blocks"] <= len(snapshot.nodes), scan


@check
def blocks_have_types_fields_and_stacks():
    with Held() as held:
        snapshot = taken(held)
    nodes = snapshot.named("node")
    assert len(nodes) == 9001 + 1 + 2, len(nodes)
    assert len(snapshot.named("session")) == 1 + 1 + 1 + 1 + 4
    assert len(snapshot.named("pair")) == 200
    fields = {edge for i in nodes for edge, _ in snapshot.to(i)}
    assert fields == {"next", "item"}, fields
    table, = snapshot.named("table")
    (edge, first), = snapshot.to(table)
    assert edge == "buckets[3]" and first in nodes, edge
    assert snapshot.nodes[first][3] == 24, snapshot.nodes[first]
    stacks = {tuple(snapshot.stack(i)[:2]) for i in nodes}
    assert stacks == {("node_new", "fill"), ("node_new", "leak")}, stacks


@check
def roots_have_names():
    with Held() as held:
        snapshot = taken(held)
    assert [name for name, _ in snapshot.to(0)] == \
        list(range(len(snapshot.to(0)))), snapshot.to(0)
    groups = dict((snapshot.name(to), to) for _, to in snapshot.to(0))
    variables = {snapshot.name(to): to
                 for _, to in snapshot.to(groups["Variables"])}
    assert [snapshot.name(to) for _, to in
            snapshot.to(variables["held: sessions"])] == ["table"]
    assert [snapshot.name(to) for _, to in
            snapshot.to(variables["held: registry"])] == ["node"]
    stacks = {snapshot.name(to) for _, to in snapshot.to(groups["Stacks"])}
    assert "thread 2 stack: serve()" in stacks, stacks
    leaked = [snapshot.name(to) for _, to in snapshot.to(groups["Leaked"])]
    assert sorted(leaked) == ["node", "session"], leaked
    assert {snapshot.name(to) for _, to in
            snapshot.to(groups["Thread-local storage"])} >= {
        "thread 2 thread-local storage"}


def ids(snapshot, name):
    found = {snapshot.nodes[i][2] for i in snapshot.named(name)}
    assert len(found) == len(snapshot.named(name)) > 0, name
    return found


@check
def blocks_keep_their_ids():
    with Held() as held:
        one, two = taken(held, "1"), taken(held, "2")
        held.more()
        three = taken(held, "3")
    for name in ("node", "session", "table", "pair"):
        assert ids(one, name) == ids(two, name), name
        assert ids(two, name) <= ids(three, name), name
    assert len(ids(three, "pair") - ids(two, "pair")) == 10
    assert ids(three, "node") == ids(two, "node")


@check
def nothing_is_left_behind():
    with Held() as held:
        taken(held)
        assert sorted(os.listdir()) == ["held", "x.heapsnapshot", "x.jsonl"]


@check
def program_that_gave_up_its_rights():
    if os.getuid():
        raise Skip("not root")
    with Held("drop") as held:
        snapshot = taken(held)
    assert len(snapshot.named("pair")) == 200
    assert not [name for name in os.listdir("/tmp")
                if name.startswith("gordian.heap-")]


@check
def image_that_cannot_be_written():
    with Held() as held:
        limit = subprocess.run(["prlimit", "--pid", held.pid,
                                f"--fsize={os.stat('x.jsonl').st_size + 30000}"],
                               stderr=subprocess.PIPE)
        if limit.returncode:
            raise Skip("no prlimit")
        code, out, err = start([GORDIAN, "snapshot", held.pid, "-o", "s"])
        assert (code, out) == (1, ""), (code, out)
        one_line(err, f"process {held.pid}: cannot write '", ".heap-",
                 "': file too large")
        assert sorted(os.listdir()) == ["held", "x.jsonl"], os.listdir()
        assert held.process.poll() is None


MANY = """
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void *keep[1000000];
int main(void) {
	for (int i = 0; i < 1000000; i++)
		keep[i] = malloc(24);
	puts("ready");
	fflush(stdout);
	for (;;)
		free(malloc(9)), usleep(1000);
}"""


def killed_at_the_image(program):
    """Whether the child was, and with what the command ended."""
    asking = subprocess.Popen([GORDIAN, "snapshot", str(program.pid), "-o",
                               "s"], stderr=subprocess.PIPE)
    children = f"/proc/{program.pid}/task/{program.pid}/children"
    while asking.poll() is None and not glob.glob("*.heap-*"):
        pass
    child = open(children).read().split()
    if child:
        os.kill(int(child[0]), signal.SIGKILL)
    err = asking.communicate(timeout=SECONDS)[1]
    return asking.returncode and b"killed" in err


APP = """
import time
class Session:
    def __init__(self):
        self.peers = [object()]
sessions = {n: Session() for n in range(50)}
print("ready", flush=True)
while True:
    time.sleep(0.1)
"""


@check
def parts_of_python_objects():
    """They are named by what they belong to."""
    if not os.path.exists("/usr/bin/python3"):
        raise Skip("there is no /usr/bin/python3")
    program = subprocess.Popen(
        [GORDIAN, "run", "--report=x.jsonl", "/usr/bin/python3", "-c", APP],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        program.stdout.readline()
        code, out, err = start([GORDIAN, "snapshot", str(program.pid), "-o",
                                "x.heapsnapshot"])
        assert (code, out, err) == (0, "", ""), (code, out, err)
    finally:
        program.terminate()
        program.communicate()
    snapshot = Snapshot("x.heapsnapshot")
    names = {snapshot.name(i) for i in range(len(snapshot.nodes))}
    assert {"Session", "part of dict", "part of list"} <= names, names
    tables = {i for i in snapshot.named("part of dict")
              if sum(snapshot.name(to) == "Session"
                     for _, to in snapshot.to(i)) == 50}
    assert len(tables) == 1, tables
    holders = {snapshot.name(i) for i in snapshot.named("dict")
               if tables & {to for _, to in snapshot.to(i)}}
    assert holders == {"dict"}, holders


def many_blocks():
    open("many.c", "w").write(MANY)
    subprocess.run(["cc", "-O0", "-o", "many", "many.c"], check=True)
    program = subprocess.Popen(
        ["./many"], stdout=subprocess.PIPE, env=environment(
            LD_PRELOAD=LIBRARY, GORDIAN_OPTIONS="report=x.jsonl:plain=no"))
    program.stdout.readline()
    return program


def command_ended_at_the_image(program):
    """What ended the command. As timeout does it, it is told twice."""
    asking = subprocess.Popen([GORDIAN, "snapshot", str(program.pid), "-o",
                               "s"], stderr=subprocess.PIPE)
    while asking.poll() is None and not glob.glob("*.heap-*"):
        pass
    for _ in range(2):
        asking.send_signal(signal.SIGINT)
        time.sleep(0.005)
    asking.communicate(timeout=SECONDS)
    return asking.returncode


@check
def image_of_a_command_that_was_ended():
    """It is removed all the same."""
    program = many_blocks()
    try:
        if not any(command_ended_at_the_image(program) == -signal.SIGINT
                   for _ in range(5)):
            raise Skip("the command was faster five times")
        assert not glob.glob("*.heap-*"), os.listdir()
    finally:
        program.kill()
        program.communicate()


@check
def image_of_a_scan_that_was_killed():
    program = many_blocks()
    try:
        if not any(killed_at_the_image(program) for _ in range(5)):
            raise Skip("the scan was faster five times")
        assert not glob.glob("*.heap-*"), os.listdir()
    finally:
        program.kill()
        program.communicate()


@check
def output_that_cannot_be_written():
    with Held() as held:
        code, out, err = start([GORDIAN, "snapshot", held.pid, "-o", "no/s"])
        assert (code, out) == (1, ""), (code, out)
        one_line(err, "cannot write 'no/s': No such file or directory")
        if os.path.exists("/dev/full"):
            code, out, err = start([GORDIAN, "snapshot", held.pid, "-o",
                                    "/dev/full"])
            assert (code, out) == (1, ""), (code, out)
            one_line(err, "cannot write '/dev/full': No space left")
        assert sorted(os.listdir()) == ["held", "x.jsonl"], os.listdir()


@check
def report_of_findings():
    with Held() as held:
        assert start([GORDIAN, "check", held.pid])[0] == 0
    code, out, err = start([GORDIAN, "report", "--format=heapsnapshot", "-o",
                            "r.heapsnapshot", "x.jsonl"])
    assert (code, out, err) == (0, "", ""), (code, out, err)
    snapshot = Snapshot("r.heapsnapshot")
    assert snapshot.reached() == set(range(len(snapshot.nodes)))
    leaked, = snapshot.to(0)
    assert snapshot.name(leaked[1]) == "Leaked"
    heads = [to for _, to in snapshot.to(leaked[1])]
    assert sorted(snapshot.name(to) for to in heads) == ["node", "session"]
    ring, = [to for to in heads if snapshot.name(to) == "node"]
    (field, other), = [edge for edge in snapshot.to(ring)
                       if snapshot.name(edge[1]) == "node"]
    assert field == "next" and ("next", ring) in snapshot.to(other)
    assert snapshot.stack(ring)[:2] == ["node_new", "leak"]
    assert sum(node[3] for node in snapshot.nodes) == 2 * 24 + 48


@check
def wrong_usage():
    for words in ([], ["1"], ["-o", "x"], ["1", "2", "-o", "x"],
                  ["x", "-o", "y"]):
        code, out, err = start([GORDIAN, "snapshot", *words])
        assert (code, out) == (2, ""), (words, code, out)
        one_line(err, "gordian snapshot: ")


@check
def process_that_is_stopped():
    with Held() as held:
        held.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: state_of(held.pid) == "T")
        code, out, err = start([GORDIAN, "snapshot", held.pid, "-o", "s"])
        assert code == 1, code
        one_line(err, "is stopped (by a signal)")


@check
def another_user_may_not_ask():
    with Held() as held:
        refused_to_others("snapshot", held.pid, "-o", "/dev/null")


def loader():
    """A program of DevTools' own loader, made once in a check."""
    if os.path.exists("d.mjs"):
        return "d.mjs"
    if not shutil.which("node"):
        raise Skip("no node")
    os.environ["ESBUILD_BINARY_PATH"] = os.path.join(
        package("@esbuild/linux-x64", "0.28.2"), "bin", "esbuild")
    code, _, err = start([
        "node", os.path.join(TOP, "tests", "outside", "devtools-build.mjs"),
        package("chrome-devtools-frontend", "1.0.1705227"),
        package("esbuild", "0.28.2"), "d.mjs"])
    assert code == 0, err
    return "d.mjs"


def loaded(path, *names):
    code, out, err = start(["node", loader(), path, *names])
    assert code == 0, err
    value = json.loads(out)
    assert value["warnings"] == [], value["warnings"]
    return value


@check
def devtools_load_it():
    with Held() as held:
        taken(held)
    value = loaded("x.heapsnapshot", "Leaked", "held: sessions", "table")
    assert value["classes"]["node"]["count"] == 9004, value["classes"]
    assert value["classes"]["pair"]["self"] == 200 * 56, value["classes"]
    # two nodes, three sessions
    assert value["nodes"]["Leaked"]["retained"] == 2 * 24 + 2 * 48, value
    assert value["nodes"]["held: sessions"]["distance"] == 2, value
    assert value["nodes"]["table"] == {
        "retained": 72 + 9001 * 24 + 48, "distance": 3}, value


@check
def devtools_compare_two():
    """What stays is neither new nor deleted."""
    with Held() as held:
        taken(held, "1")
        taken(held, "2")
        held.more()
        taken(held, "3")
    steady = loaded("2", "--before=1")["diff"]
    assert not {"node", "session", "table", "pair"} & set(steady), steady
    grown = loaded("3", "--before=1")["diff"]
    assert grown["pair"] == [10, 0], grown
    assert not {"node", "session", "table"} & set(grown), grown


@check
def devtools_load_a_report():
    with Held() as held:
        assert start([GORDIAN, "check", held.pid])[0] == 0
    assert start([GORDIAN, "report", "--format=heapsnapshot", "-o",
                  "r.heapsnapshot", "x.jsonl"])[0] == 0
    value = loaded("r.heapsnapshot", "Leaked")
    assert value["nodes"]["Leaked"]["retained"] == 2 * 24 + 48, value
    assert value["classes"]["node"]["count"] == 2, value


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
