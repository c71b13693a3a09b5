"""What barriers ask of the next speeds of the axes, made linear; more where an answer left some missing."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.limits import ChannelLimits

# Shares of its limit, at most and at least, for which an axis that does not move yet is told how far it goes
# until it rests: for what it can come to in a period. Told for more, an arm that rests at a wall stays there.
MOST_SHARE, LEAST_SHARE = 0.25, 0.01
# More than was missing: the next answer is not to fail by rounding again.
CORRECTION_GAIN = 1.2


class HalfSpaces:
    """Rows times the next speeds, each a share of its limit, have to come to the least.

    An axis travels farther per speed the faster it is: rows tell it for the speeds that are asked for.

    Args:
        limits: of the channel.
        gradients: (k, d) room that is won per unit of each axis.
        least: (k,) room that has to be won until the axes rest; below 0 what may be used up.
        wanted: (d) shares that are asked for.
        most: (d) sizes of the largest shares that may be sent next.

    Attributes:
        rows: (k, d) room that is won until the axes rest, per share.
        least: (k,) that has to be won.
    """

    def __init__(
        self,
        limits: ChannelLimits,
        gradients: FloatArray,
        least: FloatArray,
        wanted: FloatArray,
        most: FloatArray,
    ) -> None:
        shares = np.maximum(np.maximum(np.abs(wanted), np.minimum(MOST_SHARE, most)), LEAST_SHARE)
        self.least, self.rows = least, gradients * (travel(limits, shares) / shares)

    def ask_for(self, shares: FloatArray, missing: FloatArray) -> None:
        """Rows told less than the truth of an answer: from there on, what it left missing.

        Args:
            shares: (d) the answer.
            missing: (k,) in the true geometry; below 0 nothing was.
        """
        asked = np.maximum(self.least, self.rows @ shares) + CORRECTION_GAIN * missing
        self.least = np.where(missing > 0.0, asked, self.least)

    def hold_to(self, shares: FloatArray, spare: FloatArray) -> None:
        """Rows told more than there is to win: from now on they hold with certainty for an answer that is known.

        Args:
            shares: (d) of that answer.
            spare: (k,) that it leaves in the true geometry.
        """
        self.least = self.rows @ shares - np.maximum(spare, 0.0)


def travel(limits: ChannelLimits, shares: FloatArray) -> FloatArray:
    """(d) what each axis travels in the next period and until it rests, at a share of its limit (d)."""
    dt_s = limits.period_s
    speeds = (shares * np.array(limits.column("velocity"))).tolist()
    pairs = zip(speeds, limits.axes, strict=True)
    return np.array([speed * dt_s + braking_travel(speed, 0.0, axis, dt_s)[2] for speed, axis in pairs])
