"""A bad network between robot and server: it delays, loses, reorders, cuts, swells and spoils what passes."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from noetra_ros.policy.serving.messages import SUBPROTOCOL

FAULTS = ("late", "lost", "reordered", "repeated", "truncated", "oversize", "cut")


class FaultyRelay:
    """Passes messages of one server on; each may meet a fault.

    Args:
        target: address of the server.
        oversize_bytes: length of a swollen message.
        seed: of the choice of faults.
    """

    def __init__(self, target: str, oversize_bytes: int, seed: int) -> None:
        self._target, self._oversize_bytes, self._random = target, oversize_bytes, random.Random(seed)
        self.spoil()
        self.met: Counter[str] = Counter()
        self._server: Any = None

    def spoil(
        self,
        share: float = 0.0,
        late_s: float = 0.0,
        handshake_s: float = 0.0,
        bad_token_share: float = 0.0,
    ) -> None:
        """Be bad from now on.

        Args:
            share: of messages that meet a fault.
            late_s: s that a late message is held back.
            handshake_s: s that each new connection takes.
            bad_token_share: of connections whose token is spoilt.
        """
        self._share, self._late_s, self._handshake_s = share, late_s, handshake_s
        self._bad_token_share = bad_token_share

    async def start(self) -> str:
        """Listen; gives the address."""
        self._server = await serve(
            self._relay,
            "localhost",
            0,
            process_request=self._admit,
            subprotocols=[SUBPROTOCOL],
            compression=None,
            max_size=None,
            close_timeout=0.2,
        )
        return f"ws://localhost:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _admit(self, connection: Any, request: Any) -> Any:
        """Connect to the server with the robot's token, or with a spoilt one."""
        await asyncio.sleep(self._handshake_s)
        token = request.headers["Authorization"]
        if self._random.random() < self._bad_token_share:
            self.met["bad token"] += 1
            token += "x"
        try:
            headers = {"Authorization": token}
            connection.far = await connect(
                self._target,
                additional_headers=headers,
                subprotocols=[SUBPROTOCOL],
                compression=None,
                max_size=None,
                close_timeout=0.2,
            )
        except InvalidStatus as error:
            return connection.respond(error.response.status_code, error.response.body.decode())
        return None

    async def _relay(self, near: Any) -> None:
        ways = [asyncio.create_task(self._pass(*ends)) for ends in ((near, near.far), (near.far, near))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for end in (near, near.far):
            end.transport.abort()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _pass(self, source: Any, target: Any) -> None:
        held: list[bytes] = []
        later: set[asyncio.Task[None]] = set()
        with contextlib.suppress(ConnectionClosed):
            async for message in source:
                fault = self._random.choice(FAULTS) if self._random.random() < self._share else "none"
                self.met[fault] += 1
                if fault == "cut":
                    break
                if fault == "late":
                    later.add(asyncio.create_task(self._send_late(target, message)))
                elif fault == "reordered":
                    held.append(message)
                    continue
                for part in self._spoilt(message, fault):
                    await target.send(part)
                while held:
                    await target.send(held.pop())
        for task in later:
            task.cancel()

    async def _send_late(self, target: Any, message: bytes) -> None:
        await asyncio.sleep(self._late_s)
        with contextlib.suppress(ConnectionClosed):
            await target.send(message)

    def _spoilt(self, message: bytes, fault: str) -> list[bytes]:
        """What goes out at once."""
        spoilt = {
            "late": [],
            "lost": [],
            "repeated": [message, message],
            "truncated": [message[: self._random.randrange(len(message))]],
            "oversize": [message + bytes(self._oversize_bytes)],
        }
        return spoilt.get(fault, [message])
