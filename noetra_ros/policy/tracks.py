"""What has come in of one stream, and which of it belongs to an instant."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from noetra_ros.core.stream_timing import Align, StreamTiming
from noetra_ros.policy.history import PRESENT, History

NS_PER_S = 1_000_000_000
# Lock-step knows no age: so far may streams run ahead of one another.
LOCK_STEP_MEMORY_NS = NS_PER_S


@dataclass(frozen=True)
class Timing:
    """A `StreamTiming` in nanoseconds.

    Attributes:
        align: which sample belongs to an instant.
        tolerance_ns: largest distance to the instant.
        max_age_ns: oldest allowed sample; None = not judged (lock-step: the stamps are the clock).
    """

    align: Align
    tolerance_ns: int
    max_age_ns: int | None


def timing_from(stated: StreamTiming, lock_step: bool) -> Timing:
    """Nanoseconds; in lock-step the parts of one tick have one stamp, and the stamps are the clock."""
    if lock_step:
        return Timing(stated.align, 0, None)
    return Timing(stated.align, round(stated.tolerance_s * NS_PER_S), round(stated.max_age_s * NS_PER_S))


@dataclass(frozen=True)
class Chosen:
    """What belongs to an instant.

    Attributes:
        samples: oldest first; never empty.
        stamp_ns: of the newest of them.
    """

    samples: tuple[Any, ...]
    stamp_ns: int


class Track(Protocol):
    """Keeps one stream."""

    @property
    def newest_ns(self) -> int | None:
        """Stamp of the newest sample; None = nothing came yet."""

    def add(self, stamp_ns: int, sample: Any) -> None:
        """Take a sample."""

    def choose(self, instant_ns: int) -> Chosen | str:
        """What belongs to an instant, or what is wrong, in words; something has come before."""

    def use(self, chosen: Chosen) -> None:
        """It has become part of an observation."""

    def clear(self) -> None:
        """Forget everything."""


class SampleTrack:
    """Single samples: pictures, joint states, wrenches.

    Args:
        timing: which sample belongs to an instant.
        history: how many, how far apart.
    """

    def __init__(self, timing: Timing, history: History = PRESENT) -> None:
        self._timing = timing
        step_ns = round(history.step_s * NS_PER_S)
        self._offsets_ns = [k * step_ns for k in range(history.count - 1, -1, -1)]
        reach_ns = LOCK_STEP_MEMORY_NS if timing.max_age_ns is None else timing.max_age_ns
        self._memory_ns = reach_ns + self._offsets_ns[0] + 2 * timing.tolerance_ns
        self._kept: deque[tuple[int, Any]] = deque()
        self._used_ns = -1

    @property
    def newest_ns(self) -> int | None:
        """Stamp of the newest sample; None = nothing came yet."""
        return self._kept[-1][0] if self._kept else None

    def add(self, stamp_ns: int, sample: Any) -> None:
        """Take a sample; one that is not newer than the last one is dropped."""
        if self._kept and stamp_ns <= self._kept[-1][0]:
            return
        self._kept.append((stamp_ns, sample))
        while self._kept[0][0] < stamp_ns - self._memory_ns:
            self._kept.popleft()

    def choose(self, instant_ns: int) -> Chosen | str:
        """What belongs to an instant, or what is wrong, in words."""
        present = self._present(instant_ns)
        if isinstance(present, str):
            return present
        found = [present]
        for offset_ns in reversed(self._offsets_ns[:-1]):
            wanted_ns = present[0] - offset_ns
            near = _nearest(self._kept, wanted_ns)
            if abs(near[0] - wanted_ns) > self._timing.tolerance_ns or near[0] >= found[-1][0]:
                return f"nothing of {_s(offset_ns)} s before, {self._within()}"
            found.append(near)
        return Chosen(tuple(sample for _, sample in reversed(found)), present[0])

    def use(self, chosen: Chosen) -> None:
        """For `drop`: it does not count again."""
        self._used_ns = chosen.stamp_ns

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._used_ns = -1

    def _present(self, instant_ns: int) -> tuple[int, Any] | str:
        timing = self._timing
        if timing.align is Align.HOLD:
            early = [item for item in self._kept if item[0] <= instant_ns + timing.tolerance_ns]
            return early[-1] if early else f"nothing at or before the instant, {self._within()}"
        kept: Sequence[tuple[int, Any]] = self._kept
        if timing.align is Align.DROP:
            kept = [item for item in self._kept if item[0] > self._used_ns]
            if not kept:
                return "no new sample for this instant"
        near = _nearest(kept, instant_ns)
        gap_ns = near[0] - instant_ns
        if abs(gap_ns) > timing.tolerance_ns:
            side = "before" if gap_ns < 0 else "after"
            return f"{_s(abs(gap_ns))} s {side} the instant, {self._within()}"
        return near

    def _within(self) -> str:
        return f"allowed {self._timing.tolerance_ns / NS_PER_S:g} s"


def _nearest(kept: Sequence[tuple[int, Any]], instant_ns: int) -> tuple[int, Any]:
    """Of stamps that rise, looked through from the newest: the wanted one is nearly always among the last."""
    best, best_ns = kept[-1], abs(kept[-1][0] - instant_ns)
    for item in reversed(kept):
        gap_ns = abs(item[0] - instant_ns)
        if gap_ns > best_ns:
            break
        best, best_ns = item, gap_ns
    return best


def _s(duration_ns: int) -> str:
    return f"{duration_ns / NS_PER_S:.3f}"
