#!/usr/bin/env python3
"""A finding keeps its id however the program was built, and one mistake is one
finding: at each level, by each compiler, after an unrelated change. Two places
to mend stay two findings.

One line a check; fails when one does."""
import json
import shutil
import subprocess
import sys

from common import GORDIAN, check, main

LEVELS = [("gcc", "-O0"), ("gcc", "-O2"), ("gcc", "-O3"),
          ("clang", "-O0"), ("clang", "-O2")]

C = r"""
#include <stdlib.h>
#define APART __attribute__((noinline))
struct node { struct node *peer; long value; };
void *volatile seen;
APART void *xmalloc(size_t n) { void *p = malloc(n); seen = p; seen = 0; return p; }
APART struct node *node_new(long value)
{
	struct node *node = xmalloc(sizeof *node);

	node->peer = NULL;
	node->value = value;
	return node;
}
APART struct node *node_make(long value) { return node_new(value + 1); }
static struct node *node_inlined(long value) { return node_make(value); }
UNRELATED
APART static void pair(void)
{
	struct node *a = node_make(1), *b = node_new(2);

	a->peer = b;
	b->peer = a;
}
APART static void list(int depth, struct node **to)
{
	if (!depth)
		return;
	*to = node_new(depth);
	list(depth - 1, &(*to)->peer);
}
APART static void *twice(int n) { return n > 1 ? xmalloc(70) : xmalloc(80); }
int main(int argc, char **argv)
{
	struct node *head;
	int i;

	for (i = 0; i < 8; i++)
		pair();
	for (i = 0; i < 4; i++)
		seen = node_inlined(i);
	for (i = 1; i < 4; i++)
		list(i, &head);
	seen = twice(argc);
	seen = twice(argc + 1);
	seen = head = NULL;
	return 0;
}
"""

CXX = r"""
#include <functional>
#include <memory>
#include <string>
#include <vector>
UNRELATED
namespace {
struct Node {
	std::vector<Node *> kids;
	Node *parent = nullptr;
};
__attribute__((noinline)) Node *make(Node *parent)
{
	auto *node = new Node;

	node->parent = parent;
	if (parent)
		parent->kids.push_back(node);
	return node;
}
}
namespace app {
struct Member;
struct Club { std::vector<std::shared_ptr<Member>> members; };
struct Member { std::shared_ptr<Club> club; };
template <class T> std::shared_ptr<T> create() { return std::make_shared<T>(); }
static void club()
{
	auto club = std::make_shared<Club>();

	for (int i = 0; i < 2; i++) {
		auto member = create<Member>();
		member->club = club;
		club->members.push_back(member);
	}
}
static void document()
{
	auto *root = make(nullptr);

	for (int i = 0; i < 3; i++)
		make(make(root));
}
}
int main()
{
	for (int i = 0; i < 8; i++)
		app::club();
	for (int i = 0; i < 4; i++)
		app::document();
	auto *held = new std::function<void()>;
	std::shared_ptr<app::Club> club(new app::Club);
	*held = [club, held] { (void)club; (void)held; };
	return 0;
}
"""

UNRELATED = "int more(int n);\nint more(int n)\n{\n\treturn n * 2;\n}\n\n\n"


def ids(name, source, compiler, *flags):
    """Kind, count and id of what a build of the source is said to leak."""
    with open(name, "w") as file:
        file.write(source)
    if name.endswith(".cc"):
        compiler = {"gcc": "g++", "clang": "clang++"}[compiler]
    subprocess.run([compiler, "-g", "-w", *flags, name, "-o", "built"],
                   check=True)
    done = subprocess.run(
        [GORDIAN, "run", "--quiet", "--report=ids.jsonl", "--format=json",
         "--", "./built"], stderr=subprocess.PIPE, check=True)
    return sorted((f["kind"], f["count"], f["id"])
                  for f in json.loads(done.stderr)["findings"])


def same_everywhere(name, source, n):
    wanted = None
    for compiler, level in LEVELS:
        if not shutil.which(compiler):
            continue
        for unrelated in ("", UNRELATED) if level == "-O2" else ("",):
            got = ids(name, source.replace("UNRELATED", unrelated), compiler,
                      level)
            wanted = wanted or got
            assert len(got) == n, (compiler, level, got)
            assert got == wanted, (compiler, level, bool(unrelated), got,
                                   wanted)
    return wanted


@check
def c_at_all_levels():
    found = same_everywhere("ids.c", C, 5)
    assert sorted(n for _, n, _ in found) == [1, 1, 3, 4, 8], found


@check
def cxx_at_all_levels():
    found = same_everywhere("ids.cc", CXX, 3)
    assert sorted(n for _, n, _ in found) == [1, 4, 8], found


@check
def places_on_one_line_stay_apart():
    source = ("#include <stdlib.h>\nvoid *volatile seen;\n"
              "int main(void) { seen = malloc(30); seen = malloc(40); "
              "seen = NULL; return 0; }\n")
    assert len(ids("line.c", source, "gcc")) == 2
    assert len(ids("bare.c", source, "gcc", "-g0")) == 2


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
