#!/usr/bin/env python3
"""Whole reports as people read them.

Each file in tests/golden/*.txt has the commands that build and run a program,
each after "$ ", and what the last one prints. Numbers that are other in each
run, ids and the number of folded frames are left out. The samples of README.md are
compared in the same way, with their ids. "golden.py --write [NAME…]" writes what is printed now:
read the difference before it is kept.
"""
import difflib
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

from common import CHECKS, check, GORDIAN, main, SECONDS, Skip, TOP

GOLDEN = os.path.join(TOP, "tests", "golden")
README = os.path.join(TOP, "README.md")
# Samples of README.md: how each begins, and what prints it.
SAMPLES = {
    "readme-club": ("chess: ", """\
$ cd examples && g++ -g -O1 club.cc -o ../example
$ gordian run --report=build/example.jsonl -- ./example
"""),
    "readme-objects": ("CYCLE  1 ", """\
$ cc -g -O1 -Isrc obj.c -o obj
$ gordian run --quiet ./obj
"""),
    "readme-excess": ("EXCESS-REF  1 ", """\
$ cc -g -O1 -Isrc examples/forgotten.c -o forgotten
$ gordian run --quiet ./forgotten
"""),
    "readme-python": ("PENDING CYCLE  1 ", """\
$ gordian run --quiet /usr/bin/python3 pair.py
"""),
}
# Their ids rest on what a stripped interpreter was built of.
BUILT_ELSEWHERE = {"readme-python"}
ID = re.compile(r"\bid [0-9a-f]{16}\b")
# What is other elsewhere: (what, what stands for it).
OTHER = (
    (r"\S+ \(pid \d+\)", "PROGRAM (pid N)"),
    (r"process \d+ \(", "process N ("),
    (r"(processes: |, )\d+ \(", r"\1N ("),
    (r"gordian\.\d+\.jsonl", "gordian.N.jsonl"),
    (r"held by [0-9a-f]{16}\b", "held by N"),
    (r"longest pause \d+\.\d ms", "longest pause N ms"),
    (r"\b\d+ frames? in ", "N frames in "),
    (r"\([\d,]+ blocks looked at, \d+ scans?", "(N blocks looked at, N scans"),
    (r"([\w.+-])\+0x[0-9a-f]+", r"\1+0xN"),
    (r"\b0x[0-9a-f]{6,}\b", "0xN"),
    # as the C library calls main; its own debug information may be there
    (r"(?m)^ +\S+ +(\./csu/|libc\.so\.6\+).*\n", ""),
    (r"(?m)^ +_start +.*\n", ""),
    # the column as wide as the names of those
    (r"(?m)^( {8}\S+) {2,}(\S+:\d+:\d+)$", r"\1  \2"),
)


def normal(text, has_ids=False):
    for what, instead in OTHER:
        text = re.sub(what, instead, text)
    return text if has_ids else ID.sub("id N", text)


def read(path):
    """The commands, and what is to be printed."""
    text = open(path, encoding="utf-8").read()
    commands = re.match(r"(\$ .*\n)+", text).group(0)
    return commands, text[len(commands):]


def sources_copy(place):
    """Examples also stand in their own folder; obj.c is in README.md."""
    os.mkdir(place + "/examples")
    os.mkdir(place + "/build")
    for source in glob.glob(GOLDEN + "/*.[crp]*"):
        shutil.copy(source, place)
    for source in glob.glob(os.path.join(TOP, "examples", "*.c*")):
        shutil.copy(source, place)
        shutil.copy(source, place + "/examples")
    os.symlink(os.path.join(TOP, "src"), place + "/src")
    text = open(README, encoding="utf-8").read()
    for start, name in (("```c\n#include <gordian.h>", "obj.c"),
                        ("```python\nclass Node:", "pair.py")):
        at = text.index(start)
        code = text[text.index("\n", at) + 1:text.index("```", at + 3)]
        open(place + "/" + name, "w", encoding="utf-8").write(code)


def printed(commands):
    """(what the last command prints on standard output, on standard error)"""
    env = {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
           "DEBUGINFOD_URLS": "",
           "PATH": os.path.dirname(GORDIAN) + ":" + os.environ["PATH"]}
    env.pop("COLUMNS", None)
    with tempfile.TemporaryDirectory(prefix="gordian-") as place:
        sources_copy(place)
        for command in commands.splitlines():
            command = command[2:]
            tool = command.split("&&")[-1].split()[0]
            if not shutil.which(tool, path=env["PATH"]):
                raise Skip(f"no {tool}")
            done = subprocess.run(["sh", "-c", command], cwd=place, env=env,
                                  stdin=subprocess.DEVNULL, timeout=SECONDS,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
            out, error = (text.decode("utf-8", "replace")
                          for text in (done.stdout, done.stderr))
            assert not done.returncode, (command, error)
        return out, error


def differ(name, wanted, text):
    assert text == wanted, "\n" + "".join(difflib.unified_diff(
        wanted.splitlines(True), text.splitlines(True), name, "now"))


def sample_parts(start):
    """README.md: before, in and behind the sample that begins so."""
    text = open(README, encoding="utf-8").read()
    at = text.index("```\n" + start) + 4
    end = text.index("```\n", at)
    return text[:at], text[at:end], text[end:]


def sample_text(name):
    start, commands = SAMPLES[name]
    out, error = printed(commands)
    if not out.startswith(start):
        return error[error.index(start):error.index("\ngordian: ")]
    return out + error


def sample_compare(name):
    _, wanted, _ = sample_parts(SAMPLES[name][0])
    has_ids = name not in BUILT_ELSEWHERE
    differ(name, normal(wanted, has_ids), normal(sample_text(name), has_ids))


def sample_write(name):
    before, old, behind = sample_parts(SAMPLES[name][0])
    text = sample_text(name)
    if normal(text, True) != normal(old, True):
        with open(README, "w", encoding="utf-8") as file:
            file.write(before + text + behind)


def compare(path):
    commands, wanted = read(path)
    differ(path, wanted, normal(printed(commands)[1]))


def golden_write(path):
    commands, _ = read(path)
    text = normal(printed(commands)[1])
    with open(path, "w", encoding="utf-8") as file:
        file.write(commands + text)


def golden_files():
    return {os.path.basename(path)[:-4]: path
            for path in sorted(glob.glob(GOLDEN + "/*.txt"))}


def write(names):
    for name, path in golden_files().items():
        if not names or name in names:
            golden_write(path)
    for name in SAMPLES:
        if not names or name in names:
            sample_write(name)


def add(name, function, argument):
    def one():
        function(argument)
    one.__name__ = name
    check(one)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        sys.exit(write(sys.argv[2:]))
    for found, file_name in golden_files().items():
        add(found, compare, file_name)
    for found in SAMPLES:
        add(found, sample_compare, found)
    assert len(CHECKS) >= 10
    sys.exit(main(needs_act=False))
