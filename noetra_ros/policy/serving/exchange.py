"""The server's half of one connection: each request is computed at most once, and answered only in time."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING

from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.engine import Computed, Engine, EngineTraits, VoidError
from noetra_ros.policy.serving.health import ServingRecord
from noetra_ros.policy.serving.messages import Answer, Ask, Hello, Reason, Refusal, ServerTiming
from noetra_ros.policy.serving.settings import ServerSettings
from noetra_ros.policy.serving.wire import WireError, pack, unpack

if TYPE_CHECKING:
    from websockets.asyncio.server import ServerConnection

# Open requests of one robot: one is computed, one waits; the others are replaced within a turn of the loop.
MAX_OPEN_ASKS = 8
UNREADABLE, TOO_MANY = 1007, 1008
LONGEST_REASON = 100  # characters; a close frame has 123 bytes


class Exchange:
    """Reads requests while others are computed, so that a newer observation replaces one that waits.

    Args:
        engine: computes the answers.
        traits: what it can do.
        settings: bounds.
        record: is told what became of each request.
        robot: whose token opened the connection.
        connection: open, nothing said yet.
    """

    def __init__(
        self,
        engine: Engine,
        traits: EngineTraits,
        settings: ServerSettings,
        record: ServingRecord,
        robot: str,
        connection: ServerConnection,
    ) -> None:
        self._engine, self._traits, self._settings = engine, traits, settings
        self._record, self._robot, self._connection = record, robot, connection
        self._session = secrets.token_hex(8)
        self._last = 0
        self._open: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until the connection ends, from whichever side."""
        from websockets.exceptions import ConnectionClosed

        limit, takes_prefix = self._settings.max_message_bytes, self._traits.takes_prefix
        try:
            await self._send(pack(Hello(self._traits.spec, self._session, limit, takes_prefix)))
            while await self._take(await self._connection.recv()):
                pass
        except ConnectionClosed as error:
            if error.sent is not None and error.sent.code == 1009:
                self._count("too long")
        finally:
            for task in self._open:
                task.cancel()

    async def _take(self, message: bytes | str) -> bool:
        """Look at one message; false where the connection has ended over it."""
        came_s = time.monotonic()
        try:
            ask = unpack(Ask, message)
        except WireError as error:
            self._count("unreadable")
            await self._connection.close(UNREADABLE, str(error)[:LONGEST_REASON])
            return False
        if ask.session != self._session or ask.sequence <= self._last:
            self._count("repeated")
            return True
        if len(self._open) >= MAX_OPEN_ASKS:
            self._count("too many")
            await self._connection.close(TOO_MANY, "too many requests at a time")
            return False
        self._last = ask.sequence
        task = asyncio.create_task(self._answer(ask, came_s, time.monotonic() - came_s))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        return True

    async def _answer(self, ask: Ask, came_s: float, decode_s: float) -> None:
        try:
            computed = await self._engine.compute(self._robot, ask)
        except VoidError as error:
            self._count(str(error))
            return
        except PolicyError as error:
            self._count("refused by the model")
            refusal = Refusal(Reason.MODEL, str(error))
            timing = ServerTiming(decode_s, infer_s=time.monotonic() - came_s)
            await self._send(pack(Answer(self._session, ask.sequence, timing, refusal=refusal)))
            return
        await self._deliver(ask, computed, came_s, decode_s)

    async def _deliver(self, ask: Ask, computed: Computed, came_s: float, decode_s: float) -> None:
        """Send a chunk, unless its time has run out meanwhile."""
        if time.monotonic() - came_s > ask.answer_within_s:
            self._count("expired while it was computed")
            return
        timing = ServerTiming(decode_s, computed.queue_s, computed.infer_s, computed.batch)
        await self._send(pack(Answer(self._session, ask.sequence, timing, chunk=computed.chunk)))
        now_s = time.monotonic()
        self._count("answered")
        self._record.add(timing, now_s - came_s)
        if (robot := self._record.robots.get(self._robot)) is not None:
            robot.answered, robot.last_s = robot.answered + 1, now_s

    async def _send(self, data: bytes) -> None:
        """Send within the declared time, or end the connection: it is lost, or nobody reads."""
        from websockets.exceptions import ConnectionClosed

        try:
            async with asyncio.timeout(self._settings.send_within_s):
                await self._connection.send(data)
        except TimeoutError:
            self._count("not taken")
            self._connection.transport.abort()
        except ConnectionClosed:
            self._count("gone before the answer")

    def _count(self, word: str) -> None:
        self._record.counts[word] += 1
