#!/usr/bin/env python3
"""What Rust counts: rings of Rc and Arc are cycles, a tree with weak pointers
to parents is none. What lives, and what is freed, is silent."""
import json
import os
import shutil
import subprocess
import sys

from common import GORDIAN, TOP, Skip, check, main, run, start


def program(*flags):
    if not shutil.which("rustc"):
        raise Skip("rustc is not installed")
    subprocess.run(["rustc", "-A", "warnings", "-g", *flags, "-o", "counted",
                    os.path.join(TOP, "tests", "outside", "counted.rs")],
                   check=True)


def alarms(how):
    code, _, err = run("--format=none --report=x.jsonl", "./counted", how)
    assert code == 0, err
    code, out, err = start([GORDIAN, "report", "--format=json", "x.jsonl"])
    assert code == 0, err
    return [f for f in json.loads(out)["findings"]
            if f["confidence"] != "suspect"]


def only(how, kind, name):
    """Old words of the stack may hold the last ones."""
    finding, = alarms(how)
    assert finding["kind"] == kind and 7 <= finding["count"] <= 10, \
        (finding["kind"], finding["count"])
    types = {m["type"] for m in finding["members"]
             if m["part_of"] is None}
    assert {t.split("::")[-1] for t in types} == {name}, types


@check
def rings_are_found():
    for flags in ((), ("-O",)):
        program(*flags)
        only("ring", "cycle", "Node")
        only("shared", "cycle", "Shared")
        only("forgotten", "lost", "Node")


@check
def what_registries_know_is_found():
    for flags in ((), ("-O",)):
        program(*flags)
        only("weak", "cycle", "Node")
        only("named", "cycle", "Shared")
        only("raw", "cycle", "Node")


@check
def what_lives_is_silent():
    for flags in ((), ("-O",)):
        program(*flags)
        for how in "live", "freed", "kept":
            assert not alarms(how), how


if __name__ == "__main__":
    sys.exit(main())
