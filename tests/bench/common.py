"""What the benchmarks share: the machine, the tools, one measured run."""
import glob
import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import threading
import time

OURS = ("LD_PRELOAD", "GORDIAN_OPTIONS", "LSAN_OPTIONS")


def output_of(*argv):
    """What a command prints first, "" where there is none."""
    try:
        out = subprocess.run(argv, stdout=subprocess.PIPE, text=True,
                             stderr=subprocess.DEVNULL, check=False).stdout
    except OSError:
        return ""
    return out.strip().splitlines()[0] if out.strip() else ""


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    system = os.uname()
    return {
        "system": f"{system.sysname} {system.release} {system.machine}",
        "processor": model[1] if model else platform.processor(),
        "processors": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 2),
        "compiler": output_of("cc", "--version"),
        "glibc": platform.libc_ver()[1],
    }


def show_top(result):
    about = result["machine"]
    print(f"{about['system']}, {about['processors']} × "
          f"{about['processor']}, load {about['load']}\n"
          f"{about['compiler']}, glibc {about['glibc']}")
    for version in result["versions"]:
        print(version)
    for skip in result["skipped"]:
        print(f"skipped: {skip['name']}: {skip['why']}")


def summary(values, digits=2):
    """The median, and between what the middle half lies."""
    if len(values) == 1:
        values = values * 2
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": round(middle, digits),
            "quartiles": [round(low, digits), round(high, digits)]}


def environment(**more):
    env = {key: value for key, value in os.environ.items() if key not in OURS}
    env.update(more)
    return env


class Tool:
    """One way to run a program: what stands before its command, and words in
    its environment ({directory}: where files may go). missing: why it cannot
    be used."""

    def __init__(self, name, prefix=(), env=None, version="", missing=None,
                 slow=False):
        self.name = name
        self.prefix = prefix
        self.env = env or {}
        self.version = version
        self.missing = missing
        self.slow = slow

    def command(self, argv, directory):
        return [word.format(directory=directory)
                for word in self.prefix] + argv

    def env_in(self, directory):
        return {key: word.format(directory=directory)
                for key, word in self.env.items()}


def gordian(library, options=""):
    return Tool("gordian", env={
        "LD_PRELOAD": library or "",
        "GORDIAN_OPTIONS": "report={directory}/%p.jsonl:keep=no" + options})


def lsan(name, options, slow=False):
    found = [output_of("cc", "-print-file-name=liblsan.so"),
             output_of("gcc", "-print-file-name=liblsan.so"),
             *glob.glob("/usr/lib/*/liblsan.so.0")]
    library = next((os.path.realpath(path) for path in found
                    if os.path.isfile(path)), None)
    if not library:
        return Tool(name, missing="no liblsan.so, which comes with gcc")
    return Tool(name, version=f"LeakSanitizer: {library}", slow=slow,
                env={"LD_PRELOAD": library,
                     "LSAN_OPTIONS": "exitcode=0:" + options})


def program(name, options):
    path = shutil.which(name)
    if not path:
        return Tool(name, missing=f"no {name} on PATH")
    return Tool(name, [path, *options], version=output_of(path, "--version"),
                slow=True)


def peers():
    return [
        lsan("lsan", "fast_unwind_on_malloc=1"),
        lsan("lsan-full", "fast_unwind_on_malloc=0", slow=True),
        program("heaptrack", ["--output", "{directory}/heaptrack"]),
        program("valgrind", ["-q", "--leak-check=full",
                             "--soname-synonyms=somalloc=*jemalloc*"]),
    ]


def scans(report):
    """The scans that a report of Gordian's tells of."""
    with open(report, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return [line for line in lines if line["t"] == "scan"]


class Peak(threading.Thread):
    """The most memory that a process of the program's own had: its VmHWM,
    read every few milliseconds, as it is gone with the process. The children
    that Gordian's scans are have no exit signal, and do not count."""

    def __init__(self, pid, names):
        super().__init__(daemon=True)
        self.pid = pid
        self.names = names
        self.ended = threading.Event()
        self.kb = 0

    def run(self):
        while not self.ended.wait(0.005):
            self.look(self.pid)

    def look(self, pid):
        try:
            self.read(pid)
            with open(f"/proc/{pid}/task/{pid}/children",
                      encoding="ascii") as file:
                children = file.read().split()
        except (OSError, ValueError):
            return
        for child in children:
            self.look(child)

    def read(self, pid):
        name = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            exit_signal = int(file.read().rpartition(")")[2].split()[35])
        if name not in self.names or exit_signal != signal.SIGCHLD:
            return
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            peak = re.search(r"^VmHWM:\s*(\d+)", file.read(), re.M)
        self.kb = max(self.kb, int(peak[1]) if peak else 0)


class Process:
    """A process that is measured from its start to finish(). It is killed when
    it has run for `limit` seconds. names: of its executable, for the peak."""

    def __init__(self, argv, env, limit, names, stdin, cwd):
        self.begin = time.monotonic()
        with open(stdin, "rb") as file:
            self.popen = subprocess.Popen(
                argv, env=env, stdin=file, cwd=cwd, start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.peak = Peak(self.popen.pid, names)
        self.peak.start()
        self.late = False
        self.alarm = threading.Timer(limit, self.kill)
        self.alarm.start()

    def kill(self):
        self.late = True
        os.killpg(self.popen.pid, signal.SIGKILL)

    def finish(self):
        """Wall and processor time in seconds (that of its children, which it
        waits for, with it), and the peak in kB."""
        _, status, usage = os.wait4(self.popen.pid, 0)
        wall = time.monotonic() - self.begin
        self.popen.returncode = os.waitstatus_to_exitcode(status)
        self.alarm.cancel()
        self.peak.ended.set()
        self.peak.join()
        return {"status": self.popen.returncode, "late": self.late,
                "wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
                "peak": self.peak.kb}
