"""A headless Chromium, spoken to by DevTools' protocol through a pipe."""
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

from common import SECONDS, Skip


class Browser:
    """One page. Complaints are what the page throws or writes to its console
    as an error."""

    def __init__(self):
        program = shutil.which("chromium")
        if not program:
            raise Skip("chromium is not installed")
        self.home = tempfile.mkdtemp(prefix="gordian-")
        to_browser, self.write = os.pipe()
        self.read, from_browser = os.pipe()

        def place():  # where the protocol wants them
            os.dup2(to_browser, 13)
            os.dup2(from_browser, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run",
             f"--user-data-dir={self.home}", "--remote-debugging-pipe",
             "about:blank"], preexec_fn=place, close_fds=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.rest, self.events = 0, b"", []
        self.complaints, self.session = [], None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(t for t in targets if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=page["targetId"])["sessionId"]
        for domain in "Page", "Runtime", "Log":
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.write)
        os.close(self.read)
        shutil.rmtree(self.home, ignore_errors=True)

    def message(self):
        limit = time.time() + SECONDS
        while b"\0" not in self.rest:
            if not select.select([self.read], [], [], limit - time.time())[0]:
                raise TimeoutError("Chromium does not answer")
            data = os.read(self.read, 1 << 16)
            assert data, "Chromium has ended"
            self.rest += data
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def take(self, event):
        name, values = event.get("method"), event.get("params", {})
        if name == "Runtime.exceptionThrown":
            self.complaints.append(values["exceptionDetails"])
        elif name == "Runtime.consoleAPICalled" and values["type"] in (
                "error", "assert", "warning"):
            self.complaints.append(values["args"])
        elif name == "Log.entryAdded":
            self.complaints.append(values["entry"])
        self.events.append(name)

    def call(self, method, **values):
        self.number += 1
        request = {"id": self.number, "method": method, "params": values}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.take(answer)

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while "Page.loadEventFired" not in self.events:
            self.take(self.message())

    def value(self, expression):
        """What JavaScript makes of the expression; promises are awaited."""
        answer = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=True,
                           userGesture=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def key(self, key, code):
        for kind in "rawKeyDown", "keyUp":
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code)

    def picture(self, path, width, height):
        import base64
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=width < 500)
        data = self.call("Page.captureScreenshot")["data"]
        open(path, "wb").write(base64.b64decode(data))
