#!/usr/bin/env python3
"""Where gordian report prints to: a terminal, which has colours and a width, a
file, a full disk."""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

from common import check, GORDIAN, main, one_line
from made import as_text, finding, gordian, program, scan, write


@check
def colour_only_on_terminals():
    write("ring", program(), finding(), scan())
    for variables, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        env.update(variables, TERM="xterm")
        ours, theirs = pty.openpty()
        subprocess.run([GORDIAN, "report", "ring"], stdout=theirs, env=env)
        os.close(theirs)
        text = os.read(ours, 65536)
        os.close(ours)
        assert (b"\x1b[" in text) == coloured, text


@check
def terminals_have_a_width():
    long = finding(stacks=[[[0, 4660]]])
    write("wide", program(), long, scan())
    text = as_text("wide", env={"COLUMNS": "50"})
    assert max(map(len, text.split("\n"))) <= 50, text
    assert """\
    if these references are not counted: nothing
        frees the 48 bytes from it+0x1234
    if they are: ✂ set the pointer at offset 8 of
        the 32-byte block without taking a
        reference, or clear it before the last
        outside reference is released
""" in text, text
    for columns in "10", "none", "200":
        assert as_text("wide", env={"COLUMNS": columns}) == as_text("wide")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
    subprocess.run([GORDIAN, "report", "wide"], stdout=theirs,
                   env={**os.environ, "TERM": "dumb", "LC_ALL": "C.UTF-8"})
    os.close(theirs)
    lines = os.read(ours, 65536).decode().replace("\r", "").split("\n")
    os.close(ours)
    assert 30 < max(map(len, lines)) <= 40, lines


@check
def output_file():
    write("ring", program(), finding(), scan())
    assert as_text("ring", "-o", "out.txt") == ""
    assert open("out.txt", encoding="utf-8").read() == as_text("ring")
    for name, word in (("no/such", "No such file"), (".", "directory")):
        code, _, err = gordian("report", "ring", "--output", name)
        assert code == 1
        one_line(err, word)
    with open("/dev/full", "wb") as full:
        done = subprocess.run([GORDIAN, "report", "ring"], stdout=full,
                              stderr=subprocess.PIPE)
    assert done.returncode == 1 and b"No space" in done.stderr, done


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
