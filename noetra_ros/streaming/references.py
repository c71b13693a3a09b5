"""Where the setpoints should be at any instant: a hold, the smooth curve of a chunk, or a blend of two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

import numpy as np

from noetra_ros.core.types import ActionChunk, FloatArray

S_PER_NS = 1e-9


class Motion(NamedTuple):
    """Values and their first two derivatives at one instant: each (d,), in unit, unit/s, unit/s2."""

    value: FloatArray
    rate: FloatArray
    curvature: FloatArray


class Reference(Protocol):
    """Something that can be followed."""

    @property
    def end_ns(self) -> int:
        """From here on it is at rest."""
        ...

    def at(self, time_ns: int) -> Motion:
        """Where it is at `time_ns`."""
        ...


@dataclass(frozen=True)
class Hold:
    """Stays at one value.

    Attributes:
        value: (d,).
        end_ns: since when.
    """

    value: FloatArray
    end_ns: int = 0

    def at(self, time_ns: int) -> Motion:
        """The held value, at rest."""
        rest = np.zeros_like(self.value)
        return Motion(self.value, rest, rest)


class RowCurve:
    """A twice differentiable curve through the rows of a chunk that comes to rest exactly at the last row.

    Before the first row it comes in on the straight line through that row, for one step: a chunk usually
    begins one step after its observation. Positions: time runs slower and slower towards the end, over
    `stop_s`, so that the curve is left nowhere and the last row is not overrun. Speeds (`stops_at_zero`):
    the last row is kept for one step, then zero.

    Args:
        chunk: its rows apply at `chunk.row_times_ns`.
        stop_s: s from the first slowing to rest, at most twice the length of the chunk.
        stops_at_zero: the values are speeds.
    """

    def __init__(self, chunk: ActionChunk, stop_s: float, stops_at_zero: bool) -> None:
        rows = chunk.values.shape[0]
        self._start_ns = int(chunk.row_times_ns[0])
        self._length_s = (rows - 1) * chunk.step_s
        self._stops_at_zero = stops_at_zero
        self._step_s = chunk.step_s
        self._last_row = chunk.values[-1]
        self._coefficients = _cubic(chunk)
        self._stop_s = 0.0 if stops_at_zero else min(stop_s, 2.0 * self._length_s)
        tail_s = chunk.step_s if stops_at_zero else self._stop_s / 2.0
        self.end_ns = self._start_ns + round((self._length_s + tail_s) / S_PER_NS)

    def at(self, time_ns: int) -> Motion:
        """Value and derivatives; at rest long before the first row and after the end."""
        if time_ns >= self.end_ns:
            value = np.zeros_like(self._last_row) if self._stops_at_zero else self._last_row
            return Hold(value).at(time_ns)
        elapsed_s = (time_ns - self._start_ns) * S_PER_NS
        path_s, pace, pace_rate = self._path_time(elapsed_s)
        value, rate, curvature = self._evaluate(path_s)
        return Motion(value, rate * pace, curvature * pace**2 + rate * pace_rate)

    def _path_time(self, elapsed_s: float) -> tuple[float, float, float]:
        """Place on the curve in s, and its first two derivatives by time."""
        if elapsed_s < -self._step_s:
            return -self._step_s, 0.0, 0.0
        if self._stop_s == 0.0 and elapsed_s >= self._length_s:
            return self._length_s, 0.0, 0.0
        brake_s = elapsed_s - (self._length_s - self._stop_s / 2.0)
        if brake_s <= 0.0:
            return elapsed_s, 1.0, 0.0
        u = brake_s / self._stop_s
        # pace = 1 - smoothstep(u); the integral of smoothstep is u^6 - 3 u^5 + 2.5 u^4, 0.5 at u = 1.
        lost_s = self._stop_s * (u**6 - 3.0 * u**5 + 2.5 * u**4)
        step, step_rate, _ = smoothstep(u)
        return elapsed_s - lost_s, 1.0 - step, -step_rate / self._stop_s

    def _evaluate(self, path_s: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        segments = self._coefficients.shape[1]
        i = min(max(int(path_s / self._step_s), 0), segments - 1)
        x = path_s - i * self._step_s
        c3, c2, c1, c0 = self._coefficients[:, i]
        if x < 0.0:  # before the first row: straight, as the natural spline begins
            return c0 + x * c1, c1, np.zeros_like(c1)
        return c0 + x * (c1 + x * (c2 + x * c3)), c1 + x * (2.0 * c2 + 3.0 * x * c3), 2.0 * c2 + 6.0 * x * c3


def _cubic(chunk: ActionChunk) -> FloatArray:
    """Natural cubic spline: (4, segments, d) coefficients, highest power first, of seconds in the segment.

    Second derivatives m solve m[k-1] + 4 m[k] + m[k+1] = 6 (y[k-1] - 2 y[k] + y[k+1]) / h^2, with m = 0 at
    both ends (de Boor, A Practical Guide to Splines, ch. IV). By hand, because importing scipy.interpolate
    takes longer than all the rest of the node's start.
    """
    y, h = chunk.values, chunk.step_s
    rows, columns = y.shape
    if rows == 1:
        return np.concatenate([np.zeros((3, 1, columns)), y[None]])
    m = np.zeros_like(y)
    if rows > 2:
        band = 4.0 * np.eye(rows - 2) + np.eye(rows - 2, k=1) + np.eye(rows - 2, k=-1)
        m[1:-1] = np.linalg.solve(band, 6.0 * np.diff(y, 2, axis=0) / h**2)
    slope = np.diff(y, axis=0) / h - h * (2.0 * m[:-1] + m[1:]) / 6.0
    return np.stack([np.diff(m, axis=0) / (6.0 * h), m[:-1] / 2.0, slope, y[:-1]])


@dataclass(frozen=True)
class Blended:
    """Passes from one reference to another without a jump in value, rate or curvature.

    Attributes:
        old, new: the two references.
        start_ns: when the passage begins.
        duration_ns: how long it takes, > 0.
    """

    old: Reference
    new: Reference
    start_ns: int
    duration_ns: int

    @property
    def end_ns(self) -> int:
        """At rest when the new reference is, and the passage is over."""
        return max(self.new.end_ns, self.start_ns + self.duration_ns)

    def at(self, time_ns: int) -> Motion:
        """Weighted by the quintic smoothstep of the time since the start."""
        u = (time_ns - self.start_ns) / self.duration_ns
        if u >= 1.0:
            return self.new.at(time_ns)
        old = self.old.at(time_ns)
        if u <= 0.0:
            return old
        new = self.new.at(time_ns)
        gap, gap_rate, gap_curvature = (b - a for a, b in zip(old, new, strict=True))
        s, s_u, s_uu = smoothstep(u)
        s_rate = s_u / (self.duration_ns * S_PER_NS)
        s_curvature = s_uu / (self.duration_ns * S_PER_NS) ** 2
        return Motion(
            old.value + s * gap,
            old.rate + s * gap_rate + s_rate * gap,
            old.curvature + s * gap_curvature + 2.0 * s_rate * gap_rate + s_curvature * gap,
        )

    def settled(self, time_ns: int) -> Reference:
        """The new reference alone once the passage is over; keeps chains of passages short.

        Passages that begin before the last one is over (corrections do) leave behind what is over by now.
        """
        if time_ns >= self.start_ns + self.duration_ns:
            return self.new
        if isinstance(self.old, Blended):
            return replace(self, old=self.old.settled(time_ns))
        return self


def faded(old: Reference, new: Reference, now_ns: int, duration_s: float) -> Blended:
    """A passage from `old` to `new` that begins now; chains of passages stay short."""
    if isinstance(old, Blended):
        old = old.settled(now_ns)
    return Blended(old, new, now_ns, max(round(duration_s / S_PER_NS), 1))


def smoothstep(u: float) -> tuple[float, float, float]:
    """Quintic 6u^5 - 15u^4 + 10u^3 on 0..1, with its first two derivatives (Perlin 2002)."""
    u = min(max(u, 0.0), 1.0)
    value = u**3 * (u * (6.0 * u - 15.0) + 10.0)
    return value, 30.0 * u**2 * (u - 1.0) ** 2, 60.0 * u * (u - 1.0) * (2.0 * u - 1.0)
