"""What the tests share that look at programs and at the command from outside."""
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.abspath(__file__)))
GORDIAN = os.path.abspath(
    os.environ.get("GORDIAN") or os.path.join(TOP, "build", "gordian"))
CHECKS = []
SECONDS = 100


class Skip(Exception):
    pass


def check(function):
    CHECKS.append(function)
    return function


def environment():
    env = {key: value for key, value in os.environ.items()
           if key not in ("LD_PRELOAD", "GORDIAN_OPTIONS")}
    env.update(LC_ALL="C.UTF-8", NO_COLOR="1")
    return env


def start(*words, **rest):
    done = subprocess.run(words, env=environment(), timeout=SECONDS,
                          stdin=subprocess.DEVNULL,
                          stdout=rest.pop("stdout", subprocess.PIPE),
                          stderr=subprocess.PIPE, **rest)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def run(*words):
    """status and standard error of a job that asks for a status"""
    code, _, err = start(GORDIAN, "run", "--error-exitcode=9",
                         "--report=x.jsonl", "--", *words)
    return code, err


def compiled(name, source, *flags, compiler=None):
    with open(name + ".c", "w") as file:
        file.write(source)
    compiler = compiler or os.environ.get("CC", "cc").split()[0]
    if not shutil.which(compiler):
        raise Skip("no " + compiler)
    words = [compiler, "-g", *(flags or ["-O1"]),
             "-w", "-I", os.path.join(TOP, "src"), name + ".c", "-o", name,
             "-ldl"]
    if subprocess.run(words, stderr=subprocess.PIPE).returncode:
        raise Skip("cannot compile " + name)
    return "./" + name


def library():
    return os.path.join(os.path.dirname(GORDIAN), "libgordian.so")


def preloaded(*words, options="report=x.jsonl", **rest):
    return start("env", "LD_PRELOAD=" + library(),
                 "GORDIAN_OPTIONS=" + options, *words, **rest)


def main():
    failed = 0
    for function in CHECKS:
        if sys.argv[1:] and function.__name__ not in sys.argv[1:]:
            continue
        scratch = tempfile.mkdtemp(prefix="gordian-")
        os.chdir(scratch)
        try:
            function()
            print("ok", function.__name__)
        except Skip as reason:
            print("skipped", function.__name__ + ":", reason)
        except Exception as error:
            failed += 1
            print("not ok", function.__name__ + ":", type(error).__name__,
                  error)
        os.chdir("/")
        shutil.rmtree(scratch, ignore_errors=True)
    return 1 if failed else 0
