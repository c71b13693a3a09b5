"""Limits of one command channel, axis by axis, in the order of its message."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.footprint import Footprint
from noetra_ros.robots.kinematics import BoxedTool, ToolKinematics, further_tools, tool_kinematics
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.robots.profile import BaseLimits, Channel, RobotProfile, WorkspaceBox
from noetra_ros.robots.signal_kinds import kind_of
from noetra_ros.safety.axes import axes_of
from noetra_ros.safety.axis_limits import AxisLimits as AxisLimits
from noetra_ros.safety.proximity import BodyWatch

SCAN_KIND = "scan"
POSITIONS: Final = (CommandKind.JOINT_POSITION, CommandKind.GRIPPER)
WITH_TOOL: Final = (CommandKind.JOINT_POSITION, CommandKind.EE_TWIST)
COLUMNS: Final = ("lower", "upper", "velocity", "acceleration", "jerk", "tracking_error")
TRAJECTORY_MESSAGE = "trajectory_msgs/JointTrajectory"


class EffortLimit(NamedTuple):
    """The hardest grip: number and unit, N or Nm."""

    most: float
    unit: str


class StowedJoint(NamedTuple):
    """Where a joint is while the base drives: name, place in `RobotProfile.joint_names`, rad."""

    name: str
    column: int
    position: float


@dataclass(frozen=True)
class TogetherLimits:
    """What binds a channel to those that are gated with it.

    Attributes:
        rest_s: s that a channel counts as moving after its commands came to rest.
        stowed: of a base: where the joints have to be while it drives; empty on other channels.
        stowed_within: rad, largest distance from there.
        carrier: of joints: the base that carries them; None = none among the channels.
    """

    rest_s: float
    stowed: tuple[StowedJoint, ...] = ()
    stowed_within: float = 0.0
    carrier: BaseLimits | None = None


def derived() -> Any:
    """A field that follows from the others."""
    return field(init=False, repr=False, compare=False)


@dataclass(frozen=True)
class ChannelLimits:
    """All that bounds the commands of one channel.

    Attributes:
        kind: what the values of a command mean.
        period_s: s between commands: the step of the limiter.
        axes: one for each value, message order.
        stream_max_age_s: s by stream name; an older stream is stale.
        workspace: box for the first tool; None = anywhere, or a channel that does not move it.
        tool: kinematics of the profile's joints; None without a workspace.
        further_tools: the others, as of a second arm; none without a workspace.
        joint_indices: (d,) place of each value in `RobotProfile.joint_names`; empty for twists.
        body: the robot's links, to keep people apart from; None = people are not watched.
        footprint: ground that a base covers; None = no base on this channel, or not declared.
        cornering_mps2: highest sideways acceleration of a base; inf = any.
        scanners: streams of laser scans, by name.
        controller_timeout_s: s after which the controller stops speeds by itself; None = it never does.
        frame: whose axes twists of a tool are given in; empty on other channels, which look at no frame.
        is_tool_frame: that frame goes with the tool.
        effort: hardest grip; None = the channel says nothing of it.
        opening: opening of a gripper with its joint at zero, and by how much it grows with the joint, m;
            None = values are positions of joints.
        takes_trajectories: its messages are trajectories, so that one of them may move the robot for long.
        together: what binds it to channels that are gated with it; None = it is alone.
        obstacle_frame: of a base that keeps clear of what perception sees: the frame that it is told in;
            empty = perception does not count for its ground.
        tools: every tool with its box, the first one first; empty = anywhere, or the channel moves none.
        names: axis names in message order.
        is_position: true where commands are positions, false where they are velocities.
        standing_after_s: s without a command after which speeds have ended, whatever was told last: the
            controller's own time-out, and braking within the limits; infinite = never, and for positions,
            which rest in any pause.
        each_lower, each_upper, each_velocity, each_acceleration, each_jerk, each_tracking_error: (d) one
            limit of all axes.
    """

    kind: CommandKind
    period_s: float
    axes: tuple[AxisLimits, ...]
    stream_max_age_s: Mapping[str, float]
    workspace: WorkspaceBox | None = None
    tool: ToolKinematics | None = None
    joint_indices: tuple[int, ...] = ()
    body: BodyWatch | None = None
    footprint: Footprint | None = None
    cornering_mps2: float = math.inf
    scanners: tuple[str, ...] = ()
    controller_timeout_s: float | None = None
    frame: str = ""
    is_tool_frame: bool = False
    effort: EffortLimit | None = None
    opening: tuple[float, float] | None = None
    takes_trajectories: bool = False
    further_tools: tuple[BoxedTool, ...] = ()
    together: TogetherLimits | None = None
    obstacle_frame: str = ""
    tools: tuple[BoxedTool, ...] = derived()
    names: tuple[str, ...] = derived()
    is_position: bool = derived()
    standing_after_s: float = derived()
    each_lower: tuple[float, ...] = derived()
    each_upper: tuple[float, ...] = derived()
    each_velocity: tuple[float, ...] = derived()
    each_acceleration: tuple[float, ...] = derived()
    each_jerk: tuple[float, ...] = derived()
    each_tracking_error: tuple[float, ...] = derived()

    def __post_init__(self) -> None:
        faults = [fault for axis in self.axes for fault in _axis_faults(axis)]
        if not self.axes:
            faults.append(Fault("axes", "none", "at least one"))
        if faults:
            raise ConfigError("limits of the command channel", faults)
        tool, box = self.tool, self.workspace
        found = {
            "tools": () if tool is None or box is None else (BoxedTool(tool, box), *self.further_tools),
            "names": tuple([axis.name for axis in self.axes]),
            "is_position": self.kind in POSITIONS,
            **{f"each_{name}": tuple([getattr(axis, name) for axis in self.axes]) for name in COLUMNS},
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "standing_after_s", self._standing_after_s())

    def column(self, name: str) -> tuple[float, ...]:
        """(d) one limit of all axes: lower, upper, velocity, acceleration, jerk or tracking_error."""
        column: tuple[float, ...] = getattr(self, f"each_{name}")
        return column

    @property
    def is_every_joint(self) -> bool:
        """True where the channel commands all joints of the robot in the profile's order."""
        tool = self.tool
        return tool is not None and self.joint_indices == tuple(range(tool.joint_count))

    @property
    def hears_perception(self) -> bool:
        """What perception tells counts on this channel: for its links, or for the ground of its base."""
        return self.body is not None or bool(self.obstacle_frame)

    @property
    def perception_frame(self) -> str:
        """Frame that perception has to tell it in; empty where it does not count."""
        return self.body.base_frame if self.body is not None else self.obstacle_frame

    def _standing_after_s(self) -> float:
        if self.is_position or self.controller_timeout_s is None:
            return math.inf
        braking_s = [a.velocity / a.acceleration + a.acceleration / a.jerk for a in self.axes]
        return self.controller_timeout_s + max(braking_s)


def channel_limits(
    profile: RobotProfile, channel: Channel, watch_people: bool = False, watch_obstacles: bool = False
) -> ChannelLimits:
    """Limits of `channel` from the robot profile; rates and positions at what commands may use of them.

    Args:
        profile: robot.
        channel: of it.
        watch_people: the checks of people are to run: the robot's links are needed.
        watch_obstacles: a base is to keep clear of what perception sees: its footprint is needed.

    Raises:
        ConfigError: a limit that is missing or not above zero; a workspace without a URDF; people to watch by
            a robot without body, or with a channel that is not of joint positions; obstacles to watch by a
            channel that is no base's, or by a base without a footprint.
    """
    has_tool = channel.kind in WITH_TOOL and profile.workspace is not None
    names = profile.joint_names
    base = profile.base if channel.kind is CommandKind.BASE_TWIST else None
    cornering = base.cornering_mps2 if base is not None else None
    opening = channel.opening
    return ChannelLimits(
        kind=channel.kind,
        period_s=1.0 / channel.rate_hz,
        axes=axes_of(profile, channel),
        stream_max_age_s={name: stream.max_age_s for name, stream in profile.streams.items()},
        workspace=profile.workspace if has_tool else None,
        tool=tool_kinematics(profile) if has_tool else None,
        joint_indices=tuple(names.index(joint) for joint in channel.joints),
        body=_body(profile, channel) if watch_people else None,
        footprint=base.footprint if base is not None else None,
        cornering_mps2=math.inf if cornering is None else cornering,
        scanners=tuple(n for n, stream in profile.streams.items() if kind_of(n, stream) == SCAN_KIND),
        controller_timeout_s=channel.controller_timeout_s,
        frame=channel.twist.frame if channel.twist is not None else "",
        is_tool_frame=_is_tool_frame(profile, channel),
        effort=_effort(channel),
        opening=(opening.at_zero_m, opening.per_joint_m) if opening is not None else None,
        takes_trajectories=_takes_trajectories(channel),
        further_tools=further_tools(profile) if has_tool else (),
        together=_together(profile, channel),
        obstacle_frame=_obstacle_frame(profile, channel) if watch_obstacles else "",
    )


def _obstacle_frame(profile: RobotProfile, channel: Channel) -> str:
    if channel.kind is not CommandKind.BASE_TWIST:
        found, remedy = f"false for {channel.kind.value}", "arms keep clear of things with watch_people"
        raise single_fault("safety supervisor", "watch_obstacles", "true", found, remedy)
    if profile.base is None or profile.base.footprint is None:
        found, remedy = "false for a base without a footprint", "declare base.footprint in the robot profile"
        raise single_fault("safety supervisor", "watch_obstacles", "true", found, remedy)
    return profile.base_frame


def _together(profile: RobotProfile, channel: Channel) -> TogetherLimits | None:
    together = profile.together
    if together is None or channel not in [profile.channels[name] for name in together.channels]:
        return None
    if channel.kind is CommandKind.BASE_TWIST:
        names = profile.joint_names
        stowed = tuple(StowedJoint(j, names.index(j), rad) for j, rad in together.stowed.items())
        return TogetherLimits(together.rest_s, stowed, together.stowed_within_rad)
    has_base = any(profile.channels[n].kind is CommandKind.BASE_TWIST for n in together.channels)
    return TogetherLimits(together.rest_s, carrier=profile.base if has_base else None)


def _takes_trajectories(channel: Channel) -> bool:
    """A gripper's are single commands."""
    return channel.message == TRAJECTORY_MESSAGE and channel.kind is CommandKind.JOINT_POSITION


def _is_tool_frame(profile: RobotProfile, channel: Channel) -> bool:
    box = profile.workspace
    return channel.twist is not None and box is not None and channel.twist.frame == box.tool_link


def _effort(channel: Channel) -> EffortLimit | None:
    if channel.force_n is not None:
        return EffortLimit(channel.force_n, "N")
    return EffortLimit(channel.effort_nm, "Nm") if channel.effort_nm is not None else None


def _body(profile: RobotProfile, channel: Channel) -> BodyWatch:
    if channel.kind is not CommandKind.JOINT_POSITION:
        remedy = "people can be watched around channels of joint positions only"
        raise single_fault(
            "safety supervisor", "watch_people", "true", f"false for {channel.kind.value}", remedy
        )
    indices = tuple(profile.joint_names.index(joint) for joint in channel.joints)
    together = _together(profile, channel)
    is_carried = together is not None and together.carrier is not None
    return BodyWatch(LinkCapsules(profile), indices, profile.base_frame, is_carried)


def _axis_faults(axis: AxisLimits) -> list[Fault]:
    """Zero velocity is a locked axis; zero acceleration or jerk would make every stop impossible."""
    faults = []
    if not axis.velocity >= 0.0:
        faults.append(Fault(f"{axis.name}.velocity", str(axis.velocity), "zero or more"))
    for name in ("acceleration", "jerk", "tracking_error"):
        if not getattr(axis, name) > 0.0:
            faults.append(Fault(f"{axis.name}.{name}", str(getattr(axis, name)), "more than zero"))
    if not axis.lower < axis.upper:
        faults.append(Fault(axis.name, f"{axis.lower} .. {axis.upper}", "lower below upper"))
    return faults
