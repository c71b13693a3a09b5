"""One model in this process, on one thread; while it computes, the next batch gathers."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass

from noetra_ros.core.types import ActionChunk
from noetra_ros.policy.backend import PolicyBackend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.batching import Answerer
from noetra_ros.policy.serving.engine import ENGINES, Computed, EngineTraits, ModelSettings, VoidError
from noetra_ros.policy.serving.messages import Ask
from noetra_ros.policy.serving.model import load_backend, traits_of
from noetra_ros.policy.worker import InferenceWorker


@dataclass(frozen=True)
class Waiting:
    """A request in the queue.

    Attributes:
        robot: who asks.
        ask: the request.
        since_s: when it came, monotonic.
        future: gets its answer.
    """

    robot: str
    ask: Ask
    since_s: float
    future: asyncio.Future[Computed]


@ENGINES.register("local")
class LocalEngine:
    """At most one request of each robot waits, in the order in which robots came; no batch is waited for.

    Args:
        settings: which model.
        load: makes it ready, on the model's thread.
    """

    def __init__(
        self, settings: ModelSettings, load: Callable[[ModelSettings], PolicyBackend] = load_backend
    ) -> None:
        self._settings, self._load = settings, load
        self._worker = InferenceWorker("model")
        self._queue: dict[str, Waiting] = {}
        self._wake = asyncio.Event()
        self._busy_since_s: float | None = None
        self._answerer: Answerer | None = None
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> EngineTraits:
        """Load the model on its thread.

        Raises:
            ConfigError: what it needs is missing or wrong.
        """
        loading = self._worker.call(lambda: self._load(self._settings))
        backend: PolicyBackend = await asyncio.wrap_future(loading)
        self._answerer = Answerer(backend)
        self._running = asyncio.create_task(self._run(self._answerer))
        return traits_of(backend)

    async def compute(self, robot: str, ask: Ask) -> Computed:
        """Answer one request in its turn.

        Raises:
            VoidError: replaced by a newer one, or too old when its turn came.
            PolicyError: the model refused or failed.
        """
        if (older := self._queue.get(robot)) is not None:
            _fail(older, VoidError("replaced"))
        waiting = Waiting(robot, ask, time.monotonic(), asyncio.get_running_loop().create_future())
        self._queue[robot] = waiting
        self._wake.set()
        return await waiting.future

    def leave(self, robot: str) -> None:
        """Forget a robot, in its turn on the model's thread."""
        if self._answerer is not None:
            self._worker.call(functools.partial(self._answerer.leave, robot))

    def busy_s(self) -> float:
        """S that the present inference has taken; 0 = none runs."""
        return 0.0 if self._busy_since_s is None else time.monotonic() - self._busy_since_s

    async def stop(self) -> None:
        """End the thread; whoever waits is told."""
        if self._running is not None:
            self._running.cancel()
        for waiting in self._queue.values():
            _fail(waiting, PolicyError("the server is ending"))
        await asyncio.get_running_loop().run_in_executor(None, self._worker.close)

    async def _run(self, answerer: Answerer) -> None:
        while True:
            await self._wake.wait()
            batch = self._next_batch()
            if not batch:
                self._wake.clear()
                continue
            began_s = self._busy_since_s = time.monotonic()
            asked = [(waiting.robot, waiting.ask) for waiting in batch]
            try:
                found = await asyncio.wrap_future(
                    self._worker.call(functools.partial(answerer.answers, asked))
                )
            except Exception as error:  # whoever waits is told, and the next batch is computed
                found = [PolicyError(f"{type(error).__name__}: {error}")] * len(batch)
            self._busy_since_s = None
            infer_s = time.monotonic() - began_s
            for waiting, answer in zip(batch, found, strict=True):
                _settle(waiting, answer, began_s - waiting.since_s, infer_s, len(batch))

    def _next_batch(self) -> list[Waiting]:
        """The requests that are computed next; those whose time is over are dropped unseen."""
        now_s = time.monotonic()
        batch: list[Waiting] = []
        while self._queue and len(batch) < self._settings.max_batch:
            waiting = self._queue.pop(next(iter(self._queue)))
            if now_s - waiting.since_s > waiting.ask.answer_within_s:
                _fail(waiting, VoidError("expired"))
            elif not waiting.future.done():  # its robot has gone
                batch.append(waiting)
        return batch


def _settle(
    waiting: Waiting, answer: ActionChunk | PolicyError, queue_s: float, infer_s: float, batch: int
) -> None:
    if isinstance(answer, PolicyError):
        _fail(waiting, answer)
    elif not waiting.future.done():
        waiting.future.set_result(Computed(answer, queue_s, infer_s, batch))


def _fail(waiting: Waiting, error: Exception) -> None:
    if not waiting.future.done():
        waiting.future.set_exception(error)
