"""What is fuzzed: a robot's channel, a set of thresholds, and what is left out of the supervisor."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from noetra_ros.core.config import load
from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import CommandKind
from noetra_ros.evaluation.fuzz.bounds import Bounds, bounds_of, shipped_settings
from noetra_ros.robots.profile import Channel, RobotProfile, load_robot
from noetra_ros.safety.capping import capped
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.checks import check_registry
from noetra_ros.safety.limits import ChannelLimits, channel_limits
from noetra_ros.safety.projection.barrier import Barrier, build_barriers
from noetra_ros.safety.projection.projection import HELD_KINDS, Projection
from noetra_ros.safety.settings import SupervisorSettings, check_values, without_blanks
from noetra_ros.safety.supervisor import Supervisor

VELOCITY_CHANNEL = "arm_velocity"  # so101 has none of its own; made of its arm
TRUST = {"trust_slow_below": 0.05, "trust_stop_below": 0.01, "trust_slow_scale": 0.3, "trust_timeout_s": 0.5}
SOURCES = {
    "heartbeat_sources": ("policy", "streamer"),
    "estop_sources": ("topic:/line", "joy:/joy,button=5"),
    "check_settings": tuple(f"{name}={value}" for name, value in TRUST.items()),
}
# Contact is accepted and the distance for it not kept: what force_limit is for. Else separation stops first.
CONTACT = {
    "human_speed_mps": 0.0, "near_human_speed_mps": 0.0, "human_acceleration_mps2": 0.0, "intrusion_m": 0.0,
    "sensor_uncertainty_m": 0.001, "robot_uncertainty_m": 0.001, "slow_margin_m": 0.0,
    "uncertainty_factor": 0.0, "contact_distance_m": 0.25,
    "sensor_reactions": tuple(f"{name}=slow" for name in (
        "unknown", "silent", "frozen", "stamp_jump", "black", "blurred", "depth_holes", "moved")),
}  # fmt: skip
TOOL_SPEED_MPS = 0.2  # far below what the joints can do
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "sources": {**SOURCES, "tool_speed_mps": TOOL_SPEED_MPS},
    "by_hand": {**SOURCES, "resumes_by_itself": False, "reduced_speed": True},
    "people": {**SOURCES, "watch_people": True},
    "contact": {**SOURCES, **CONTACT, "watch_people": True},
    "things": {**SOURCES, "watch_obstacles": True},
}
PEOPLE_VARIANTS, THINGS_VARIANT = ("people", "contact"), "things"
# The clamping that the limiter does, whatever checks run: lifted in the supervisor, kept by the oracle.
LIMITS = (
    "limit:position", "limit:velocity", "limit:acceleration", "limit:jerk", "limit:pace", "limit:box",
    "limit:force", "limit:tool_speed",
)  # fmt: skip
LIFT = 8.0


@dataclass(frozen=True)
class Setup:
    """One way to set the supervisor up.

    Attributes:
        robot: name of the profile.
        channel: name; empty = the default one.
        variant: one of `VARIANTS`.
        without: a check that does not run, or one of `LIMITS`; empty = nothing is missing.
    """

    robot: str
    channel: str = ""
    variant: str = "plain"
    without: str = ""

    @cached_property
    def profile(self) -> RobotProfile:
        """The robot as it is."""
        profile = load_robot(self.robot)
        if self.channel != VELOCITY_CHANNEL or VELOCITY_CHANNEL in profile.channels:
            return profile
        arm = profile.channel()
        made = dataclasses.replace(arm, kind=CommandKind.JOINT_VELOCITY, message="std_msgs/Float64MultiArray")
        return dataclasses.replace(profile, channels={**profile.channels, VELOCITY_CHANNEL: made})

    @cached_property
    def values(self) -> dict[str, Any]:
        """Parameters of the supervisor as the oracle holds them against it."""
        values = {**shipped_settings(), **VARIANTS[self.variant]}
        if "check_settings" in VARIANTS[self.variant]:
            values["checks"] = [*values["checks"], "policy_trust"]
        return values | TRUST

    @cached_property
    def bounds(self) -> Bounds:
        """What the oracle takes as limits: always the true ones."""
        return bounds_of(self.profile, self.channel, self.values)

    @cached_property
    def _core(self) -> tuple[ChannelLimits, dict[str, Any], SupervisorSettings]:
        values = {key: value for key, value in self.values.items() if key not in TRUST}
        if self.without == "limit:pace":
            values["max_lead_periods"] = 5.0
        if self.without == "limit:tool_speed":
            values["tool_speed_mps"] = 20.0
        settings = load(SupervisorSettings, values, "fuzz")
        profile = lifted(self.profile, self.without)
        watches = settings.watch_people, settings.watch_obstacles
        limits = channel_limits(profile, profile.channel(self.channel), *watches)
        limits = capped(limits, settings, settings.tool_speed_mps)
        names = [name for name in without_blanks(settings.checks) if name != self.without]
        return limits, dict(build_checks(names, check_values(settings), limits).running), settings

    @cached_property
    def _barriers(self) -> list[Barrier]:
        """What motion is held against; a check that is left out takes the barrier of its name with it."""
        profile = lifted(self.profile, self.without)
        if profile.channel(self.channel).kind not in HELD_KINDS:
            return []
        names = [name for name in without_blanks(self._core[2].barriers) if name != self.without]
        return build_barriers(names, profile, self._core[2])

    @property
    def is_different(self) -> bool:
        """What is left out would have run here."""
        if self.without == "limit:force":
            return self.bounds.effort > 0.0
        if self.without == "limit:tool_speed":
            return bool(self.bounds.boxes) and "tool_speed_mps" in VARIANTS[self.variant]
        return not self.without or self.without in LIMITS or self.without in runs(self)

    def supervisor(self) -> Supervisor:
        """A fresh one, built as supervisor_node builds it."""
        limits, checks, settings = self._core
        # Made anew: what it has measured in one episode must not bear on another, which has to repeat.
        projection = Projection(self._barriers, limits) if self._barriers else None
        return Supervisor(limits, checks, settings, projection)


@lru_cache(maxsize=64)
def runs(setup: Setup) -> frozenset[str]:
    """Names of the checks that run in a set-up from which nothing is left out."""
    return frozenset(dataclasses.replace(setup, without="")._core[1])


@lru_cache(maxsize=64)
def shared(setup: Setup) -> Setup:
    """The same set-up for every episode: kinematics and tables are built once."""
    return setup


def lifted(profile: RobotProfile, limit: str) -> RobotProfile:
    """A profile that allows far more of one limit; the same profile for what is no limit."""
    name = limit.partition(":")[2] if limit in LIMITS else ""
    if name == "box" and profile.workspace is not None:
        first, *others = (
            dataclasses.replace(box, lower_m=(-9.0,) * 3, upper_m=(9.0,) * 3) for box in profile.tool_boxes
        )
        further = dict(zip(profile.further_tools, others, strict=True))
        return dataclasses.replace(profile, workspace=first, further_tools=further)
    fields = {
        "position": ("lower_rad", "upper_rad"),
        "velocity": ("velocity_radps", "linear_mps", "angular_radps"),
        "acceleration": ("acceleration_radps2", "linear_mps2", "angular_radps2"),
        "jerk": ("jerk_radps3", "linear_mps3", "angular_radps3"),
        "force": ("effort_nm",),
    }.get(name, ())
    joints = {joint: _lifted(limits, fields) for joint, limits in profile.joints.items()}
    base = _lifted(profile.base, fields) if profile.base is not None else None
    channels = {key: _lifted_channel(channel, fields) for key, channel in profile.channels.items()}
    return dataclasses.replace(profile, joints=joints, base=base, channels=channels)


def _lifted_channel(channel: Channel, fields: tuple[str, ...]) -> Channel:
    twist = _lifted(channel.twist, fields) if channel.twist is not None else None
    lifted_effort = "effort_nm" in fields and channel.effort_nm is not None
    return dataclasses.replace(_lifted(channel, fields) if lifted_effort else channel, twist=twist)


def _lifted(limits: Any, fields: tuple[str, ...]) -> Any:
    own = {field: LIFT * getattr(limits, field) for field in fields if hasattr(limits, field)}
    return dataclasses.replace(limits, **own) if own else limits


def channels_of(robot: str) -> list[str]:
    """Channels that are fuzzed: the default one of the profile, velocities of its joints, whole trajectories,
    twists of its tool in a frame that stands, and grippers that are told a position.
    """
    profile = load_robot(robot)
    default: Channel = profile.channel()
    is_arm = default.kind is CommandKind.JOINT_POSITION
    others = [name for name, channel in profile.channels.items() if _is_fuzzed(profile, channel)]
    return [*dict.fromkeys([profile.default_channel, *([VELOCITY_CHANNEL] if is_arm else []), *others])]


def _is_fuzzed(profile: RobotProfile, channel: Channel) -> bool:
    """Whole trajectories; a twist or a gripper that the played robot can follow."""
    if channel.twist is not None:
        return profile.workspace is not None and channel.twist.frame == profile.workspace.frame
    is_whole = channel.message == "trajectory_msgs/JointTrajectory"
    if channel.kind is CommandKind.JOINT_POSITION:
        return is_whole
    return channel.kind is CommandKind.GRIPPER and channel.opening is None


def targets() -> tuple[str, ...]:
    """All that can be left out."""
    return (*check_registry.names(), *LIMITS)


def require_target(name: str) -> None:
    """Raises ConfigError where nothing of that name can be left out."""
    if name and name not in targets():
        raise single_fault("fuzz", "without", repr(name), f"one of {', '.join(targets())}")
