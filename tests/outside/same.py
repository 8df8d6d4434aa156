#!/usr/bin/env python3
"""Two runs of one program: what is printed of them differs in addresses, times
and process ids alone, in every form."""
import glob
import gzip
import os
import re
import sys

from common import check, GORDIAN, main, start
from made import compiled, gordian

# Many leaks of equal weight, in several threads and processes.
SOURCE = r"""
#include <memory>
#include <map>
#include <thread>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>
#define N __attribute__((noinline))
template <int I> struct node {
	std::shared_ptr<node> peer;
	std::map<int, int> map;
	char pad[I % 3 * 16 + 1];
};
template <int I> N void ring()
{
	auto a = std::make_shared<node<I>>(), b = std::make_shared<node<I>>();
	a->peer = b;
	b->peer = a;
	a->map[1] = b->map[2] = 3;
}
template <int I> N void lose()
{
	void *volatile block = malloc(48);
	block = nullptr;
}
struct tree {
	tree *parent, *kids[3];
};
N tree *grow(int depth)
{
	tree *root = new tree();
	for (auto &kid : root->kids)
		if (depth) {
			kid = grow(depth - 1);
			kid->parent = root;
		}
	return root;
}
template <int I> void leak()
{
	ring<I>();
	lose<I>();
	if constexpr (I > 0)
		leak<I - 1>();
}
int main(int argc, char **argv)
{
	leak<6>();
	tree *volatile root = grow(3);
	root = nullptr;
	for (int i = 0; i < 3; i++)
		std::thread(i % 2 ? leak<4> : leak<3>).join();
	for (int i = 0; argc > 1 && i < 4; i++)
		if (!fork()) {
			leak<2>();
			if (i % 2)
				execl(argv[0], "again", nullptr);
			exit(0);
		}
	while (wait(nullptr) > 0)
		;
}
"""
FORMS = ("text", "json", "html", "heapsnapshot", "sarif", "junit", "gitlab",
         "pprof", "folded", "dot", "prometheus", "lsan")
# What may differ: (what, what stands for it).
OTHER = (
    (r"\b0x[0-9a-f]+", "0xN"),
    (r'"(pause_us|child_cpu_ms|peak_child_kb|copied_kb|cost_ms|pid|historyOf)"'
     r': ?[\d.]+', r'"\1":N'),
    (r'"pids": ?\[[\s\d,]*\]',
     lambda m: f'"pids":{m.group(0).count(",") + 1}'),
    (r'\[\d+,(\d+,"exit",\d+,\d+),\d+\]', r"[N,\1,N]"),  # scans of the page
    (r"pause \d+\.\d ms", "pause N ms"),
    (r"(gordian_pause_seconds_max) [\d.]+", r"\1 N"),
    (r"\bpid \d+\b", "pid N"),
    (r"\b\d+ \((leaks)\)", r"N (\1)"),
    (r"==\d+==", "==N=="),
)


def normal(data):
    text = data.decode("utf-8", "surrogateescape")
    for what, instead in OTHER:
        text = re.sub(what, instead, text)
    return text


def printed(*words):
    """What each form makes of a run, by its name."""
    for name in glob.glob("x.*"):
        os.unlink(name)
    code, _, err = start([GORDIAN, "run", "--format=none",
                          "--report=x.%p.jsonl", "--", *words])
    assert not code, err
    # by number: the shell would put 1000 before 999
    names = sorted(glob.glob("x.*"), key=lambda n: (len(n), n))
    texts = {form: gordian("report", "--format=" + form, *names)[1]
             for form in FORMS}
    texts["pprof"] = gzip.decompress(texts["pprof"])
    texts["verbose"] = gordian("report", "--verbose", *names)[1]
    texts["suppressions"] = gordian("report", "--gen-suppressions", *names)[1]
    return len(names), {form: normal(text) for form, text in texts.items()}


def compare(reports, *words):
    (n, one), (m, two) = printed(*words), printed(*words)
    assert n == m == reports, (n, m)
    for form, text in one.items():
        assert text, form
        for a, b in zip(text.splitlines(), two[form].splitlines()):
            at = max(0, len(os.path.commonprefix([a, b])) - 100)
            assert a == b, (form, a[at:at + 300], b[at:at + 300])
        assert text == two[form], form


@check
def one_process_and_several():
    leaks = compiled("leaks", SOURCE, "g++", "-g", "-O0", "-pthread")
    compare(1, leaks)
    compare(5, leaks, "more")


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
