"""The checks beside this file are able to fail: in a copy of the sources they
find all that is planted there.

usage: planted.py layers|includes"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

import includes
import layers

CC = os.environ.get("CC") or "cc"


class Copy:
    """Of src/ and its objects."""

    def __init__(self, scratch):
        self.top, self.build = scratch, os.path.join(scratch, "build")
        for folder in ("src", "tests/docs"):
            shutil.copytree(os.path.join(layers.TOP, folder),
                            os.path.join(scratch, folder))
        for where, _, names in os.walk(os.path.join(layers.BUILD, "src")):
            to = os.path.join(self.build,
                              os.path.relpath(where, layers.BUILD))
            os.makedirs(to)
            for name in names:
                if name.endswith(".o"):
                    os.symlink(os.path.join(os.path.abspath(where), name),
                               os.path.join(to, name))
        subprocess.run(["chmod", "-R", "u+w", scratch], check=True)

    def path(self, name):
        return os.path.join(self.top, name)

    def write(self, name, text):
        with open(self.path(name), "a") as file:
            file.write(text)

    def compile(self, source):
        """The object where that of the library would be."""
        subprocess.run(
            CC.split() + ["-c", self.path(source), "-o",
                          re.sub(r"(\w+)\.c$", r"planted-\1.o",
                                 os.path.join(self.build, source))],
            check=True)

    def layers(self):
        return list(layers.problems(self.top, self.build, ["src"]))

    def includes(self):
        return list(includes.problems(layers.sources(self.top, "src")))


def include_up(copy):
    copy.write("src/base/sort.h", '#include "scan/scan.h"\n')
    return "src/base/sort.h may not use src/scan/scan.h"


def call_up(copy):
    copy.write("src/base/planted.c",
               "int shared_init(void);\n"
               "int planted(void);\n"
               "int planted(void) { return shared_init(); }\n")
    copy.compile("src/base/planted.c")
    return "src/base/planted.c may not use src/snapshot/shared.c: shared_init"


def circle(copy):
    for a, b in ("one", "two"), ("two", "three"), ("three", "one"):
        copy.write(f"src/heap/{a}.h", f'#include "heap/{b}.h"\n')
    return "a circle: src/heap/one src/heap/three src/heap/two"


def call_circle(copy):
    for a, b in ("four", "five"), ("five", "four"):
        copy.write(f"src/heap/{a}.c",
                   f"int planted_{b}(void);\nint planted_{a}(void);\n"
                   f"int planted_{a}(void) {{ return planted_{b}(); }}\n")
        copy.compile(f"src/heap/{a}.c")
    return "a circle: src/heap/five src/heap/four"


def anothers_name(copy):
    copy.write("src/base/fd.h", "void arena_release(void);\n")
    return "src/base/fd.h declares arena_release"


def nobodys_name(copy):
    copy.write("src/base/fd.h", "void planted_nowhere(void);\n")
    return "src/base/fd.h declares planted_nowhere, which nothing defines"


def table_up(copy):
    name = copy.path("src/README.md")
    with open(name) as file:
        text = file.read()
    with open(name, "w") as file:
        file.write(re.sub(r"^(\| `heap` .*)`base` \|$", r"\1`base`, `scan` |",
                          text, flags=re.M))
    return "the table lets src/heap use src/scan"


def no_room(copy):
    os.mkdir(copy.path("src/cellar"))
    copy.write("src/cellar/planted.h", '#include "base/sys.h"\n')
    return "src/cellar/planted.h may not use src/base/sys.h"


def flat_include(copy):
    copy.write("src/base/sort.h", '#include "fd.h"\n')
    return 'src/base/sort.h: #include "fd.h" names no file of a room'


def missing(copy):
    copy.write("src/scan/missing.c",
               "void planted(void) { arena_release(0); }\n")
    return ("src/scan/missing.c: uses arena_release without including "
            "src/base/arena.h")


def missing_type(copy):
    copy.write("src/scan/type.h", "struct planted { struct arena arena; };\n")
    return ("src/scan/type.h: uses struct arena without including "
            "src/base/arena.h")


def superfluous(copy):
    copy.write("src/scan/superfluous.c",
               '#include "base/arena.h"\nint arena_release;\n')
    return "src/scan/superfluous.c: uses nothing of src/base/arena.h"


def not_own(copy):
    copy.write("src/scan/planted.h", "void planted(void);\n")
    copy.write("src/scan/planted.c", "void planted(void) {}\n")
    return "src/scan/planted.c: does not include src/scan/planted.h"


PLANTS = {
    "layers": [include_up, call_up, circle, call_circle, anothers_name,
               nobodys_name, table_up, no_room, flat_include],
    "includes": [missing, missing_type, superfluous, not_own],
}


def main(what):
    plants = PLANTS[what]
    compiler = shutil.which(CC.split()[0])
    if not compiler:
        plants = [p for p in plants if not p.__name__.startswith("call")]
    with tempfile.TemporaryDirectory() as scratch:
        copy = Copy(scratch)
        wanted = [plant(copy) for plant in plants]
        found = getattr(copy, what)()
    missed = [w for w in wanted if not any(f.startswith(w) for f in found)]
    if missed:
        print("not found:", *missed, "but:", *found, sep="\n\t")
        return 1
    if not compiler:
        print(f"{CC} is not here: no call was planted")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
