"""Where a base has gone by what was sent to it: brings a scan that is some time old to this instant."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from noetra_ros.core.planar_scan import PlanarScan

Twist = tuple[float, ...]
NS_PER_S = 1e9
REMEMBERED = 256  # twists; several seconds


class Pose(NamedTuple):
    """Of the base, in the frame of an earlier one: m, m, rad."""

    x_m: float = 0.0
    y_m: float = 0.0
    yaw_rad: float = 0.0

    def moved(self, twist: Twist, duration_s: float) -> Pose:
        """The pose after going on with (vx, vy, wz) in m/s, m/s, rad/s for a while: along an arc, whose chord
        is taken in the middle of the turn.
        """
        turn = twist[2] * duration_s
        middle = self.yaw_rad + 0.5 * turn
        cos, sin = math.cos(middle), math.sin(middle)
        ahead, aside = twist[0] * duration_s, twist[1] * duration_s
        return Pose(
            self.x_m + cos * ahead - sin * aside, self.y_m + sin * ahead + cos * aside, self.yaw_rad + turn
        )

    def seen_from(self, other: Pose) -> Pose:
        """This pose in the frame of another one."""
        x, y = self.x_m - other.x_m, self.y_m - other.y_m
        cos, sin = math.cos(other.yaw_rad), math.sin(other.yaw_rad)
        return Pose(cos * x + sin * y, cos * y - sin * x, self.yaw_rad - other.yaw_rad)


@dataclass(frozen=True)
class SeenScan:
    """A scan, and how far the base has gone since.

    Attributes:
        scan: in the base frame of its instant.
        moved: the base now, in that frame.
        repeated: how far the base went while the scanner said this same scan again and again.
    """

    scan: PlanarScan
    moved: Pose
    repeated: Pose = Pose()


class Reckoning:
    """Adds up twists as they are sent; each holds until the next."""

    def __init__(self) -> None:
        self._steps: deque[tuple[int, Pose, Twist]] = deque(maxlen=REMEMBERED)

    def go(self, twist: Twist, now_ns: int) -> None:
        """`twist` (vx, vy, wz) holds from now on."""
        self._steps.append((now_ns, self.pose_at(now_ns), twist))

    def pose_at(self, instant_ns: int) -> Pose:
        """Where the base is at an instant; at one before all that is remembered, where that began."""
        for began_ns, pose, twist in reversed(self._steps):
            if began_ns <= instant_ns:
                return pose.moved(twist, (instant_ns - began_ns) / NS_PER_S)
        return self._steps[0][1] if self._steps else Pose()

    def moved_since(self, instant_ns: int, now_ns: int) -> Pose:
        """The base now, in its own frame of then."""
        return self.pose_at(now_ns).seen_from(self.pose_at(instant_ns))
