"""The path of a trajectory: where the axes are at each time, and how fast it is at most from there on."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.spline import Spline
from noetra_ros.core.types import FloatArray
from noetra_ros.safety.limits import AxisLimits, ChannelLimits
from noetra_ros.safety.snapshot import Values

LEAST_SPEED = 1e-9
SPEED_UP_SHARE = 0.5
# Setpoints of a way that rests at its end, beyond it: what the controller holds.
HELD = 3


class Path:
    """A spline as the setpoints of one channel run along it.

    Args:
        spline: of the channel's axes.
        begin_s: where it is begun.
        limits: of the channel.

    Attributes:
        begin_s: s.
        end_s: s.
        times_s: (k,) of the setpoints at full pace, from `begin_s` on to `HELD` after the end.
        setpoints: (k, d).
        slowing: limits of the pace (s of the path per s) on the way down.
        speeding_up: on the way up; the path itself needs the rest of what the axes can do.
    """

    def __init__(self, spline: Spline, begin_s: float, limits: ChannelLimits) -> None:
        self.begin_s, self.end_s, self._spline, self._dt_s = begin_s, spline.end_s, spline, limits.period_s
        count = int(np.ceil((self.end_s - begin_s) / self._dt_s - 1e-9)) + HELD
        self.times_s: FloatArray = np.arange(count + 1, dtype=np.float64) * self._dt_s + begin_s
        self.setpoints = spline.sampled(self.times_s)
        speeds = np.abs(np.diff(self.setpoints, axis=0)) / self._dt_s
        peaks = speeds + 0.5 * _largest_beside(speeds)  # slowed, it meets what lies between
        shares = (peaks / np.maximum(limits.each_velocity, LEAST_SPEED)).max(axis=1)
        # From the setpoint before: the pace of a slowed motion is not in step with these.
        before = np.maximum.accumulate(shares[::-1])[::-1]
        self._shares_from = np.concatenate([before[:1], before])
        self.slowing = _pace_limits(speeds.max(axis=0), limits, 1.0)
        self.speeding_up = _pace_limits(speeds.max(axis=0), limits, SPEED_UP_SHARE)

    def at(self, time_s: float) -> Values:
        """(d) at a time."""
        return tuple(self._spline.at(time_s).tolist())

    def before(self, periods: int) -> Values:
        """(d) so many periods before the begin; where it begins with its first point, that one."""
        return self.at(self.begin_s - periods * self._dt_s)

    def speed_share_from(self, time_s: float) -> float:
        """The highest share of its speed limit that any axis takes from a time on, at full pace."""
        index = int((time_s - self.begin_s) / self._dt_s)
        return float(self._shares_from[min(max(index, 0), len(self._shares_from) - 1)])


def _largest_beside(speeds: FloatArray) -> FloatArray:
    """(k, d) of mean speeds of the periods (k, d): the larger difference to the periods beside each."""
    changes = np.abs(np.diff(speeds, axis=0, prepend=speeds[:1], append=speeds[-1:]))
    return np.maximum(changes[:-1], changes[1:])


def _pace_limits(fastest: FloatArray, limits: ChannelLimits, share: float) -> AxisLimits:
    """How the pace may change: no axis, as fast as it ever is on the path, takes more than a share of its
    acceleration and jerk for that alone.

    Args:
        fastest: (d,) per s at full pace.
        limits: of the channel.
        share: 0..1.
    """
    speeds = np.maximum(fastest, LEAST_SPEED)
    acceleration = float(np.min(np.array(limits.each_acceleration) / speeds))
    jerk = float(np.min(np.array(limits.each_jerk) / speeds))
    return AxisLimits("pace", "s", 0.0, np.inf, 1.0, share * acceleration, share * jerk)
