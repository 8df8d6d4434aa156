"""What the scripts of checks share: programs run under Gordian, and their
reports. GORDIAN names the command, libgordian.so lies beside it.
tests/outside/act.c does what its arguments say."""
import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.environ.get("abs_top_srcdir") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GORDIAN = os.path.abspath(
    os.environ.get("GORDIAN") or os.path.join(TOP, "build", "gordian"))
BUILT = os.path.join(os.path.dirname(GORDIAN), "libgordian.so")
ACT = os.path.join(tempfile.mkdtemp(prefix="gordian-"), "act")
CHECKS = []
SECONDS = 300  # nothing takes as long, however busy the machine
atexit.register(shutil.rmtree, os.path.dirname(ACT))


class Skip(Exception):
    pass


def preloadable(library):
    """LD_PRELOAD is split at spaces and colons."""
    if not set(" :") & set(library):
        return library
    place = tempfile.mkdtemp(dir="/tmp")
    atexit.register(shutil.rmtree, place)
    link = os.path.join(place, os.path.basename(library))
    os.symlink(library, link)
    os.symlink(GORDIAN, os.path.join(place, "gordian"))  # prints summaries
    return link


LIBRARY = preloadable(BUILT)


def check(function):
    CHECKS.append(function)
    return function


def environment(**more):
    """What a make that runs us told its children is not for others."""
    env = {key: value for key, value in os.environ.items()
           if key not in ("LD_PRELOAD", "GORDIAN_OPTIONS", "MAKEFLAGS",
                          "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL")}
    env.update(LC_ALL="C.UTF-8", NO_COLOR="1", **more)
    return env


def start(words, env=None, **rest):
    """status, standard output, standard error"""
    done = subprocess.run(words, env=env or environment(), timeout=SECONDS,
                          stdin=rest.pop("stdin", subprocess.DEVNULL),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **rest)
    return done.returncode, done.stdout.decode(), \
        done.stderr.decode(errors="replace")


def run(options, *program, **rest):
    return start([GORDIAN, "run", *options.split(), "--", *program], **rest)


def act(words, options="--format=none"):
    """status and output of the program; its report is x.jsonl"""
    code, out, err = run(options + " --report=x.jsonl", ACT, *words.split())
    assert not err or "none" not in options, err
    return code, out


def preload(options, *program, library=LIBRARY, **rest):
    env = environment(LD_PRELOAD=library)
    if options is not None:
        env["GORDIAN_OPTIONS"] = options
    env.update(rest.pop("more", {}))
    return start(program, env=env, **rest)


def records(path, kind=None):
    found = [json.loads(line) for line in open(path, errors="replace")]
    return [r for r in found if kind is None or r["t"] == kind]


def warnings(path="x.jsonl"):
    """But for what is said of a busy machine."""
    return [w["text"] for w in records(path, "warning")
            if not w["text"].endswith(" did not get to run in time")]


def scans(trigger, path="x.jsonl"):
    return [s for s in records(path, "scan") if s["trigger"] == trigger]


def is_alarm(finding):
    return finding["confidence"] != "suspect" and not (
        finding.get("pending") or finding.get("gone"))


def findings(*paths):
    """(kind, count) of each in the merged reports, suspects apart"""
    code, out, err = start([GORDIAN, "report", "--format=json", *paths])
    assert code == 0, err
    return sorted((f["kind"], f["count"]) for f in json.loads(out)["findings"]
                  if f["confidence"] != "suspect")


def build(*words):
    compiler = "c++" if any(w.endswith(".cc") for w in words) else "cc"
    if not shutil.which(compiler):
        raise Skip(f"there is no {compiler}")
    subprocess.run([compiler, "-g", "-O1", "-Wall", "-Wextra", "-Werror",
                    *words], check=True)


def package_flags(package):
    if subprocess.run(["pkg-config", "--exists", package],
                      check=False).returncode:
        raise Skip(f"{package} is not here")
    return subprocess.run(["pkg-config", "--cflags", "--libs", package],
                          check=True, text=True,
                          stdout=subprocess.PIPE).stdout.split()


def findings_of(path="x.jsonl"):
    code, out, err = start([GORDIAN, "report", "--format=json", path])
    assert code == 0, err
    return json.loads(out)["findings"]


def takers(finding):
    """The function that took, of each acquire, and how often."""
    return sorted((a["stack"][0]["function"].split("(")[0], a["count"])
                  for a in finding["acquires"])


def one_line(err, *words):
    assert re.match("gordian( [a-z]+)?: ", err), err
    assert err.count("\n") == 1, err
    for word in words:
        assert word in err, (word, err)


RING, LOST = ("cycle", 1), ("lost", 1)


def wait_until(true):
    until = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < until, "never true"
        time.sleep(0.001)


def state_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]


def wait_asleep(pid):
    """In its call, by the kernel's word."""
    wait_until(lambda: state_of(pid) == "S")


class Daemon:
    """A program with a report; ended, and its output read, on leaving."""

    def __init__(self, words, report="x.jsonl", ready=True, options="",
                 act=None, library=LIBRARY, before=(), **rest):
        self.process = subprocess.Popen(
            [*before, "env", "LD_PRELOAD=" + library,
             f"GORDIAN_OPTIONS=report={report}:plain=no{options}",
             act or ACT, *words.split()], env=environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **rest)
        self.pid = str(self.process.pid)
        if ready:
            line = self.process.stdout.readline()
            assert line == b"ready\n", line
            if "busy" not in words:
                wait_asleep(self.pid)

    def __enter__(self):
        return self

    def __exit__(self, *failed):
        if failed[0]:
            self.process.kill()
        self.process.communicate()

    def check(self, *options):
        code, out, err = start([GORDIAN, "check", *options, self.pid])
        assert code == 0, (code, out, err)
        return out

    def found(self):
        value = json.loads(self.check("--format=json"))
        assert value["scans"][-1]["trigger"] == "request", value["scans"]
        return sorted((f["kind"], f["count"]) for f in value["findings"])

    def end(self, sig=None):
        if sig:
            self.process.send_signal(sig)
        out, err = self.process.communicate(timeout=SECONDS)
        assert err == b"", err
        return self.process.returncode, out.decode()


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return (file.read().split() or [None])[0]


def as_other(*words):
    if os.getuid():
        raise Skip("not root")
    if not shutil.which("setpriv"):
        raise Skip("no setpriv")
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
            *words]


def reachable_by_others():
    """A copy of all that is needed where anyone may read."""
    place = tempfile.mkdtemp(dir="/tmp")
    os.chmod(place, 0o755)
    for file in (GORDIAN, LIBRARY, ACT):
        shutil.copy(file, place)
    return place


def default_signals():
    """Whatever nohup, or a shell that put us in the background, ignores."""
    for sig in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(sig, signal.SIG_DFL)


def report_failure(function, why):
    """Where in its own file the check failed, and why."""
    line = why.__traceback__
    place = function.__code__.co_filename
    while line.tb_next and line.tb_next.tb_frame.f_code.co_filename == place:
        line = line.tb_next
    text = " ".join(f"{type(why).__name__}: {why}".split("\n"))
    print(f"not ok {function.__name__}:{line.tb_lineno}:", text[:2000])


def attempt(function):
    """Whether the check passed or was skipped, in a directory of its own."""
    scratch = tempfile.mkdtemp(prefix="gordian-")
    os.chdir(scratch)
    began = time.monotonic()
    try:
        function()
        print(f"ok {function.__name__} ({time.monotonic() - began:.1f} s)")
    except Skip as why:
        print("skip", function.__name__ + ":", why)
    except Exception as why:  # each check stands alone
        report_failure(function, why)
        return False
    finally:
        os.chdir("/")
        shutil.rmtree(scratch, ignore_errors=True)
        sys.stdout.flush()
    return True


def build_act():
    done = subprocess.run(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g",
                           "-I", os.path.join(TOP, "tests", "victims"),
                           "-I", os.path.join(TOP, "src"),
                           os.path.join(TOP, "tests", "outside", "act.c"), "-o", ACT,
                           "-lpthread"])
    return done.returncode == 0


def main(needs_act=True):
    """Runs the checks of a script, or those that its arguments name."""
    default_signals()
    if needs_act and not os.path.exists(BUILT):
        print("no libgordian.so")
        return 77
    if needs_act and not build_act():
        return 99
    wanted = [function for function in CHECKS
              if not sys.argv[1:] or function.__name__ in sys.argv[1:]]
    if not wanted:
        print("no such check")
        return 99
    return not all([attempt(function) for function in wanted])
