"""What pages of doc/ show is run as it stands there."""
import os
import re
import shutil
import subprocess

from common import environment, GORDIAN, SECONDS, Skip, TOP


def page(name):
    with open(os.path.join(TOP, "doc", name), encoding="utf-8") as file:
        return file.read()


def blocks(text, title, language):
    """The blocks of that language below a heading of the page."""
    part = re.search(r"^## " + title + r"$(.*?)(?=^## |\Z)", text,
                     re.M | re.S).group(1)
    return re.findall(r"^```" + language + r"\n(.*?)^```$", part, re.M | re.S)


def needs(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip("no " + program)


def shell(text, **more):
    """status and all output; gordian is the one that was built"""
    path = os.path.dirname(GORDIAN) + ":" + os.environ["PATH"]
    done = subprocess.run(["sh", "-c", text], env=environment(PATH=path,
                                                              **more),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=SECONDS)
    return done.returncode, done.stdout.decode(errors="replace")
