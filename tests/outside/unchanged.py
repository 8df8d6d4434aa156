#!/usr/bin/env python3
"""What the program sees of Gordian: nothing."""
import sys

from common import act, check, main, preload, records, run, scans, start


@check
def no_thread_and_no_child():
    code, out = act("tasks keep 2000 tasks no-children tasks",
                    "--format=none --interval=0.02 --threshold=100")
    assert code == 0
    assert out == "tasks 1\ntasks 1\nchildren 0 0 0\ntasks 1\n", out
    assert len(scans("interval")) + len(scans("threshold")) > 10


@check
def what_is_closed_is_free():
    """A child that kept descriptors would hold each for its whole scan."""
    for what in ("pipe", "port", "flock", "ofd"):
        assert act("open-many 800 keep 400000 holds " + what,
                   "--format=none --interval=0.05 --budget=100") == \
            (0, "free meanwhile\n"), what


@check
def errno_is_kept():
    code, out = act("errno", "--format=none --threshold=10 --interval=0.01")
    assert (code, out) == (0, "errno changed 0\nerrno set 1\n"), out
    assert len(records("x.jsonl", "scan")) > 10


@check
def dispositions_are_told_as_set():
    code, out = act("dispositions")
    assert (code, out) == (0, "dispositions wrong 0\n"), out


@check
def output_is_unchanged():
    script = "echo out; echo err >&2; printf nonl; exit 12"
    plain = start(["sh", "-c", script])
    assert run("--format=none", "sh", "-c", script) == plain
    assert preload(None, "sh", "-c", script) == plain


if __name__ == "__main__":
    sys.exit(main())
