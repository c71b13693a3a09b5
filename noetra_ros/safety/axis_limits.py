"""Limits of one axis: the numbers that the limiter keeps. Part of the kernel (see `kernel`)."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class AxisLimits:
    """Limits of one joint or one twist component; SI units of a revolute (rad) or linear (m) axis.

    Attributes:
        name: joint name, or a part of a twist: vx, vy, vz, wx, wy, wz.
        unit: symbol of a position on this axis: rad or m.
        lower: lowest position; -inf for twists.
        upper: highest position; inf for twists.
        velocity: highest speed, unit/s.
        acceleration: highest acceleration, unit/s2.
        jerk: highest jerk, unit/s3.
        tracking_error: largest distance of command and measurement; inf for twists.
    """

    name: str
    unit: str
    lower: float
    upper: float
    velocity: float
    acceleration: float
    jerk: float
    tracking_error: float = inf
