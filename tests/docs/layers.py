"""Rooms: no arrow leads to a room that the table of README.md does not allow,
and no circle of files, between rooms or inside one.

An arrow is an include, or a name that one object asks for and another defines
(but for exported ones: who calls dlopen means libc's). A file is a noun: X.c
with its X.h. What X.c defines is declared in X.h, or in the header that is
called as the room."""

import os
import re
import subprocess
import sys

from csource import sources

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.environ.get("abs_top_srcdir") or os.path.join(HERE, "..", "..")
BUILD = os.environ.get("abs_top_builddir") or os.path.join(TOP, "build")

# Files that are one noun.
NOUNS = {
    "src/heap/heap_look": "src/heap/heap",
}
# The public side, in no room.
PUBLIC = {"src/gordian.h"}


def noun(path):
    stem = re.sub(r"\.[ch]$", "", path)
    return NOUNS.get(stem, stem)


def room(path):
    return os.path.dirname(path)


def program(path):
    return path.split("/")[0]


def table(top, folder):
    """{room: the rooms that it may use}, from the table in its README.md:
    "| `room` | what it is | `room`, `room` |"."""
    rooms = {}
    with open(os.path.join(top, folder, "README.md")) as file:
        rows = re.findall(r"^\| `(\w+)` \|.*\|([^|]*)\|$", file.read(), re.M)
    for name, uses in rows:
        rooms[f"{folder}/{name}"] = {
            use if "/" in use else f"{folder}/{use}"
            for use in re.findall(r"`([\w/]+)`", uses)}
    return rooms


def included(path, name, files):
    """The file of ours that an include names; None: another's."""
    for folder in ("src/", "tools/"):
        if folder + name in files:
            return folder + name
    return None


def include_arrows(files):
    for path, source in files.items():
        for name in source.includes:
            to = included(path, name, files)
            if to is None:
                yield path, None, f'#include "{name}"'
            elif to not in PUBLIC:
                yield path, to, "an include"


def object_of(build, path):
    """libgordian_so-NAME.o, beside where its source would be; or None."""
    folder = os.path.join(build, room(path))
    name = "-" + os.path.basename(path)[:-2] + ".o"
    for found in os.listdir(folder) if os.path.isdir(folder) else ():
        if found.endswith(name):
            return os.path.join(folder, found)
    return None


class Objects:
    """What the objects of a build define and ask for: of each program that a
    folder is, its names."""

    def __init__(self, build, files, exported):
        self.defines, self.asks, self.missing = {}, {}, []
        self.optional = set(exported)  # what may be defined elsewhere
        objects = {}
        for path in files:
            if path.endswith(".c"):
                name = object_of(build, path)
                if name:
                    objects[name] = path
                else:
                    self.missing.append(path)
        self.read(objects, exported)

    def read(self, objects, exported):
        out = subprocess.run(["nm", "-P", "-A", *objects], text=True,
                             check=True, stdout=subprocess.PIPE).stdout
        for line in out.splitlines():
            name, symbol, kind = re.match(r"(.*?): (\S+) (\S)", line).groups()
            path = objects[name]
            if symbol in exported:
                continue
            if kind in "Uvw":
                self.asks.setdefault(path, set()).add(symbol)
                if kind != "U":
                    self.optional.add(symbol)
            elif kind.isupper():
                self.defines[program(path), symbol] = path

    def definer(self, path, symbol):
        """Of a name that a file uses; or None."""
        return self.defines.get((program(path), symbol))

    def arrows(self):
        for path, symbols in self.asks.items():
            for symbol in sorted(symbols):
                to = self.definer(path, symbol)
                if to:
                    yield path, to, symbol


def table_problems(rooms, files):
    seen = set()
    there = {room(path) for path in files if path not in PUBLIC}
    for name, uses in rooms.items():
        for use in uses - seen:
            if program(use) == program(name):
                yield f"the table lets {name} use {use}, which is not above it"
        seen.add(name)
    for name in sorted(there ^ set(rooms)):
        yield f"{name}: in the table or among the folders, not in both"


def arrow_problems(rooms, arrows):
    used = set()
    for a, b, why in arrows:
        if b is None:
            yield f"{a}: {why} names no file of a room"
            continue
        used.add((room(a), room(b)))
        if room(a) != room(b) and room(b) not in rooms.get(room(a), ()):
            yield f"{a} may not use {b}: {why}"
    for name, uses in rooms.items():
        for use in sorted(uses):
            if (name, use) not in used:
                yield f"{name} uses nothing of {use}, which its table allows"


def circles(arrows):
    """Sets of nouns that lead to each other."""
    graph = {}
    for a, b, _ in arrows:
        if b and noun(a) != noun(b):
            graph.setdefault(noun(a), set()).add(noun(b))
    reach = {}
    for start in graph:
        todo, seen = [start], set()
        while todo:
            for after in graph.get(todo.pop(), set()) - seen:
                seen.add(after)
                todo.append(after)
        reach[start] = seen
    return {tuple(sorted(b for b in reach[a] if a in reach.get(b, ())))
            for a in reach if a in reach[a]}


def is_defined(files, header, name):
    """In a build of another kind: tests' own parts are left out here."""
    return any(name in source.declared()[0] for path, source in files.items()
               if path.endswith(".c") and room(path) == room(header))


def header_problems(files, objects):
    """One header a file."""
    for path, source in files.items():
        if not path.endswith(".h") or path in PUBLIC:
            continue
        for name in sorted(source.declared()[1]):
            by = objects.definer(path, name)
            if by is None and name not in objects.optional and \
                    not is_defined(files, path, name):
                yield f"{path} declares {name}, which nothing defines"
            elif by is None or noun(by) == noun(path):
                continue
            elif path != f"{room(by)}/{os.path.basename(room(by))}.h":
                yield f"{path} declares {name}, which {by} defines"


def problems(top, build, folders=("src", "tools")):
    files, rooms = {}, {}
    for folder in folders:
        files.update(sources(top, folder))
        rooms.update(table(top, folder))
    with open(os.path.join(top, "tests", "docs", "exports.list")) as file:
        exported = set(re.findall(r"^\w+$", file.read(), re.M))
    objects = Objects(build, files, exported)
    for path in objects.missing:
        yield f"{path}: not compiled in {build}"
    arrows = list(include_arrows(files)) + list(objects.arrows())
    yield from table_problems(rooms, files)
    yield from arrow_problems(rooms, arrows)
    for circle in sorted(circles(arrows)):
        yield "a circle: " + " ".join(circle)
    yield from header_problems(files, objects)


def main():
    found = list(problems(TOP, BUILD))
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
