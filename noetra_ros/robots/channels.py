"""Command channels of a robot: controller topic, message type, what the values mean, and their limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from noetra_ros.core.config import setting
from noetra_ros.core.errors import Fault
from noetra_ros.core.types import CommandKind

MESSAGE_TYPES = {
    "std_msgs/Float64MultiArray": (
        CommandKind.JOINT_POSITION,
        CommandKind.JOINT_VELOCITY,
        CommandKind.GRIPPER,
    ),
    "trajectory_msgs/JointTrajectory": (CommandKind.JOINT_POSITION, CommandKind.GRIPPER),
    "geometry_msgs/Twist": (CommandKind.BASE_TWIST, CommandKind.EE_TWIST),
    "geometry_msgs/TwistStamped": (CommandKind.BASE_TWIST, CommandKind.EE_TWIST),
    "sensor_msgs/JointState": (CommandKind.GRIPPER,),
}
WITH_EFFORT = ("sensor_msgs/JointState",)  # the types that say how hard a gripper may press
TWISTS = (CommandKind.BASE_TWIST, CommandKind.EE_TWIST)


@dataclass(frozen=True)
class TwistLimits:
    """Limits of a tool that is told how to move. They bound the length of each vector: what the supervisor
    lets through keeps them in any direction.
    """

    frame: str = setting(
        description="whose axes the twist is given in: frame or tool_link of the workspace (without a "
        "workspace: base_frame). It is the twist of the tool's origin in either"
    )
    linear_mps: float = setting("m/s", "highest speed of the tool", minimum=0.0)
    angular_radps: float = setting("rad/s", "highest turning speed", minimum=0.0)
    linear_mps2: float = setting("m/s2", "highest linear acceleration", minimum=0.0)
    angular_radps2: float = setting("rad/s2", "highest turning acceleration", minimum=0.0)
    linear_mps3: float = setting("m/s3", "highest linear jerk", minimum=0.0)
    angular_radps3: float = setting("rad/s3", "highest turning jerk", minimum=0.0)


@dataclass(frozen=True)
class OpeningLimits:
    """Limits of a gripper that is told its opening, and how that follows from its joint."""

    lower_m: float = setting("m", "least opening, 0 = closed")
    upper_m: float = setting("m", "widest opening")
    velocity_mps: float = setting("m/s", "highest speed, closing and opening", minimum=0.0)
    acceleration_mps2: float = setting("m/s2", "highest acceleration", minimum=0.0)
    jerk_mps3: float = setting("m/s3", "highest jerk", minimum=0.0)
    tracking_error_m: float = setting(
        "m",
        "largest distance of command and measurement; what is held keeps the fingers apart: at least as "
        "wide as the thickest of it",
        minimum=0.0,
    )
    at_zero_m: float = setting("m", "opening where the measured joint is at zero")
    per_joint_m: float = setting("m", "by which the opening grows when the joint grows by 1 (rad or m)")


@dataclass(frozen=True)
class Channel:
    """One way to command the robot: a controller topic, its message type, rate and unit."""

    kind: CommandKind = setting(description="what the values mean")
    topic: str = setting(description="the robot's own controller topic")
    message: str = setting(description="type of that topic", choices=tuple(MESSAGE_TYPES))
    rate_hz: float = setting("Hz", "rate at which the controller wants commands", minimum=1.0, maximum=1000.0)
    joints: tuple[str, ...] = setting(
        description="joints in the order of the message; empty for twists", default=()
    )
    command_share: float = setting(
        "1",
        "share of the velocity, acceleration and jerk limits that commands may use; the rest is for what "
        "controller and load make of them, so that the robot itself stays within its limits",
        minimum=0.1,
        maximum=1.0,
        default=1.0,
    )
    position_reserve_rad: float = setting(
        "rad",
        "distance that commands keep from the position limits, for what the joint sags or overshoots",
        minimum=0.0,
        maximum=0.2,
        default=0.0,
    )
    controller_timeout_s: float | None = setting(
        "s",
        "after this long without a command the controller stops by itself; null = it never does",
        default=None,
    )
    twist: TwistLimits | None = setting(description="ee_twist: frame and limits of the tool", default=None)
    opening: OpeningLimits | None = setting(
        description="gripper: values are openings in m; null = positions of its joint in rad, whose limits "
        "are those of `joints`",
        default=None,
    )
    force_n: float | None = setting(
        "N", "gripper that is told its opening: hardest grip; needs a message that carries it", default=None
    )
    effort_nm: float | None = setting(
        "Nm",
        "gripper that is told its joint's position: highest torque; needs a message that carries it",
        default=None,
    )


def channel_faults(
    name: str, channel: Channel, joints: Sequence[str], has_base: bool, twist_frames: Sequence[str]
) -> list[Fault]:
    """What is wrong with one channel, keys from the top of the profile.

    Args:
        name: of the channel.
        channel: it.
        joints: those of the robot.
        has_base: the profile has limits of a base.
        twist_frames: frames that a twist of the tool may be given in.
    """
    key, kind = f"channels.{name}", channel.kind
    faults = []
    if kind not in MESSAGE_TYPES[channel.message]:
        allowed = [message for message, kinds in MESSAGE_TYPES.items() if kind in kinds]
        expected = f"one of {', '.join(allowed)} for {kind.value}"
        faults.append(Fault(f"{key}.message", channel.message, expected))
    known = ", ".join(joints) or "no joint"
    faults += [
        Fault(f"{key}.joints[{i}]", repr(joint), f"one of {known}")
        for i, joint in enumerate(channel.joints)
        if joint not in joints
    ]
    if kind is CommandKind.BASE_TWIST and not has_base:
        faults.append(Fault("base", "nothing", "limits of the base", f"channel {name} commands a twist"))
    if kind not in TWISTS and not channel.joints:
        faults.append(Fault(f"{key}.joints", "nothing", "the joints in message order"))
    return faults + _twist_faults(key, channel, twist_frames) + _gripper_faults(key, channel)


def _twist_faults(key: str, channel: Channel, frames: Sequence[str]) -> list[Fault]:
    limits = channel.twist
    if channel.kind is not CommandKind.EE_TWIST:
        expected = f"nothing: the channel takes {channel.kind.value}"
        return [] if limits is None else [Fault(f"{key}.twist", "limits of a tool", expected)]
    faults = []
    if channel.joints:
        faults.append(Fault(f"{key}.joints", ", ".join(channel.joints), "nothing: a twist names no joints"))
    if limits is None:
        return [*faults, Fault(f"{key}.twist", "nothing", "frame and limits of the tool")]
    if limits.frame not in frames:
        remedy = "the workspace names the tool: its tool_link is the other frame that can be taken"
        faults.append(Fault(f"{key}.twist.frame", repr(limits.frame), f"one of {', '.join(frames)}", remedy))
    return faults + _zero_faults(f"{key}.twist", limits)


def _gripper_faults(key: str, channel: Channel) -> list[Fault]:
    given = {"force_n": channel.force_n, "effort_nm": channel.effort_nm}
    if channel.kind is not CommandKind.GRIPPER:
        expected = f"nothing: the channel takes {channel.kind.value}"
        own = {"opening": channel.opening, **given}
        return [Fault(f"{key}.{n}", "a value", expected) for n, value in own.items() if value is not None]
    faults = []
    if len(channel.joints) > 1:
        faults.append(Fault(f"{key}.joints", f"{len(channel.joints)} joints", "one, that tells the gripper"))
    if channel.opening is not None:
        faults += _opening_faults(f"{key}.opening", channel.opening)
    own_limit, other = ("force_n", "effort_nm") if channel.opening is not None else ("effort_nm", "force_n")
    if given[other] is not None:
        faults.append(Fault(f"{key}.{other}", f"{given[other]}", f"{own_limit}, the unit of this gripper"))
    limit = given[own_limit]
    if channel.message not in WITH_EFFORT:
        if limit is not None:
            remedy = f"take {WITH_EFFORT[0]}, or leave it out and let the gripper's own controller limit it"
            expected = f"nothing: {channel.message} does not carry it, so that nobody would keep it"
            faults.append(Fault(f"{key}.{own_limit}", f"{limit}", expected, remedy))
    elif limit is None or limit <= 0.0:
        got = "nothing" if limit is None else f"{limit}"
        faults.append(Fault(f"{key}.{own_limit}", got, "the hardest grip, more than zero"))
    return faults


def _opening_faults(key: str, limits: OpeningLimits) -> list[Fault]:
    faults = _zero_faults(key, limits, ("velocity_mps", "acceleration_mps2", "jerk_mps3", "tracking_error_m"))
    if limits.lower_m >= limits.upper_m:
        faults.append(Fault(key, f"{limits.lower_m} .. {limits.upper_m}", "lower_m below upper_m"))
    if limits.per_joint_m == 0.0:
        faults.append(Fault(f"{key}.per_joint_m", "0.0", "what one rad or m of the joint opens or closes"))
    return faults


def _zero_faults(key: str, limits: TwistLimits | OpeningLimits, names: Sequence[str] = ()) -> list[Fault]:
    """Limits that allow nothing; without names all that are numbers."""
    names = names or [field.name for field in dataclasses.fields(limits) if field.name != "frame"]
    return [Fault(f"{key}.{name}", "0.0", "more than zero") for name in names if getattr(limits, name) == 0.0]
