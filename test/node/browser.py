"""Headless Chromium, driven by the DevTools protocol: open a page, run scripts, press, take pictures."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

NAMES = ("chromium", "chromium-browser", "google-chrome")
# WebGL without a graphics card; nothing is asked of the net by the browser itself.
OPTIONS = (
    "--headless=new", "--no-sandbox", "--no-first-run", "--hide-scrollbars", "--disable-dev-shm-usage",
    "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--remote-debugging-port=0",
    "--disable-background-networking", "--disable-component-update", "--disable-features=Translate",
)  # fmt: skip
LIMIT_S = 60.0


def browser_program() -> str | None:
    """Path of a Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One window. A context manager.

    Args:
        width_px, height_px: of the window.
    """

    def __init__(self, width_px: int = 1366, height_px: int = 900) -> None:
        program = browser_program()
        assert program is not None, "asked for without a Chromium"
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        size = f"--window-size={width_px},{height_px}"
        self._process = subprocess.Popen(
            [program, *OPTIONS, size, f"--user-data-dir={self._folder.name}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._numbers = itertools.count(1)
        self.requests: list[str] = []
        self.messages: list[str] = []
        self._socket = connect(self._page_address(), max_size=None, compression=None)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.resize(width_px, height_px)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=20.0)
        self._folder.cleanup()

    def _page_address(self) -> str:
        port_file = Path(self._folder.name) / "DevToolsActivePort"
        end_s = time.monotonic() + LIMIT_S
        while not (port_file.is_file() and port_file.read_text().strip()):
            assert time.monotonic() < end_s, "Chromium did not start"
            time.sleep(0.05)
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            pages = [entry for entry in json.load(answer) if entry["type"] == "page"]
        return str(pages[0]["webSocketDebuggerUrl"])

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call of the protocol; what comes meanwhile is kept."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=LIMIT_S))
            if message.get("id") == number:
                assert "error" not in message, f"{method}: {message['error']}"
                return dict(message["result"])
            self._keep(message)

    def _keep(self, message: dict[str, Any]) -> None:
        about = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif message.get("method") == "Network.webSocketCreated":
            self.requests.append(about["url"])
        elif message.get("method") == "Log.entryAdded":
            self.messages.append(about["entry"]["text"])

    def resize(self, width_px: int, height_px: int) -> None:
        """The size of the page."""
        size = {"width": width_px, "height": height_px, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def open(self, address: str) -> None:
        """Go to an address."""
        self.call("Page.navigate", url=address)

    def value(self, script: str) -> Any:
        """What a JavaScript expression is."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    @property
    def text(self) -> str:
        """What can be read on the page."""
        return str(self.value("document.body ? document.body.innerText : ''"))

    def wait_until(self, script: str, what: str, limit_s: float = LIMIT_S) -> None:
        """Wait until a JavaScript expression is true."""
        end_s = time.monotonic() + limit_s
        while not self.value(script):
            assert time.monotonic() < end_s, f"waited {limit_s} s for {what}; the page says: {self.text}"
            time.sleep(0.05)

    def wait_text(self, words: str, limit_s: float = LIMIT_S) -> None:
        """Wait until the page says these words."""
        self.wait_until(
            f"document.body && document.body.innerText.includes({json.dumps(words)})", words, limit_s
        )

    def press(self, words: str) -> None:
        """Press the button that says these words."""
        is_it = f"b => b.innerText.trim() === {json.dumps(words)} && !b.disabled"
        buttons = f"[...document.querySelectorAll('button')].filter({is_it})"
        self.wait_until(f"{buttons}.length > 0", f"the button {words!r}")
        self.value(f"{buttons}.at(-1).click()")

    def write(self, words: str) -> None:
        """Write into the first text box that can be seen."""
        is_it = "i => i.type === 'text' && !i.readOnly && i.checkVisibility() && i.getClientRects().length"
        boxes = f"[...document.querySelectorAll('input')].filter({is_it})"
        self.wait_until(f"{boxes}.length > 0", "a text box")
        self.value(f"{boxes}[0].focus(), {boxes}[0].select()")
        self.call("Input.insertText", text=words)
        self.wait_until(f"{boxes}[0].value === {json.dumps(words)}", "the sentence in its box")

    def settle(self) -> None:
        """Wait until two pictures have been drawn from now on."""
        self.value("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(true))))")

    def foreign_requests(self) -> list[str]:
        """What was asked of any other place than this machine."""
        own = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")
        return [address[:200] for address in self.requests if not address.startswith(own)]

    def clear_notices(self) -> None:
        """Close what viser says of slow graphics."""
        self.value("document.querySelectorAll('.mantine-Notification-closeButton').forEach(b => b.click())")

    def key(self, key: str, code: str, number: int) -> None:
        """Press and let go a key."""
        about = {"key": key, "code": code, "windowsVirtualKeyCode": number}
        self.call("Input.dispatchKeyEvent", type="rawKeyDown", **about)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def picture(self, path: Path) -> None:
        """A PNG of the page."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))
