#!/usr/bin/env python3
"""Types of blocks: programs whose allocations have their type beside them
(tests/accuracy/made.*), built as users build them. A type is right or none."""
import os
import sys

from common import BUILT, TOP, Skip, check, main

sys.path.insert(0, os.path.join(TOP, "tests", "accuracy"))
import made
from judge import members, places


def check_language(language):
    ways = [way for way in made.ways(("-O0", "-O2")) if way[0] == language]
    if not ways:
        raise Skip("no compiler")
    made.forget_build("forget.so")
    wrong, marks = [], made.marked(language)
    for way in ways:
        made.build(*way, "./made")
        made.run("./made", os.path.abspath("forget.so"), BUILT, "x.jsonl")
        seen = places(made.seen(language, members("x.jsonl")))
        lines = {one.where[1] for one in seen}
        assert len(lines) >= len(marks) * 3 // 4, (way, set(marks) - lines)
        wrong += [(way[1:], one.where, one.said, one.source, one.true)
                  for one in seen if one.verdict == "wrong"]
    assert not wrong, wrong


@check
def types_of_c():
    check_language("C")


@check
def types_of_cpp():
    check_language("C++")


@check
def types_of_rust():
    check_language("Rust")


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
