#!/usr/bin/env python3
"""The stacks of real programs against libunwind's: no frame may differ.

Each program runs with the library preloaded and the option check-stacks,
which compares each Nth stack that a thread captures. One line a program, with
how many were compared; fails when one differs, or when hardly any was
compared. The library is the one beside GORDIAN."""
import collections
import concurrent.futures
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

GORDIAN = os.path.abspath(os.environ.get("GORDIAN", "build/gordian"))
LIBRARY = next((path for path in (
    os.path.join(os.path.dirname(GORDIAN), where, "libgordian.so")
    for where in (".", ".libs", "../lib")) if os.path.exists(path)), "")
SECONDS = 300  # no program needs as many, however busy the machine
WORK = tempfile.mkdtemp(prefix="gordian-stacks.")

PYTHON = r"""
import decimal, json, re, sqlite3, threading, xml.etree.ElementTree as tree
def fails(n):
    if n: return fails(n - 1)
    raise ValueError(str(n))
def work(n):
    for i in range(40):
        try: fails(i % 30)
        except ValueError: pass
        json.loads(json.dumps({str(i): list(range(n))}))
        re.sub("(a|b)+[0-9]", lambda m: m[0] * 2, "ab1" * n)
    data = sqlite3.connect(":memory:")
    data.create_function("twice", 1, lambda x: 2 * x)
    data.execute("create table t(a, b)")
    data.executemany("insert into t values(?, ?)", [(i, "x") for i in range(n)])
    data.execute("select twice(a) from t order by b, a desc").fetchall()
    tree.fromstring("<a>" + "<b c='d'>e</b>" * n + "</a>")
    sorted(map(decimal.Decimal, range(n)), key=lambda d: -d.sqrt())
threads = [threading.Thread(target=work, args=(n,)) for n in (50, 100, 200)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
PERL = r"""my %h; push @{$h{$_ % 100}}, "x$_" for 1..3000;
sub f { my $n = shift; $n ? f($n - 1) . "y" : die "z$n" }
eval { f($_) } for 1..50;
$_ = join ",", sort { $a cmp $b } keys %h; s/(\d)(\d)/$2$1/g;
my $s = sprintf "%s", eval "sub { map { $_ * 2 } 1..9 }"; exit 3"""
CXX = """#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>
template <int n> struct S { std::map<int, S<n - 1>> m; };
template <> struct S<0> { std::string s; };
int main() { S<8> s; s.m[1].m[2]; std::vector<std::string> v(3);
std::sort(v.begin(), v.end()); std::cout << v[0]; }
"""
NODE = """let a = [];
for (let i = 0; i < 2e4; i++) a.push(Buffer.from("y" + i), {i, s: "x" + i});
function f(n) { if (n) return f(n - 1) + 1; return JSON.stringify(a).length; }
for (let i = 0; i < 3; i++) f(100 + i);
const {Worker} = require("worker_threads");
const text = "require('worker_threads').parentPort.postMessage(6 * 7)";
new Worker(text, {eval: true}).on("message", n => a.push(n));
require("zlib").gzip(Buffer.alloc(1e6), () => a.sort().map(x => [x]));"""
SQL = """create table t(a, b);
with recursive c(x) as (select 1 union all select x + 1 from c where x < 20000)
insert into t select x, x * 7 % 1000 from c;
create index i on t(b);
select count(*), sum(a) from t where b < 10;"""
# Code without rules or the chain of frame pointers: what stands where a return
# address would is none.
ASTRAY = """#include <stdlib.h>
__asm__("astray: mov %rdi, %rax; push $0x9e; push %rbp; mov %rsp, %rbp;"
"sub $8, %rsp; mov $9, %edi; call *%rax; leave; add $8, %rsp; ret");
extern void *astray(void *(*)(size_t));
static void *inner(int i) { return i % 20 ? malloc(9) : astray(malloc); }
static void *middle(int i) { void *p = inner(i); return p ? p : &i; }
int main(void) { for (int i = 0; i < 2000; i++) free(middle(i)); }
"""

# name, N, the least that is to be compared, its exit status, words
PROGRAMS = [
    ("python3", 1, 10000, 0, [sys.executable, "-c", PYTHON]),
    ("python3 on malloc", 3, 30000, 0,
     ["env", "PYTHONMALLOC=malloc", sys.executable, "-c", PYTHON]),
    ("perl", 1, 5000, 3, ["perl", "-MPOSIX", "-e", PERL]),
    ("g++", 5, 50000, 0, ["g++", "-O1", "-o", "a.out", "a.cc"]),
    ("node", 3, 5000, 0, ["node", "-e", NODE]),
    ("sqlite3", 1, 300, 0, ["sqlite3", ":memory:", SQL]),
    ("bash", 1, 500, 3, ["bash", "-c", "for i in {1..20}; do x=$(echo $i); "
                         "a[$i]=$x; done; ls / | sed s/a/b/; (exit 3)"]),
    ("git", 1, 100, 1, ["git", "diff", "--no-index", "--stat", "/dev/null",
                        "a.cc"]),
    ("astray", 1, 1900, 0, ["./wrong"]),
]


class Skip(Exception):
    pass


def preloadable(library):
    """LD_PRELOAD is split at spaces and colons."""
    if not set(" :") & set(library):
        return library
    link = os.path.join(WORK, "libgordian.so")
    if not os.path.lexists(link):
        os.symlink(os.path.abspath(library), link)
    return link


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip("%s is not installed" % program)


def environment(reports, every):
    os.makedirs(reports)
    options = "check-stacks=%d:plain=no:run=stacks:report=%s" % (
        every, os.path.join(reports, "%p.jsonl"))
    return dict(os.environ, LC_ALL="C.UTF-8", HOME=WORK,
                LD_PRELOAD=preloadable(LIBRARY), GORDIAN_OPTIONS=options)


def counts(reports):
    """What the last scan of each process counts."""
    for path in glob.glob(os.path.join(reports, "*")):
        last = {}
        with open(path, errors="replace") as file:
            for record in map(json.loads, file):
                assert not (record["t"] == "warning" and
                            "differs" in record["text"]), record["text"]
                if record["t"] == "scan":
                    last = record
        yield {key: n for key, n in last.items() if key.startswith("stacks")}


def judge(reports, least, every=1):
    """How much a program allocates is its version's affair: most of those that
    were to be compared must have been. Amid node's code, which has no rules,
    libunwind gives up in up to a fifth of them."""
    sums = collections.Counter()
    for one in counts(reports):
        sums.update(one)
    assert sums["stacks_different"] == 0, sums
    assert sums["stacks_checked"] >= least, sums
    assert 3 * every * sums["stacks_checked"] >= 2 * sums["stacks"], sums
    return "%d of %d stacks compared, %d walked, %d left to libunwind" % (
        sums["stacks_checked"], sums["stacks"], sums["stacks_walked"],
        sums["stacks_unwound"])


def check_program(name, every, least, status, words):
    need(os.path.join(WORK, words[0]) if "/" in words[0] else words[0])
    reports = os.path.join(WORK, name)
    done = subprocess.run(words, cwd=WORK, env=environment(reports, every),
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, timeout=SECONDS)
    assert done.returncode == status, (done.returncode, done.stderr[-500:])
    return judge(reports, least, every)


def check_fork():
    """A child counts its own. What it loses gives cause for a report."""
    reports = os.path.join(WORK, "fork")
    subprocess.run([sys.executable, "-c", "import ctypes, os\n"
                    "lose = ctypes.CDLL(None).malloc\n"
                    "kept = [bytearray(1000) for i in range(20000)]\n"
                    "child = os.fork()\n"
                    "kept += [bytearray(1000) for i in range(100)]\n"
                    "if child: os.waitpid(child, 0)\n"
                    "else: lost = [lose(64) & 1 for i in range(100)]\n"],
                   env=environment(reports, 1), check=True, timeout=SECONDS)
    child, parent = sorted(counts(reports), key=lambda c: c["stacks"])
    assert 100 <= child["stacks"] < 15000 < parent["stacks"], (child, parent)
    assert child["stacks_checked"] <= child["stacks"], child
    return "%d in the parent, %d in its child" % (parent["stacks"],
                                                  child["stacks"])


def redis_talk(path):
    """Commands of every data type, scripts, a dump by a forked child."""
    commands = ["eval \"return redis.call('set', KEYS[1], string.rep('x', "
                "100)) \" 1 key%d" % i for i in range(200)]
    for i in range(2000):
        commands += ["lpush list v%d" % i, "zadd set %d m%d" % (i, i),
                     "hset hash f%d v%d" % (i, i), "sadd s m%d" % (i % 100),
                     "xadd stream * f v%d" % i, "append text more"]
    commands += ["bgsave", "sort list alpha limit 0 5", "zrange set 0 9",
                 "object encoding hash", "info", "flushall async", "ping"]
    done = subprocess.run(["redis-cli", "-s", path], timeout=SECONDS,
                          input="\n".join(commands).encode(),
                          stdout=subprocess.PIPE)
    assert done.stdout.rstrip().endswith(b"PONG"), done.stdout[-500:]


def check_redis():
    need("redis-server", "redis-cli")
    reports = os.path.join(WORK, "redis")
    path = os.path.join(WORK, "socket")
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", path, "--save", ""],
        cwd=WORK, env=environment(reports, 1), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def client(*words):
        return subprocess.run(["redis-cli", "-s", path, *words],
                              stdout=subprocess.PIPE, timeout=SECONDS,
                              stderr=subprocess.DEVNULL,
                              stdin=subprocess.DEVNULL).stdout.strip()

    try:
        until = time.monotonic() + SECONDS
        while client("ping") != b"PONG" and time.monotonic() < until:
            time.sleep(0.05)
        redis_talk(path)
        client("shutdown", "nosave")
        errors = server.communicate(timeout=SECONDS)[1]
        assert (server.returncode, errors) == (0, b""), errors
    finally:
        if server.poll() is None:
            server.kill()
        server.wait()
    return judge(reports, 20000)


def attempt(job):
    name, function, *words = job
    try:
        return True, "ok %s: %s" % (name, function(*words))
    except Skip as why:
        return True, "skip %s: %s" % (name, why)
    except subprocess.TimeoutExpired as why:
        return False, "not ok %s: no end: %s" % (name, why)
    except (AssertionError, OSError, ValueError,
            subprocess.CalledProcessError) as why:
        return False, "not ok %s: %s" % (name, why)


def main():
    assert LIBRARY, "no libgordian.so beside " + GORDIAN
    wanted = sys.argv[1:]
    jobs = [(row[0], check_program, *row) for row in PROGRAMS]
    jobs += [("redis-server", check_redis), ("fork", check_fork)]
    with open(os.path.join(WORK, "a.cc"), "w") as file:
        file.write(CXX)
    subprocess.run(["cc", "-O0", "-fno-omit-frame-pointer", "-x", "c", "-o",
                    os.path.join(WORK, "wrong"), "-"], input=ASTRAY,
                   text=True, check=True)
    fine = True
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for ok, line in pool.map(attempt, [
                job for job in jobs if not wanted or job[0] in wanted]):
            fine = fine and ok
            print(line, flush=True)
    shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
