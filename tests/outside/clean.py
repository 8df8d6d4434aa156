#!/usr/bin/env python3
"""Programs that nobody made for us behave as without us and are called clean.

Each is run plain, then under `gordian run` with its default, scanned every
50 ms, and scanned every 500 blocks: the same output, errors and exit status,
no cycle, and no lost block but those that really leak. Some are listed here.
"Seen by valgrind": its --leak-check=full names the same blocks and bytes. Other
versions of a program leak otherwise: LeakSanitizer is asked, which comes with
the compiler; it has to name as many blocks of that size, by the same calls.

GORDIAN names the binary. One line a program; fails when one does."""
import concurrent.futures
import glob
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GORDIAN = os.path.abspath(
    os.environ.get("GORDIAN") or os.path.join(TOP, "build", "gordian"))
MODES = ([], ["--interval=0.05"], ["--threshold=500"])
SECONDS = 300  # no program needs as many, however busy the machine
WORK = tempfile.mkdtemp(prefix="gordian-clean.")


class Skip(Exception):
    pass


class Known:
    """A leak that is real. where: a pattern that a frame's function, or its
    module's name, matches in each member; at_end: only while the process ends: in
    its last scan, in the one before, which its end may meet too, or in others
    since when it has only freed."""

    def __init__(self, where, why, kind="lost", at_end=False, size=None):
        self.where, self.why = re.compile(where), why
        self.kind, self.at_end, self.size = kind, at_end, size

    def covers(self, finding, scans):
        if finding["kind"] != self.kind:
            return False
        if self.at_end and not self.ends(finding["first_scan"], scans):
            return False
        return all(self.is_of(member) and self.size in (None, member["size"])
                   for member in finding["members"])

    @staticmethod
    def ends(first, scans):
        blocks = [scan["blocks"] for scan in scans if scan["n"] >= first]
        return len(blocks) <= 2 or blocks == sorted(blocks, reverse=True)

    def is_of(self, member):
        names = [frame["function"] or "" for frame in member["stack"]] + [
            os.path.basename(frame["module"] or "")
            for frame in member["stack"]]
        return any(self.where.fullmatch(name) for name in names)


AS = Known("x86_64-linux-gnu-as", "as keeps neither its list of include "
           "files nor its sections' fixups; seen by valgrind")
DRIVER = Known(r"x86_64-linux-gnu-(gcc|g\+\+)-\d+|collect2|.*-ld(\.bfd)?",
               "specs and paths of the driver, of collect2 and of ld; seen "
               "by valgrind")
CC1PLUS = Known("register_include_chains.*",
                "the copy of a path; seen by valgrind")
SORT = Known("sort", "the last key of the command line and the list of "
             "files; seen by valgrind")
GIT_DIFF = Known("git", "the diff's queue; seen by valgrind")
GDB = Known("gdb", "names of the index of its symbols; seen by valgrind")
# perl_free() frees the interpreter and nothing that only it holds, unless
# PERL_DESTRUCT_LEVEL says otherwise; stacks form a list linked both ways.
PERL = [Known("(Perl|perl)_.*", "the interpreter's; seen by valgrind",
              at_end=True),
        Known("Perl_new_stackinfo.*", "stacks of an interpreter that is gone",
              kind="cycle", at_end=True)]
# As of Python 3.12 interned strings are immortal, and the interpreter lets go
# of them at its end (_PyUnicode_ClearInterned() in unicodeobject.c).
PYTHON = Known(r"python3(\.\d+)?", "interned strings", at_end=True)
# Its own table of options, and the arena of a compiler that no thread keeps.
# Which collector runs depends on the machine: with one processor, or less than
# 2 GB, it is the serial one. By OpenJDK's sources: PerfDataManager::destroy()
# deletes the counters and not the helpers that sample them (16 bytes each by
# CSpaceCounters and SpaceCounters, 8 by StatSampler); WatcherThread::run() ends
# by forgetting the thread; ZGC and Shenandoah replace what
# initialize_global_behaviours() made (later versions tell LeakSanitizer so).
JAVA = [Known("JLI_.*", "the launcher's"),
        Known(r"Compiler::initialize\(\)", "an arena's head"),
        Known("(PerfMemory|StatSampler|Perf.*|C?SpaceCounters)::.*",
              "counters let go", at_end=True),
        Known(r"WatcherThread::start\(\)", "a thread let go", kind="cycle",
              at_end=True),
        Known(r"universe_init\(\)", "what another collector replaces",
              size=8)]
GIO = Known("g_file_enumerator_.*|gio|g_object_new.*",
            "gio forgets its enumerator; seen by valgrind")

THREADS = r"""
import json, re, threading
kept = []
def work(n):
    for i in range(150):
        kept.append(json.loads(json.dumps({str(i): list(range(n))})))
        re.sub("[0-9]", "x", json.dumps(kept[-1]))
threads = [threading.Thread(target=work, args=(n,)) for n in (5, 10, 20)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(kept))
"""
CHILDREN = r"""
import multiprocessing, subprocess
def f(n): return sum(range(n))
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(sum(pool.map(f, range(100))))
    print(subprocess.run(["echo", "hi"], capture_output=True).stdout)
"""
SQL = """create table t(a, b);
with recursive c(x) as (select 1 union all select x + 1 from c where x < 20000)
insert into t select x, x * 7 % 1000 from c;
create index i on t(b);
select count(*), sum(a) from t where b < 10;
select * from t order by b, a limit 3;"""
NODE = """let a = [];
for (let i = 0; i < 1e5; i++) a.push({i, s: "x" + i, b: Buffer.from("y" + i)});
const {Worker} = require("worker_threads");
const text = "require('worker_threads').parentPort.postMessage(6 * 7)";
new Worker(text, {eval: true}).on("message", n => console.log(n));
require("zlib").gzip(Buffer.alloc(1e6), () => console.log(a.length));"""
PERL_TEXT = r"""my %h; push @{$h{$_ % 100}}, "x$_" for 1..20000;
print scalar keys %h, "\n"; $_ = "abc"; print "m\n" if /b(c)/; exit 3"""
BASH = """for i in {1..40}; do x=$(echo $i); a[$i]=$x; done; echo ${#a[@]}
ls / | sed s/a/b/ | wc -l; declare -A m; m[x]=1; trap 'echo bye' EXIT
echo wrong >&2; (exit 3)"""
TCL = "proc f n {expr {$n < 2 ? $n : [f [expr {$n - 1}]] + " \
      "[f [expr {$n - 2}]]}}\nputs [f 17]\n"

# GHashTable keeps 32-bit pointers where the heap lies below 4 GiB: Debian's
# python3 is no PIE.
GOBJECTS = r"""
from gi.repository import GLib, GObject, Gio
class Thing(GObject.GObject):
    __gsignals__ = {"hit": (GObject.SignalFlags.RUN_FIRST, None, (int,))}
    name = GObject.Property(type=str)
def on(*args): pass
things = [Thing() for i in range(50)]
for thing in things:
    thing.connect("hit", on)
    thing.connect("notify::name", on)
group = Gio.SimpleActionGroup()
for i in range(20):
    action = Gio.SimpleAction.new("a%d" % i, None)
    action.connect("activate", on)
    group.add_action(action)
loop = GLib.MainLoop()
left = [20]
def tick():
    left[0] -= 1
    for thing in things:
        thing.name = str(left[0])
        thing.emit("hit", left[0])
    if not left[0]: loop.quit()
    return left[0] > 0
GLib.timeout_add(5, tick)
loop.run()
files = Gio.File.new_for_path("/").enumerate_children("*", 0, None)
print(len([file.get_name() for file in files]) > 3)
"""
GI = Known("g_callable_info_prepare_closure",
           "types of a callback's arguments; seen by valgrind")

# A pattern that is kept, by whoever uses fonts.
PATTERNS = r"""
import ctypes, sys
try: library = ctypes.CDLL("libfontconfig.so.1")
except OSError: sys.exit(77)
library.FcPatternCreate.restype = ctypes.c_void_p
library.FcCharSetCreate.restype = ctypes.c_void_p
kept = [ctypes.c_void_p(library.FcPatternCreate()) for i in range(20)]
for i, one in enumerate(kept):
    library.FcPatternAddString(one, b"family", b"Sans %d" % i)
    library.FcPatternAddInteger(one, b"weight", 80)
    letters = ctypes.c_void_p(library.FcCharSetCreate())
    for k in range(0, 4000, 90): library.FcCharSetAddChar(letters, k * i)
    library.FcPatternAddCharSet(one, b"charset", letters)
    library.FcCharSetDestroy(letters)
"""

# name, words; then: stdin, env, known, any_order (of the lines)
PROGRAMS = [
    ("true", ["true"], {}),
    ("ls", ["ls", "-la", "/usr/lib"], {}),
    ("sort", ["sort", "-n", "numbers"], {"known": [SORT]}),
    ("bash", ["bash", "-c", BASH], {}),
    ("git log", ["git", "-C", "repo", "log", "-p", "--stat"], {}),
    ("git status", ["git", "-C", "repo", "status"], {}),
    ("git diff", ["git", "-C", "repo", "diff", "HEAD~2"],
     {"known": [GIT_DIFF]}),
    ("git fsck", ["git", "-C", "repo", "fsck"], {}),
    ("perl", ["perl", "-e", PERL_TEXT], {"known": PERL}),
    ("perl with modules", ["perl", "-MPOSIX", "-MData::Dumper", "-e",
                           "print Dumper([1, 2, {a => floor(2.5)}])"],
     {"known": PERL}),
    ("sqlite3", ["sqlite3", ":memory:", SQL], {}),
    ("openssl dgst", ["openssl", "dgst", "-sha256", "numbers"], {}),
    ("openssl x509", ["openssl", "x509", "-in", "cert.pem", "-noout",
                      "-text"], {}),
    ("xz", ["xz", "-T2", "--block-size=100000", "-c", "numbers"], {}),
    ("node", ["node", "-e", NODE], {"any_order": True}),
    ("g++", ["g++", "-O1", "-c", "-o", "/dev/null", "a.cc"],
     {"known": [AS, DRIVER, CC1PLUS]}),
    ("g++ linking", ["g++", "-o", "/dev/null", "a.cc"],
     {"known": [AS, DRIVER, CC1PLUS]}),
    ("python3", [sys.executable, "-c", THREADS], {}),
    ("python3 on malloc", [sys.executable, "-c", THREADS],
     {"env": {"PYTHONMALLOC": "malloc"}, "known": [PYTHON]}),
    ("python3 with children", [sys.executable, "-c", CHILDREN], {}),
    ("python3 with gi", ["/usr/bin/python3", "-c", GOBJECTS],
     {"env": {"PYTHONMALLOC": "malloc"}, "known": [GI, PYTHON], "module": "gi"}),
    ("fc-match", ["fc-match", "-s", "sans"], {}),
    ("fontconfig", ["python3", "-c", PATTERNS], {"module": "ctypes"}),
    ("java", ["java", "-Xshare:auto", "H.java"], {"known": JAVA}),
    ("java, serial", ["java", "-XX:+UseSerialGC", "H.java"], {"known": JAVA}),
    ("java, parallel", ["java", "-XX:+UseParallelGC", "H.java"],
     {"known": JAVA}),
    ("java, Shenandoah", ["java", "-XX:+UseShenandoahGC", "H.java"],
     {"known": JAVA}),
    ("rustc", ["rustc", "--version"],
     {"mute": True, "env": {"HOME": os.environ.get("HOME", "/")}}),
    ("clang++", ["clang++", "-O1", "-c", "-o", "/dev/null", "a.cc"], {}),
    ("make -j2", ["make", "-s", "-j2", "-C", "tree"],
     {"any_order": True, "known": [SORT]}),
    ("tar | gzip", ["bash", "-c", "tar -cf - repo | gzip | gzip -d | wc -c"],
     {}),
    ("awk", ["awk", "{s[$1 % 100] += $2} END {for (k in s) n++; print n}",
             "numbers"], {}),
    ("sed", ["sed", "-n", "s/1/2/gp", "numbers"], {}),
    ("find", ["find", "/usr/include", "-name", "*.h"], {}),
    ("grep", ["grep", "-rc", "include", "repo"], {}),
    ("vim", ["vim", "-es", "-u", "NONE", "-c", "%s/1/2/g", "-c", "qa!",
             "numbers"], {}),
    ("gdb", ["gdb", "-batch", "-ex", "info line main", "/bin/true"],
     {"known": [GDB]}),
    ("ssh", ["ssh", "-V"], {}),
    ("curl", ["curl", "-s", "file:///etc/passwd"], {}),
    ("cmake", ["cmake", "--version"], {}),
    ("tmux", ["tmux", "-V"], {}),
    ("tclsh", ["tclsh"], {"stdin": TCL}),
    ("jq", ["jq", ".a|add"], {"stdin": '{"a": [1, 2, 3]}'}),
    ("zstd", ["zstd", "-T2", "-c", "numbers"], {}),
    ("gio list", ["gio", "list", "/usr"], {"known": [GIO]}),
    ("gio tree", ["gio", "tree", "repo"], {"known": [GIO]}),
]


def work(*parts):
    return os.path.join(WORK, *parts)


def write(name, text):
    os.makedirs(os.path.dirname(work(name)), exist_ok=True)
    with open(work(name), "w") as file:
        file.write(text)


def environment(more=None):
    env = dict(os.environ, LC_ALL="C.UTF-8", HOME=WORK, PAGER="cat",
               GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="a",
               GIT_AUTHOR_EMAIL="a@b", GIT_COMMITTER_NAME="a",
               GIT_COMMITTER_EMAIL="a@b", TERM="dumb")
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "GORDIAN_OPTIONS",
                 "PYTHONMALLOC"):
        env.pop(name, None)
    env.update(more or {})
    return env


def quietly(*words):
    subprocess.run(words, cwd=WORK, env=environment(), check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def prepare():
    write("numbers", "".join("%d %d\n" % (i * 7919 % 100003, i)
                             for i in range(60000)))
    write("a.cc", "#include <iostream>\n#include <map>\n#include <string>\n"
          "int main() { std::map<std::string, int> m; m[\"a\"] = 1;\n"
          "for (auto &x : m) std::cout << x.first; }\n")
    write("H.java", "class H { public static void main(String[] a) {\n"
          "StringBuilder s = new StringBuilder();\n"
          "for (int i = 0; i < 300000; i++) s.append(i);\n"
          "System.out.println(s.length()); } }\n")
    write("tree/Makefile", "all: a b c d\na b c d:\n\t@echo $@ | sort\n")
    write("repo/f0", "")
    if shutil.which("git"):
        quietly("git", "init", "-q", "repo")
        for i in range(4):
            write("repo/f%d" % i, "".join("%d\n" % n for n in range(i, 300)))
            quietly("git", "-C", "repo", "add", ".")
            quietly("git", "-C", "repo", "commit", "-q", "-m", "c%d" % i)
    if shutil.which("openssl"):
        quietly("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=a")


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip("%s is not installed" % program)


def under(reports, mode):
    """The words before a program's, and a new folder for its reports."""
    shutil.rmtree(reports, ignore_errors=True)
    os.makedirs(reports)
    return [GORDIAN, "run", "--format=none", "--quiet",
            "--report=" + os.path.join(reports, "%p.jsonl"), *mode, "--"]


def run(words, stdin="", env=None, any_order=False):
    done = subprocess.run(words, input=stdin.encode(), cwd=WORK,
                          env=environment(env), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=SECONDS)
    out = done.stdout
    if any_order:
        out = b"\n".join(sorted(out.split(b"\n")))
    return {"exit status": done.returncode, "standard output": out,
            "standard error": done.stderr}


def compare(plain, ours):
    for what in plain:
        if plain[what] != ours[what]:
            raise AssertionError("%s: %r became %r" % (
                what, plain[what][-200:] if what != "exit status" else
                plain[what], ours[what][-200:] if what != "exit status" else
                ours[what]))


def load(reports):
    """Each process's report."""
    found = []
    for file in glob.glob(os.path.join(reports, "*.jsonl*")):
        done = subprocess.run([GORDIAN, "report", "--format=json", file],
                              stdout=subprocess.PIPE, check=True,
                              stdin=subprocess.DEVNULL)
        found.append(json.loads(done.stdout))
    return found


def describe(finding):
    stack = finding["members"][0]["stack"]
    return "%s %s %d bytes in scan %d: %s" % (
        finding["confidence"], finding["kind"], finding["bytes"],
        finding["first_scan"], " < ".join(
            frame["function"] or "%s+%s" % (
                os.path.basename(frame["module"] or "?"), frame["offset"])
            for frame in stack[:6]))


def lsan():
    """LeakSanitizer, to be preloaded."""
    done = subprocess.run(["cc", "-print-file-name=liblsan.so"],
                          stdout=subprocess.PIPE)
    path = done.stdout.decode().strip()
    if not os.path.isabs(path):
        raise Skip("it leaks, or so it seems: no LeakSanitizer is here to say")
    return os.path.realpath(path)


# Allocators, which the one tool stands before and the other behind.
INSIDE = re.compile(r"(lib(lsan|gordian|c|stdc\+\+)\.so.*)")


def allocating(frames):
    """The innermost three calls that no allocator makes, of those in modules
    that are known."""
    known = list(itertools.takewhile(lambda frame: frame[0], frames))
    outside = list(itertools.dropwhile(
        lambda frame: INSIDE.fullmatch(frame[0]), known))
    return outside[:3]


def leaks_by_lsan(words, how):
    """(blocks, bytes, where) of each leak that LeakSanitizer sees."""
    place = tempfile.mkdtemp(dir=WORK)
    env = dict(how.get("env", {}), LD_PRELOAD=lsan(), LSAN_OPTIONS=(
        "exitcode=0:fast_unwind_on_malloc=0:symbolize=0:log_path=" + place +
        "/log:stack_trace_format='frame %o %m'"))
    run(words, how.get("stdin", ""), env)
    leaks = []
    for path in glob.glob(place + "/log*"):
        for text in open(path, errors="replace").read().split("\n\n"):
            head = re.search(r"leak of (\d+) byte\(s\) in (\d+) object", text)
            frames = [(os.path.basename(module), int(offset, 16))
                      for offset, module in re.findall(
                          r"^frame (0x\w+) (.*)$", text, re.M)]
            if head:
                leaks.append((int(head[2]), int(head[1]), allocating(frames)))
    return leaks


def is_among(finding, leaks):
    """Another tool may put more blocks of that size into one leak, if the same
    calls have made them."""
    n, size = finding["count"], finding["bytes"]
    where = allocating([(os.path.basename(frame["module"] or ""),
                         frame["offset"])
                        for frame in finding["members"][0]["stack"]
                        if not frame["inlined"]])
    return finding["kind"] == "lost" and where and any(
        blocks >= n and bytes_ * n == size * blocks and calls == where
        for blocks, bytes_, calls in leaks)


def judge(reports, known, mute=False, ask=None):
    """How many known leaks were found; none other may be. mute: the program
    has a malloc of its own and may be left alone. ask: what leaks besides."""
    n = 0
    others = None
    processes = load(reports)
    assert mute or any(p["scans"] for p in processes), "nothing was scanned"
    for process in processes:
        for warning in process["warnings"]:
            assert "came to no end" not in warning, warning
        for finding in process["findings"]:
            if finding["confidence"] == "suspect":
                continue
            if not any(k.covers(finding, process["scans"]) for k in known):
                if others is None:
                    others = ask() if ask else []
                if is_among(finding, others):
                    continue
                raise AssertionError("%s: %s" % (
                    " ".join(process["program"]["argv"])[:80],
                    describe(finding)))
            n += 1
    return n


def check_program(name, words, known=(), mute=False, module=None, **how):
    need(words[0])
    if module and subprocess.run([words[0], "-c", "import " + module],
                                 stderr=subprocess.DEVNULL).returncode:
        raise Skip("%s has no module %s" % (words[0], module))
    plain = run(words, **how)
    if plain["exit status"] == 77:
        raise Skip("it lacks what it needs")
    for mode in MODES:
        reports = work("reports", re.sub(r"\W", "-", name))
        try:
            compare(plain, run(under(reports, mode) + words, **how))
            judge(reports, known, mute, lambda: leaks_by_lsan(words, how))
        except AssertionError as why:
            raise AssertionError("%s %s" % (" ".join(mode), why))


ELSEWHERE = """
#include <stdlib.h>
#include <string.h>
static void *volatile kept;
void here(void) { kept = malloc(40); }
void there(void) { kept = malloc(40); }
int main(int argc, char **argv) {
	if (argc > 1 && strstr(getenv("LD_PRELOAD"), "lsan"))
		there();
	else
		here();
	kept = NULL;
	memset(__builtin_alloca(4096), 0, 4096);
	return 0;
}"""


def check_elsewhere():
    """LeakSanitizer's leak of as much by another call excuses nothing."""
    need("cc")
    lsan()
    write("elsewhere.c", ELSEWHERE)
    quietly("cc", "-O1", "-fno-inline", "-o", "elsewhere", "elsewhere.c")
    for words, same in ((["./elsewhere"], True), (["./elsewhere", "x"], False)):
        reports = work("reports", "elsewhere")
        run(under(reports, []) + words)
        finding, = load(reports)[0]["findings"]
        assert bool(is_among(finding, leaks_by_lsan(words, {}))) == same, words


def wait_until(true):
    until = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < until, "never true"
        time.sleep(0.05)


def scans_in(reports):
    """Of the process that has most."""
    return max(open(file, errors="replace").read().count('"t":"scan"')
               for file in glob.glob(os.path.join(reports, "*.jsonl*")))


def stop(process):
    if process.poll() is None:
        process.kill()
    process.wait()


def check_redis():
    """Linked to jemalloc; its own DEBUG LEAK is found, and only that."""
    need("redis-server", "redis-cli", "redis-benchmark")
    reports = work("reports", "redis")
    path = work("redis")

    def client(*words):
        done = subprocess.run(["redis-cli", "-s", path, *words],
                              stdout=subprocess.PIPE, timeout=SECONDS,
                              stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL)
        return done.stdout.decode().strip()

    server = subprocess.Popen(
        under(reports, ["--interval=0.2"]) +
        ["redis-server", "--port", "0", "--unixsocket", path, "--save", "",
         "--enable-debug-command", "yes", "--dir", WORK],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, env=environment())
    try:
        wait_until(lambda: client("ping") == "PONG")
        load_it = subprocess.run(
            ["redis-benchmark", "-s", path, "-q", "-n", "10000", "-c", "20",
             "-t", "set,get,lpush,lpop,zadd,hset,lrange_100"],
            stdout=subprocess.PIPE, timeout=SECONDS)
        assert load_it.returncode == 0, "redis-benchmark failed"
        assert b"rror" not in load_it.stdout, load_it.stdout
        client("bgsave")
        assert client("debug", "leak", "x" * 50) == "OK"
        client("flushall")
        wait_until(lambda: client("ping") == "PONG" and scans_in(reports) >= 3)
        client("shutdown", "nosave")
        errors = server.communicate(timeout=SECONDS)[1]
        assert (server.returncode, errors) == (0, b""), errors
    finally:
        stop(server)
    found = judge(reports, [Known("debugCommand", "DEBUG LEAK")])
    assert found == 1, "DEBUG LEAK was found %d times" % found


def talk(words):
    """What the server and its clients say."""
    server = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=environment())
    try:
        port = int(server.stdout.readline())
        said = 0
        for i in range(60):
            address = ("127.0.0.1", port)
            with socket.create_connection(address, SECONDS) as client:
                client.sendall(b"x" * (i + 1))
                said += int(client.recv(100))
        out, errors = server.communicate(timeout=SECONDS)
    finally:
        stop(server)
    return {"clients": b"%d" % said, "exit status": server.returncode,
            "standard output": out, "standard error": errors}


def check_prefork():
    need("cc")
    quietly("cc", "-O1", "-o", "prefork",
            os.path.join(TOP, "tests", "outside", "prefork.c"))
    plain = talk([work("prefork")])
    for mode in ([], ["--interval=0.02"], ["--threshold=5"]):
        reports = work("reports", "prefork")
        compare(plain, talk(under(reports, mode) + [work("prefork")]))
        judge(reports, [])


def check_stacks():
    """Whole stacks without frame pointers, from main and from a thread."""
    reports = work("reports", "stacks")
    text = ("import ctypes, threading\n"
            "malloc = ctypes.CDLL(None).malloc\n"
            "def leak(): malloc(ctypes.c_size_t(4711)); return None\n"
            "leak()\n"
            "t = threading.Thread(target=leak); t.start(); t.join()\n")
    done = run(under(reports, []) + [sys.executable, "-c", text],
               env={"PYTHONMALLOC": "malloc"})
    assert done["exit status"] == 0, done["standard error"]
    starts = set()
    for finding in load(reports)[0]["findings"]:
        member = finding["members"][0]
        if member["size"] == 4711:  # held by nobody, in the program's code
            starts.add(os.path.basename(member["stack"][-1]["module"]))
    program = os.path.basename(os.path.realpath(sys.executable))
    assert starts == {program, "libc.so.6"}, \
        "stacks end in %s, not in _start and clone" % starts


def attempt(name, function, *args, **how):
    try:
        function(*args, **how)
        return True, "ok " + name
    except Skip as why:
        return True, "skip %s: %s" % (name, why)
    except subprocess.TimeoutExpired as why:
        return False, "not ok %s: no end: %s" % (name, why)
    except (AssertionError, OSError, subprocess.CalledProcessError) as why:
        return False, "not ok %s: %s" % (name, why)


def main():
    wanted = sys.argv[1:]
    jobs = [(name, check_program, name, words, how)
            for name, words, how in PROGRAMS]
    jobs = [("redis-server", check_redis, None, None, {}),
            ("pre-forking server", check_prefork, None, None, {}),
            ("another leak", check_elsewhere, None, None, {}),
            ("whole stacks", check_stacks, None, None, {})] + jobs
    jobs = [job for job in jobs if not wanted or job[0] in wanted]
    prepare()
    fine = True
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        def one(job):
            name, function, key, words, how = job
            args = (key, words) if words else ()
            return attempt(name, function, *args, **how)

        for ok, line in pool.map(one, jobs):
            fine = fine and ok
            print(line, flush=True)
    shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
