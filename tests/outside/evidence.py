#!/usr/bin/env python3
"""What a report's lines tell of blocks, so that the command can name types."""
import os
import re
import subprocess
import sys

from common import check, main, records, run
from made import as_json, compiled

CLASSES = r"""
#include <memory>
#include <vector>
namespace app {
struct Member;
struct Club { virtual ~Club() {} std::vector<std::shared_ptr<Member>> members; };
struct Member { virtual ~Member() {} int level = 5; std::shared_ptr<Club> club; };
}
namespace {
struct Hidden { virtual ~Hidden() {} Hidden *next = nullptr; };
}
struct Base { virtual ~Base() {} long b = 0; };
struct Other { virtual ~Other() {} Other *peer = nullptr; };
struct Both : Base, Other {};
struct Plain { void *in_module; Plain *next; };
static char words[64];
static void *volatile seen; /* what is seen is allocated */

__attribute__((noinline)) static void make()
{
    auto club = std::make_shared<app::Club>();
    club->members.emplace_back(new app::Member);
    club->members[0]->club = club;
    auto *hidden = new Hidden;
    hidden->next = hidden;
    hidden->next = new Hidden;
    hidden->next->next = hidden;
    seen = hidden;
    auto *a = new Both, *b = new Both;
    a->peer = b;
    b->peer = a;
    seen = a;
    auto *p = new Plain{words + 16, nullptr}, *q = new Plain{words, p};
    p->next = q;
    seen = p;
    auto *r = new Plain{(void *)make, nullptr}, *s = new Plain{r, r};
    r->next = s;
    seen = r;
    seen = nullptr;
}

__attribute__((noinline)) static void wipe()
{
    volatile char room[8192];
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = 0;
}

int main()
{
    make();
    wipe();
}
"""


def samples(path, *words):
    code, _, err = run("--report=x.jsonl", path, *words)
    assert code == 0, err
    return records("x.jsonl", "finding")


def classes(found):
    return sorted(re.sub("I.*", "", member["rtti"]) for one in found
                  for member in one["members"] if "rtti" in member)


@check
def classes_of_stripped_programs():
    for flags in ((), ("-static-libstdc++", "-static-libgcc"), ("-no-pie",)):
        path = compiled("classes", CLASSES, "g++", "-s", *flags)
        text = subprocess.run(["nm", path], capture_output=True).stdout
        assert not text, "not stripped"
        assert classes(samples(path)) == [
            "4Both", "4Both", "N12_GLOBAL__N_16HiddenE",
            "N12_GLOBAL__N_16HiddenE", "N3app6MemberE",
            "St15_Sp_counted_ptr", "St23_Sp_counted_ptr_inplace"], flags


@check
def no_class_without_type_information():
    """Tables are there, and so are other words that lead into the module."""
    path = compiled("classes", CLASSES, "g++", "-s", "-fno-rtti")
    found = samples(path)
    assert sum("vtable" in m for one in found for m in one["members"]) > 6
    assert "N3app" not in str(found) and "Both" not in str(found), found


WORDS = r"""
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
struct node {
    void (*run)(void);
    struct node *peer, *same;
    uint32_t one, two, three, four;
    uint64_t wide;
    uint32_t low, high;
    int *data;
    char secret[16];
    void (*beyond)(void);
};
static void run(void) {}
static int variable;
static __attribute__((noinline)) void make(void)
{
    struct node *a = calloc(1, 4096 + 200), *b = calloc(1, sizeof *b);
    a->run = run;
    a->peer = b;
    a->same = (struct node *)((char *)b + 24);
    b->peer = a;
    b->data = &variable;
    b->beyond = run;
    b->one = 0, b->two = 1, b->three = 2, b->four = 3;
    b->wide = 2;
    b->low = 1, b->high = UINT32_MAX;
    strcpy(b->secret, "do not tell");
    ((uint32_t *)a)[1023] = 1;
    ((uint32_t *)a)[1024] = 1;
}
static __attribute__((noinline)) void wipe(void)
{
    volatile char room[8192];
    for (size_t i = 0; i < sizeof room; i++) room[i] = 0;
}
int main(void)
{
    make();
    wipe();
    return variable;
}
"""


@check
def numbers_that_may_be_counts():
    path = compiled("words", WORDS, "gcc", "-s", "-O0")
    one, = samples(path)
    a, b = sorted(one["members"], key=lambda m: -m["size"])
    assert (a["in"], b["in"]) == (1, 2)
    assert a["counts"] == [4092], a
    assert b["counts"] == [28, 32, 40, 48], b
    assert a["values"] == [1] and len(b["values"]) == 4, (a, b)
    assert set(b["values"]) <= {1, 2}, b
    assert "do not" not in open("x.jsonl").read()


@check
def words_that_lead_into_modules():
    one, = samples(compiled("words", WORDS, "gcc", "-s", "-O0"))
    a, b = sorted(one["members"], key=lambda m: -m["size"])
    assert a["vtable"][0] >= 0 and "points" not in a, a
    assert "vtable" not in b and "rtti" not in str(one), b
    (offset, (module, _)), = b["points"]
    assert offset == 56, b
    assert one["modules"][module]["path"].endswith("/words")


@check
def where_edges_lead():
    one, = samples(compiled("words", WORDS, "gcc", "-s", "-O0"))
    to_b = [e for e in one["edges"]
            if one["members"][e["to"]]["size"] < 4096]
    assert sorted((e["offset"], e.get("into"), e["kind"]) for e in to_b) == [
        (8, None, "strong"), (16, 24, "interior")], to_b


@check
def stacks_seen_first():
    """In the order in which the program met them."""
    found = samples(compiled("classes", CLASSES, "g++", "-s"))
    since = {m.get("rtti", ""): m["since"]
             for one in found for m in one["members"]}
    club, = (n for name, n in since.items() if "inplace" in name)
    assert 0 < club < since["N3app6MemberE"] < \
        since["N12_GLOBAL__N_16HiddenE"] < since["4Both"], since


KEPT = r"""
#include <memory>
#include <new>
struct Service : std::enable_shared_from_this<Service> { long state = 1; };
struct Private { virtual ~Private() {} long flags = 0; };
struct Holder {
    Private *d = new Private;
    std::shared_ptr<Service> service{new Service};
    char *buffer = new char[100];
    char *end = buffer + 100;
};
struct Long { Long *next; };

__attribute__((noinline)) static void make(int n)
{
    if (!n) {
        new (operator new(sizeof(Holder))) Holder;
        return;
    }
    Long *head = nullptr;
    while (n--)
        head = new (operator new(16)) Long{head};
}

__attribute__((noinline)) static void wipe()
{
    volatile char room[8192];
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = 0;
}

int main(int argc, char **)
{
    make(argc == 1 ? 0 : 5000);
    wipe();
}
"""


@check
def what_a_head_keeps():
    """And the word of a weak_ptr by which an object leads to itself."""
    found = samples(compiled("kept", KEPT, "g++", "-s", "-O0"))
    one, = (f for f in found if f["kind"] == "lost")
    assert len(one["members"]) == 1 == one["members_total"]
    assert [(m["size"], m["in"]) for m in one["kept"]] == [
        (16, 1), (24, 3), (24, 2), (100, 2)], one["kept"]
    assert [m.get("rtti", "")[:20] for m in one["kept"]] == [
        "7Private", "", "St15_Sp_counted_ptrI", ""]
    edges = sorted((e["from"], e["offset"], e["to"], e.get("into", 0))
                   for e in one["edges"])
    assert edges == [(0, 0, 1, 0), (0, 8, 2, 0), (0, 16, 3, 0), (0, 24, 4, 0),
                     (0, 32, 4, 100), (2, 0, 2, 0), (2, 8, 3, 0),
                     (3, 16, 2, 0)], edges
    ring, = (f for f in found if f["kind"] == "cycle")
    assert "kept" not in ring
    assert ring["members"][0]["address"] in [
        m["address"] for m in one["kept"]]


@check
def a_long_list_is_cut():
    one, = samples(compiled("kept", KEPT, "g++", "-s", "-O0"), "long")
    assert one["retained_blocks"] == 4999
    assert len(one["kept"]) == 100 and len(one["edges"]) == 100
    assert os.path.getsize("x.jsonl") < 40000


@check
def the_contract_has_members_alone():
    path = compiled("kept", KEPT, "g++", "-g")
    run("--report=x.jsonl", path)
    one, = (f for f in as_json("x.jsonl")["findings"] if f["kind"] == "lost")
    assert len(one["members"]) == 1 and one["edges"] == [], one
    assert "kept" not in one


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
