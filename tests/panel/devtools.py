"""A headless Chromium, driven over its DevTools protocol: just what a test of a page needs."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium")
HANG = 30.0
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)


class Page:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self.host = f"{socket.remote_address[0]}:{socket.remote_address[1]}"
        self._socket = socket
        self._ids = itertools.count(1)
        self.console: list[str] = []  # what went wrong, in the browser's words
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser; returns its answer."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=HANG))
            self._note(message)
            if message.get("id") == number:
                assert "error" not in message, (method, message["error"])
                return message["result"]

    def _note(self, message: dict[str, Any]) -> None:
        match message.get("method"):
            case "Runtime.exceptionThrown":
                self.console.append(json.dumps(message["params"]["exceptionDetails"]))
            case "Log.entryAdded" if message["params"]["entry"]["level"] == "error":
                self.console.append(message["params"]["entry"]["text"])

    def run(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def promised(self, expression: str) -> Any:
        """What a JavaScript promise is kept with."""
        wish = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = self.call("Runtime.evaluate", **wish)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        deadline = time.monotonic() + HANG
        while not self.run(expression):
            assert time.monotonic() < deadline, f"never true: {expression}"
            time.sleep(0.05)

    def open(self, url: str, width: int, height: int, phone: bool = False) -> None:
        """Go to `url` in a window of that size, with a finger or a mouse."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)
        self.call("Page.navigate", url=url)
        self.wait("document.readyState == 'complete'")

    def leave(self) -> None:
        """Go to an empty page and forget what went wrong on the last."""
        self.open("about:blank", 100, 100)
        self.console.clear()

    def box(self, selector: str) -> tuple[float, float, float, float]:
        """An element's x, y, width, height in the window, scrolled to."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.run(f"{element}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = self.run(f"(r => [r.x, r.y, r.width, r.height])({element}.getBoundingClientRect())")
        return tuple(box)

    def mouse(self, kind: str, x: float, y: float) -> None:
        """A mouse event of the left button."""
        held = {"button": "left", "buttons": int(kind != "mouseReleased"), "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **held)

    def click(self, selector: str, across: float = 0.5) -> None:
        """Click on an element, `across` of its width from the left."""
        x, y, width, height = self.box(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x + width * across, y + height / 2)

    def drag(self, selector: str, start: float, end: float) -> None:
        """Drag a finger over an element, in parts of its width."""
        x, y, width, height = self.box(selector)
        steps = [x + width * (start + (end - start) * step / 10) for step in range(11)]
        self._touch("touchStart", [(steps[0], y + height / 2)])
        for step in steps:
            self._touch("touchMove", [(step, y + height / 2)])
        self._touch("touchEnd", [])

    def _touch(self, kind: str, points: list[tuple[float, float]]) -> None:
        self.call(
            "Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y} for x, y in points]
        )

    def key(self, key: str, modifiers: int = 0) -> None:
        """Press a key; 8 is Shift."""
        codes = {"ArrowRight": 39, "Home": 36, "End": 35, "Enter": 13, "Tab": 9, "Delete": 46}
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=codes[key],
                modifiers=modifiers,
                **(text if kind == "keyDown" else {}),
            )

    def screenshot(self, path: Path, whole: bool = False) -> None:
        """A PNG of the window, or of the whole page."""
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))


@contextmanager
def beside(page: Page) -> Iterator[Page]:
    """A second window of the same browser."""
    target = page.call("Target.createTarget", url="about:blank", newWindow=True)["targetId"]
    address = f"ws://{page.host}/devtools/page/{target}"
    with connect(address, max_size=None, open_timeout=HANG) as socket:
        yield Page(socket)
    page.call("Target.closeTarget", targetId=target)


@contextmanager
def chromium(profile: Path) -> Iterator[Page]:
    """A browser of its own, with an empty `profile` folder, and its one tab."""
    assert CHROMIUM is not None
    command = [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
    if os.geteuid() == 0:
        command.insert(1, "--no-sandbox")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_tab(profile), max_size=None, open_timeout=HANG) as socket:
            page = Page(socket)
            yield page
            page.call("Browser.close")
        process.wait(HANG)
    finally:
        process.kill()
        process.wait()


def _tab(profile: Path) -> str:
    """The DevTools address of the first tab, once the browser has written its port."""
    port_file = profile / "DevToolsActivePort"
    deadline = time.monotonic() + HANG
    while not (port_file.is_file() and port_file.read_text().count("\n")):
        assert time.monotonic() < deadline, "chromium did not start"
        time.sleep(0.05)
    port = int(port_file.read_text().split("\n")[0])
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=HANG) as answer:
        tabs = json.load(answer)
    return next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
