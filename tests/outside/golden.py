#!/usr/bin/env python3
"""Whole reports as people read them.

Each file in tests/golden/*.txt has the commands that build and run a program,
each after "$ ", and what the last one prints. Numbers that are other in each
run, ids and the number of folded frames are left out. "golden.py --write
[NAME…]" writes what is printed now: read the difference before it is kept.
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
# What is other elsewhere: (what, what stands for it).
OTHER = (
    (r"\(pid \d+\)", "(pid N)"),
    (r"process \d+ \(", "process N ("),
    (r"(processes: |, )\d+ \(", r"\1N ("),
    (r"\bid [0-9a-f]{16}\b", "id N"),
    (r"held by [0-9a-f]{16}\b", "held by N"),
    (r"longest pause \d+\.\d ms", "longest pause N ms"),
    (r"\b\d+ frames? in ", "N frames in "),
    (r"([\w.+-])\+0x[0-9a-f]+", r"\1+0xN"),
    (r"\b0x[0-9a-f]{6,}\b", "0xN"),
    # as the C library calls main; its own debug information may be there
    (r"(?m)^ +\S+ +(\./csu/|libc\.so\.6\+).*\n", ""),
    (r"(?m)^ +_start +.*\n", ""),
)


def normal(text):
    for what, instead in OTHER:
        text = re.sub(what, instead, text)
    return text


def read(path):
    """The commands, and what is to be printed."""
    text = open(path, encoding="utf-8").read()
    commands = re.match(r"(\$ .*\n)+", text).group(0)
    return commands, text[len(commands):]


def printed(commands):
    """What the last command prints on standard error, in a folder with all
    sources."""
    words = [line[2:] for line in commands.splitlines()]
    with tempfile.TemporaryDirectory(prefix="gordian-") as place:
        for source in glob.glob(GOLDEN + "/*.[cr]*") + \
                glob.glob(os.path.join(TOP, "examples", "*.c*")):
            shutil.copy(source, place)
        os.symlink(os.path.join(TOP, "src"), place + "/src")
        env = {**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
               "DEBUGINFOD_URLS": "",
               "PATH": os.path.dirname(GORDIAN) + ":" + os.environ["PATH"]}
        env.pop("COLUMNS", None)
        for command in words:
            tool = command.split()[0]
            if not shutil.which(tool, path=env["PATH"]):
                raise Skip(f"no {tool}")
            done = subprocess.run(["sh", "-c", command], cwd=place, env=env,
                                  stdin=subprocess.DEVNULL, timeout=SECONDS,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
            text = done.stderr.decode("utf-8", "replace")
            assert not done.returncode, (command, text)
        return normal(text)


def compare(path):
    commands, wanted = read(path)
    text = printed(commands)
    assert text == wanted, "\n" + "".join(difflib.unified_diff(
        wanted.splitlines(True), text.splitlines(True), path, "now"))


def write(names):
    for path in sorted(glob.glob(GOLDEN + "/*.txt")):
        if names and os.path.basename(path)[:-4] not in names:
            continue
        commands, _ = read(path)
        text = printed(commands)
        open(path, "w", encoding="utf-8").write(commands + text)


def add(path):
    def one():
        compare(path)
    one.__name__ = os.path.basename(path)[:-4]
    check(one)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        sys.exit(write(sys.argv[2:]))
    for found in sorted(glob.glob(GOLDEN + "/*.txt")):
        add(found)
    assert len(CHECKS) >= 10
    sys.exit(main(needs_act=False))
