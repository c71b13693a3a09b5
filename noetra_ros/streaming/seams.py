"""What is known of the seam between two chunks, kept over a run: delay, envelope, jumps, fall-backs."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from noetra_ros.core.delay import S_PER_NS, DelayMeter
from noetra_ros.core.types import ActionChunk, FloatArray
from noetra_ros.streaming.limits import StreamLimits
from noetra_ros.streaming.references import Reference
from noetra_ros.streaming.splices import SPLICES, Seam

# Peaks of the second and third derivative of the quintic smoothstep on 0..1: 10 / sqrt(3), and 60.
PEAK_SECOND = 10.0 / math.sqrt(3.0)
PEAK_THIRD = 60.0


class Seams:
    """Joins plan to plan by a registered splice and keeps the books on it.

    Args:
        splice: registered name.
        blend_s: s, declared time of a fade.
        limits: of the stream.

    Raises:
        ConfigError: no such splice; lists the known ones.
    """

    def __init__(self, splice: str, blend_s: float, limits: StreamLimits) -> None:
        self.asked = splice
        self.delay = DelayMeter()
        self.jump = math.nan
        self.used = Counter[str]()
        self._splice = SPLICES.get(splice)
        self._blend_s, self._limits = blend_s, limits
        self._before: ActionChunk | None = None

    def forget(self) -> None:
        """Nothing is being executed: the next chunk begins a new run, its delay is a cold start's."""
        self._before = None

    def note_arrival(self, chunk: ActionChunk, now_ns: int, busy_until_ns: int) -> None:
        """A chunk has come.

        Args:
            chunk: it.
            now_ns: when.
            busy_until_ns: end of the plan before it. A robot that was at rest when the observation was taken
                consumed no action meanwhile; a new sentence begins a new count as well.
        """
        before = self._before
        is_cold = (
            before is None
            or chunk.stamp_ns >= busy_until_ns
            or before.instruction != chunk.instruction
            or before.model != chunk.model
        )
        self.delay.add((now_ns - chunk.stamp_ns) * S_PER_NS, is_cold)

    def join(self, old: Reference, new: Reference, chunk: ActionChunk, now_ns: int) -> Reference:
        """What to follow from now on.

        Args:
            old: what is being followed.
            new: curve of `chunk`.
            chunk: the plan that takes over.
            now_ns: when.
        """
        self.jump = float(np.max(np.abs(new.at(now_ns).value - old.at(now_ns).value)))
        spliced = self._splice(old, new, self._seam(chunk, now_ns))
        self.used[spliced.how] += 1
        self._before = chunk
        return spliced.reference

    @property
    def fallbacks(self) -> int:
        """Seams at which another splice than the one asked for was used."""
        return self.used.total() - self.used[self.asked]

    def _seam(self, chunk: ActionChunk, now_ns: int) -> Seam:
        executed, interval_s = 0, math.inf
        if self._before is not None:
            interval_s = (chunk.stamp_ns - self._before.stamp_ns) * S_PER_NS
            executed = round(interval_s / chunk.step_s)
        return Seam(
            now_ns=now_ns,
            blend_s=self._blend_s,
            step_s=chunk.step_s,
            rows=chunk.values.shape[0],
            delay_rows=self.delay.p95_rows(chunk.start_offset_s, chunk.step_s),
            executed_rows=executed,
            jump_limit=jump_limit(self._limits, chunk.step_s),
            interval_s=interval_s,
        )


def jump_limit(limits: StreamLimits, fade_s: float) -> FloatArray:
    """(d,) unit of the values: largest gap that a quintic fade over `fade_s` closes within the limits."""
    by_second = limits.second * fade_s**2 / PEAK_SECOND
    return np.minimum(by_second, limits.third * fade_s**3 / PEAK_THIRD)
