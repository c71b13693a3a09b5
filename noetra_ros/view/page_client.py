"""Speaks to a live page as a browser does, without one: reads what it shows, presses its buttons."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any

import msgpack
import zstandard
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from noetra_ros.core.errors import NoetraError

LIMIT_S = 20.0
HEAD_BYTES = 16  # sizes of the part in MessagePack, unpacked and packed
# What a browser tells of its camera first; viser takes presses only from who has told it.
CAMERA = {
    "type": "ViewerCameraMessage", "wxyz": [1.0, 0.0, 0.0, 0.0], "position": [1.0, 1.0, 1.0], "fov": 1.0,
    "near": 0.01, "far": 100.0, "image_height": 600, "image_width": 800, "look_at": [0.0, 0.0, 0.0],
    "up_direction": [0.0, 0.0, 1.0],
}  # fmt: skip


class PageError(NoetraError):
    """The page did not show what was waited for."""


class PageClient:
    """A connection to a page. A context manager. What the page sends is read on a thread of its own.

    Args:
        host, port: of the page.
        version: of the viser that serves it.
        cookie: that proves the token; empty = none.
    """

    def __init__(self, host: str, port: int, version: str, cookie: str = "") -> None:
        self._socket: ClientConnection = connect(
            f"ws://{host}:{port}",
            subprotocols=[f"viser-v{version}"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie} if cookie else None,
            max_size=None,
            compression=None,
        )
        self.parts: dict[str, dict[str, Any]] = {}
        self._send(CAMERA)
        self._reader = threading.Thread(target=self._read, name="page client", daemon=True)
        self._reader.start()

    def __enter__(self) -> PageClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._reader.join(timeout=LIMIT_S)

    def wait_button(self, label: str) -> str:
        """Number of the button with this label, once it is shown.

        Raises:
            PageError: it is not within 20 s.
        """
        end_s = time.monotonic() + LIMIT_S
        while True:
            parts = dict(self.parts)
            for uuid, part in parts.items():
                if part["kind"] == "GuiButtonMessage" and part.get("label") == label:
                    return uuid
            if time.monotonic() > end_s:
                shown = ", ".join(str(part["label"]) for part in parts.values() if part.get("label"))
                raise PageError(f"no button {label!r} on the page after {LIMIT_S:g} s; it shows {shown}")
            time.sleep(0.05)

    def press(self, uuid: str) -> None:
        """Press a button, as a browser tells it."""
        self.change(uuid, True)

    def change(self, uuid: str, value: object) -> None:
        """Give a part of the page another value."""
        self._send({"type": "GuiUpdateMessage", "uuid": uuid, "updates": {"value": value}})

    def _read(self) -> None:
        try:
            for packet in self._socket:
                for message in _messages(bytes(packet)):  # type: ignore[arg-type]
                    self._keep(message)
        except ConnectionClosed:
            return

    def _keep(self, message: dict[str, Any]) -> None:
        uuid = message.get("uuid")
        if not isinstance(uuid, str):
            return
        if message["type"] == "GuiUpdateMessage":
            self.parts.setdefault(uuid, {"kind": ""}).update(message["updates"])
        elif message["type"] == "GuiRemoveMessage":
            self.parts.pop(uuid, None)
        elif isinstance(message.get("props"), dict):
            self.parts[uuid] = {"kind": message["type"], **message["props"]}

    def _send(self, message: dict[str, Any]) -> None:
        self._socket.send(msgpack.packb(message))


def _messages(packet: bytes) -> list[dict[str, Any]]:
    """What a packet of viser holds; arrays behind it are left out."""
    packed_bytes = int.from_bytes(packet[8:HEAD_BYTES], "little")
    plain = zstandard.ZstdDecompressor().decompress(packet[HEAD_BYTES : HEAD_BYTES + packed_bytes])
    return list(msgpack.unpackb(plain)["messages"])
