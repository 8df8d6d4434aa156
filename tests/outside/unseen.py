#!/usr/bin/env python3
"""Programs and stacks that cannot be seen, or look otherwise than most."""
import os
import shutil
import sys

from common import (
    ACT, as_other, check, environment, LIBRARY, main, one_line, preload,
    reachable_by_others, records, run, Skip, start)


def compiled(name, source, *flags):
    open(name + ".c", "w").write(source)
    code, _, err = start(["cc", "-o", name, name + ".c", *flags])
    if code:
        raise Skip("cannot compile: " + err.split("\n")[0])
    return os.path.abspath(name)


AROUND_MAIN = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
typedef int function(int, char **, char **);
static function *real;
static int around(int argc, char **argv, char **envp)
{
    void *volatile held = malloc(100);
    int status = real(argc, argv, envp);
    free(held);
    return status;
}
int __libc_start_main(function *f, int argc, char **argv, void (*a)(void),
                      void (*b)(void), void (*c)(void), void *end)
{
    int (*start)(function *, int, char **, void (*)(void), void (*)(void),
                 void (*)(void), void *) = dlsym(RTLD_NEXT,
                                                 "__libc_start_main");
    real = f;
    return start(around, argc, argv, a, b, c, end);
}
"""


@check
def frames_of_others_around_main():
    """What another library keeps outside of main is not lost."""
    other = compiled("around.so", AROUND_MAIN, "-shared", "-fPIC")
    for library in (LIBRARY + " " + other, other + " " + LIBRARY):
        code, _, err = preload(None, ACT, "exit", "0", library=library)
        assert (code, err) == (0, ""), err
        code, _, err = preload(None, ACT, "lost", "exit", "0", library=library)
        assert "gordian: 1 kind of lost block" in err, err


BARE = r"""
#include <stdlib.h>
void with_rbx(void *(*call)(size_t), size_t n);
__asm__(".text\n.type with_rbx, @function\nwith_rbx: .cfi_startproc\n"
        "push %rbx\n.cfi_def_cfa_offset 16\n.cfi_offset %rbx, -16\n"
        "mov %rsp, %rbx\n.cfi_def_cfa_register %rbx\n"
        "and $-256, %rsp\nmov %rdi, %rax\nmov %rsi, %rdi\ncall *%rax\n"
        "mov %rbx, %rsp\n.cfi_def_cfa_register %rsp\npop %rbx\n"
        ".cfi_def_cfa_offset 8\nret\n.cfi_endproc\n");
int main(void) { with_rbx(malloc, 100); return 0; }
"""


@check
def stacks_without_libunwind():
    """That they may be cut short is said, where it is wanted."""
    path = compiled("bare", BARE)
    os.mkdir("lib")
    open("lib/libunwind.so.8", "w").close()
    for env, said in ((environment(), 0),
                      (environment(LD_LIBRARY_PATH="lib"), 1)):
        run("--format=none --report=x.jsonl", path, env=env)
        texts = [w["text"] for w in records("x.jsonl", "warning")]
        assert sum("'libunwind.so.8'" in t for t in texts) == said, texts
        assert len(texts) == said, texts


OWN_MALLOC = """
#include <stddef.h>
static char pool[1 << 20]; static size_t used;
void *malloc(size_t n)
{ void *p = pool + used; used += n + 15 & ~15; return p; }
void free(void *p) { (void)p; }
void *calloc(size_t n, size_t m) { return malloc(n * m); }
void *realloc(void *p, size_t n) { (void)p; return malloc(n); }
int main(void) { return malloc(100) ? 6 : 0; }
"""


@check
def static_program():
    path = compiled("static", "int main(void) { return 7; }", "-static")
    code, out, err = run("--report=x.jsonl", path)
    assert (code, out) == (7, "")
    one_line(err, "static", "statically linked")


@check
def own_allocator():
    path = compiled("own", OWN_MALLOC, "-rdynamic", "-fno-builtin")
    code, out, err = run("--report=x.jsonl", path)
    assert (code, out) == (6, ""), (code, out, err)
    assert "own malloc" in err, err


@check
def never_allocates():
    path = compiled("never", "int main(void) { return 8; }")
    code, out, err = run("--report=x.jsonl", path)
    assert (code, out) == (8, ""), (code, out)
    assert "nothing leaked" in err and "warning" not in err, err
    code, out, err = preload(None, path)
    assert (code, out, err) == (8, "", ""), (code, out, err)
    code, out, err = preload(None, compiled("once", """
#include <stdlib.h>
int main(void) { free(realloc(malloc(5), 500)); return 8; }"""))
    assert (code, err) == (8, ""), err


@check
def setuid_program():
    if os.getuid():
        raise Skip("not root")
    place = reachable_by_others()
    try:
        os.chmod(place + "/act", 0o4755)
        os.chmod(place, 0o777)
        code, out, err = start(as_other(
            place + "/gordian", "run", place + "/act", "say", "ran", "exit",
            "4"), cwd=place)
        assert (code, out) == (4, "ran\n"), (code, out)
        one_line(err, "set-uid")
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    sys.exit(main())
