"""Check: the robot is where it was told to be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from noetra_ros.core.config import setting
from noetra_ros.safety.all_axes import is_each_within, shares_of
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.limits import AxisLimits, ChannelLimits
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

PASSED: Final = passed("tracking_error")


@dataclass(frozen=True)
class TrackingError:
    """Slows when a joint lags the last sent position by more than `tracking_slow_share` of its limit in the
    profile, stops beyond the limit: blocked, overloaded, or moved by someone else. The lag of a healthy servo
    counts too. Cannot catch a robot that follows while it pushes against something soft.
    """

    tracking_slow_share: float = setting(
        "1", "share of the tracking error limit from which motion slows down", minimum=0.0, maximum=1.0
    )

    def unmet(self, limits: ChannelLimits) -> str:
        """Twists have no position to track."""
        return (
            "" if limits.is_position else f"it judges joint positions, the channel takes {limits.kind.value}"
        )

    def evaluate(self, snapshot: Snapshot) -> Verdict:
        """SLOW in proportion to what is left of the limit, STOP beyond it."""
        if not (snapshot.is_armed or snapshot.is_moving):
            return PASSED
        if snapshot.measured is None:
            return Verdict("tracking_error", Action.STOP, "no joint state to compare with")
        limits = snapshot.limits
        shares = shares_of(snapshot.sent, snapshot.measured, limits.each_tracking_error)
        if is_each_within(shares, self.tracking_slow_share):
            return PASSED
        return self._verdict(limits.axes, shares)

    def _verdict(self, axes: Sequence[AxisLimits], shares: Sequence[float]) -> Verdict:
        """SLOW or STOP for the axis with the largest share of its limit."""
        if any(math.isnan(share) for share in shares):
            return Verdict("tracking_error", Action.STOP, "the measured joint positions hold NaN")
        share = max(shares)
        axis = axes[shares.index(share)]
        error = share * axis.tracking_error
        unit, limit = axis.unit, axis.tracking_error
        reason = f"{axis.name} is {error:.4g} {unit} from its command, limit {limit} {unit}"
        if share > 1.0:
            return Verdict("tracking_error", Action.STOP, reason, 0.0, axis.name, error, limit, unit)
        scale = (1.0 - share) / (1.0 - self.tracking_slow_share)
        return Verdict("tracking_error", Action.SLOW, reason, scale, axis.name, error, limit, unit)


check_registry.register("tracking_error")(TrackingError)
