"""Programs made for the purpose: made.c, made.cc, made.rs. Beside each
allocation stands what it makes, "= TYPE" or "= TYPE | TYPE"; "| *" where
nothing, or another name, is right as well."""
import os
import re
import shutil
import subprocess

from judge import Seen, bare, judge

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = "libgordian.so"
DATA = ("char", "int", "double", "color", "u8", "u32", "[u64;9]")
COMPILERS = {
    "C": ("made.c", {"gcc": ["gcc", "-std=gnu11"],
                     "clang": ["clang", "-std=gnu11"]}),
    "C++": ("made.cc", {"gcc": ["g++", "-std=c++17"],
                        "clang": ["clang++", "-std=c++17"]}),
    "Rust": ("made.rs", {"rustc": ["rustc", "--cap-lints=allow",
                                   "--edition=2021"]}),
}
LEVELS = {"rustc": {"-O0": ["-Copt-level=0"], "-O1": ["-Copt-level=1"],
                    "-O2": ["-Copt-level=2"]}}


def ways(levels=("-O0", "-O1", "-O2")):
    """(language, compiler, level) of those that are here"""
    for language, (_, compilers) in COMPILERS.items():
        for compiler, words in compilers.items():
            if shutil.which(words[0]):
                for level in levels:
                    yield language, compiler, level


def build(language, compiler, level, program, *more):
    file, compilers = COMPILERS[language]
    flags = LEVELS.get(compiler, {}).get(level, [level])
    subprocess.run([*compilers[compiler], "-g", *flags, *more,
                    os.path.join(HERE, file), "-o", program], check=True)


def environment(forget, library, report):
    """Of a program that forgets all; its classes are in REPORT.truth.PID."""
    env = dict(os.environ, FORGET_TRUTH=report + ".truth")
    env.update(LD_PRELOAD=f"{forget}:{library}", GORDIAN_OPTIONS=f"report="
               f"{report}:plain=no:follow=no:threshold=1000000000")
    return env


def run(program, forget, library, report):
    subprocess.run([program], check=True,
                   env=environment(forget, library, report))


def forget_build(library):
    subprocess.run(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-fPIC",
                    "-shared", "-fvisibility=hidden",
                    os.path.join(HERE, "forget.c"), "-o", library], check=True)


def marked(language):
    """line → the names that are right there"""
    with open(os.path.join(HERE, COMPILERS[language][0])) as file:
        lines = enumerate(file, 1)
        found = ((n, re.search(r"/[/*] = (.*?)(?: \*/)?$", line.rstrip()))
                 for n, line in lines)
        return {n: frozenset(re.split(r" \| ", match.group(1)))
                for n, match in found if match}


def sort_of(names):
    name = bare(min(names - {"*"}, default=""))
    if name in DATA:
        return "data"
    return "pointers" if name.endswith("*") else "object"


def own(language, name):
    """In Rust, with or without the crate's name."""
    return re.sub(r"\bmade::", "", name) if language == "Rust" and name \
        else name


def seen(language, found):
    """What members say at the places that are marked."""
    file, marks = COMPILERS[language][0], marked(language)
    for _, member in found:
        for frame in member["stack"]:
            if os.path.basename(frame["file"] or "") == file and \
                    frame["line"] in marks:
                names = marks[frame["line"]]
                said = own(language, member.get("type"))
                yield Seen((file, frame["line"], frame["function"]),
                           sort_of(names), "|".join(sorted(names)), "mark",
                           said, member.get("type_from"), judge(said, names))
                break
