#!/usr/bin/env python3
"""Names of functions, sources and modules in what gordian report prints."""
import ctypes
import http.server
import json
import os
import re
import resource
import subprocess
import sys
import threading

from common import check, main, Skip
from made import (
    as_json, as_text, build_id, call_in, compiled, finding, gordian, program,
    scan, SOURCE, write)


CXX = r"""
#include <cstdlib>
namespace space {
template <class T> struct Box { virtual ~Box(); T t; };
template <class T> Box<T>::~Box() {}
__attribute__((noinline)) void *make(int n) { return new Box<int>[n]; }
}
int main(int c, char **) { return !space::make(c); }
"""


def symbols(path):
    text = subprocess.run(["nm", path], check=True, stdout=subprocess.PIPE)
    return {words[-1]: int(words[0], 16)
            for words in map(str.split, text.stdout.decode().split("\n"))
            if len(words) == 3}


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


def sections(path):
    text = subprocess.run(["readelf", "-SW", path], stdout=subprocess.PIPE)
    return text.stdout.decode()


@check
def units_without_an_index():
    """As clang leaves them: the unit of an address is searched for."""
    path = compiled("unindexed", SOURCE, "gcc", "-g")
    subprocess.run(["objcopy", "--remove-section=.debug_aranges", path],
                   check=True)
    assert ".debug_aranges" not in sections(path)
    assert ".debug_info" in sections(path)
    _, member = stack_of(path, call_in(path, "outermost"))
    assert [(f["function"], f["line"]) for f in member["stack"]] == [
        ("innermost", 4), ("middle", 7), ("outermost", 11)], member["stack"]


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
    _, member = stack_of(path, table["_ZN5space4makeEi"] + 1, size=16,
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
    one = finding(stacks=[[[1, 5], [1, 8], [0, call_in(path, "outermost")],
                           [1, 6], [1, 7]]],
                  modules=[{"path": path, "build_id": build_id(path)},
                           {"path": libc, "build_id": ""}])
    write("fold", program(), one, scan())
    text = as_text("fold")
    assert "… 2 frames in libc.so.6\n        innermost  " in text, text
    assert text.count("libc.so.6") == 1, text
    assert "innermost()  folded.c:4" in text, text
    assert "libc.so.6+0x7" in as_text("fold", "--verbose")
    # An executable is the program's own wherever it lies.
    write("fold", program(exe=libc), one, scan())
    assert "in libc.so.6" in as_text("fold")
    cat = os.path.realpath("/bin/cat")
    other = os.path.join("/usr/lib/cat")
    one["modules"][1]["path"] = other
    write("fold", program(exe=cat), one, scan())
    assert "frames in cat" in as_text("fold")
    write("fold", program(exe=other), one, scan())
    assert "cat+0x5" in as_text("fold")


@check
def what_would_give_names_is_said():
    """Once a module: a package with debug information, or a way to build."""
    def text_of(path, *addresses, **more):
        one = finding(sizes=(8,), kind="lost", edges=[],
                      stacks=[[[0, address] for address in addresses]],
                      modules=[{"path": path, "build_id": ""}])
        write("hint", program(), one, scan())
        return [line for line in as_text("hint", **more).split("\n")
                if "note: " in line]
    path = compiled("lines", SOURCE, "gcc")
    at = call_in(path, "outermost")
    assert text_of(path, at, at) == [
        "gordian: note: 'lines' lacks lines, types and fields: build it with "
        "-g, and do not strip it"]
    subprocess.run(["strip", path], check=True)
    hint, = text_of(path, at)
    assert "'lines' lacks names of functions: build it with -g" in hint, hint
    assert text_of(compiled("all", SOURCE, "gcc", "-g"), at) == []
    assert text_of("/nowhere/at/all", 5) == []  # a warning says why
    zlib = "/usr/lib/x86_64-linux-gnu/libz.so.1"
    if not os.path.exists("/var/lib/dpkg/info") or not os.path.exists(zlib):
        raise Skip("no package is known")
    for name in zlib, zlib.removeprefix("/usr"), os.path.realpath(zlib):
        hint, = text_of(name, 5)
        assert "' lacks names of functions: install zlib1g-dbgsym" in hint, \
            hint


def cpu_of_children():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


class Served(http.server.SimpleHTTPRequestHandler):
    asked = []

    def log_request(self, *_):
        self.asked.append(self.path)

    def log_error(self, *_):
        pass


@check
def debuginfod_where_the_environment_asks():
    try:
        ctypes.CDLL("libdebuginfod.so.1")
    except OSError:
        raise Skip("libdebuginfod is not installed")
    path = compiled("served", SOURCE, "gcc", "-g")
    address, ident = call_in(path, "outermost"), build_id(path)
    os.makedirs("buildid/" + ident)
    subprocess.run(["objcopy", "--only-keep-debug", path,
                    f"buildid/{ident}/debuginfo"], check=True)
    subprocess.run(["strip", path], check=True)
    _, member = stack_of(path, address)
    assert member["stack"][0]["function"] is None and not Served.asked
    server = http.server.HTTPServer(("127.0.0.1", 0), Served)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    env = dict(os.environ, HOME=os.getcwd(),
               DEBUGINFOD_URLS="http://127.0.0.1:%d" % server.server_port)
    _, out, _ = gordian("report", "--format=json", "names", env=env)
    server.shutdown()
    frames = json.loads(out)["findings"][0]["members"][0]["stack"]
    assert frames[-1]["function"] == "outermost", frames
    assert any(ident in asked for asked in Served.asked), Served.asked


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


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
