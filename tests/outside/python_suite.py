#!/usr/bin/env python3
"""The test modules of Python's standard library under Gordian: nothing is
found in the interpreter and its extensions but what really leaks. KNOWN names
each such leak, and why it is one.

python_suite.py [MODULE…]. A module whose tests fail without Gordian, too, is
no failure here. Processes of other programs that a module runs are left out."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from common import GORDIAN, SECONDS, check, environment
from python_build import PYTHON


def run(module, reports):
    """The status of its tests."""
    done = subprocess.run(
        [GORDIAN, "run", "--format=none", "--quiet",
         "--report=" + os.path.join(reports, "r.jsonl"), "--", PYTHON, "-m",
         "test", "-q", module], env=environment(), cwd=reports,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, timeout=SECONDS * 3)
    return done.returncode, done.stderr.decode(errors="replace")


def is_python(path):
    with open(path, errors="replace") as file:
        return re.search(r'"exe":"[^"]*/python3[^"/]*"', file.readline())


def alarms(reports):
    files = [f for f in glob.glob(os.path.join(reports, "r.jsonl*"))
             if is_python(f)]
    if not files:
        return []
    out = subprocess.run([GORDIAN, "report", "--format=json", *files],
                         check=True, stdout=subprocess.PIPE).stdout
    return [f for f in json.loads(out)["findings"]
            if f["confidence"] != "suspect" and not f.get("pending")
            and not f.get("gone")]


def describe(f):
    m = f["members"]
    frames = ["%s (%s:%s)" % (s["function"] or "?", os.path.basename(
        s["file"] or s["module"] or "?"), s["line"])
        for s in m[0]["stack"][:9]]
    return "%s %d × %s, %d bytes, %s%s\n        %s" % (
        f["kind"], f["count"], " ".join(str(x["type"]) for x in m[:6]),
        f["bytes"], f["confidence"], ", nested" if f.get("is_held") else "",
        "\n        ".join(frames))


for module in sys.argv[1:]:
    reports = tempfile.mkdtemp(prefix="gordian-suite.", dir="/tmp/w/py.d/ts")
    try:
        status, err = run(module, reports)
    except subprocess.TimeoutExpired:
        status, err = "timeout", ""
    found = alarms(reports)
    print(module, status, len(found), err.strip().splitlines()[-1:], reports, flush=True)
    for f in found:
        print("    " + describe(f), flush=True)
