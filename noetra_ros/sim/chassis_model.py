"""A driving base as a MuJoCo model: a round chassis in the plane, driven by forces."""

from __future__ import annotations

import mujoco

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile
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
    """A cylinder on two sliders and a hinge; it does not touch the floor."""
    chassis = chassis_of(profile)
    spec = mujoco.MjSpec()
    height = chassis.clearance_m + chassis.height_m / 2
    base = spec.worldbody.add_body(name="base", pos=[0, 0, height])
    slide, hinge = mujoco.mjtJoint.mjJNT_SLIDE, mujoco.mjtJoint.mjJNT_HINGE
    for name, kind, axis in (("x", slide, [1, 0, 0]), ("y", slide, [0, 1, 0]), ("yaw", hinge, [0, 0, 1])):
        base.add_joint(name=name, type=kind, axis=axis)
        motor = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        motor.gainprm[0] = 1.0
    base.add_geom(
        name="chassis",
        type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        size=[chassis.radius_m, chassis.height_m / 2, 0],
        mass=chassis.mass_kg,
        rgba=[*COLOUR, 1.0],
    )
    above = chassis.scanner_height_m - chassis.clearance_m - chassis.height_m / 2
    base.add_site(name="scanner", pos=[0, 0, above])
    return spec
