"""Time and travel of a controlled stop from a share of the speed limits, exactly as the limiter drives it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.braking import MAX_BRAKING_STEPS, braking_travel, ramp_acceleration, ramp_sum
from noetra_ros.safety.limits import AxisLimits, ChannelLimits

# Closer together at low speeds, where a stop grows fastest.
SHARES = np.linspace(0.0, 1.0, 41) ** 1.5
# Accelerations from which the worst stop is looked for: one under way when the stop begins makes it longer.
ACCELERATIONS = 9


@dataclass(frozen=True)
class StoppingTable:
    """Worst stops by share of the speed limits.

    Attributes:
        shares: (k,) growing from 0 to 1.
        time_s: (k,) until the last axis rests.
        travel: (k, d) unit of each axis, until it rests.
        speed: (k, d) unit/s, the highest in it.
    """

    shares: FloatArray
    time_s: FloatArray
    travel: FloatArray
    speed: FloatArray

    def time_at(self, share: float) -> float:
        """s of a stop from `share` of the limits, rounded up to the table; above 1 as far again."""
        row = int(np.searchsorted(self.shares, min(share, 1.0) - 1e-9))
        return float(self.time_s[row]) * max(1.0, share)


def stopping_table(limits: ChannelLimits) -> StoppingTable:
    """The table of one channel; made once."""
    return _table(limits.axes, limits.period_s)


@lru_cache(maxsize=16)
def _table(axes: tuple[AxisLimits, ...], period_s: float) -> StoppingTable:
    rows = np.array([_worst_stops(axis, period_s) for axis in axes])  # (d, k, 2)
    speed = SHARES[:, np.newaxis] * np.array([axis.velocity for axis in axes])
    return StoppingTable(SHARES, rows[:, :, 0].max(axis=0), rows[:, :, 1].T.copy(), speed)


@lru_cache(maxsize=64)
def _worst_stops(axis: AxisLimits, dt_s: float) -> tuple[tuple[float, float], ...]:
    """(time s, travel) for each of `SHARES`, each at least as long as the one before."""
    rows = [(0.0, 0.0)]
    for share in SHARES[1:]:
        time_s, travel = _worst_stop(share * axis.velocity, axis, dt_s)
        rows.append((max(time_s, rows[-1][0]), max(travel, rows[-1][1])))
    return tuple(rows)


def _worst_stop(peak: float, axis: AxisLimits, dt_s: float) -> tuple[float, float]:
    """The longest stop whose speed never passes `peak`, over the accelerations that may be under way."""
    step = axis.jerk * dt_s
    worst_s = worst = 0.0
    for acceleration in np.linspace(0.0, axis.acceleration, ACCELERATIONS):
        # The acceleration runs out at full jerk: it may only begin that much below the peak.
        velocity = peak - dt_s * max(0.0, ramp_sum(acceleration, step) - acceleration)
        if velocity < 0.0:
            break
        worst = max(worst, braking_travel(velocity, acceleration, axis, dt_s)[1])
        worst_s = max(worst_s, stopping_time_s(velocity, acceleration, axis, dt_s))
    return worst_s, worst


def stopping_time_s(velocity: float, acceleration: float, axis: AxisLimits, dt_s: float) -> float:
    """Duration of a controlled stop, step by step as `ramp_acceleration` drives it."""
    steps = 0
    while abs(velocity) > 1e-12 / dt_s and steps < MAX_BRAKING_STEPS:
        acceleration = ramp_acceleration(velocity, acceleration, axis, dt_s)
        velocity += acceleration * dt_s
        steps += 1
    return steps * dt_s
