"""What a profile of an arm on a driving base needs, and the same robot as those see it who know arms only."""

from __future__ import annotations

import dataclasses

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import RobotProfile


def require_arm_on_base(profile: RobotProfile) -> None:
    """Looks whether a profile is one.

    Raises:
        ConfigError: no URDF, workspace, base or chassis.
    """
    chassis = profile.sim.chassis if profile.sim is not None else None
    needed: dict[str, object] = {"urdf": profile.urdf_path, "workspace": profile.workspace}
    needed |= {"base": profile.base, "sim.chassis": chassis}
    lacking = [Fault(key, "nothing", "it") for key, value in needed.items() if value is None]
    if lacking:
        raise ConfigError(f"robot {profile.name}: the world mobile has an arm on a base", lacking)


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
    """The same robot with a channel of joints as its default one.

    Raises:
        ConfigError: there is none.
    """
    return dataclasses.replace(profile, default_channel=channel_of(profile, CommandKind.JOINT_POSITION))
