"""What was last sent on a channel, and the limiter for all of its axes together."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.safety.all_axes import from_anywhere, is_each_at_rest, motion_after, next_positions
from noetra_ros.safety.base_path import speeds_until_rest
from noetra_ros.safety.braking import braking_bounds, braking_travel, peak_velocity
from noetra_ros.safety.limiter import (
    AxisMotion,
    accelerated,
    is_position_allowed,
    is_velocity_allowed,
    moved,
    next_velocity,
    stop_position,
    stop_velocity,
)
from noetra_ros.safety.limits import AxisLimits, ChannelLimits
from noetra_ros.safety.snapshot import Values


class ChannelMotion:
    """Motion of all axes of one channel, by finite differences of what was sent.

    Args:
        limits: limits of the channel; says whether values are positions or velocities.
    """

    def __init__(self, limits: ChannelLimits) -> None:
        self.limits = limits
        self._position = self._velocity = self._acceleration = (0.0,) * len(limits.axes)
        # Of the motion as it is, computed when asked for: whether it is a standstill, where a stop ends, and
        # speeds of the last one.
        self._is_at_rest: bool | None = None
        self._rest: Values | None = None
        self._speeds: tuple[Values, FloatArray] | None = None

    def start_at(self, positions: Sequence[float] | None) -> None:
        """Begin at rest at measured positions (None for velocity channels)."""
        still = (0.0,) * len(self.limits.axes)
        self._take(still if positions is None else tuple(map(float, positions)), still, still)

    def stand(self) -> None:
        """At rest where the last values have led."""
        self.start_at(self._position)

    def observe(self, positions: Values) -> None:
        """Measured positions (d) on a velocity channel; position channels go by what was sent."""
        if not self.limits.is_position:
            self._take(positions, self._velocity, self._acceleration)

    def commit(self, values: Values) -> None:
        """`values` (d) were sent."""
        if self.limits.is_position:
            velocity, acceleration = motion_after(
                self._position, self._velocity, values, self.limits.period_s
            )
            self._take(values, velocity, acceleration)
            return
        self._take(*zip(*self._after(values), strict=True))

    def settle(self) -> None:
        """What the controller makes of a pause: it holds what it was sent last, so that positions rest and
        velocities are steady, however fast they were changing before.
        """
        if self.limits.is_position:
            self.stand()
        else:
            self._take(self._position, self._velocity, (0.0,) * len(self._velocity))

    @property
    def is_steady(self) -> bool:
        """True when a controller may hold the last values: positions rest, velocities do not change."""
        if self.limits.is_position:
            return self.is_at_rest
        return all(motion.is_steady(self.limits.period_s) for motion in self.motions)

    @property
    def is_at_rest(self) -> bool:
        """True when a repetition of the last values is a stop."""
        if not self.limits.is_position and any(self._velocity):
            return False  # a controller would keep the smallest speed for ever
        if self._is_at_rest is None:
            self._is_at_rest = is_each_at_rest(self._velocity, self._acceleration, self.limits.period_s)
        return self._is_at_rest

    @property
    def motions(self) -> list[AxisMotion]:
        """(d) what was last sent, axis by axis."""
        rows = zip(self._position, self._velocity, self._acceleration, strict=True)
        return [AxisMotion(*row) for row in rows]

    def sent(self) -> Values:
        """(d) last sent values."""
        return self._position if self.limits.is_position else self._velocity

    def velocity(self) -> Values:
        """(d) their velocity."""
        return self._velocity

    def differences(self) -> tuple[Values, Values, Values]:
        """(d) last sent values, (d) their velocity and (d) their acceleration, at once."""
        return self.sent(), self._velocity, self._acceleration

    def stop_step(self) -> Values:
        """(d) next values of a controlled stop."""
        step = stop_position if self.limits.is_position else stop_velocity
        dt_s = self.limits.period_s
        rows = zip(self.motions, self.limits.axes, strict=True)
        return tuple([step(motion, axis, dt_s) for motion, axis in rows])

    def propose(self, wanted: Values, wanted_velocity: Values, speed_scale: float) -> Values:
        """(d) allowed next values that serve `wanted` best; equal to it bit for bit where it is allowed.

        Args:
            wanted: (d) finite.
            wanted_velocity: (d) how fast the commands themselves move; unused for velocities.
            speed_scale: share of the velocity limits that may be used, 0..1.
        """
        dt_s, axes = self.limits.period_s, self.limits.axes
        if not self.limits.is_position:
            if self.limits.kind is CommandKind.EE_TWIST:
                wanted = _shortened(wanted, axes, speed_scale)
            rows = zip(self.motions, wanted, axes, strict=True)
            return tuple([next_velocity(m, value, axis, dt_s, speed_scale) for m, value, axis in rows])
        scales = self._shared_scales(wanted, speed_scale)
        return next_positions(self.differences(), wanted, wanted_velocity, axes, dt_s, scales)

    def _shared_scales(self, wanted: Values, speed_scale: float) -> Values:
        """(d) speed scale of each axis: where one cannot follow, all slow down by the same factor, so that
        the robot stays on the straight line to `wanted`. Without slowing each axis has its own limit.
        """
        if speed_scale >= 1.0:
            return (1.0,) * len(wanted)
        if speed_scale <= 0.0:
            return (0.0,) * len(wanted)
        dt_s, axes = self.limits.period_s, self.limits.axes
        shares = [
            abs(value - position) / (dt_s * axis.velocity) if axis.velocity > 0.0 else 0.0
            for position, value, axis in zip(self._position, wanted, axes, strict=True)
        ]
        factor = max(1.0, max(shares) / speed_scale)
        return tuple([min(speed_scale, share / factor) if factor > 1.0 else speed_scale for share in shares])

    def blend(self, values: Values, share: float) -> Values:
        """(d) a share of the way from a controlled stop (0) to `values` (1), on each axis that allows it."""
        allowed = is_position_allowed if self.limits.is_position else is_velocity_allowed
        dt_s, stops = self.limits.period_s, self.stop_step()
        mixed = [stop + share * (value - stop) for stop, value in zip(stops, values, strict=True)]
        rows = zip(self.motions, mixed, stops, self.limits.axes, strict=True)
        return tuple([value if allowed(m, value, axis, dt_s) else stop for m, value, stop, axis in rows])

    def positions(self) -> Values:
        """(d) where the axes are: as last sent, on velocity channels as last measured."""
        return self._position

    def positions_after(self, values: Values) -> Values:
        """(d) positions one period after `values` are sent."""
        return tuple([motion.position for motion in self._after(values)])

    def velocity_after(self, values: Values) -> Values:
        """(d) unit/s with which `values` would be reached."""
        return tuple([motion.velocity for motion in self._after(values)])

    def most_travel_after(self, values: Values) -> Values:
        """(d) at least what each axis travels until it rests when it is stopped after `values`."""
        dt_s = self.limits.period_s
        rows = zip(self.motions, self._after(values), self.limits.axes, strict=True)
        return tuple(
            [
                abs(after.position - now.position)
                + max(braking_bounds(after.velocity, after.acceleration, axis, dt_s))
                for now, after, axis in rows
            ]
        )

    def most_speed_after(self, values: Values) -> Values:
        """(d) at least the speed of each axis, from `values` until it rests when it is stopped after them."""
        dt_s = self.limits.period_s
        return tuple(
            [
                max(abs(after.velocity), abs(peak_velocity(*after[1:], axis.jerk * dt_s, dt_s)))
                for after, axis in zip(self._after(values), self.limits.axes, strict=True)
            ]
        )

    def speeds_after(self, values: Values) -> FloatArray:
        """(k, d) velocities that `values` and then a controlled stop make, period by period until rest."""
        if self._speeds is None or self._speeds[0] != values:
            after, dt_s = self._after(values), self.limits.period_s
            pairs = zip(after, self.limits.axes, strict=True)
            stops = [speeds_until_rest(motion, axis, dt_s) for motion, axis in pairs]
            first = tuple([motion.velocity for motion in after])
            self._speeds = values, np.array([first, *itertools.zip_longest(*stops, fillvalue=0.0)])
        return self._speeds[1]

    def postures_after(self, values: Values) -> FloatArray:
        """(k, d) positions after `values`, and after each period of a controlled stop from there to rest."""
        steps = self.limits.period_s * np.cumsum(self.speeds_after(values), axis=0)
        return np.asarray(np.array(self.positions()) + steps)

    def rest_after(self, values: Values) -> Values:
        """(d) positions where a controlled stop ends that begins after `values`."""
        dt_s = self.limits.period_s
        rows = zip(self._after(values), self.limits.axes, strict=True)
        return tuple([_rest(motion, axis, dt_s) for motion, axis in rows])

    def extremes(self, speed_scale: float) -> tuple[Values, Values]:
        """(d) least and (d) greatest values that may be sent next, each axis for itself."""
        dt_s, axes = self.limits.period_s, self.limits.axes
        pairs = list(zip(self.motions, axes, strict=True))
        if self.limits.is_position:
            low = [from_anywhere(m, axis.lower, 0.0, axis, dt_s, speed_scale) for m, axis in pairs]
            high = [from_anywhere(m, axis.upper, 0.0, axis, dt_s, speed_scale) for m, axis in pairs]
        else:
            low = [next_velocity(m, -axis.velocity, axis, dt_s, speed_scale) for m, axis in pairs]
            high = [next_velocity(m, axis.velocity, axis, dt_s, speed_scale) for m, axis in pairs]
        return tuple(low), tuple(high)

    def is_allowed(self, values: Values) -> bool:
        """Whether every axis may be sent its value next."""
        allowed = is_position_allowed if self.limits.is_position else is_velocity_allowed
        rows = zip(self.motions, values, self.limits.axes, strict=True)
        return all(allowed(m, value, axis, self.limits.period_s) for m, value, axis in rows)

    def _take(self, position: Values, velocity: Values, acceleration: Values) -> None:
        if not len(position) == len(velocity) == len(acceleration) == len(self.limits.axes):
            raise ValueError(f"{len(position)} values beside {len(self.limits.axes)}: one for each axis")
        self._position, self._velocity, self._acceleration = position, velocity, acceleration
        self._rest, self._speeds, self._is_at_rest = None, None, None

    def _after(self, values: Values) -> list[AxisMotion]:
        """The motion of each axis after `values`."""
        after, dt_s = moved if self.limits.is_position else accelerated, self.limits.period_s
        pairs = zip(self.motions, values, strict=True)
        return [after(motion, value, dt_s) for motion, value in pairs]

    def rest_now(self) -> Values:
        """(d) positions where a controlled stop ends that begins now."""
        if self._rest is None:
            dt_s = self.limits.period_s
            rows = zip(self.motions, self.limits.axes, strict=True)
            self._rest = tuple([_rest(motion, axis, dt_s) for motion, axis in rows])
        return self._rest


def _shortened(wanted: Values, axes: Sequence[AxisLimits], speed_scale: float) -> Values:
    """A twist of a tool in the direction that is asked for, no longer than its fastest part may be."""
    if speed_scale <= 0.0:
        return (0.0,) * len(wanted)
    shares = [abs(value) / (speed_scale * axis.velocity) for value, axis in zip(wanted, axes, strict=True)]
    most = max(shares)
    return wanted if most <= 1.0 else tuple([value / most for value in wanted])


def _rest(motion: AxisMotion, axis: AxisLimits, dt_s: float) -> float:
    return motion.position + braking_travel(motion.velocity, motion.acceleration, axis, dt_s)[2]
