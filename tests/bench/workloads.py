"""The programs that bench.py runs. Each says what it needs, makes its command,
and can be run once under a tool."""
import os
import shutil
import socket
import subprocess
import time

import common

HERE = os.path.dirname(os.path.abspath(__file__))
VALGRIND = "memcheck-amd64-linux"
PYTHON = "/usr/bin/python3"


class Workload:
    """A command that runs from its start to its end."""

    serves = False  # the time of a request is measured

    def __init__(self, name, argv, missing=None, env=None, text=None,
                 version="", options=""):
        self.name = name
        self.argv = argv
        self.options = options  # ours, behind a colon
        self.missing = missing
        self.env = env or {}
        self.text = text  # on standard input
        self.version = version

    def start(self, tool, directory, limit):
        env = common.environment(**self.env, **tool.env_in(directory))
        if "GORDIAN_OPTIONS" in env:
            env["GORDIAN_OPTIONS"] += self.options
        names = (os.path.basename(os.path.realpath(self.argv[0])), VALGRIND)
        return common.Process(tool.command(self.argv, directory), env, limit,
                              names, self.text or os.devnull, directory)

    def run(self, tool, directory, limit):
        return self.start(tool, directory, limit).finish()


class Redis(Workload):
    """A server that answers redis-benchmark: what takes wall time is the
    requests, not the server's start and end. Server and client run where the
    kernel puts them."""

    serves = True
    TESTS = "set,lpush,hset,zadd"

    def __init__(self, name, pipeline):
        server = shutil.which("redis-server")
        self.client = shutil.which("redis-benchmark")
        missing = None if server and self.client else (
            "no redis-server and redis-benchmark on PATH")
        super().__init__(name, [server, "--port", "0", "--unixsocket",
                                "redis.sock", "--save", "", "--daemonize",
                                "no"], missing,
                         version=common.output_of("redis-server",
                                                  "--version")[:58])
        self.pipeline = pipeline

    def run(self, tool, directory, limit):
        path = os.path.join(directory, "redis.sock")
        server = self.start(tool, directory, limit)
        try:
            self.command(path, b"PING\r\n", limit)
            rates = self.measure(path, 5000 if tool.slow else 100000, limit)
            self.command(path, b"SHUTDOWN NOSAVE\r\n", limit)
        except (OSError, subprocess.SubprocessError):
            server.kill()
            rates = []
        result = server.finish()
        result["wall"] = 0 if result["late"] else sum(1 / rate
                                                      for rate in rates)
        if tool.slow:  # fewer requests: not to be compared
            result["cpu"] = result["peak"] = 0
        return result

    def measure(self, path, requests, limit):
        """Requests a second, of each test."""
        out = subprocess.run(
            [self.client, "-s", path, "-t", self.TESTS, "-n",
             str(requests * (2 if self.pipeline > 1 else 1)),
             "-r", "100000", "-c", "50", "-P", str(self.pipeline), "--csv"],
            env=common.environment(), check=True, text=True, timeout=limit,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        return [float(line.split(",")[1].strip('"'))
                for line in out.splitlines()[1:]]

    @staticmethod
    def command(path, text, limit):
        end = time.monotonic() + limit
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as server:
                    server.settimeout(limit)
                    server.connect(path)
                    server.sendall(text)
                    server.recv(64)
                return
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)


def sqlite(directory):
    """Statements that are parsed one by one, an index, joins and groups."""
    path = os.path.join(directory, "statements.sql")
    with open(path, "w", encoding="ascii") as file:
        file.write("create table t(id integer primary key, name, n real);\n"
                   "create table u(id integer primary key, t integer, x);\n")
        for i in range(40000):
            file.write(f"insert into t values({i}, 'name {i * 7919 % 10007}', "
                       f"{i * 0.37});\n")
            file.write(f"insert into u values({i}, {i * 31 % 40000}, "
                       f"'{i:x}');\n")
        file.write("create index i on t(name);\n")
        for i in range(20):
            file.write(f"""
                select name, count(*), sum(n), group_concat(u.x) from t
                    join u on u.t = t.id where t.id % 20 = {i}
                    group by name order by 3 desc limit 3;
                update t set name = name || '{i}' where id % 20 = {i};""")
    program = shutil.which("sqlite3")
    return Workload("sqlite3", [program, ":memory:"], text=path,
                    missing=None if program else "no sqlite3 on PATH",
                    version="sqlite3 " + common.output_of("sqlite3", "--version")[:6])


SOURCE = """
#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>
"""

PIECE = """
struct item{n} {{ std::string name; std::vector<int> list; int n = {n}; }};
std::map<std::string, std::vector<std::shared_ptr<item{n}>>> items{n};
std::string find{n}(const std::string &name)
{{
    std::ostringstream out;
    auto &list = items{n}[name];
    std::sort(list.begin(), list.end(),
              [](auto &a, auto &b) {{ return a->name < b->name; }});
    for (auto &item : list)
        out << item->name << ' ' << item->list.size() + item->n;
    return out.str();
}}
"""


def compiler(directory):
    """The compiler proper on a file that is preprocessed: the driver would
    have the tools measure another program."""
    path = common.output_of("g++", "-print-prog-name=cc1plus")
    missing = None if os.path.isfile(path) else "no g++ on PATH"
    source = os.path.join(directory, "large.cc")
    with open(source, "w", encoding="ascii") as file:
        file.write(SOURCE)
        for n in range(12):
            file.write(PIECE.format(n=n))
    if not missing:
        subprocess.run(["g++", "-std=c++17", "-E", source, "-o",
                        source + ".ii"], check=True)
    return Workload("g++", [path, "-quiet", "-fpreprocessed", "-std=c++17",
                            "-O0", source + ".ii", "-o", os.devnull],
                    missing, version=common.output_of("g++", "--version"))


def python(name, options=""):
    path = PYTHON if os.path.exists(PYTHON) else shutil.which("python3")
    return Workload(name, [os.path.realpath(path),
                           os.path.join(HERE, "objects.py")],
                    env={"PYTHONMALLOC": "malloc"}, options=options,
                    version=common.output_of(path, "--version"))


def shell(name, command):
    """Children by the hundred: what each costs, and its start and end."""
    path = shutil.which("bash")
    return Workload(name, [path, "-c", command],
                    missing=None if path else "no bash on PATH",
                    version=common.output_of("bash", "--version")[:40])


def make(directory):
    """A target is a child of vfork that executes."""
    path = shutil.which("make")
    targets = [f"t{n}" for n in range(400)]
    makefile = os.path.join(directory, "Makefile")
    with open(makefile, "w", encoding="ascii") as file:
        file.write(f"all: {' '.join(targets)}\n"
                   f"{' '.join(targets)}:\n\t@/bin/true\n")
    return Workload("make", [path, "-s", "-f", makefile],
                    missing=None if path else "no make on PATH",
                    version=common.output_of("make", "--version"))


def everything(programs, directory):
    threads = os.path.join(programs, "threads")
    return [
        Workload("trees", [os.path.join(programs, "trees")]),
        python("cpython"),
        python("cpython-no-frames", ":python-stacks=no"),
        Workload("threads-1", [threads, "own", "1"]),
        Workload("threads-2", [threads, "own", "2"]),
        Workload("exchange", [threads, "exchange", "2"]),
        Redis("redis", 1),
        Redis("redis-P16", 16),
        sqlite(directory),
        compiler(directory),
        shell("commands", "for i in $(seq 1500); do /bin/true; done"),
        shell("subshells", "for i in $(seq 1500); do (x=1); done"),
        make(directory),
        Workload("forks", [os.path.join(programs, "forks")]),
    ]
