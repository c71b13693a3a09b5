"""A policy server that speaks openpi's protocol, written from its public server, not from our client."""

from __future__ import annotations

import asyncio
import threading
import time
import traceback
from typing import Any

import msgpack
import numpy as np
import pytest
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed


def pack(value: Any) -> bytes:
    def default(array: Any) -> dict[bytes, Any]:
        return {
            b"__ndarray__": True,
            b"data": array.tobytes(),
            b"dtype": array.dtype.str,
            b"shape": array.shape,
        }

    return msgpack.packb(value, default=default)


def unpack(data: bytes) -> Any:
    def hook(content: dict[Any, Any]) -> Any:
        if b"__ndarray__" not in content:
            return content
        return np.ndarray(content[b"shape"], np.dtype(content[b"dtype"]), content[b"data"])

    return msgpack.unpackb(data, object_hook=hook)


class OpenpiServer:
    """Metadata on connecting, then an answer for each observation; errors as text, then the end.

    Attributes:
        answer: makes the answer for an observation.
        seen: observations that came.
        headers: of the connections.
        is_open: while it is not set, answers are held back.
    """

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.is_open = threading.Event()
        self.is_open.set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(self._start())
        self.url = f"ws://localhost:{self._server.sockets[0].getsockname()[1]}"

    def answer(self, observation: dict[str, Any]) -> dict[str, Any]:
        rows = np.tile(observation["state"].astype(np.float32), (4, 1))
        return {"actions": rows, "state": observation["state"], "policy_timing": {"infer_ms": 1.0}}

    def close(self) -> None:
        self.is_open.set()
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _start(self) -> Any:
        return await serve(self._converse, "localhost", 0, compression=None, max_size=None, close_timeout=0.2)

    async def _stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _converse(self, connection: Any) -> None:
        self.headers.append(connection.request.headers)
        await connection.send(pack({"reset_pose": [0.0, 1.0]}))
        while True:
            try:
                observation = unpack(await connection.recv())
                began_s = time.monotonic()
                self.seen.append(observation)
                while not self.is_open.is_set():
                    await asyncio.sleep(0.005)
                answer = self.answer(observation)
                if isinstance(answer, dict):
                    answer["server_timing"] = {"infer_ms": 1e3 * (time.monotonic() - began_s)}
                await connection.send(pack(answer))
            except ConnectionClosed:
                break
            except Exception:
                await connection.send(traceback.format_exc())
                await connection.close(1011, "Internal server error. Traceback included in previous frame.")
                break


@pytest.fixture
def openpi_server():
    server = OpenpiServer()
    yield server
    server.close()
