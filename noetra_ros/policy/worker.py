"""One fixed thread for a model: loads it, runs it; of waiting observations only the newest counts."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

Job = Callable[[], None]


class InferenceWorker:
    """Models keep state for each thread (CUDA context, thread pools): everything of one model runs here.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str = "inference") -> None:
        self._wake = threading.Condition()
        self._calls: deque[Job] = deque()
        self._newest: Job | None = None
        self._is_closing = False
        self.replaced = 0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, function: Callable[[], Any]) -> Future[Any]:
        """Run `function` in its turn; the future holds its result or exception."""
        future: Future[Any] = Future()
        with self._wake:
            self._calls.append(lambda: _fulfil(future, function))
            self._wake.notify()
        return future

    def submit(self, job: Job) -> None:
        """Run `job` when the thread is free; it takes the place of one that has not begun yet.

        Args:
            job: must not raise; it hands on its own result.
        """
        with self._wake:
            self.replaced += self._newest is not None
            self._newest = job
            self._wake.notify()

    def drop(self) -> None:
        """Forget a job that has not begun yet."""
        with self._wake:
            self._newest = None

    def finish(self) -> None:
        """End the thread once all calls are done, without waiting for it."""
        self.close(0.0)

    def close(self, timeout_s: float = 5.0) -> bool:
        """End the thread after what it does now; false where it does not end in time."""
        with self._wake:
            self._is_closing, self._newest = True, None
            self._wake.notify()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            job()

    def _next(self) -> Job | None:
        with self._wake:
            self._wake.wait_for(lambda: self._calls or self._newest or self._is_closing)
            if self._calls:
                return self._calls.popleft()
            job, self._newest = self._newest, None
            return job


def _fulfil(future: Future[Any], function: Callable[[], Any]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:  # whoever waits for the future gets it
        future.set_exception(error)
