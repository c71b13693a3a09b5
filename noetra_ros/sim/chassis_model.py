"""A driving base as a MuJoCo model: a round chassis in the plane, driven by forces."""

from __future__ import annotations

import mujoco
import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.signal_kinds import kind_of
from noetra_ros.robots.simulation import Chassis

COLOUR = (0.15, 0.35, 0.6)


def chassis_of(profile: RobotProfile) -> Chassis:
    """Body of the base.

    Raises:
        ConfigError: the profile has none.
    """
    chassis = profile.sim.chassis if profile.sim is not None else None
    if chassis is None:
        raise single_fault(f"robot {profile.name}", "sim.chassis", "nothing", "the body of the base")
    return chassis


def chassis_spec(profile: RobotProfile) -> mujoco.MjSpec:
    """A cylinder on two sliders and a hinge; it does not touch the floor.

    Its body is the base link, with the origin on the floor (REP-105).
    """
    chassis = chassis_of(profile)
    spec = mujoco.MjSpec()
    add_chassis(spec.worldbody.add_body(name=profile.base_frame), spec, profile, chassis)
    return spec


def add_chassis(base: mujoco.MjsBody, spec: mujoco.MjSpec, profile: RobotProfile, chassis: Chassis) -> None:
    """Gives a body the shape of the chassis, its scanner, and joints and motors to drive with."""
    slide, hinge = mujoco.mjtJoint.mjJNT_SLIDE, mujoco.mjtJoint.mjJNT_HINGE
    for name, kind, axis in (("x", slide, [1, 0, 0]), ("y", slide, [0, 1, 0]), ("yaw", hinge, [0, 0, 1])):
        base.add_joint(name=name, type=kind, axis=axis)
        motor = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        motor.gainprm[0] = 1.0
    base.add_geom(
        name="chassis",
        type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        pos=[0, 0, chassis.clearance_m + chassis.height_m / 2],
        size=[chassis.radius_m, chassis.height_m / 2, 0],
        mass=chassis.mass_kg,
        rgba=[*COLOUR, 1.0],
    )
    x_m, y_m, yaw_rad = scanner_place(profile)
    half = yaw_rad / 2
    place = {"pos": [x_m, y_m, chassis.scanner_height_m], "quat": [np.cos(half), 0, 0, np.sin(half)]}
    base.add_site(name="scanner", **place)


def scanner_place(profile: RobotProfile) -> tuple[float, float, float]:
    """x, y in m and yaw in rad of the scanner, base frame, as the stream of its scans says; its height is the
    chassis'.
    """
    for name, stream in profile.streams.items():
        if kind_of(name, stream) == "scan":
            x_m, y_m, _ = stream.position_m
            return x_m, y_m, stream.yaw_rad
    return 0.0, 0.0, 0.0
