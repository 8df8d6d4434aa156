#!/usr/bin/env python3
"""How often is the type of a block known, and how often is it wrong?

make accuracy ACCURACY_FLAGS="[--cache=DIR] [--only=NAME,…] [--show=wrong,…]"

Programs of Debian (programs.py) are fetched with apt-get source, built with
-g -O2 by gcc and by clang, and driven; programs made for the purpose (made.py)
are built at three levels. forget.c makes each leak all that it ever allocated,
so that the report types it by the place of its allocation. What is true comes
from elsewhere:

- the source, as clang's syntax tree has it (source.py), for C and C++;
- for what the source leaves open, the class that the block's virtual table
  names, read in the program (forget.c);
- for the programs made, a comment beside the allocation.

A place is one line of one function that makes one type. It is wrong if any
block seen there is, and typed if all are. Where neither source nor table tells,
nothing is counted. doc/design/accuracy.md has the figures.
"""
import argparse
import collections
import glob
import os
import sys
import tempfile

import made
import programs
import source
import source_rust
from builds import Apt, Build, Skip
from judge import GORDIAN, Seen, classes_read, judge, members, places

APART = os.path.join(os.path.dirname(GORDIAN), "tests/accuracy/apart")
SORTS = ("object", "pointers", "data")


def is_rust(frame):
    """Of Rust's own library: the program calls what it allocates with."""
    return (frame["file"] or "").startswith("/rustc/")


def is_own(member, name):
    """A container's elements may begin with a member that has a table."""
    function = member["stack"][0]["function"] or ""
    return name and (name in function or "_allocator<" not in function)


class Blocks:
    """What is true of the blocks of a build."""

    def __init__(self, build):
        self.sources = source_rust.Sources(build.tree) \
            if build.compiler == "rustc" else \
            source.Sources(build.tree, build.log)
        self.classes = {}  # place in the program → its class

    def in_tree(self, frame):
        return frame["file"] and frame["line"] and \
            os.path.realpath(frame["file"]).startswith(self.sources.tree)

    def by_source(self, member):
        """(place, what the source says or None) if the program allocated it"""
        frames = []
        stack = [frame for frame in member["stack"] if not is_rust(frame)]
        for frame in stack:
            if not self.in_tree(frame):
                break
            frames.append((frame["file"], frame["line"]))
        if not frames:
            return None, None
        truth, i = self.sources.truth(frames, member["size"])
        return (os.path.relpath(frames[i][0], self.sources.tree),
                frames[i][1], stack[i]["function"]), truth

    def truth(self, member, name):
        """(place, sort, names, who says so) of a block with that class"""
        where, said = self.by_source(member)
        name = name if is_own(member, name) else None
        if said:
            return where, said.sort, said.names, "source"
        if name:
            frame = member["stack"][0]
            where = where or (frame["module"], frame["offset"],
                              frame["function"])
            return where, "object", {name}, "RTTI"
        return where, "unknown", (), ""

    def seen(self, reports, classes):
        for path in reports:
            for pid, member in members(path, APART):
                name = classes.get((pid, member["address"]))
                where, sort, names, says = self.truth(member, name)
                if not where:
                    continue
                if name and any(judge(name, [one]) == "right"
                                for one in names):
                    self.classes[spot(member)] = names
                said = member.get("type")
                yield Seen(where, sort, "|".join(sorted(names)), says, said,
                           member.get("type_from"), judge(said, names))

    def stripped(self, reports, classes):
        """Of a program without names: blocks that have a class."""
        for path in reports:
            found = (one for one in members(path, APART)
                     if spot(one[1]) in self.classes)
            yield from of_class(found, classes)


def of_class(found, classes):
    for pid, member in found:
        name = classes.get((pid, member["address"]))
        if name:
            said = member.get("type")
            yield Seen(spot(member), "object", name, "RTTI", said,
                       member.get("type_from"), judge(said, [name]))


def spot(member):
    """Where a block was allocated, also without names."""
    found = []
    for frame in member["stack"]:
        one = os.path.basename(frame["module"] or ""), frame["offset"]
        if not found or found[-1] != one:
            found.append(one)
    return tuple(found[:4])


ALIVE = {"FORGET_FREES": "500"}


def measure(build, forget, again):
    """The places of a build: as it is. Of C++ also: where virtual tables are
    cleared; stripped, those that have one."""
    blocks = Blocks(build)
    seen = list(blocks.seen(*build.drive(forget, "plain", again)))
    if build.program.language != "C++":
        return {"plain": places(seen)}
    seen += blocks.seen(*build.drive(forget, "alive", again, **ALIVE))
    return {
        "plain": places(seen),
        "stripped": places(blocks.stripped(*build.drive(
            forget, "stripped", again, STRIPPED="1", **ALIVE))),
        "hidden": places(blocks.seen(*build.drive(
            forget, "hidden", again, FORGET_VTABLES="1", **ALIVE)))}


def measure_made(language, compiler, level, forget):
    library = os.path.join(os.path.dirname(GORDIAN), made.LIBRARY)
    with tempfile.TemporaryDirectory() as place:
        program, report = place + "/made", place + "/x.jsonl"
        made.build(language, compiler, level, program)
        made.run(program, forget, library, report)
        found = {"plain": places(made.seen(language, members(report, APART)))}
        if language == "C++":
            os.unlink(report)
            made.build(language, compiler, level, program, "-s")
            made.run(program, forget, library, report)
            found["stripped"] = places(of_class(
                members(report, APART),
                classes_read(glob.glob(report + ".truth.*"))))
        return found


def show(name, found, wanted):
    for one in found:
        if one.verdict in wanted or one.sort in wanted:
            file, line, function = one.where
            print(f"  {one.verdict} {name} {file}:{line} {function}: "
                  f"{one.said} ({one.source}), truly {one.true} ({one.says})")


def share(seen):
    count = collections.Counter(one.verdict for one in seen)
    known = count["right"] + count["wrong"] + count["untyped"]
    typed = count["right"] + count["wrong"]
    if not known:
        return "| 0 | | |"
    return f"| {known} | {100 * typed / known:.1f} % | {count['wrong']} |"


def row(name, seen):
    cells = "".join(share([one for one in seen if one.sort == sort])[:-1]
                    for sort in SORTS)
    unknown = sum(one.verdict is None for one in seen)
    return f"| {name} {cells}| {unknown} |"


HEAD = "| | objects | typed | wrong | pointers | typed | wrong | data | typed " \
       "| wrong | not counted |\n|" + "---|" * 11


def by_program(results):
    yield HEAD
    for (_, name), found in results.items():
        yield row(name, found["plain"])


def by_language(results):
    yield HEAD
    groups = collections.defaultdict(list)
    for (language, name), found in results.items():
        for way, seen in found.items():
            if way == "plain":
                groups[language, name.rpartition(", ")[2]] += seen
            else:
                groups[language, f"vtables {way}"] += seen
            if way == "plain":
                groups["all", ""] += seen
    for (language, way), seen in groups.items():
        yield row(f"{language} {way}", seen)


def by_way(results):
    """Which source of type says how much, of objects and pointers."""
    yield "| type from | right | wrong | share |\n|---|---|---|---|"
    seen = [one for found in results.values() for one in found["plain"]
            if one.sort in SORTS[:2] and one.verdict]
    for source_name, _ in collections.Counter(
            one.source for one in seen).most_common():
        count = collections.Counter(one.verdict for one in seen
                                    if one.source == source_name)
        yield f"| {source_name or 'none'} | {count['right']} | " \
              f"{count['wrong']} | {100 * sum(count.values()) / len(seen):.1f} % |"


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--cache", default=os.path.join(os.path.dirname(GORDIAN), "accuracy"),
        help="where what was built stays (build/accuracy)")
    add("--only", type=lambda text: text.split(","),
        help="names of programs; made: those made for the purpose")
    add("--compilers", default="gcc,clang")
    add("--jobs", type=int, default=os.cpu_count(), help="of each build")
    add("--again", action="store_true",
        help="read the reports of the last time again")
    add("--show", type=lambda text: text.split(","), default=[],
        help="list such places: wrong, untyped, right, unknown")
    args = parser.parse_args()
    args.cache = os.path.abspath(args.cache)
    return args


def attempt(results, key, function, *words):
    try:
        results[key] = function(*words)
        seen = [one for one in results[key]["plain"] if one.verdict]
        print(f"{key[1]}: {len(seen)} places", file=sys.stderr)
    except Skip as why:
        print(f"skip {key[1]}: {why}", file=sys.stderr)


def main():
    args, results = arguments(), {}
    if not source.cindex:
        print("skip all: no python3-clang-14")
        return 77
    os.makedirs(args.cache, exist_ok=True)
    forget, apt = os.path.join(args.cache, "forget.so"), Apt(args.cache)
    made.forget_build(forget)
    if not args.only or "made" in args.only:
        for way in made.ways():
            attempt(results, (way[0], "made {1} {2}, {1}".format(*way)),
                    measure_made, *way, forget)
    for program in programs.PROGRAMS:
        rust = program.language == "Rust"
        for compiler in ["rustc"] if rust else args.compilers.split(","):
            if args.only and program.name not in args.only:
                continue
            build = Build(program, compiler, args.cache)
            attempt(results, (program.language, f"{program.name}, {compiler}"),
                    lambda: build.make(apt, args.jobs) or
                    measure(build, forget, args.again))
    for (_, name), found in results.items():
        show(name, found["plain"], args.show)
    for table in by_program, by_language, by_way:
        print("\n" + "\n".join(table(results)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
