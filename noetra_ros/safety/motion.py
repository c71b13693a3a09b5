"""What was last sent on a channel, and the limiter for all of its axes together."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.limiter import (
    AxisMotion,
    accelerated,
    is_position_allowed,
    is_velocity_allowed,
    moved,
    next_position,
    next_velocity,
    stop_position,
    stop_velocity,
)
from noetra_ros.safety.limits import AxisLimits, ChannelLimits


class ChannelMotion:
    """Motion of all axes of one channel, by finite differences of what was sent.

    Args:
        limits: limits of the channel; says whether values are positions or velocities.
    """

    def __init__(self, limits: ChannelLimits) -> None:
        self.limits = limits
        self._motions = [AxisMotion() for _ in limits.axes]
        self._rest: FloatArray | None = None  # of the motions as they are; computed when asked for

    def start_at(self, positions: Sequence[float] | None) -> None:
        """Begin at rest at measured positions (None for velocity channels)."""
        start = positions if positions is not None else [0.0] * len(self._motions)
        self._motions = [AxisMotion(float(position)) for position in start]
        self._rest = None

    def commit(self, values: FloatArray) -> None:
        """`values` (d,) were sent."""
        after = moved if self.limits.is_position else accelerated
        dt_s = self.limits.period_s
        pairs = zip(self._motions, values.tolist(), strict=True)
        self._motions = [after(motion, value, dt_s) for motion, value in pairs]
        self._rest = None

    @property
    def is_at_rest(self) -> bool:
        """True when a repetition of the last values is a stop."""
        if not self.limits.is_position and any(motion.velocity != 0.0 for motion in self._motions):
            return False  # a controller would keep the smallest speed for ever
        pairs = zip(self._motions, self.limits.axes, strict=True)
        return all(motion.is_at_rest(axis, self.limits.period_s) for motion, axis in pairs)

    def sent(self) -> FloatArray:
        """(d,) last sent values."""
        if self.limits.is_position:
            return np.array([motion.position for motion in self._motions])
        return self.velocity()

    def velocity(self) -> FloatArray:
        """(d,) their velocity."""
        return np.array([motion.velocity for motion in self._motions])

    def acceleration(self) -> FloatArray:
        """(d,) their acceleration."""
        return np.array([motion.acceleration for motion in self._motions])

    def stop_step(self) -> FloatArray:
        """(d,) next values of a controlled stop."""
        step = stop_position if self.limits.is_position else stop_velocity
        dt_s = self.limits.period_s
        return np.array(
            [step(m, axis, dt_s) for m, axis in zip(self._motions, self.limits.axes, strict=True)]
        )

    def propose(self, wanted: FloatArray, wanted_velocity: FloatArray, speed_scale: float) -> FloatArray:
        """(d,) allowed next values that serve `wanted` best; equal to it bit for bit where it is allowed.

        Args:
            wanted: (d,) finite.
            wanted_velocity: (d,) how fast the commands themselves move; unused for velocities.
            speed_scale: share of the velocity limits that may be used, 0..1.
        """
        dt_s, axes = self.limits.period_s, self.limits.axes
        if not self.limits.is_position:
            rows = zip(self._motions, wanted.tolist(), axes, strict=True)
            return np.array([next_velocity(m, value, axis, dt_s, speed_scale) for m, value, axis in rows])
        columns = zip(self._motions, wanted.tolist(), wanted_velocity.tolist(), axes, strict=True)
        return np.array(
            [_next_position(m, value, speed, axis, dt_s, speed_scale) for m, value, speed, axis in columns]
        )

    def blend(self, values: FloatArray, share: float) -> FloatArray:
        """(d,) a share of the way from a controlled stop (0) to `values` (1), on each axis that allows it."""
        stop = self.stop_step()
        mixed = stop + share * (values - stop)
        allowed = is_position_allowed if self.limits.is_position else is_velocity_allowed
        dt_s = self.limits.period_s
        rows = zip(self._motions, mixed.tolist(), self.limits.axes, strict=True)
        is_allowed = [allowed(m, value, axis, dt_s) for m, value, axis in rows]
        return np.where(is_allowed, mixed, stop)

    def rest_after(self, values: FloatArray) -> FloatArray:
        """(d,) positions where a controlled stop ends that begins after `values`; position channels only."""
        dt_s = self.limits.period_s
        rows = zip(self._motions, values.tolist(), self.limits.axes, strict=True)
        return np.array([_rest(moved(m, value, dt_s), axis, dt_s) for m, value, axis in rows])

    def rest_now(self) -> FloatArray:
        """(d,) positions where a controlled stop ends that begins now; position channels only."""
        if self._rest is None:
            dt_s = self.limits.period_s
            rows = zip(self._motions, self.limits.axes, strict=True)
            self._rest = np.array([_rest(motion, axis, dt_s) for motion, axis in rows])
        return self._rest


def _next_position(
    motion: AxisMotion, wanted: float, wanted_velocity: float, axis: AxisLimits, dt_s: float, scale: float
) -> float:
    """As `next_position`; from outside the position limits only the way back is open."""
    if axis.lower <= motion.position <= axis.upper:
        return next_position(motion, wanted, wanted_velocity, axis, dt_s, scale)
    inwards = min(max(wanted, axis.lower), axis.upper)
    wider = dataclasses.replace(
        axis, lower=min(axis.lower, motion.position), upper=max(axis.upper, motion.position)
    )
    return next_position(motion, inwards, 0.0, wider, dt_s, scale)


def _rest(motion: AxisMotion, axis: AxisLimits, dt_s: float) -> float:
    return motion.position + braking_travel(motion.velocity, motion.acceleration, axis, dt_s)[2]
