"""What the tests share that look at programs and at the command from outside."""
import os
import shutil
import subprocess

import common
from common import BUILT, GORDIAN, SECONDS, Skip, TOP, check, environment

__all__ = ["GORDIAN", "SECONDS", "Skip", "TOP", "check", "compiled",
           "environment", "main", "preloaded", "run", "start"]


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


def preloaded(*words, options="report=x.jsonl", **rest):
    return start("env", "LD_PRELOAD=" + BUILT,
                 "GORDIAN_OPTIONS=" + options, *words, **rest)


def main():
    return common.main(needs_act=False)
