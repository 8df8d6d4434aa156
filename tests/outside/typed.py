#!/usr/bin/env python3
"""Types of blocks: programs whose allocations have their type beside them
(tests/accuracy/made.*), built as users build them. A type is right or none."""
import os
import sys

from common import BUILT, TOP, Skip, check, main

sys.path.insert(0, os.path.join(TOP, "tests", "accuracy"))
import made
from judge import members, places


# Of the places in made.*: the rest can be known from the source alone, like
# what is kept by a void *.
TYPED = {"C": 0.85, "C++": 0.95, "Rust": 0.95}


def check_way(way, marks):
    made.build(*way, "./made")
    made.run("./made", os.path.abspath("forget.so"), BUILT, "x.jsonl")
    seen = places(made.seen(way[0], members("x.jsonl")))
    lines = {one.where[1] for one in seen}
    assert len(lines) >= len(marks) * 3 // 4, (way, set(marks) - lines)
    verdicts = [one.verdict for one in seen if one.verdict]
    wrong = [one for one in seen if one.verdict == "wrong"]
    assert not wrong, (way, wrong)
    assert verdicts.count("right") >= TYPED[way[0]] * len(verdicts), \
        (way, [one for one in seen if one.verdict == "untyped"])


def check_language(language):
    ways = [way for way in made.ways(("-O0", "-O2"))
            if way[0] == language and way[1:] != ("clang", "-O0")]
    if not ways:
        raise Skip("no compiler")
    made.forget_build("forget.so")
    for way in ways:
        check_way(way, made.marked(language))


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
