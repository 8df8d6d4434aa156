"""What the checks of CPython share: extensions, and programs that embed it."""
import os
import subprocess

from common import GORDIAN, TOP, Skip, records, run, start

__all__ = ["PYTHON", "alarms", "compiled", "embedding", "extension",
           "findings", "members", "of_type"]
PYTHON = "/usr/bin/python3"
OPTIONS = "--format=none --report=x.jsonl --threshold=100000000"


def asked(what):
    """Of the interpreter that is installed."""
    if not os.path.exists(PYTHON):
        raise Skip(PYTHON + " is not installed")
    return subprocess.run(
        [PYTHON, "-c", "import sysconfig as s; print(%s)" % what], check=True,
        stdout=subprocess.PIPE, universal_newlines=True).stdout.strip()


def compiled(name, out, *flags):
    """Of a source in tests/cpython."""
    include = asked("s.get_paths()['include']")
    if not os.path.exists(os.path.join(include, "Python.h")):
        raise Skip("Python.h is not installed")
    compiler = "c++" if name.endswith(".cc") else "cc"
    done = subprocess.run(
        [compiler, "-g", "-O1", "-w", "-I", include,
         os.path.join(TOP, "tests", "cpython", name), "-o", out, *flags],
        stderr=subprocess.PIPE)
    if done.returncode:
        raise Skip("cannot compile %s: %s" % (name, done.stderr[-300:]))


def extension(name, *flags):
    """Of the same name, without its suffix."""
    compiled(name, name.split(".")[0] + ".so", "-shared", "-fPIC", *flags)


def embedding(name):
    version = asked("s.get_config_var('LDVERSION')")
    compiled(name, "embedding", "-lpython" + version)
    return "./embedding"
