"""An arm on a driving base as a MuJoCo model: the arm of the stand on the chassis of the room."""

from __future__ import annotations

import mujoco

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.arm_on_base import require_arm_on_base
from noetra_ros.sim.chassis_model import add_chassis, chassis_of
from noetra_ros.sim.eyes import add_cameras
from noetra_ros.sim.mujoco_scene import furnish
from noetra_ros.sim.scenes.mobile import mobile
from noetra_ros.sim.stand_model import BODY_BIT, ROOM_BIT, arm_spec

BASE_MOTORS = 3  # x, y, yaw; they come last


def mobile_spec(profile: RobotProfile) -> mujoco.MjSpec:
    """The whole scene of a profile. The base weighs what its URDF says.

    Raises:
        ConfigError: no URDF, workspace, base or chassis; a movable joint that the profile lacks.
    """
    require_arm_on_base(profile)
    spec = arm_spec(profile)
    base = spec.body(profile.base_frame)
    if base is None:
        expected = "a mass: without one it cannot move"
        raise single_fault(f"URDF of {profile.name}", f"link {profile.base_frame}", "no inertial", expected)
    for geom in base.geoms:  # the chassis takes the place of what the URDF draws
        spec.delete(geom)
    add_chassis(base, spec, profile, chassis_of(profile))
    chassis = spec.geom("chassis")  # it meets the room, and the arm on it no more than the arm meets itself
    chassis.contype, chassis.conaffinity = BODY_BIT, ROOM_BIT
    furnish(spec, mobile(None, profile))
    add_cameras(spec, profile)
    return spec
