"""What a simulator needs to know of a robot beyond its URDF: servos, hand, chassis, where it begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.types import FloatArray


@dataclass(frozen=True)
class Servo:
    """Position servo of one joint: torque = kp (setpoint - q) - kv qd, limited."""

    kp: float = setting("Nm/rad", "stiffness", minimum=0.0)
    kv: float = setting("Nms/rad", "damping by the drive", minimum=0.0)
    torque_nm: float = setting("Nm", "largest torque", minimum=0.0)
    armature_kgm2: float = setting("kg m2", "rotor inertia seen at the joint", minimum=0.0)


@dataclass(frozen=True)
class FingerBox:
    """A collision box of a finger in its link's frame; its link gets no box fitted around its meshes."""

    link: str = setting(description="link that carries it")
    centre_m: tuple[float, float, float] = setting("m", "its middle")
    half_m: tuple[float, float, float] = setting("m", "half of its edges")
    turn_rad: float = setting("rad", "turn about the link's z axis", default=0.0)
    is_pad: bool = setting(description="things are held by it: it grips better, and feels", default=False)


@dataclass(frozen=True)
class Jaw:
    """Inner faces of a fixed and a turning finger, for the point between them, frame of the hand's link.

    The moving finger turns about an axis along the link's y at (origin_x_m, pad_z_m).
    """

    fixed_x_m: float = setting("m", "inner face of the fixed pad, x")
    pad_z_m: float = setting("m", "middle of the pads, z")
    origin_x_m: float = setting("m", "where the moving finger turns, x")
    moving_m: tuple[float, float] = setting("m", "inner face of the moving pad in its own link: x, y")


@dataclass(frozen=True)
class Hand:
    """The hand at the end of an arm."""

    link: str = setting(description="link that carries the fingers; force is sensed at its origin")
    joint: str = setting(description="joint that opens it; empty = none", default="")
    point_m: tuple[float, float, float] = setting(
        "m", "the tool's point in that link, where there is no jaw", default=(0.0, 0.0, 0.0)
    )
    jaw: Jaw | None = setting(description="two fingers of which one turns; null = other hands", default=None)
    boxes: dict[str, FingerBox] = setting(description="collision boxes of the fingers", default_factory=dict)

    def gap_m(self, joint_rad: float) -> float:
        """Distance between the finger pads; below 0 the fingers would overlap; infinite without a jaw."""
        if self.jaw is None:
            return float("inf")
        inner, along = self.jaw.moving_m
        moving_x_m = self.jaw.origin_x_m + inner * np.cos(joint_rad) - along * np.sin(joint_rad)
        return float(moving_x_m - self.jaw.fixed_x_m)

    def tool_offset_m(self, joint_rad: float) -> FloatArray:
        """(3,) the tool's point, midway between the finger pads, frame of the hand's link."""
        if self.jaw is None:
            return np.array(self.point_m)
        return np.array([self.jaw.fixed_x_m + 0.5 * self.gap_m(joint_rad), 0.0, self.jaw.pad_z_m])


@dataclass(frozen=True)
class Chassis:
    """Body of a driving base: an upright cylinder."""

    radius_m: float = setting("m", "radius", minimum=0.01)
    height_m: float = setting("m", "height", minimum=0.01)
    mass_kg: float = setting("kg", "mass of all", minimum=0.01)
    clearance_m: float = setting("m", "air between floor and body", minimum=0.0)
    scanner_height_m: float = setting("m", "height of the laser scanner above the floor", minimum=0.0)
    scan_beams: int = setting("1", "beams of a full turn, the first one backward", minimum=4, maximum=4096)
    scan_lower_m: float = setting("m", "nearer echoes are not reported", minimum=0.0)
    scan_upper_m: float = setting("m", "farther ones neither", minimum=0.1)
    wheel_radius_m: float = setting("m", "radius of the two wheels", minimum=0.001)
    wheel_gap_m: float = setting("m", "distance between the middles of the wheels", minimum=0.01)


@dataclass(frozen=True)
class Mount:
    """An upright block that the robot stands on: a table top, a post. Base frame."""

    lower_m: tuple[float, float, float] = setting("m", "lowest corner x, y, z")
    upper_m: tuple[float, float, float] = setting("m", "highest corner x, y, z")


@dataclass(frozen=True)
class SimSettings:
    """How the robot is simulated."""

    world: str = setting(description="registered world, a file of noetra_ros/sim/worlds")
    home: dict[str, float] = setting(
        "rad", "joint positions at the start of an episode", default_factory=dict
    )
    servos: dict[str, Servo] = setting(description="drive of each joint", default_factory=dict)
    hand: Hand | None = setting(description="hand of an arm; null = none", default=None)
    mounts: dict[str, Mount] = setting(
        description="world stand: what the robot stands on, by name; empty = a round plinth under its base",
        default_factory=dict,
    )
    chassis: Chassis | None = setting(description="body of a base that drives; null = none", default=None)
