"""What is told about a trajectory: why it is refused or dropped, that it begins and is done."""

from __future__ import annotations

import math

from noetra_ros.safety.verdict import Action, Verdict

TRAJECTORY = "trajectory"


def refused(
    reason: str, subject: str = "", measured: float = math.nan, limit: float = math.nan, unit: str = ""
) -> Verdict:
    """It does not start; nothing of it is sent."""
    what = f"the trajectory is refused: {reason}"
    return Verdict(TRAJECTORY, Action.CLAMP, what, 0.0, subject, measured, limit, unit)


def dropped(reason: str, at_s: float, end_s: float) -> Verdict:
    """It ends here and does not go on by itself."""
    what = f"the trajectory is dropped at {at_s:.3f} s of {end_s:.3f} s: {reason}"
    return Verdict(TRAJECTORY, Action.CLAMP, what, 0.0, "dropped", at_s, end_s, "s")


def cancelled() -> Verdict:
    """An empty trajectory came."""
    return Verdict(TRAJECTORY, Action.CLAMP, "a trajectory without points: controlled stop", 0.0, "cancelled")


def told(reason: str) -> Verdict:
    """It goes as it should."""
    return Verdict(TRAJECTORY, Action.PASS, reason)
