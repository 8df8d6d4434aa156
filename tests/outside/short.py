#!/usr/bin/env python3
"""With little memory a program is refused nothing that it has without Gordian,
but for a few megabytes, which the library itself takes: what else Gordian uses
goes back. Nothing is tracked then, and that is said."""
import os
import resource
import subprocess
import sys
import tempfile

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GORDIAN = os.path.abspath(
    os.environ.get("GORDIAN") or os.path.join(TOP, "build", "gordian"))
MORE = 6 << 10  # KB, that a program needs under Gordian


def start(words, kind, kilobytes):
    size = kilobytes << 10
    env = {key: value for key, value in os.environ.items()
           if key not in ("LD_PRELOAD", "GORDIAN_OPTIONS")}
    return subprocess.run(
        words, env=dict(env, MALLOC_ARENA_MAX="1"), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: resource.setrlimit(kind, (size, size)))


def least(words, kind):
    """The smallest limit with which it has all."""
    low, high = 1000, 1 << 20
    while high - low > 64:
        middle = (low + high) // 2
        if start(words, kind, middle).returncode:
            low = middle
        else:
            high = middle
    return high


def check(words, kind):
    limit = least(words, kind)
    given = 0
    for more in (MORE, MORE + 3000, MORE + 8000, MORE + 16000, MORE + 64000):
        # the limit is the program's, and that of what starts it
        ran = start([GORDIAN, "run", "--report=r.jsonl",
                     "--error-exitcode=9", "--", *words], kind, limit + more)
        assert ran.stdout == "", (words, kind, limit, more, ran)
        said = "not enough memory" in ran.stderr
        given += "nothing is tracked" in ran.stderr
        assert ran.returncode == (125 if said else 0), (limit, more, ran)
        assert not said or "nothing leaked" not in ran.stderr, ran
        os.unlink("r.jsonl")
    return given


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        subprocess.run([os.environ.get("CC", "gcc"), "-O1", "-D_GNU_SOURCE",
                        os.path.join(TOP, "tests", "outside", "short.c"),
                        "-o", "short", "-pthread"], check=True)
        short = 0
        for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
            for words in (["./short", "4", "40"], ["./short", "20", "16"]):
                given = check(words, kind)
                print("ok", words[1:], kind, given)
                short += bool(given)
        assert short > 1, "memory was never short"
        os.chdir("/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
