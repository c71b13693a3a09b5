"""How fast points of the robot go: with the next values, and in every step of the controlled stop after them.

A motion is kept where the stop from it keeps the limit in each of its steps. So the first step of that stop
is always a way on, from which the rest of the same stop remains (as the limiter has it for single axes): the
limit never has to be broken because an acceleration still runs out, or because one joint comes to rest before
the one that made up for it.
"""

from __future__ import annotations

import math
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


class Instant(NamedTuple):
    """When a point is fastest.

    Attributes:
        row: which point.
        beside: (d) of each axis, the robot beside what is sent.
        look: number of the look of the way.
        mps: its speed then, m/s; NaN = not known.
    """

    row: int
    beside: FloatArray
    look: int
    mps: float


class Way(NamedTuple):
    """The next period and those of the stop after it, each looked at where it begins and where it ends.

    Attributes:
        axes: (k, d) postures.
        speeds: (k, d) of the axes.
    """

    axes: FloatArray
    speeds: FloatArray


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
        self._full = np.array(limits.column("velocity"))
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
        speeds = np.array(motion.speeds_after(values))
        begin = np.array(motion.positions())
        ends = begin + self._dt_s * np.cumsum(speeds, axis=0)
        begins = np.concatenate([begin[np.newaxis], ends[:-1]])
        both = np.stack([begins, ends], axis=1)
        return Way(both.reshape(-1, len(begin)), np.repeat(speeds, 2, axis=0))

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
        jacobian = self._jacobian(instant.row, way.axes[look] + instant.beside)
        change = jacobian * self._follows(way, nearer, look)
        bow_mps = self._bow_mps(instant.row, way.speeds[look : look + 1])[0]
        at_rest = jacobian @ way.speeds[look] - change @ way.speeds[0]
        return Ball(at_rest, change * units, float(most_mps - bow_mps))

    def _fastest(self, row: int, way: Way, beside: FloatArray) -> Instant:
        """Looks where a bound is highest, until none is above the limit and above what was seen."""
        reach, rates = self.reach[row], np.abs(way.speeds)
        bound = rates @ reach  # of those not looked at yet
        bow_mps, bend, most_mps = self._bow_mps(row, way.speeds), self._bend[row], float(self._most[row])
        best = Instant(row, beside, 0, 0.0)
        for _ in rates:  # one look each, at most
            look = int(bound.argmax())
            if bound[look] <= max(most_mps, best.mps):
                break
            velocities = way.speeds @ self._jacobian(row, way.axes[look] + beside).T
            sizes = np.sqrt(np.add.reduce(velocities * velocities, axis=1))
            if not math.isfinite(np.add.reduce(sizes)):
                return best._replace(mps=math.nan)
            ways = np.abs(way.axes - way.axes[look])
            error_mps = np.add.reduce((ways @ bend) * rates, axis=1)
            bound = np.minimum(bound, sizes + error_mps + bow_mps)
            mps = float(bound[look])
            if mps > best.mps:
                best = Instant(row, beside, look, mps)
            bound[look] = -np.inf
        return best

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
        at_nearer = nearer.speeds[look] if look < len(nearer.speeds) else np.zeros(len(self._columns))
        change = way.speeds[0] - nearer.speeds[0]
        is_told = np.abs(change) > LEAST_CHANGE
        share = (way.speeds[look] - at_nearer) / np.where(is_told, change, 1.0)
        return np.asarray(np.where(is_told, np.maximum(share, 0.0), 1.0))

    def _jacobian(self, row: int, axes: FloatArray) -> FloatArray:
        barrier, own = self._rows[row]
        self._positions[self._columns] = axes
        return barrier.speed_jacobian(self._positions, own)[:, self._columns]


def _levers(jacobian: FloatArray) -> FloatArray:
    """(d,) how fast each axis alone moves a point, per unit of its speed."""
    return np.asarray(np.sqrt(np.add.reduce(jacobian * jacobian, axis=0)))
