#!/usr/bin/env python3
"""The lines of doc/ci.md do what it says."""
import glob
import json
import os
import re
import shutil
import sys

import shown
from common import BUILT, check, GORDIAN, Skip, TOP
from outside import main
from shown import needs, shell

PAGE = shown.page("ci.md")
LEAKS = r"""
#include <stdlib.h>
#include <string.h>
static __attribute__((noinline)) void lose(const char *s)
{
	char *volatile text = strdup(s);
	text = NULL;
}
int main(int argc, char **argv)
{
	lose("one");
	if (argc > 1)
		lose(argv[1]);
	return 0;
}
"""
CLEAN = "int main(void) { return 0; }\n"


def blocks(title, language):
    """Those below a heading."""
    return shown.blocks(PAGE, title, language)


def write(name, text):
    if os.path.dirname(name):
        os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "w") as file:
        file.write(text)


def built(name, source):
    write(name + ".c", source)
    code, out = shell(f"cc -g -w {name}.c -o {name}")
    assert code == 0, out


def remove_reports():
    for name in glob.glob("*.jsonl"):
        os.unlink(name)


def project():
    """tests/all leaks, and known.json and known.supp know it."""
    built("tests/all", LEAKS)
    code, out = shell(blocks("What is known already", "sh")[0])
    assert code == 0 and "LOST" in out, out
    remove_reports()


@check
def accepted():
    project()
    for line in blocks("What is known already", "sh")[1].splitlines():
        code, out = shell(line)
        assert code == 0, (line, code, out)
        code, out = shell(re.sub(" --(baseline|suppressions)=[^ ]*", "", line))
        assert code == 9, (line, code, out)
        assert not glob.glob("*.jsonl")
    write("Makefile", "check:\n\t./tests/all\n\tsleep 0\n")
    line, = blocks("What is known already", "sh")[2].splitlines()
    code, out = shell(line)
    assert code == 9, out
    code, out = shell(line.replace("--only=all", "--only=none"))
    assert code == 125, out


@check
def make():
    built("tests/all", LEAKS)
    text, = blocks("make", "make")
    write("Makefile", text)
    code, out = shell("make check")
    assert code and "LOST" in out and "Error 9" in out, out
    built("tests/all", CLEAN)
    code, out = shell("make check")
    assert code == 0, out


@check
def automake():
    needs("automake", "autoconf")
    write("configure.ac", "AC_INIT([x], [1])\nAM_INIT_AUTOMAKE([foreign])\n"
          "AC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n")
    write("Makefile.am", "TESTS = good bad\n")
    built("bad", LEAKS)
    built("good", CLEAN)
    code, out = shell("autoreconf -i && ./configure")
    assert code == 0, out
    code, out = shell("make check")
    assert code == 0, out
    code, out = shell(blocks("make", "sh")[0])
    assert code and "FAIL: bad" in out and "PASS: good" in out, out
    assert "LOST" in open("bad.log").read()


def cmake(setup):
    needs("cmake", "ctest", "make")
    write("bad.c", LEAKS)
    write("good.c", CLEAN)
    write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.10)\n"
          "project(x C)\ninclude(CTest)\nadd_executable(good good.c)\n"
          "add_executable(bad bad.c)\nadd_test(NAME good COMMAND good)\n"
          "add_test(NAME bad COMMAND bad)\n")
    code, out = shell(setup + " -D CMAKE_C_FLAGS=-g "
                      "-G 'Unix Makefiles' && make -C build")
    assert code == 0, out


@check
def ctest():
    needs("cmake")
    new, old = (block.strip() for block in blocks("CTest", "sh")[:2])
    version = re.search(r"(\d+)\.(\d+)", shell("cmake --version")[1])
    cmake(new if tuple(map(int, version.groups())) >= (3, 29) else old)
    code, out = shell("cd build && ctest --output-on-failure")
    assert code and re.search(r"good \.+ +Passed", out), out
    assert re.search(r"bad \.+\**Failed", out) and "LOST" in out, out


@check
def ctest_memcheck():
    shutil.copy(os.path.join(TOP, "examples", "ctest-memcheck.sh"), ".")
    cmake(blocks("CTest", "sh")[2].strip())
    code, out = shell("cd build && ctest -T memcheck")
    assert "Memory Leak - 1" in out, out
    assert re.findall(r"#\d: (.*?) \.+ +Defects: (\d)", out) == [
        ("bad", "1")], out
    write("all.supp", "leak:^lose\n")
    cmake(blocks("CTest", "sh")[2].strip() + " -D "
          "MEMORYCHECK_SUPPRESSIONS_FILE=$PWD/all.supp")
    code, out = shell("cd build && ctest -T memcheck")
    assert "Memory Leak" not in out and "Defects: 1" not in out, out


@check
def meson():
    needs("meson", "ninja")
    write("bad.c", LEAKS)
    write("good.c", CLEAN)
    write("meson.build", "project('x', 'c')\n"
          "test('good', executable('good', 'good.c'))\n"
          "test('bad', executable('bad', 'bad.c'))\n")
    code, out = shell("meson setup build")
    assert code == 0, out
    code, out = shell(blocks("meson", "sh")[0])
    assert code, out
    assert re.search(r"good +OK", out), out
    assert re.search(r"bad +FAIL .*exit status 9", out), out
    log, = glob.glob("build/meson-logs/testlog*.txt")
    assert "LOST" in open(log).read()


@check
def pytest():
    python = next((p for p in ("python3", "/usr/bin/python3")
                   if not shell(p + " -c 'import pytest'")[0]), None)
    if not python:
        raise Skip("no pytest")
    write("leaky.c", LEAKS.replace("int main(int argc, char **argv)",
                                   "int go(int argc, char **argv)"))
    code, out = shell("cc -g -w -shared -fPIC leaky.c -o leaky.so")
    assert code == 0, out
    write("conftest.py", blocks("pytest", "python")[0])
    write("test_it.py", "import ctypes\n"
          "def test_good():\n    assert len([1]) == 1\n"
          "def test_bad():\n"
          "    for i in range(20):\n"  # a stale word may hold one
          "        ctypes.CDLL('./leaky.so').go(1, None)\n"
          "def test_cycle():\n    x = {}\n    x['x'] = x\n")
    line = blocks("pytest", "sh")[0].strip().replace(
        "python3 -m pytest", python + " -m pytest -p no:cacheprovider"
    ).replace("gordian run", "gordian run --format=none")
    code, out = shell(line)
    assert code == 1, (code, out)
    assert "ERROR test_it.py::test_bad" in out, out
    assert out.count("ERROR test_it.py") == 1 and "3 passed" in out, out
    code, out = shell(python + " -m pytest -p no:cacheprovider")
    assert code == 0 and "3 passed" in out, out


def yaml_of(title):
    try:
        import yaml
    except ImportError:
        raise Skip("no yaml for " + sys.executable) from None
    return yaml.safe_load(blocks(title, "yaml")[0])


def after(leaks, name, lines):
    """What the lines make, where a leak is new."""
    remove_reports()
    built("tests/all", leaks)
    for line in lines:
        code, out = shell(line)
        assert code == (9 if " run " in line else 0), (line, code, out)
    return open(name).read()


NEW = LEAKS.replace('lose("one");', 'lose("one"); lose("two");')


@check
def github():
    steps = yaml_of("GitHub")["jobs"]["leaks"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    project()
    code, out = shell(runs[1])
    assert code == 0, out
    text = after(NEW, "leaks.sarif", runs[1:])
    assert steps[-1]["with"]["sarif_file"] == "leaks.sarif"
    assert len(json.loads(text)["runs"][0]["results"]) == 1, text


@check
def gitlab():
    job = yaml_of("GitLab")["leaks"]
    project()
    code, out = shell(job["script"][1])
    assert code == 0, out
    text = after(NEW, job["artifacts"]["reports"]["codequality"],
                 job["script"][1:] + job["after_script"])
    assert len(json.loads(text)) == 1, text
    assert "<failure" in open(job["artifacts"]["reports"]["junit"]).read()


@check
def docker():
    """The line is JSON, and the command can be run."""
    line, = blocks("Docker", "dockerfile")
    words = json.loads(re.fullmatch(r"ENTRYPOINT (\[.*\])\n", line).group(1))
    built("server", LEAKS)
    words = [word.replace("/var/log", ".").replace("/usr/local/bin", ".")
             for word in words]
    code, out = shell(" ".join(f"'{word}'" for word in words))
    assert code == 0 and "LOST" in out, out
    assert [n for n in os.listdir(".") if re.match(r"server\.\d+\.jsonl", n)]


def as_systemd(text):
    """What becomes of its specifiers: %% is %, and there are no others."""
    assert not re.search(r"%[^%]", text.replace("%%", "")), text
    return text.replace("%%", "%")


@check
def systemd():
    built("server", LEAKS)
    run, alone = blocks("systemd", "ini")
    line = as_systemd(re.search("^ExecStart=(.*)$", run, re.M).group(1))
    here = os.getcwd()
    line = line.replace("/usr/local/bin/gordian", GORDIAN).replace(
        "/usr/local/bin", here).replace("/var/log", here)
    code, out = shell(line)
    assert code == 0 and "LOST" in out, out
    found = [n for n in os.listdir(".") if re.match(r"server\.\d+\.jsonl", n)]
    assert len(found) == 1, os.listdir(".")
    words = as_systemd(" ".join(re.findall("^Environment=(.*)$", alone, re.M)))
    words = words.replace("/usr/local/lib/libgordian.so", BUILT).replace(
        "/var/log", here)
    code, out = shell(f"env {words} ./server")
    assert code == 0 and "LOST" in out, out
    needs("systemd-analyze")
    write("server.service", run.replace("/usr/local/bin/gordian", GORDIAN)
          .replace("/usr/local/bin", here))
    code, out = shell("systemd-analyze --man=no verify ./server.service")
    if "Failed to" in out and "specifier" not in out:
        raise Skip("systemd-analyze does not work here")
    assert "server.service" not in out, out


if __name__ == "__main__":
    sys.exit(main())
