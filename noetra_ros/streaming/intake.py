"""Which chunks may be followed: right channel, newer than the last, not over yet. A refusal says why."""

from __future__ import annotations

import dataclasses

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.streaming.references import S_PER_NS

# Clocks of one machine agree far better; a chunk from further ahead means two different clocks.
FUTURE_TOLERANCE_NS = 100_000_000


class ChunkIntake:
    """Judges chunks in the order of their arrival and keeps the books on them.

    Args:
        channel: name of the channel that is streamed.
        kind: meaning of its values.
        names: its columns, in command order.
    """

    def __init__(self, channel: str, kind: CommandKind, names: tuple[str, ...]) -> None:
        self._channel, self._kind, self._names = channel, kind, names
        self.newest: ActionChunk | None = None
        self.accepted = 0
        self.dropped = 0
        self.last_reason = ""

    def offer(self, chunk: ActionChunk, now_ns: int) -> ActionChunk | None:
        """The chunk with its columns in command order, or None where it is refused (see `last_reason`)."""
        reason = self._mismatch(chunk) or self._lateness(chunk, now_ns)
        if reason:
            self.refuse(reason)
            return None
        order = [chunk.names.index(name) for name in self._names]
        ordered = dataclasses.replace(chunk, names=self._names, values=chunk.values[:, order])
        self.newest = ordered
        self.accepted += 1
        return ordered

    def refuse(self, reason: str) -> None:
        """Note a chunk that was not even readable."""
        self.dropped += 1
        self.last_reason = reason

    def _mismatch(self, chunk: ActionChunk) -> str:
        if chunk.channel != self._channel:
            return f"channel is {chunk.channel!r}, expected {self._channel!r}"
        if chunk.kind is not self._kind:
            return f"kind is {chunk.kind.value}, expected {self._kind.value}"
        if sorted(chunk.names) != sorted(self._names):
            return f"names are {', '.join(chunk.names)}; expected {', '.join(self._names)}"
        return ""

    def _lateness(self, chunk: ActionChunk, now_ns: int) -> str:
        last_row_ns = int(chunk.row_times_ns[-1]) + round(chunk.step_s / S_PER_NS)
        if last_row_ns <= now_ns:
            return f"late: its last row was over {(now_ns - last_row_ns) * S_PER_NS:.3f} s ago"
        if chunk.stamp_ns > now_ns + FUTURE_TOLERANCE_NS:
            return f"from the future: stamped {(chunk.stamp_ns - now_ns) * S_PER_NS:.3f} s ahead of now"
        before = self.newest
        if before is None:
            return ""
        if chunk.stamp_ns < before.stamp_ns:
            age_s = (before.stamp_ns - chunk.stamp_ns) * S_PER_NS
            return f"out of order: answers an observation {age_s:.3f} s older than the newest chunk's"
        # A policy that was started again counts from the beginning; its observations are newer all the same.
        if chunk.sequence <= before.sequence and chunk.stamp_ns == before.stamp_ns:
            return f"out of order: sequence {chunk.sequence} after {before.sequence}"
        return ""
