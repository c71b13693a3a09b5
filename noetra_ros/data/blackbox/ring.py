"""The newest messages, serialised, bounded by time and by bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

RECORD_BYTES = 160  # what Python needs for a record beside its data, measured
BEFORE_SHARE = 0.5  # of the memory; the rest is kept free for what comes after a stop


@dataclass(frozen=True, slots=True)
class Record:
    """One message.

    Attributes:
        channel: number of its channel.
        at_ns: arrival, monotonic clock.
        data: the message, serialised (CDR).
    """

    channel: int
    at_ns: int
    data: bytes

    @property
    def size(self) -> int:
        """Bytes of memory that it takes."""
        return len(self.data) + RECORD_BYTES


class Ring:
    """Holds the last seconds; while it is held, everything since an instant.

    Args:
        before_ns: how long a record is kept.
        max_bytes: memory for all of them.
    """

    def __init__(self, before_ns: int, max_bytes: int) -> None:
        self._before_ns, self._max_bytes = before_ns, max_bytes
        self._records: deque[Record] = deque()
        self._held_from_ns: int | None = None
        self._dropped_ns: int | None = None
        self.bytes = 0
        self.is_full = False

    def add(self, record: Record) -> None:
        """Take a record in; the oldest go. Held and full, it is refused: the beginning counts more."""
        if self._held_from_ns is not None and self.bytes + record.size > self._max_bytes:
            self.is_full = True
            return
        self._records.append(record)
        self.bytes += record.size
        self._trim(record.at_ns)

    def hold(self, from_ns: int) -> None:
        """Keep everything since `from_ns`, until `release`."""
        self._held_from_ns = from_ns

    def release(self) -> None:
        """Keep the last seconds only."""
        self._held_from_ns, self.is_full = None, False

    def records(self, from_ns: int, until_ns: int) -> list[Record]:
        """What arrived from the one instant to the other, both included."""
        return [record for record in self._records if from_ns <= record.at_ns <= until_ns]

    def lacks_s(self, now_ns: int) -> float:
        """Seconds that memory is too small for; 0 = it holds all that it should."""
        if self._dropped_ns is None:
            return 0.0
        return max(0.0, (self._dropped_ns - (now_ns - self._before_ns)) * 1e-9)

    def _trim(self, now_ns: int) -> None:
        oldest_ns = now_ns - self._before_ns
        if self._held_from_ns is not None:
            oldest_ns = min(oldest_ns, self._held_from_ns)
        while self._records and self._records[0].at_ns < oldest_ns:
            self._pop()
        while self._held_from_ns is None and self.bytes > self._max_bytes * BEFORE_SHARE and self._records:
            self._dropped_ns = self._pop().at_ns

    def _pop(self) -> Record:
        record = self._records.popleft()
        self.bytes -= record.size
        return record
