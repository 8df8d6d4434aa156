#!/usr/bin/env python3
"""Servers of the distribution under a load that goes up and down: nothing of
them grows. Each is looked at every 0.3 s, for 15 s (--seconds=N).

GORDIAN names the binary; arguments choose servers. What is not installed is
skipped. One line a server; fails when something is listed at the end."""
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from common import environment, GORDIAN, start

SECONDS = 15
HOST = "127.0.0.1"
NGINX = """daemon off; master_process off; error_log /dev/null; pid pid;
events {} http { access_log off; client_body_temp_path tmp;
proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp;
scgi_temp_path tmp; server { listen 127.0.0.1:PORT; root WORK; } }"""
LIGHTTPD = """server.document-root = "WORK"
server.port = PORT
server.bind = "127.0.0.1"
server.modules = ()"""
NODE = """require("http").createServer((request, response) => {
  response.end(Buffer.alloc(3000).toString("hex"));
}).listen(PORT, "127.0.0.1");"""


def http(sock):
    sock.sendall(b"GET /page.html HTTP/1.0\r\n\r\n")
    while sock.recv(1 << 16):
        pass


def cached(sock):
    for _ in range(20):
        key = random.randrange(1000)
        sock.sendall(b"set k%d 0 0 500\r\n%s\r\nget k%d\r\n"
                     % (key, 500 * b"x", key))
        read = b""
        while not read.endswith(b"END\r\n"):
            read += sock.recv(1 << 16)


def redis(sock):
    for _ in range(20):
        key = random.randrange(1000)
        for command in (b"SET k%d %s" % (key, 300 * b"x"), b"GET k%d" % key,
                        b"LPUSH list %d" % key, b"LPOP list",
                        b"HSET hash f%d %d" % (key, key), b"SADD set %d" % key):
            sock.sendall(command + b"\r\n")
            sock.recv(1 << 16)


# name: the words, in which PORT and WORK are replaced; a file; what clients do
SERVERS = {
    "nginx": (["nginx", "-e", "/dev/null", "-p", "WORK", "-c",
               "WORK/nginx.conf"], ("nginx.conf", NGINX), http),
    "lighttpd": (["lighttpd", "-D", "-f", "WORK/lighttpd.conf"],
                 ("lighttpd.conf", LIGHTTPD), http),
    "memcached": (["memcached", "-u", "nobody", "-l", HOST, "-p", "PORT", "-m",
                   "16"], None, cached),
    "redis-server": (["redis-server", "--port", "PORT", "--save", "", "--bind",
                      HOST, "--appendonly", "no", "--dir", "WORK"], None,
                     redis),
    "python3": (["/usr/bin/python3", "-m", "http.server", "PORT", "--bind",
                 HOST, "-d", "WORK"], None, http),
    "node": (["node", "WORK/server.js"], ("server.js", NODE), http),
}


def free_port():
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return sock.getsockname()[1]


def ask(port, client):
    with contextlib.suppress(OSError):
        with socket.create_connection((HOST, port), 5) as sock:
            client(sock)


def load(port, client, until):
    """Rounds of more and fewer clients at a time."""
    while time.monotonic() < until:
        threads = [threading.Thread(target=ask, args=(port, client))
                   for _ in range(random.randrange(1, 40))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(random.random() / 10)


def growing(name, place, seconds):
    """How often it was looked at, and the places that grow."""
    words, file, client = SERVERS[name]
    port = free_port()

    def put(text):
        return text.replace("PORT", str(port)).replace("WORK", place)
    if file:
        with open(os.path.join(place, file[0]), "w", encoding="utf-8") as out:
            out.write(put(file[1]))
    report = os.path.join(place, "x.jsonl")
    running = subprocess.Popen(
        [GORDIAN, "run", "--format=none", "--interval=0.3", "--budget=50",
         "--report=" + report, "--", *map(put, words)], cwd=place,
        env=environment(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        load(port, client, time.monotonic() + seconds)
        running.send_signal(signal.SIGTERM)
        running.wait(30)
    finally:
        running.kill()
    code, out, err = start([GORDIAN, "report", "--format=json", report])
    assert code == 0, err
    report = json.loads(out)
    return len(report["scans"]), report["growing"]


def describe(found):
    return [(place["count"], place["type"],
             [frame["function"] for frame in place["stack"]][:4])
            for place in found]


def attempt(name, seconds):
    words = SERVERS[name][0]
    if not shutil.which(words[0]):
        print(f"skip {name}: it is not installed")
        return True
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o777)
        with open(os.path.join(place, "page.html"), "w",
                  encoding="utf-8") as page:
            page.write(5000 * "x")
        scans, found = growing(name, place, seconds)
    good = scans > 8 and not found
    print(f"{'ok' if good else 'not ok'} {name}: {scans} scans",
          *describe(found))
    return good


def main():
    seconds, names = SECONDS, []
    for word in sys.argv[1:]:
        if word.startswith("--seconds="):
            seconds = float(word.partition("=")[2])
        else:
            names.append(word)
    return not all([attempt(name, seconds) for name in names or SERVERS])


if __name__ == "__main__":
    sys.exit(main())
