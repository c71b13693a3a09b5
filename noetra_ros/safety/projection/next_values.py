"""The values that may be sent next, as shares of the speed limits, and where they bring the axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.snapshot import Values

# Of a speed limit, and its unit per second: axes whose values may differ by less tell no slope; nor do those
# that must not move be divided by.
LEAST_CHANGE, LEAST_SPEED = 1e-9, 1e-9


class NextValues:
    """What the limits of the axes leave for the next period, each axis for itself.

    Args:
        motion: what was last sent.
        limits: of the channel.
        speed_scale: share of the speed limits that may be used, 0..1.

    Attributes:
        low: (d) least shares.
        high: (d) greatest ones.
        span: (d) how far apart the axes may come to rest, by what is sent next.
    """

    def __init__(self, motion: ChannelMotion, limits: ChannelLimits, speed_scale: float) -> None:
        speeds = np.maximum(limits.each_velocity, LEAST_SPEED)
        is_position = limits.is_position
        self._offset = np.array(motion.positions()) if is_position else np.zeros(len(speeds))
        self._unit = speeds * (limits.period_s if is_position else 1.0)  # of a value, at full speed
        lows, highs = motion.extremes(speed_scale)
        self._lows, self._highs = np.array(lows), np.array(highs)
        self.low, self.high = self.shares(lows), self.shares(highs)
        lowest, highest = motion.postures_after(lows), motion.postures_after(highs)
        periods = np.arange(max(len(lowest), len(highest)))  # who rests first stays there
        change = highest.take(periods, axis=0, mode="clip") - lowest.take(periods, axis=0, mode="clip")
        width = self.high - self.low
        is_told = width > LEAST_CHANGE
        self.span = np.abs(change[-1])
        self._per_share = np.divide(change, width, out=np.zeros_like(change), where=is_told)

    def shares(self, values: Sequence[float]) -> FloatArray:
        """(d,) of the speed limits."""
        return np.asarray((np.array(values) - self._offset) / self._unit)

    def values(self, shares: FloatArray) -> Values:
        """(d) as the channel has them, within the least and the greatest."""
        return tuple(np.clip(self._offset + self._unit * shares, self._lows, self._highs).tolist())

    def follows(self, period: int) -> FloatArray:
        """(d,) how far each axis of the posture after some periods goes per share.

        Args:
            period: of a stop after the next posture; -1 = at rest.
        """
        return np.asarray(self._per_share[min(period, len(self._per_share) - 1)])
