"""What a report says of types, held against what is true."""
import collections
import json
import os
import re
import subprocess

# A place, what was true there ("" when unknown) and by what, what was said and
# by what, and the verdict: right, wrong, untyped, None.
Seen = collections.namedtuple("Seen", "where sort true says said source "
                              "verdict")
RANK = (None, "right", "untyped", "wrong")
GORDIAN = os.path.abspath(os.environ.get("GORDIAN") or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "../../build/gordian"))


def members(path, apart=None):
    """(process, member) of every finding of a report"""
    words = [apart, path] if apart else \
        [GORDIAN, "report", "--format=json", path]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False,
                          stderr=subprocess.DEVNULL)
    if done.returncode:
        return
    report = json.loads(done.stdout)
    pid = str(report["program"]["pid"])
    for finding in report["findings"]:
        for member in finding["members"]:
            if member["stack"] and member["size"]:
                yield pid, member


def held(name):
    """What make_shared's control block holds is the object."""
    start, depth = "std::_Sp_counted_ptr_inplace<", 0
    if not name.startswith(start):
        return name
    for i, letter in enumerate(name[len(start):], len(start)):
        if letter == "," and not depth:
            return name[len(start):i]
        depth += {"<": 1, "(": 1, ">": -1, ")": -1}.get(letter, 0)
    return name


def classes_read(paths):
    """(process, address) → class, as its type information has it"""
    found = {}
    for path in paths:
        pid = path.rpartition(".")[2]
        with open(path) as file:
            pairs = [line.split() for line in file]
        names = subprocess.run(["c++filt", "-t"], text=True, check=True,
                               stdout=subprocess.PIPE, input="\n".join(
                                   name for _, name in pairs)).stdout
        for (address, _), name in zip(pairs, names.split("\n")):
            found[pid, address] = held(name)
    return found


def bare(name):
    """A type without what programmers leave out, and without its number."""
    name = re.sub(r"\b(struct|union|enum|class|const|volatile|mut) ", "", name)
    name = re.sub(r"(\s*\[[^]]*\])+$", "", name.strip())
    name = re.sub(r"std::(__cxx11|__1|__ndk1)::", "std::", name)
    name = re.sub(r"\b(alloc|core|std)::(\w+::)+(?=[A-Z])", "", name)
    name = name.replace("(anonymous namespace)::", "").lstrip("*")
    name = name.replace(", (__gnu_cxx::_Lock_policy)2", "")
    name = re.sub(r"\b(short|long) unsigned int\b", r"unsigned \1", name)
    name = re.sub(r"\b(short|long) int\b", r"\1", name)
    before = None
    while before != name:
        before = name
        name = re.sub(r", ?(std::)?(allocator|default_delete|less|equal_to|hash"
                      r"|char_traits)<[^<>]*(<[^<>]*>)?[^<>]*>", "", name)
    name = name.replace("std::basic_string<char>", "std::string")
    return name.replace(" ", "")


def is_same(said, name):
    """A name that begins with :: is the end of one."""
    if name.startswith("::"):
        return ("::" + said.partition("<")[0]).endswith(name)
    return said == name


def judge(said, names):
    """names: those that are right; "*" among them, nothing is asked."""
    if not names or "*" in names and said is None:
        return None
    if said is None:
        return "untyped"
    right = any(is_same(bare(said), bare(name)) for name in names)
    return "right" if right else None if "*" in names else "wrong"


def places(seen):
    """One for each place: the worst that was seen there."""
    worst = {}
    for one in seen:
        key = one.where, one.true
        if key not in worst or RANK.index(one.verdict) > \
                RANK.index(worst[key].verdict):
            worst[key] = one
    return list(worst.values())
