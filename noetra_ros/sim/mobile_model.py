"""An arm on a driving base as a MuJoCo model: the arm of the stand on the chassis of the room."""

from __future__ import annotations

import dataclasses

import mujoco

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.chassis_model import add_chassis, chassis_of
from noetra_ros.sim.eyes import add_cameras
from noetra_ros.sim.mujoco_scene import furnish
from noetra_ros.sim.scene import CUBES
from noetra_ros.sim.scene_description import Scene
from noetra_ros.sim.scenes.stand import marks_of, target
from noetra_ros.sim.stand_model import BODY_BIT, ROOM_BIT, arm_spec

BASE_MOTORS = 3  # x, y, yaw; they come last


def mobile_spec(profile: RobotProfile, scene: Scene) -> mujoco.MjSpec:
    """The whole scene of a profile.

    Raises:
        ConfigError: no URDF, workspace, base or chassis; a movable joint that the profile lacks.
    """
    needed = {"urdf": profile.urdf_path, "workspace": profile.workspace, "base": profile.base}
    lacking = [Fault(key, "nothing", "it") for key, value in needed.items() if value is None]
    if lacking:
        raise ConfigError(f"robot {profile.name}: the world mobile has an arm on a base", lacking)
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
    targets = map(target, CUBES)
    furnish(spec, dataclasses.replace(scene, things=(*scene.things, *targets), marks=marks_of(profile)))
    add_cameras(spec, profile)
    return spec


def channel_of(profile: RobotProfile, kind: CommandKind) -> str:
    """Name of the channel of a kind, the default one if it is such.

    Raises:
        ConfigError: there is none.
    """
    for name in (profile.default_channel, *profile.channels):
        if profile.channels[name].kind is kind:
            return name
    raise single_fault(f"robot {profile.name}", "channels", "none", f"one of {kind.value}")


def as_arm(profile: RobotProfile) -> RobotProfile:
    """The same robot as those see it who know arms only: its default channel is one of joints.

    Raises:
        ConfigError: there is none.
    """
    return dataclasses.replace(profile, default_channel=channel_of(profile, CommandKind.JOINT_POSITION))
