#!/usr/bin/env python3
"""Servers and runtimes of the distribution do the same under Gordian, and are
called clean: logins, requests, queries, reloads, children.

Each is run plain, then under `gordian run` with its default and scanned every
0.1 s: its clients see the same, its exit status is the same, nothing is found
but what really leaks. What is not installed is skipped. The processor time of
all its processes is printed as a ratio to the plain run's.

GORDIAN names the binary; arguments choose programs; --rounds=N repeats. One
line a program; fails when one does."""
import contextlib
import getpass
import glob
import http.client
import http.server
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import clean
import clean_programs
from clean import GORDIAN, SECONDS, WORK, Known, need, under, write, work

MODES = ([], ["--interval=0.1"])
PROGRAMS = []
LOG_TAIL = 400  # characters of a server's log that a failure shows

PHP = r"""
class Node { public $other; public $name; }
$all = [];
for ($i = 0; $i < 20000; $i++) {
    $a = new Node; $b = new Node; $a->other = $b; $b->other = $a;
    $a->name = str_repeat("x", $i % 50); $all[$i % 100] = $a;
}
echo gc_collect_cycles() > 0 ? "collected\n" : "none\n";
echo strlen(json_encode(range(0, 5000))), " ", md5(serialize($all[5]->name)),
    "\n"; exit(3);"""
GOBJECT = r"""
from gi.repository import GLib, GObject
class Thing(GObject.Object):
    __gsignals__ = {"rang": (GObject.SignalFlags.RUN_FIRST, None, (int,))}
things = [Thing() for _ in range(500)]
count = [0]
def on(thing, n): count[0] += n
for thing in things: thing.connect("rang", on); thing.emit("rang", 2)
table = GLib.Variant("a{sv}", {"k%d" % i: GLib.Variant("i", i)
                               for i in range(500)})
loop = GLib.MainLoop(); GLib.timeout_add(300, loop.quit); loop.run()
print(count[0], len(table.unpack()))
"""
WSGI = """
import json
seen = []
def application(env, start):
    seen.append(env["PATH_INFO"]); del seen[:-50]
    start("200 OK", [("Content-Type", "text/plain")])
    return [json.dumps({"path": env["PATH_INFO"]}).encode()]
"""
CHILDREN = """for i in $(seq 300); do /bin/true; done
for i in $(seq 100); do (x=$i); done
for i in $(seq 50); do y=$(echo $i); done; echo $y; exit 4"""


def program(name):
    def add(function):
        PROGRAMS.append((name, function))
        return function
    return add


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError):
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    return False


def get(port, path, tries=1):
    """Status and body."""
    for left in reversed(range(tries)):
        try:
            http_to = http.client.HTTPConnection("127.0.0.1", port,
                                                 timeout=SECONDS)
            http_to.request("GET", path)
            answer = http_to.getresponse()
            return answer.status, answer.read()
        except OSError:
            if not left:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def server(words, end=signal.SIGTERM, user=None):
    """A server that runs meanwhile; its exit status comes in the list."""
    log = open(work("server.log"), "w")
    running = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log,
                               stderr=log, env=clean.environment(), cwd=WORK,
                               user=user, group=user, start_new_session=True)
    status = []
    try:
        yield running, status
        running.send_signal(end)
        status.append(running.wait(SECONDS))
    except Exception as why:
        tail = open(work("server.log"), errors="replace").read()[-LOG_TAIL:]
        raise AssertionError("%s; its log ends: %s" % (why, tail))
    finally:
        log.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def started(running, port):
    clean.wait_until(lambda: answers(port) or running.poll() is not None)
    assert running.poll() is None, "it ended with %s" % running.returncode


@program("sshd")
def sshd(before):
    """Logins by key; the session's status is the command's."""
    need("sshd", "ssh", "ssh-keygen")
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    for key in ("host", "id"):
        if not os.path.exists(work(key)):
            clean.quietly("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                          work(key))
    shutil.copy(work("id.pub"), work("authorized"))
    port, said = free_port(), []
    write("sshd_config", "Port %d\nListenAddress 127.0.0.1\nHostKey %s\n"
          "AuthorizedKeysFile %s\nStrictModes no\nUsePAM no\nPidFile none\n"
          "PermitRootLogin yes\nPrintMotd no\n" % (
              port, work("host"), work("authorized")))
    login = ["ssh", "-F", "none", "-p", str(port), "-i", work("id"), "-o",
             "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
             "-o", "LogLevel=ERROR", "-o", "BatchMode=yes",
             getpass.getuser() + "@127.0.0.1"]
    with server(before + [shutil.which("sshd"), "-D", "-e", "-f",
                          work("sshd_config")]) as (running, status):
        started(running, port)
        for i in range(4):
            done = subprocess.run(login + ["echo hello; exit %d" % i],
                                  stdin=subprocess.DEVNULL, timeout=SECONDS,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
            said.append((done.returncode, done.stdout))
    if said[0][1] != b"hello\n" and not before:
        raise clean.Skip("no login works here: %r" % said[0][1][-100:])
    assert said[0][1] == b"hello\n", said
    return said, status


class Backend(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ("you asked for " + self.path).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@program("varnishd")
def varnishd(before):
    """Its workers share one alternate signal stack. It is asked, too."""
    need("varnishd")
    backend = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    threading.Thread(target=backend.serve_forever, daemon=True).start()
    port, said = free_port(), []
    words = ["varnishd", "-F", "-a", "127.0.0.1:%d" % port, "-b",
             "127.0.0.1:%d" % backend.server_port, "-n", work("varnish"),
             "-s", "malloc,16m"]
    if os.geteuid() == 0:
        words += ["-j", "none"]
    with server(before + words) as (running, status):
        started(running, port)
        for i in range(200):
            said.append(get(port, "/%d" % (i % 50)))
            if before and i == 100:
                ask_all(running.pid)
    backend.shutdown()
    return said, status


def descendants(pid):
    found = []
    for path in glob.glob("/proc/%d/task/*/children" % pid):
        with contextlib.suppress(OSError):
            for child in open(path).read().split():
                found += [int(child)] + descendants(int(child))
    return found


def ask_all(pid):
    """`gordian check` of each process below, but for a scan's."""
    for child in descendants(pid):
        done = subprocess.run([GORDIAN, "check", str(child)],
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SECONDS)
        assert done.returncode == 0 or b"no process" in done.stdout, \
            "check: %r" % done.stdout[-300:]


@program("nginx")
def nginx(before):
    """Reloads while it is asked for pages."""
    need("nginx")
    port, said = free_port(), []
    write("www/index.html", "hello\n" * 100)
    os.chmod(WORK, 0o755)
    write("nginx.conf", """daemon off; worker_processes 2; pid nginx.pid;
error_log %s/error.log; events {}
http { access_log off; %s
server { listen 127.0.0.1:%d; root %s/www; } }
""" % (WORK, " ".join("%s_temp_path %s/tmp;" % (kind, WORK) for kind in (
        "client_body", "proxy", "fastcgi", "uwsgi", "scgi")), port, WORK))
    with server(before + ["nginx", "-p", WORK, "-e", work("error.log"), "-c",
                          work("nginx.conf")],
                end=signal.SIGQUIT) as (running, status):
        started(running, port)
        for i in range(100):
            said.append(get(port, "/", tries=20))
            if i in (30, 60):
                os.kill(int(open(work("nginx.pid")).read()), signal.SIGHUP)
    return said, status


@program("postgres")
def postgres(before):
    tools = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not tools:
        raise clean.Skip("postgres is not installed")
    user = "postgres" if os.geteuid() == 0 else None
    data, said = work("pg", "data"), []
    if not os.path.exists(data):
        os.makedirs(work("pg"))
        os.chmod(WORK, 0o755)
        if user:
            shutil.chown(work("pg"), user)
        subprocess.run([tools[-1] + "/initdb", "-D", data, "-A", "trust",
                        "-U", "test", "-N"], user=user, check=True, cwd="/",
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, LC_ALL="C.UTF-8"))

    def query(text):
        done = subprocess.run(["psql", "-h", work("pg"), "-U", "test", "-At",
                               "-c", text, "postgres"], timeout=SECONDS,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    with server(before + [tools[-1] + "/postgres", "-D", data, "-k",
                          work("pg"), "-c", "listen_addresses="],
                end=signal.SIGINT, user=user) as (running, status):
        clean.wait_until(lambda: query("select 1")[0] == 0 or
                         running.poll() is not None)
        for i in range(10):
            said.append(query("create temporary table t as select g a, "
                              "g %% 7 b from generate_series(1, 20000) g; "
                              "select b, sum(a) from t group by b order by "
                              "b; select %d" % i))
        said.append(query("select 1 / 0"))
    assert said[0][0] == 0, said[0]
    return said, status


@program("uwsgi")
def uwsgi(before):
    need("uwsgi")
    write("app.py", WSGI)
    port = free_port()
    words = ["uwsgi", "--http-socket", "127.0.0.1:%d" % port, "--plugin",
             "python3", "--wsgi-file", work("app.py"), "--master",
             "--processes", "2", "--threads", "2", "--die-on-term",
             "--disable-logging"]
    with server(before + words) as (running, status):
        started(running, port)
        said = [get(port, "/%d" % i) for i in range(300)]
    assert said[7] == (200, b'{"path": "/7"}'), said[7]
    return said, status


def once(before, words, **more):
    done = subprocess.run(before + words, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=clean.environment(more), cwd=WORK,
                          timeout=SECONDS)
    return done.returncode, done.stdout, done.stderr


@program("php")
def php(before):
    need("php")
    return once(before, ["php", "-n", "-r", PHP])


@program("PyGObject")
def pygobject(before):
    """Debian's python3, whose heap lies below 4 GiB."""
    python = "/usr/bin/python3"
    need(python)
    if once([], [python, "-c", "from gi.repository import GLib"])[0]:
        raise clean.Skip("python3-gi is not installed")
    return once(before, [python, "-c", GOBJECT], PYTHONMALLOC="malloc")


@program("java")
def java(before):
    need("java")
    return once(before, ["java", "-Xshare:auto", work("H.java")])


@program("bash")
def bash(before):
    need("bash")
    return once(before, ["bash", "-c", CHILDREN])


def ordinary_user():
    """Words that make an ordinary user of root."""
    if os.geteuid():
        return []
    need("setpriv")
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


@program("chromium")
def chromium(before):
    """With its sandbox, without the script that starts it."""
    browser = "/usr/lib/chromium/chromium"
    need(browser)
    os.makedirs(work("home"), exist_ok=True)
    os.chmod(WORK, 0o777)
    os.chmod(work("home"), 0o777)
    words = [browser, "--headless", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-sync",
             "--disable-component-update", "--user-data-dir=" +
             work("home", "data%d" % time.monotonic_ns()), "--dump-dom",
             "data:text/html,<p>hello"]
    how = ordinary_user()
    status, out, _ = once(how + before, words, HOME=work("home"))
    if not before and (status or b"hello" not in out):
        raise clean.Skip("chromium's sandbox does not work here")
    return status, out


# Real, each of them.
ENVIRON = "the environment that it copied, and setenv() copied again"
KNOWN = {
    "sshd": [Known("sshd", "buffers of a session")],
    "varnishd": [clean_programs.AS, clean_programs.CC1PLUS,
                 clean_programs.DRIVER,
                 Known("cc1|lto1", "the compiler's"),
                 Known("VCC_.*|vcc_.*", "of the compiler of VCL, which ends"),
                 Known("VAV_ParseTxt", "words of an option; seen by valgrind"),
                 Known("VSMW_Allocv", "counters of a manager that ends",
                       kind="cycle", at_end=True),
                 Known("VSL_Setup|WRK_BgThread", "of threads that have ended",
                       at_end=True)],
    "nginx": [Known("ngx_alloc", "a worker destroys the pool that holds its "
                    "connections, and ends", kind="cycle", at_end=True)],
    "postgres": [Known("save_ps_display_args", ENVIRON),
                 Known("PostmasterMain", "a copied option")],
    "uwsgi": [Known("uwsgi_.*", ENVIRON),
              Known("init_uwsgi_embedded_module", "PyDict_SetItemString() "
                    "takes a reference of its own; that of the new object is "
                    "forgotten", kind="excess-ref")],
    "PyGObject": [Known("g_callable_info_create_closure",
                        "types of a closure's arguments; seen by valgrind")],
}


def leave_out_others(reports, program):
    """What a login shell's start executes differs from machine to machine."""
    for file in glob.glob(os.path.join(reports, "*.jsonl*")):
        with open(file, errors="replace") as report:
            if '/%s"' % program not in report.readline():
                os.unlink(file)


def cpu():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def timed(function, before):
    start = cpu()
    said = function(before)
    return said, cpu() - start


def differ(plain, ours):
    for i, (a, b) in enumerate(zip(plain, ours)):
        if a != b and isinstance(a, (list, tuple)):
            return differ(a, b)
        if a != b:
            return "%r became %r" % (a, b)
    return "%d things became %d" % (len(plain), len(ours))


def check(name, function):
    """The ratio of each mode."""
    plain, took = timed(function, [])
    ratios = []
    for mode in MODES:
        reports = work("reports", name)
        before = under(reports, mode)
        os.chmod(reports, 0o777)
        mode = " ".join(mode) or "default"
        try:
            ours, took_ours = timed(function, before)
            assert ours == plain, differ(plain, ours)
            if name == "sshd":
                leave_out_others(reports, name)
            clean.judge(reports, KNOWN.get(name, []))
        except AssertionError as why:
            raise AssertionError("%s: %s" % (mode, why))
        ratios.append("%s %.2f" % (mode, took_ours / max(took, 0.001)))
    return ", ".join(ratios)


def attempt(name, function):
    try:
        return True, "ok %s: processor time %s" % (name, check(name, function))
    except clean.Skip as why:
        return True, "skip %s: %s" % (name, why)
    except (AssertionError, OSError, subprocess.SubprocessError,
            http.client.HTTPException) as why:
        return False, "not ok %s: %s" % (name, why)


def main():
    rounds = 1
    wanted = []
    for word in sys.argv[1:]:
        if word.startswith("--rounds="):
            rounds = int(word[9:])
        else:
            wanted.append(word)
    clean.prepare()
    fine = True
    for _ in range(rounds):
        for name, function in PROGRAMS:
            if wanted and name not in wanted:
                continue
            ok, line = attempt(name, function)
            fine = fine and ok
            print(line, flush=True)
    shutil.rmtree(WORK, ignore_errors=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
