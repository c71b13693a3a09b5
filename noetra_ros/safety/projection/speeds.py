"""How fast points of the robot go: with the next values, and in every step of the controlled stop after them.

A motion is kept where the stop from it keeps the limit in each of its steps. So the first step of that stop
is always a way on, from which the rest of the same stop remains (as the limiter has it for single axes): the
limit never has to be broken because an acceleration still runs out, or because one joint comes to rest before
the one that made up for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.projection.balls import Ball
from noetra_ros.safety.projection.barrier import Barrier, SpeedBarrier
from noetra_ros.safety.snapshot import Values

# Share of the limit that rounding may add.
ROUNDING = 1e-9
# rad/s or m/s; axes whose next values differ by less tell nothing of what a difference does.
LEAST_CHANGE = 1e-9
NO_JACOBIAN = np.zeros((3, 0))


class Instant(NamedTuple):
    """When a point is fastest.

    Attributes:
        row: which point.
        look: number of the look of the way.
        mps: its speed then, m/s; NaN = not known.
        jacobian: (3, d) m/s per unit of the speed of each axis, where the robot is then; empty below the
            limit.
    """

    row: int
    look: int
    mps: float
    jacobian: FloatArray


class Way(NamedTuple):
    """The next period and those of the stop after it, each looked at where it begins and where it ends.

    Attributes:
        postures: (k + 1, d) of the axes, before and after each of the periods.
        speeds: (k, d) of the axes in them.
    """

    postures: FloatArray
    speeds: FloatArray

    def speeds_at(self, look: int) -> FloatArray:
        """(d,) of the axes at a look, of which each period has two; they rest after the last one."""
        at = look // 2
        return np.asarray(self.speeds[at] if at < len(self.speeds) else np.zeros(self.speeds.shape[1]))


class Speeds:
    """Limits of the speed of points; without any, everything is kept.

    Args:
        barriers: those of another kind are left alone.
        limits: of the channel.

    Attributes:
        is_any: false where nothing is limited.
        reach: (m, d) the most that a unit of the speed of each axis adds to that of a point.
    """

    def __init__(self, barriers: Sequence[Barrier], limits: ChannelLimits) -> None:
        self._columns, self._dt_s = list(limits.joint_indices), limits.period_s
        self._full = np.array(limits.each_velocity)
        own = [barrier for barrier in barriers if isinstance(barrier, SpeedBarrier)]
        # A limit that all joints together cannot reach needs no looking at.
        self._rows = [
            (barrier, row)
            for barrier in own
            for row, reach in enumerate(barrier.speed_reach[:, self._columns])
            if not reach @ self._full <= barrier.most_mps
        ]
        self.is_any = bool(self._rows)
        self._most = np.array([barrier.most_mps for barrier, _ in self._rows])
        found = [barrier.speed_reach[row, self._columns] for barrier, row in self._rows]
        self.reach = np.array(found).reshape(len(found), len(self._columns))
        both = np.ix_(self._columns, self._columns)
        self._bend = [barrier.speed_bend[row][both] for barrier, row in self._rows]
        self._positions = np.zeros(0)

    def begin(self, joint_positions: FloatArray) -> None:
        """Joints (j,) that the channel does not move are where they were measured."""
        if self.is_any:
            self._positions = np.array(joint_positions, dtype=np.float64)

    def named(self, row: int) -> tuple[str, str, float]:
        """Name, unit and limit of a row."""
        barrier, own = self._rows[row]
        return barrier.speed_names[own], barrier.unit, barrier.most_mps

    def are_surely_kept(self, motion: ChannelMotion, values: Values, besides: Sequence[FloatArray]) -> bool:
        """Whether bounds tell that no point gets too fast on the way to rest: in any posture, or, with the
        levers of the joints now, in any that is no farther than this way. They tell of most commands.
        """
        if not self.is_any:
            return True
        rates = np.array(motion.most_speed_after(values))
        if (self.reach @ rates <= self._most).all():
            return True
        begin, ways = np.array(motion.positions()), np.array(motion.most_travel_after(values))
        return all(
            _levers(self._jacobian(row, begin + beside)) @ rates + ways @ bend @ rates <= most
            for beside in besides
            for row, (bend, most) in enumerate(zip(self._bend, self._most, strict=True))
        )

    def way(self, motion: ChannelMotion, values: Values) -> Way:
        """The way to rest after `values`."""
        begin = np.array(motion.positions())[np.newaxis]
        return Way(np.concatenate([begin, motion.postures_after(values)]), motion.speeds_after(values))

    def fastest(self, way: Way, besides: Sequence[FloatArray]) -> list[Instant]:
        """(p * m) when each point is fastest; an instant below the limit where it is never above it."""
        return [self._fastest(row, way, beside) for beside in besides for row in range(len(self._rows))]

    def ball(self, instant: Instant, way: Way, nearer: Way, most_mps: float, units: FloatArray) -> Ball:
        """How the velocity of a point at some instant changes with the next speeds of the axes.

        Args:
            instant: seen on `way`.
            way: that is near to the one looked for.
            nearer: one that is a little nearer to the controlled stop.
            most_mps: speed that is allowed.
            units: (d) in which the next speeds are given.
        """
        look = instant.look
        change = instant.jacobian * self._follows(way, nearer, look)
        bow_mps = self._bow_mps(instant.row, way.speeds_at(look)[np.newaxis])[0]
        at_rest = instant.jacobian @ way.speeds_at(look) - change @ way.speeds[0]
        return Ball(at_rest, change * units, float(most_mps - bow_mps))

    def _fastest(self, row: int, way: Way, beside: FloatArray) -> Instant:
        """The fastest of all looks of the way; none is taken where the reach of the joints tells enough."""
        rates = np.abs(way.speeds)
        if (rates @ self.reach[row]).max() <= self._most[row]:
            return Instant(row, 0, 0.0, NO_JACOBIAN)
        jacobians = self._jacobians(row, way.postures + beside)
        both = np.stack([jacobians[:-1], jacobians[1:]], axis=1)  # where each period begins and ends
        velocities = (both @ way.speeds[:, np.newaxis, :, np.newaxis])[..., 0]
        sizes = np.sqrt(np.add.reduce(velocities * velocities, axis=2))
        mps = (sizes + self._bow_mps(row, way.speeds)[:, np.newaxis]).ravel()
        look = int(mps.argmax())  # of NaN, if there is one
        most = float(mps[look])
        return Instant(row, look, most if most < np.inf else np.nan, jacobians[(look + 1) // 2])

    def _bow_mps(self, row: int, speeds: FloatArray) -> FloatArray:
        """(k,) by how much a point may be faster within a period than at both of its ends: a chord of its
        velocity, whose second derivative is bounded by the reach and by how fast all joints turn.
        """
        rates = np.abs(speeds)
        turning = np.add.reduce(rates, axis=1)
        bow: FloatArray = 3.0 * (rates @ self.reach[row]) * turning * turning * self._dt_s**2 / 8.0
        return bow

    def _follows(self, way: Way, nearer: Way, look: int) -> FloatArray:
        """(d,) by how much the speed of each axis at a look changes with its next speed."""
        change = way.speeds[0] - nearer.speeds[0]
        is_told = np.abs(change) > LEAST_CHANGE
        share = (way.speeds_at(look) - nearer.speeds_at(look)) / np.where(is_told, change, 1.0)
        return np.asarray(np.where(is_told, np.maximum(share, 0.0), 1.0))

    def _jacobian(self, row: int, axes: FloatArray) -> FloatArray:
        barrier, own = self._rows[row]
        self._positions[self._columns] = axes
        return barrier.speed_jacobian(self._positions, own)[:, self._columns]

    def _jacobians(self, row: int, axes: FloatArray) -> FloatArray:
        """(k, 3, d) with the axes at each of (k, d)."""
        barrier, own = self._rows[row]
        positions = np.repeat(self._positions[np.newaxis], len(axes), axis=0)
        positions[:, self._columns] = axes
        return barrier.speed_jacobians(positions, own)[:, :, self._columns]


def _levers(jacobian: FloatArray) -> FloatArray:
    """(d,) how fast each axis alone moves a point, per unit of its speed."""
    return np.asarray(np.sqrt(np.add.reduce(jacobian * jacobian, axis=0)))
