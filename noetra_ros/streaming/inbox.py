"""Chunks that have come and wait for their instant: of their tick in lock-step, of an injected latency."""

from __future__ import annotations

from noetra_ros.core.types import ActionChunk


class Inbox:
    """Gives chunks out in the order of their arrival, none before its time.

    Args:
        latency_ns: for experiments: a chunk is given out no earlier than this after its observation.
        is_stepped: lock-step: nor before the tick that it answers.
    """

    def __init__(self, latency_ns: int, is_stepped: bool) -> None:
        self._latency_ns, self._is_stepped = latency_ns, is_stepped
        self._waiting: list[ActionChunk] = []

    def put(self, chunk: ActionChunk) -> None:
        """A chunk has come."""
        self._waiting.append(chunk)

    def take(self, now_ns: int) -> list[ActionChunk]:
        """Those whose time has come."""
        ready = [chunk for chunk in self._waiting if self._is_due(chunk, now_ns)]
        self._waiting = [chunk for chunk in self._waiting if not self._is_due(chunk, now_ns)]
        return ready

    def waiting_at(self, now_ns: int) -> list[ActionChunk]:
        """Those that answer an observation of now or before and still wait."""
        return [chunk for chunk in self._waiting if chunk.stamp_ns <= now_ns]

    def _is_due(self, chunk: ActionChunk, now_ns: int) -> bool:
        if not self._is_stepped and self._latency_ns == 0:
            return True
        return chunk.stamp_ns + self._latency_ns <= now_ns
