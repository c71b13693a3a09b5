"""First limits of a joint: inside what its URDF says, careful where it says nothing; each guess is told."""

from __future__ import annotations

import math
from dataclasses import dataclass

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import JointLimits
from noetra_ros.robots.urdf import UrdfJoint
from noetra_ros.robots.urdf_tree import is_limited

STOP_SHARE, STOP_MOST_RAD = 0.02, 0.05  # kept off each hard stop
SPEED_SHARE = 0.5  # of the URDF's speed
SPEED_MOST = {"revolute": 1.0, "continuous": 1.0, "prismatic": 0.25}  # rad/s, m/s
UNKNOWN_RANGE = {"revolute": 1.5, "continuous": 3.1, "prismatic": 0.1}  # either way, rad or m
UNKNOWN_SPEED = {"revolute": 0.5, "continuous": 0.5, "prismatic": 0.1}
FULL_SPEED_S, FULL_ACCELERATION_S = 0.25, 0.05
TRACKING = {"revolute": 0.20, "continuous": 0.20, "prismatic": 0.05}


@dataclass(frozen=True)
class JointDraft:
    """First limits of one joint.

    Attributes:
        name: of the joint.
        limits: what the profile gets.
        open_points: key below the joint to what a person has to do.
    """

    name: str
    limits: JointLimits
    open_points: dict[str, str]


def draft_joint(joint: UrdfJoint) -> JointDraft:
    """Limits of a joint from those of its URDF.

    Raises:
        ConfigError: the URDF's range is empty.
    """
    todo: dict[str, str] = {}
    lower, upper = joint.lower_rad, joint.upper_rad
    if not is_limited(joint):
        lower, upper = -UNKNOWN_RANGE[joint.kind], UNKNOWN_RANGE[joint.kind]
        why = "turns without end" if joint.kind == "continuous" else "has no limits in the URDF"
        todo["lower_rad, upper_rad"] = f"the joint {why}: how far may it go, with its cables?"
    elif lower >= upper:
        expected = "lower below upper; a joint that does not move is of type fixed"
        raise single_fault("URDF", f"joint {joint.name}", f"limits {lower} .. {upper}", expected)
    else:
        off = min(STOP_MOST_RAD, STOP_SHARE * (upper - lower))
        lower, upper = lower + off, upper - off
    speed = joint.velocity_radps
    if math.isfinite(speed) and speed > 0.0:
        velocity = min(SPEED_SHARE * speed, SPEED_MOST[joint.kind])
    else:
        velocity = UNKNOWN_SPEED[joint.kind]
        todo["velocity_radps"] = "the URDF has no speed: take the maker's figure"
    acceleration = velocity / FULL_SPEED_S
    jerk = acceleration / FULL_ACCELERATION_S
    limits = JointLimits(
        _inwards(lower, 1),
        _inwards(upper, -1),
        _rounded(velocity),
        _rounded(acceleration),
        _rounded(jerk),
        TRACKING[joint.kind],
    )
    return JointDraft(joint.name, limits, todo)


def _rounded(value: float) -> float:
    """Three digits, downwards."""
    digits = 2 - math.floor(math.log10(value))
    factor = 10.0**digits
    return float(round(math.floor(value * factor + 1e-9) / factor, max(digits, 0)))


def _inwards(value: float, towards: int) -> float:
    """Four decimals, never outwards."""
    step = math.ceil if towards > 0 else math.floor
    return round(step(value * 1e4 - towards * 1e-6) / 1e4, 4)
