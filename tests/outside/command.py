#!/usr/bin/env python3
"""Usage, help, and what gordian run does with a program."""
import os
import shutil
import signal
import subprocess
import sys

from common import check, GORDIAN, main, one_line, SECONDS, Skip
from made import compiled, finding, gordian, program, scan, write


@check
def help_names_the_pages_of_files():
    for name in "rules", "suppressions":
        code, out, err = gordian("help", name)
        assert (code, err) == (0, "") and \
            f"man 5 gordian-{name}\n" in out.decode(), out


@check
def usage():
    for args, status in (((), 2), (("diff", "a", "b"), 2), (("diff", "a"), 2), (("why",), 2),
                         (("--what",), 2), (("report",), 2), (("check",), 2),
                         (("report", "--format=xml", "x"), 2),
                         (("report", "--format=none", "x"), 2),
                         (("report", "--interval=1", "x"), 2),
                         (("report", "-o"), 2),
                         (("report", "--suppressions=x", "y"), 2),
                         (("report", "--baseline=x", "y"), 2),
                         (("check", "--suppressions=x", "1"), 2),
                         (("run", "--baseline=x", "true"), 125), (("check", "1", "2"), 2),
                         (("help", "what"), 2), (("run",), 125),
                         (("run", "--"), 125),
                         (("run", "--suppressions=x", "true"), 125),
                         (("run", "--format=dot", "true"), 125),
                         (("run", "--interval=-1", "true"), 125),
                         (("run", "--interval=soon", "true"), 125),
                         (("run", "--interval=", "true"), 125),
                         (("run", "--interval=1e5", "true"), 125),
                         (("run", "--threshold=0", "true"), 125),
                         (("run", "--threshold=1.5", "true"), 125),
                         (("run", "--threshold=99999999999999999999", "true"),
                          125),
                         (("run", "--error-exitcode=0", "true"), 125),
                         (("run", "--error-exitcode=256", "true"), 125),
                         (("run", "--follow=maybe", "true"), 125),
                         (("run", "--quiet=1", "true"), 125),
                         (("run", "--report", ""), 125)):
        code, out, err = gordian(*args)
        assert (code, out) == (status, b""), (args, code, out)
        if args:
            one_line(err)


@check
def help_is_there():
    for args in (("--help",), ("-h",), ("help",), ("help", "run"),
                 ("run", "--help"), ("report", "-h"), ("check", "--help"),
                 ("help", "diff"), ("diff", "-h")):
        code, out, err = gordian(*args)
        assert (code, err) == (0, ""), args
        text = out.decode()
        assert "xample" in text and "Usage: gordian" in text, args
    code, out, _ = gordian("--version")
    assert code == 0 and out.startswith(b"gordian ")


@check
def check_refuses():
    for pid in ("0", "-1", "1x", "", "99999999999"):
        code, _, err = gordian("check", "--", pid)
        assert code == 2, pid
        one_line(err)
    code, _, err = gordian("check", "4194303")
    assert code == 1
    one_line(err, "no process")
    code, _, err = gordian("check", str(os.getpid()))
    assert code == 1
    one_line(err, "does not run under Gordian")


# Running; the library itself is not under test.

def run(*args, **rest):
    if not os.path.exists(os.path.join(os.path.dirname(GORDIAN),
                                       "libgordian.so")):
        raise Skip("no libgordian.so")
    return gordian("run", *args, **rest)


QUIET = ("--quiet", "--format=none")


@check
def run_exit_status():
    for script, status in (("exit 0", 0), ("exit 77", 77),
                           ("kill -TERM $$", 143), ("kill -KILL $$", 137)):
        code, _, err = run(*QUIET, "sh", "-c", script)
        assert code == status, (script, code, err)


@check
def quiet_says_nothing_of_nothing():
    assert "nothing leaked" in run("true")[2]
    code, out, err = run("--quiet", "true")
    assert (code, out, err) == (0, b"", ""), (code, out, err)


@check
def run_cannot_execute():
    # One that may not be searched makes it 126, as in env(1).
    os.environ["PATH"] = ":".join(folder for folder in
                                  os.environ["PATH"].split(":")
                                  if os.access(folder, os.X_OK))
    open("script", "w").write("#!/no/such/interpreter\n")
    open("data", "w").write("x")
    open("text-script", "w").write("exit 5\n")
    os.chmod("script", 0o755)
    os.chmod("text-script", 0o755)
    for name, status, word in (("./none", 127, "No such file"),
                               ("no-such-program", 127, "No such file"),
                               ("", 127, "No such file"),
                               ("./data", 126, "Permission denied"),
                               (".", 126, "Permission denied"),
                               ("./script", 127, "/no/such/interpreter")):
        code, out, err = run("--", name)
        assert (code, out) == (status, b""), (name, code, err)
        one_line(err, word)
    assert run(*QUIET, "./text-script")[0] == 5


@check
def run_passes_everything_through():
    code, out, err = run(*QUIET, "--", "sh", "-c",
                         'cat; echo "$@" >&2', "sh", "--report=x", "--help",
                         stdin=b"in\0put")
    assert (code, out, err) == (0, b"in\0put", "--report=x --help\n")


@check
def run_report_cannot_be_written():
    os.mkdir("dir.jsonl")
    for name in ("/no/such/dir/x", "dir.jsonl", "dir.jsonl/", "/proc/x.%p",
                 "/no/such/%p", "ring/x"):
        write("ring", program())
        code, out, err = run("--report=" + name, "echo", "ran")
        assert (code, out) == (125, b""), (name, code, out)
        one_line(err, "report")
    os.chdir("/proc")
    code, out, err = run("echo", "ran")
    assert (code, out) == (125, b""), (code, out)
    one_line(err, "--report=none")


@check
def run_signals():
    script = ('trap "echo term; exit 3" TERM; trap "echo usr1" USR1; '
              'echo ready; while :; do sleep 0.05; done')
    if not os.path.exists(os.path.join(os.path.dirname(GORDIAN),
                                       "libgordian.so")):
        raise Skip("no libgordian.so")
    process = subprocess.Popen([GORDIAN, "run", *QUIET, "--follow=no", "sh",
                                "-c", script], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGUSR1)
    assert process.stdout.readline() == b"usr1\n"
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == b"term\n"
    assert process.wait(SECONDS) == 3


@check
def run_keeps_dispositions():
    script = r"grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status"
    plain = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE)
    code, out, _ = run(*QUIET, "sh", "-c", script)
    # What the library catches is its own affair.
    def kept(text):
        return [line for line in text.split(b"\n") if b"Cgt" not in line]
    assert kept(out) == kept(plain.stdout), (out, plain.stdout)


@check
def run_says_what_it_cannot_see():
    path = compiled("static", "int main(void) { return 7; }", "gcc",
                    "-static")
    code, _, err = run("--format=none", path)
    assert code == 7
    one_line(err, "statically linked")
    path = compiled("own", "#include <stddef.h>\n"
                    "void *malloc(size_t n) { (void)n; return 0; }\n"
                    "int main(void) { return 6; }", "gcc", "-rdynamic",
                    "-fno-builtin")
    code, _, err = run("--format=none", path)
    assert code == 6 and "malloc" in err, err
    path = compiled("asan", "int main(void) { return 5; }", "gcc",
                    "-fsanitize=address")
    code, _, err = run("--format=none", path)
    assert code == 5
    one_line(err, "AddressSanitizer")


@check
def run_from_an_odd_place():
    """A path that LD_PRELOAD cannot hold."""
    library = os.path.join(os.path.dirname(GORDIAN), "libgordian.so")
    if not os.path.exists(library):
        raise Skip("no libgordian.so")
    os.mkdir("a b:c")
    for file in (GORDIAN, library):
        shutil.copy(file, "a b:c")
    done = subprocess.run(["a b:c/gordian", "run", *QUIET, "sh", "-c",
                           "echo $LD_PRELOAD; grep -c libgordian "
                           "/proc/self/maps"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    assert done.returncode == 0 and not done.stderr, done
    link, mapped = done.stdout.split()
    assert int(mapped) > 0 and not os.path.lexists(link), done


@check
def run_passes_any_name_of_a_report():
    """What separates and quotes the library's options is part of the name."""
    for name in ("a:b.jsonl", "a\\b.jsonl", "a\\:b\\", "report=c:plain=yes"):
        code, _, err = run("--report=" + name, "true")
        assert code == 0 and not err.startswith("gordian: warning"), err
        assert os.path.exists(name), (name, os.listdir("."))


@check
def run_keeps_only_its_own_reports():
    write("gordian.1.jsonl", program(1), finding(), scan())
    write("x.jsonl", program(1), finding(), scan())
    write("x.jsonl.7", program(1), finding(), scan())
    for pattern in ("gordian.%p.jsonl", "x.jsonl"):
        code, _, err = run("--error-exitcode=9", "--report=" + pattern, "true")
        assert code == 0 and "00aa" not in err, (pattern, code, err)
    assert b'"pid": 1,' not in open("x.jsonl", "rb").read()


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
