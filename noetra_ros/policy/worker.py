"""One fixed thread for a model: loads it, runs it; of waiting observations only the newest counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

Job = Callable[[], None]


class InferenceWorker:
    """Models keep state for each thread (CUDA context, thread pools): everything of one model runs here.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str = "inference") -> None:
        self._turn = threading.Lock()
        # wakes its reader in half the time that a condition takes; None ends the thread
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._newest: Job | None = None
        self._is_closing = False
        self.replaced = 0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, function: Callable[[], Any]) -> Future[Any]:
        """Run `function` in its turn; the future holds its result or exception."""
        future: Future[Any] = Future()
        self._jobs.put(lambda: _fulfil(future, function))
        return future

    def submit(self, job: Job) -> None:
        """Run `job` when the thread is free; it takes the place of one that has not begun yet.

        Args:
            job: must not raise; it hands on its own result.
        """
        with self._turn:
            if self._is_closing:
                return
            is_waiting, self._newest = self._newest is not None, job
        self.replaced += is_waiting
        if not is_waiting:
            self._jobs.put(self._run_newest)

    def drop(self) -> None:
        """Forget a job that has not begun yet."""
        with self._turn:
            self._newest = None

    def finish(self) -> None:
        """End the thread once all calls are done, without waiting for it."""
        self.close(0.0)

    def close(self, timeout_s: float = 5.0) -> bool:
        """End the thread after what it does now; false where it does not end in time."""
        with self._turn:
            self._is_closing, self._newest = True, None
        self._jobs.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _run_newest(self) -> None:
        with self._turn:
            job, self._newest = self._newest, None
        if job is not None:  # else dropped, or done by an earlier turn
            job()


def _fulfil(future: Future[Any], function: Callable[[], Any]) -> None:
    try:
        future.set_result(function())
    except BaseException as error:  # whoever waits for the future gets it
        future.set_exception(error)
