"""A program that holds its blocks in known ways (held.c), run under Gordian."""
import json
import os
import shutil
import signal
import subprocess
import tempfile

from common import (
    as_other, environment, GORDIAN, LIBRARY, one_line, start, TOP)


def compiled():
    done = subprocess.run(
        ["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O0", "-g", "-o", "held",
         os.path.join(TOP, "tests", "outside", "held.c"), "-lpthread"])
    assert not done.returncode
    return os.path.abspath("held")


class Held:
    """The program, with its addresses by name."""

    def __init__(self, *words, options="", report="x.jsonl", **rest):
        self.process = subprocess.Popen(
            [compiled(), *words], stdout=subprocess.PIPE, text=True,
            env=environment(LD_PRELOAD=LIBRARY, GORDIAN_OPTIONS="report="
                            f"{report}:plain=no{options}"), **rest)
        self.at = {}
        for line in self.process.stdout:
            if line == "ready\n":
                break
            name, address = line.split()
            self.at[name] = int(address, 16)
        self.pid = str(self.process.pid)

    def more(self):
        """Ten more pairs."""
        self.process.send_signal(signal.SIGUSR1)
        assert self.process.stdout.readline() == "more\n"

    def __enter__(self):
        return self

    def __exit__(self, *failed):
        self.process.kill()
        self.process.communicate()

    def ask(self, where, *options, more=0, **variables):
        return start([GORDIAN, "why", *options, self.pid,
                      hex(self.at[where] + more)],
                     env={**environment(), **variables})

    def path(self, where, more=0):
        code, out, err = self.ask(where, "--format=json", more=more)
        assert (code, err) == (0, ""), (where, code, err)
        value = json.loads(out)
        assert int(value["address"], 16) == self.at[where] + more
        return value

    def text(self, where, **variables):
        code, out, err = self.ask(where, **variables)
        assert (code, err) == (0, ""), (where, code, err)
        return out


def refused_to_others(*words):
    """The command, as another user."""
    place = tempfile.mkdtemp(dir="/tmp")
    os.chmod(place, 0o755)
    shutil.copy(GORDIAN, place)
    try:
        code, out, err = start(as_other(os.path.join(place, "gordian"),
                                        *words))
    finally:
        shutil.rmtree(place)
    assert (code, out) == (1, ""), (code, out)
    one_line(err, "belongs to another user")
