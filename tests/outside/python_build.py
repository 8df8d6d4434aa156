"""What the checks of CPython share: extensions, and programs that embed it."""
import collections
import json
import os
import subprocess

from common import GORDIAN, TOP, Skip, start

__all__ = ["FORGET", "NODE", "PYTHON", "compiled", "counted", "embedding",
           "extension", "need_python", "reported"]
PYTHON = "/usr/bin/python3"
BUILT = {}  # each check has a directory of its own
NODE = """class Node:
    def __init__(self): self.ref = None
"""
FORGET = """import ctypes
forget = ctypes.pythonapi.Py_IncRef
forget.argtypes = [ctypes.py_object]
forget.restype = None
for i in range(10): forget(%s)
"""


def need_python():
    if not os.path.exists(PYTHON):
        raise Skip(PYTHON + " is not installed")


def asked(what):
    """Of the interpreter that is installed."""
    need_python()
    return subprocess.run(
        [PYTHON, "-c", "import sysconfig as s; print(%s)" % what], check=True,
        stdout=subprocess.PIPE, universal_newlines=True).stdout.strip()


def compiled(name, out, *flags):
    """Of a source in tests/cpython."""
    include = asked("s.get_paths()['include']")
    if not os.path.exists(os.path.join(include, "Python.h")):
        raise Skip("Python.h is not installed")
    compiler = ["c++", "-O0"] if name.endswith(".cc") else ["cc", "-O1"]
    if name not in BUILT:
        done = subprocess.run(
            [*compiler, "-g", "-w", "-I", include,
             os.path.join(TOP, "tests", "cpython", name), "-o", out, *flags],
            stderr=subprocess.PIPE)
        if done.returncode:
            raise Skip("cannot compile %s: %s" % (name, done.stderr[-300:]))
        with open(out, "rb") as file:
            BUILT[name] = file.read()
    with open(out, "wb") as file:
        file.write(BUILT[name])
    os.chmod(out, 0o755)


def extension(name, *flags):
    """Of the same name, without its suffix. In tests/cpython, or elsewhere."""
    out = os.path.basename(name).split(".")[0] + ".so"
    compiled(name, out, "-shared", "-fPIC", *flags)


def embedding(name):
    version = asked("s.get_config_var('LDVERSION')")
    compiled(name, "embedding", "-lpython" + version)
    return "./embedding"


def reported(*paths):
    """All findings."""
    code, out, err = start([GORDIAN, "report", "--format=json",
                            *(paths or ["x.jsonl"])])
    assert code == 0, err
    return json.loads(out)["findings"]


def counted(found):
    """Of the alarms: how many there are of a kind, by the first member's
    type."""
    counts = collections.Counter()
    for f in found:
        if f["confidence"] != "suspect" and not f.get("pending") and \
                not f.get("gone"):
            counts[f["kind"], f["members"][0]["type"]] += f["count"]
    return dict(counts)
