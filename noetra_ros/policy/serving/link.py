"""One websocket to a model on another machine, on a thread of its own; no wait is longer than declared."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from noetra_ros.core.errors import single_fault
from noetra_ros.policy.errors import LinkError, PolicyError
from noetra_ros.policy.serving.link_settings import LinkSettings

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

Result = TypeVar("Result")
# The thread is asked to give up in time; this much later its answer is no longer waited for.
GRACE_S = 0.05
# A path that is gone (cable, Wi-Fi) is noticed within twice this time while nothing is asked.
PING_S = 2.0
# Late answers that may wait for the next request, which discards them.
MAX_WAITING_MESSAGES = 16
# So many requests without an answer in a row: another connection may find another way.
SILENCES_ALLOWED = 1


@dataclass
class LinkCounts:
    """What a link has gone through since it was made."""

    connections: int = 0
    answered: int = 0
    failed: int = 0
    discarded: int = 0


class Link:
    """Connects when it is needed, again after a loss; used by one thread at a time.

    Args:
        settings: address, secret, bounds.
        greet: judges the first message of each connection; raises `PolicyError` to refuse the peer.
        subprotocol: asked for in the handshake; empty = none.
        authorization: header with the secret; empty = none.
        allowed_silences: requests without an answer that a connection survives.
    """

    def __init__(
        self,
        settings: LinkSettings,
        greet: Callable[[bytes | str], None],
        subprotocol: str = "",
        authorization: str = "",
        allowed_silences: int = SILENCES_ALLOWED,
    ) -> None:
        self.counts = LinkCounts()
        self._settings, self._greet = settings, greet
        self._subprotocol, self._authorization = subprotocol, authorization
        self._allowed_silences, self._silences = allowed_silences, 0
        self._connection: ClientConnection | None = None
        self._opening: asyncio.Task[ClientConnection] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def connect(self) -> None:
        """Connect where it is not connected.

        Raises:
            LinkError: not within `connect_within_s`, or refused; says what was found.
            PolicyError: `greet` refused the peer.
        """
        self._run(self._connected(), self._settings.connect_within_s)

    def exchange(
        self, request: Callable[[float], bytes], take: Callable[[bytes | str], Result | None]
    ) -> Result:
        """Send one request, wait for its answer.

        Args:
            request: makes the bytes for the s that are left; called once there is a connection.
            take: looks at each message that comes; None = another one's answer, to be discarded.

        Raises:
            LinkError: no answer within `reply_within_s`; the link is tried again by the next request.
            PolicyError: `take` or `greet` refused what came.
        """
        began_s, within_s = time.monotonic(), self._settings.reply_within_s
        try:
            answer = self._run(self._exchanged(request, take, began_s + within_s), within_s)
            if time.monotonic() - began_s > within_s:  # it came in time, this thread was held up
                raise LinkError(f"{self._settings.url}: the answer was taken after {within_s:g} s")
        except PolicyError:
            self.counts.failed += 1
            raise
        self.counts.answered += 1
        return answer

    def close(self, timeout_s: float = 1.0) -> None:
        """Drop the connection and end the thread; the link may be used again."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(self._drop)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout_s)
        self._loop = self._thread = None

    def _run(self, work: Coroutine[Any, Any, Result], within_s: float) -> Result:
        loop = self._running_loop()
        future = asyncio.run_coroutine_threadsafe(self._bounded(work, within_s), loop)
        try:
            return future.result(within_s + GRACE_S)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise LinkError(f"{self._settings.url}: no answer within {within_s:g} s") from None

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_spin, args=(self._loop,), name="link", daemon=True)
            self._thread.start()
        return self._loop

    async def _bounded(self, work: Coroutine[Any, Any, Result], within_s: float) -> Result:
        """The work, or the one error that says why not."""
        from websockets.exceptions import WebSocketException

        url = self._settings.url
        try:
            async with asyncio.timeout(within_s):
                return await work
        except TimeoutError:
            self._silences += 1
            if self._silences > self._allowed_silences:
                self._drop()
            raise LinkError(f"{url}: no answer within {within_s:g} s") from None
        except (WebSocketException, OSError, EOFError) as error:
            self._drop()
            raise LinkError(f"{url}: {_words_of(error)}") from error
        except PolicyError:
            self._drop()
            raise

    async def _connected(self) -> ClientConnection:
        """The connection; making one goes on where a request gives up, so that the next request finds it."""
        if self._connection is None:
            if self._opening is None or self._opening.done():
                self._opening = asyncio.create_task(self._opened())
                self._opening.add_done_callback(_look_at)
            return await asyncio.shield(self._opening)
        return self._connection

    async def _opened(self) -> ClientConnection:
        async with asyncio.timeout(self._settings.connect_within_s):
            self._connection = await self._open()
        return self._connection

    async def _open(self) -> ClientConnection:
        from websockets.asyncio.client import connect
        from websockets.typing import Subprotocol

        settings, tls = self._settings, self._settings.tls()
        headers: Mapping[str, str] = {"Authorization": self._authorization} if self._authorization else {}
        connection = await connect(
            settings.url,
            ssl=tls,
            subprotocols=[Subprotocol(self._subprotocol)] if self._subprotocol else None,
            additional_headers=headers,
            user_agent_header=None,
            compression=None,  # pictures do not shrink, and time is what is short
            proxy=None,  # the address in the file is where pictures go, nowhere else
            open_timeout=None,  # bounded by `_opened`
            ping_interval=PING_S,
            ping_timeout=PING_S,
            max_size=settings.max_message_bytes,
            max_queue=MAX_WAITING_MESSAGES,
        )
        try:
            self._greet(await connection.recv())
        except BaseException:
            connection.transport.abort()
            raise
        self._silences = 0
        self.counts.connections += 1
        return connection

    async def _exchanged(
        self,
        request: Callable[[float], bytes],
        take: Callable[[bytes | str], Result | None],
        deadline_s: float,
    ) -> Result:
        connection = await self._connected()
        await connection.send(request(deadline_s - time.monotonic()))
        while (answer := take(await connection.recv())) is None:
            self.counts.discarded += 1
        self._silences = 0
        return answer

    def _drop(self) -> None:
        """End the connection at once, without the farewell that a lost peer would not answer."""
        if self._connection is not None:
            self._connection.transport.abort()
            self._connection = None


def require_websockets() -> None:
    """Says what to install.

    Raises:
        ConfigError: websockets is missing or older than its asyncio client.
    """
    try:
        import websockets.asyncio.client  # noqa: F401
    except ImportError as error:
        raise single_fault(
            "policy", "websockets", str(error), "version 15 or newer", "pip install 'websockets>=15'"
        ) from error


def _look_at(task: asyncio.Task[Any]) -> None:
    """A failure that no request waited for is told by the next request, which tries again."""
    if not task.cancelled():
        task.exception()


def _spin(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.run_until_complete(_cancel_all(loop))
    loop.close()


async def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _words_of(error: BaseException) -> str:
    """What a person should know of a failed connection."""
    from websockets.exceptions import InvalidStatus

    if isinstance(error, InvalidStatus):
        said = (error.response.body or b"").decode("utf-8", "replace").strip()[:200]
        return f"refused with status {error.response.status_code}: {said or 'no reason given'}"
    return f"{type(error).__name__}: {str(error)[:200]}"
