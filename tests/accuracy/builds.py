"""Programs from Debian's sources: fetched, built, driven."""
import glob
import os
import re
import shutil
import subprocess

from judge import GORDIAN, classes_read
from made import HERE, LIBRARY, environment

COMPILERS = {"gcc": ("gcc", "g++"), "clang": ("clang", "clang++"),
             "rustc": ("rustc", "rustc")}
SECONDS = 1800


class Skip(Exception):
    pass


def need(words, why, **rest):
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              errors="replace", timeout=SECONDS, check=False,
                              **rest)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Skip(f"{why}: {error}") from None
    if done.returncode:
        lines = [line for line in done.stdout.split("\n") if line]
        errors = [line for line in lines if re.search("^E:|[Ee]rror", line)]
        raise Skip(f"{why}: {' '.join((errors or lines)[:1])}")


class Apt:
    """apt-get source with lists of its own: the machine's stay as they are."""

    def __init__(self, place):
        self.place, self.env = os.path.join(place, "apt"), None

    def begin(self):
        for name in ("lists/partial", "cache/archives/partial"):
            os.makedirs(os.path.join(self.place, name), exist_ok=True)
        with open("/etc/os-release") as file:
            suite = re.search(r"VERSION_CODENAME=(\w+)", file.read())
        if not suite or not shutil.which("apt-get"):
            raise Skip("not a Debian system")
        sources = os.path.join(self.place, "sources.list")
        with open(sources, "w") as file:
            file.write(f"deb-src {self.archive(suite.group(1))} "
                       f"{suite.group(1)} main\n")
        conf = os.path.join(self.place, "apt.conf")
        with open(conf, "w") as file:
            file.write(f'Dir::Etc::SourceList "{sources}";\n'
                       'Dir::Etc::SourceParts "-";\n'
                       'APT::Sandbox::User "root";\n'
                       f'Dir::State::Lists "{self.place}/lists";\n'
                       f'Dir::Cache "{self.place}/cache";\n')
        env = dict(os.environ, APT_CONFIG=conf)
        need(["apt-get", "-q", "update"], "no lists of sources", env=env)
        self.env = env

    @staticmethod
    def archive(suite):
        """Where the machine's own packages come from."""
        rows = subprocess.run(
            ["apt-get", "indextargets", "--format",
             "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Identifier: Packages"],
            capture_output=True, text=True).stdout.splitlines()
        for row in rows:
            if row.split()[1:] == [suite, "main"]:
                return row.split()[0]
        raise Skip("apt knows no archive of " + suite)

    @staticmethod
    def crates(packages, place):
        """Rust's sources are packages as others are; a name is a folder."""
        os.makedirs(place + ".new")
        need(["apt-get", "-q", "download", *packages], "no " + packages[0],
             cwd=place + ".new")
        for file in glob.glob(place + ".new/*.deb"):
            need(["dpkg-deb", "-x", file, place + ".new"], "no " + file)
        os.rename(place + ".new/usr/share/cargo", place)
        shutil.rmtree(place + ".new")

    def source(self, package, place):
        if os.path.exists(place):
            return
        if package.startswith("librust-"):
            shutil.rmtree(place + ".new", ignore_errors=True)
            self.crates(package.split(), place)
            return
        if not self.env:
            self.begin()
        shutil.rmtree(place + ".new", ignore_errors=True)
        os.makedirs(place + ".new")
        need(["apt-get", "-q", "source", package], "no source of " + package,
             env=self.env, cwd=place + ".new")
        tree, = [path for path in glob.glob(place + ".new/*")
                 if os.path.isdir(path)]
        os.rename(tree, place)
        shutil.rmtree(place + ".new")


NOTES = """#!/bin/sh
printf '%s\\n' "$PWD" "$@" >"{log}/$$.$(date +%N)"
exec {compiler} "$@"
"""
UNDER = """#!/bin/sh
program=$1
shift
if [ -n "$STRIPPED" ]; then
	strip -s -o "{place}/${{program##*/}}" "$program"
	program={place}/${{program##*/}}
fi
{settings} exec "$program" "$@"
"""


class Build:
    """One program, built by one compiler."""

    def __init__(self, program, compiler, cache):
        self.program, self.compiler, self.cache = program, compiler, cache
        self.name = f"{program.name}-{compiler}"
        self.place = os.path.join(cache, self.name)
        self.tree = os.path.join(self.place, "tree")
        self.log = os.path.join(self.place, "commands")

    def environment(self):
        """With compilers that note how they are called."""
        wrapped = [os.path.join(self.place, name) for name in ("cc", "c++")]
        for path, real in zip(wrapped, COMPILERS[self.compiler]):
            with open(path, "w") as file:
                file.write(NOTES.format(log=self.log, compiler=real))
            os.chmod(path, 0o755)
        return dict(os.environ, CC=wrapped[0], CXX=wrapped[1],
                    CFLAGS="-g -O2", CXXFLAGS="-g -O2",
                    DRIVE=os.path.join(HERE, "drive"))

    def make(self, apt, jobs):
        done = os.path.join(self.place, "done")
        if os.path.exists(done):
            return
        if not shutil.which(COMPILERS[self.compiler][0]):
            raise Skip("no " + self.compiler)
        pristine = os.path.join(self.cache, self.program.name + ".src")
        apt.source(self.program.package, pristine)
        shutil.rmtree(self.place, ignore_errors=True)
        shutil.copytree(pristine, self.tree, symlinks=True)
        os.makedirs(self.log)
        need(["sh", "-ec", f"export MAKEFLAGS=-j{jobs}\n" +
              self.program.build], "does not build", cwd=self.tree,
             env=self.environment())
        with open(done, "w"):
            pass

    def under(self, place, forget):
        """A script that runs what it is given so that all is forgotten."""
        library = os.path.join(os.path.dirname(GORDIAN), LIBRARY)
        env = environment(forget, library, place + "/%p.jsonl")
        settings = " ".join(f"{key}={env[key]}" for key in (
            "LD_PRELOAD", "GORDIAN_OPTIONS"))
        path = os.path.join(place, "under")
        with open(path, "w") as file:
            file.write(UNDER.format(
                place=place, settings=f"FORGET_TRUTH={place}/truth {settings}"))
        os.chmod(path, 0o755)
        return path

    def drive(self, forget, name, again=False, **more):
        """The reports that a drive leaves, and the classes that were seen;
        again: those of the last one, if there are any."""
        place = os.path.join(self.place, name)
        done = os.path.join(place, "done")
        if not (again and os.path.exists(done)):
            shutil.rmtree(place, ignore_errors=True)
            os.makedirs(place)
            env = dict(os.environ, RUN=self.under(place, forget), OUT=place,
                       DRIVE=os.path.join(HERE, "drive"), **more)
            with open(os.path.join(place, "log"), "w") as log:
                subprocess.run(["sh", "-c", self.program.drive], env=env,
                               cwd=self.tree, stdin=subprocess.DEVNULL,
                               stdout=log, stderr=log, timeout=SECONDS,
                               check=False)
            with open(done, "w"):
                pass
        return sorted(glob.glob(place + "/*.jsonl")), \
            classes_read(glob.glob(place + "/truth.*"))
