"""Channels that one supervisor gates together: a base and the arm on it stop together, and take turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.core.errors import Fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.channels import Channel

MOVING = (CommandKind.JOINT_POSITION, CommandKind.BASE_TWIST)


@dataclass(frozen=True)
class Together:
    """One mode for all of them: what stops one, stops all. While one moves, the others stand."""

    channels: tuple[str, ...] = setting(description="names of the channels")
    rest_s: float = setting(
        "s",
        "a channel counts as moving until its commands have rested for so long: the robot comes to rest "
        "after them, and perception has to have seen it at rest",
        minimum=0.1,
        maximum=10.0,
    )
    stowed: dict[str, float] = setting(
        "rad",
        "joint positions in which the base may drive: the arm is above the footprint; needed with a base",
        default_factory=dict,
    )
    stowed_within_rad: float = setting(
        "rad", "largest distance of a joint from there", minimum=0.001, maximum=1.0, default=0.1
    )


def together_faults(
    together: Together, channels: Mapping[str, Channel], joints: tuple[str, ...]
) -> list[Fault]:
    """What is wrong with them, keys from the top of the profile."""
    key, names = "together", together.channels
    faults = [
        Fault(f"{key}.channels", repr(name), f"one of {', '.join(channels)}")
        for name in names
        if name not in channels
    ]
    if len(set(names)) < 2 or len(set(names)) != len(names):
        faults.append(Fault(f"{key}.channels", ", ".join(names) or "none", "two or more, each once"))
    if faults:
        return faults
    chosen = {name: channels[name] for name in names}
    for name, channel in chosen.items():
        if channel.kind not in MOVING:
            kinds = " or ".join(kind.value for kind in MOVING)
            faults.append(Fault(f"{key}.channels", f"{name}: {channel.kind.value}", kinds))
    commanded = [joint for channel in chosen.values() for joint in channel.joints]
    twice = sorted({joint for joint in commanded if commanded.count(joint) > 1})
    bases = [name for name, channel in chosen.items() if channel.kind is CommandKind.BASE_TWIST]
    if twice or len(bases) > 1:
        got = ", ".join([*twice, *bases])
        faults.append(Fault(f"{key}.channels", got, "nothing that two of them command"))
    faults += [
        Fault(f"{key}.stowed.{joint}", "a joint that the robot lacks", f"one of {', '.join(joints)}")
        for joint in together.stowed
        if joint not in joints
    ]
    if bases and commanded and set(commanded) - set(together.stowed):
        lacking = ", ".join(sorted(set(commanded) - set(together.stowed)))
        faults.append(Fault(f"{key}.stowed", f"without {lacking}", "every joint of the channels"))
    return faults
