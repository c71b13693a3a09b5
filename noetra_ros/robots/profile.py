"""The robot profile: one YAML file says what a robot offers, for simulation, running and preflight alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.phases import PHASES
from noetra_ros.core.resources import config_file
from noetra_ros.core.stream_timing import StreamTiming
from noetra_ros.robots.channels import Channel as Channel
from noetra_ros.robots.channels import channel_faults
from noetra_ros.robots.footprint import Footprint
from noetra_ros.robots.keep_out import KeepOutBox, ToolTilt
from noetra_ros.robots.sensors import CAMERA_USERS
from noetra_ros.robots.sensors import Camera as Camera
from noetra_ros.robots.sensors import Microphone as Microphone
from noetra_ros.robots.sensors import Stream as Stream
from noetra_ros.robots.simulation import SimSettings as SimSettings
from noetra_ros.robots.together import Together as Together
from noetra_ros.robots.together import together_faults
from noetra_ros.robots.tool_boxes import WorkspaceBox as WorkspaceBox
from noetra_ros.robots.tool_boxes import tool_faults
from noetra_ros.robots.urdf import UrdfJoint, read_urdf_joints, resolve_urdf

SIM_TRUTH = "sim_truth"  # what the simulator tells the scripted expert


@dataclass(frozen=True)
class JointLimits:
    """Limits of one joint; they tighten the URDF's, never widen them. No defaults: a missing one fails.

    Of a joint that slides the numbers are m in place of rad.
    """

    lower_rad: float = setting("rad", "lowest position")
    upper_rad: float = setting("rad", "highest position")
    velocity_radps: float = setting("rad/s", "highest speed", minimum=0.0)
    acceleration_radps2: float = setting("rad/s2", "highest acceleration", minimum=0.0)
    jerk_radps3: float = setting("rad/s3", "highest jerk", minimum=0.0)
    tracking_error_rad: float = setting("rad", "largest distance of command and measurement", minimum=0.0)


@dataclass(frozen=True)
class BaseLimits:
    """Limits of a mobile base, base frame (REP-103)."""

    linear_mps: float = setting("m/s", "highest forward speed", minimum=0.0)
    lateral_mps: float = setting("m/s", "highest sideways speed; 0 for a differential drive", minimum=0.0)
    angular_radps: float = setting("rad/s", "highest turning speed", minimum=0.0)
    linear_mps2: float = setting("m/s2", "highest linear acceleration", minimum=0.0)
    angular_radps2: float = setting("rad/s2", "highest turning acceleration", minimum=0.0)
    linear_mps3: float = setting("m/s3", "highest linear jerk", minimum=0.0)
    angular_radps3: float = setting("rad/s3", "highest turning jerk", minimum=0.0)
    footprint: Footprint | None = setting(
        description="ground that it covers, to keep clear of what is seen around it; null = not watched",
        default=None,
    )
    cornering_mps2: float | None = setting(
        "m/s2",
        "highest sideways acceleration in a curve, below that at which it tips; null = any",
        default=None,
    )


@dataclass(frozen=True)
class LinkCapsule:
    """Capsule around one link, in that link's frame; replaces the one fitted around its meshes."""

    start_m: tuple[float, float, float] = setting("m", "one end of the axis")
    end_m: tuple[float, float, float] = setting("m", "the other end; equal to start_m for a sphere")
    radius_m: float = setting("m", "radius", minimum=0.0001, maximum=5.0)


@dataclass(frozen=True)
class RobotProfile:
    """All that the software knows of a robot."""

    name: str = setting(description="name of the robot; equals the file name")
    description: str = setting(description="one line for a person")
    base_frame: str = setting(description="root link (REP-105)")
    channels: dict[str, Channel] = setting(description="command channels by name")
    default_channel: str = setting(description="channel that the graph uses when none is asked for")
    streams: dict[str, Stream] = setting(description="state topics by name: joint_states, odom, scan, wrench")
    together: Together | None = setting(
        description="channels that one supervisor gates together; null = each by its own", default=None
    )
    urdf: str = setting(
        description="URDF, relative to this file or to noetra_ros/robots/assets, or absolute; empty = none",
        default="",
    )
    joints: dict[str, JointLimits] = setting(
        description="limits by joint, in joint_states order", default_factory=dict
    )
    base: BaseLimits | None = setting(description="limits of the mobile base; null = none", default=None)
    workspace: WorkspaceBox | None = setting(
        description="where the tool may be; null = anywhere", default=None
    )
    further_tools: dict[str, WorkspaceBox] = setting(
        description="boxes of further tools, as of a second arm, by name: every tool stays in its own",
        default_factory=dict,
    )
    keep_out: dict[str, KeepOutBox] = setting(
        description="boxes that the robot's links stay out of, by name", default_factory=dict
    )
    tool_tilt: ToolTilt | None = setting(
        description="cone that the tool of the workspace stays in; null = it may point anywhere", default=None
    )
    cameras: dict[str, Camera] = setting(description="cameras by name", default_factory=dict)
    body: dict[str, LinkCapsule] = setting(
        description="capsules by link, in place of those fitted around the URDF's meshes",
        default_factory=dict,
    )
    clouds: dict[str, Stream] = setting(
        description="topics with points of further sensors (sensor_msgs/PointCloud2), by name",
        default_factory=dict,
    )
    microphones: dict[str, Microphone] = setting(
        description="audio topics by name, for policies that listen", default_factory=dict
    )
    observation: dict[str, StreamTiming] = setting(
        description="policy: how each camera (by its name), joint_states, microphone and further stream is "
        "brought to the instant of an observation",
        default_factory=dict,
    )
    sim: SimSettings | None = setting(description="simulation; null = real robot only", default=None)
    released_for: str = setting(
        description="highest phase of the bring-up in which a real robot is moved by this profile: dry_run, "
        "shadow, slow, full; simulation takes no notice",
        choices=PHASES,
        default="full",
    )
    open_points: dict[str, str] = setting(
        description="keys of this file that hold a guess, with what a person has to do about it. While there "
        "is one, no real robot is moved by this profile; simulation, dry_run and shadow take it",
        default_factory=dict,
    )

    @property
    def joint_names(self) -> tuple[str, ...]:
        """Joint names in joint_states order."""
        return tuple(self.joints)

    def __post_init__(self) -> None:
        faults = [*_channel_faults(self), *_joint_faults(self), *_camera_faults(self), *_timing_faults(self)]
        faults += tool_faults(self.workspace, self.further_tools, self.channels)
        if faults:
            raise ConfigError(f"robot {self.name}", faults)

    def channel(self, name: str = "") -> Channel:
        """The channel called `name`, or the default one."""
        wanted = name or self.default_channel
        if wanted not in self.channels:
            known = ", ".join(self.channels)
            raise ConfigError(f"robot {self.name}", [Fault("channel", repr(wanted), f"one of {known}")])
        return self.channels[wanted]

    def gated_with(self, name: str) -> tuple[str, ...]:
        """The channels that are gated with the one called `name` (empty = the default one), itself first."""
        chosen = name or self.default_channel
        others = self.together.channels if self.together is not None else ()
        return (chosen, *(other for other in others if other != chosen)) if chosen in others else (chosen,)

    @property
    def beat_stream(self) -> str:
        """The stream that goes out with every tick of lock-step, whatever its rate: joints, else odometry."""
        return "joint_states" if self.joints else "odom"

    @property
    def tool_boxes(self) -> tuple[WorkspaceBox, ...]:
        """The box of each tool, that of `workspace` first; empty where the tool may be anywhere."""
        return () if self.workspace is None else (self.workspace, *self.further_tools.values())

    @property
    def twist_frames(self) -> tuple[str, ...]:
        """Frames that twists of the tool may be given in."""
        box = self.workspace
        return (self.base_frame,) if box is None else (box.frame, box.tool_link)

    def frame_of(self, channel: Channel) -> str:
        """Frame that the twists of a channel are given in."""
        return channel.twist.frame if channel.twist is not None else self.base_frame

    def cameras_for(self, *users: str) -> tuple[str, ...]:
        """Names of the cameras that one of `users` looks through: `policy`, `perception`, `recognition`."""
        return tuple(name for name, camera in self.cameras.items() if {*users} & {*camera.used_by})

    @property
    def urdf_path(self) -> Path | None:
        """Absolute path of the URDF; None where the profile names none."""
        return resolve_urdf(self.urdf) if self.urdf else None


def load_robot(name: str) -> RobotProfile:
    """Load ``config/robots/<name>.yaml`` (or the YAML file `name`) and hold it against its URDF.

    Raises:
        ConfigError: unknown robot, or every fault of the file with its key path.
    """
    path = config_file("robots", name)
    values = read_yaml(path)
    faults: list[Fault] = []
    profile = load(RobotProfile, with_own_urdf(values, path.parent), str(path))
    if profile.urdf_path is not None:
        faults = _urdf_faults(profile, read_urdf_joints(profile.urdf_path))
    if profile.name != path.stem:
        faults.append(Fault("name", repr(profile.name), repr(path.stem), "name the file and the robot alike"))
    if faults:
        raise ConfigError(str(path), faults)
    return profile


def with_own_urdf(values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The values of a profile, its URDF named absolutely where that lies beside it, in `folder` or below."""
    urdf = values.get("urdf")
    if isinstance(urdf, str) and urdf and (folder / urdf).is_file():
        return {**values, "urdf": str((folder / urdf).resolve())}
    return dict(values)


def require_filled_in(profile: RobotProfile) -> None:
    """Call it before a real robot is moved: a guessed limit is no limit.

    Raises:
        ConfigError: the profile has open points; names each.
    """
    faults = [
        Fault(key, "a guess", todo, "put the right value there and take the key out of open_points")
        for key, todo in profile.open_points.items()
    ]
    if faults:
        raise ConfigError(
            f"robot {profile.name}: open points; simulation, dry_run and shadow take it", faults
        )


def _channel_faults(profile: RobotProfile) -> list[Fault]:
    faults: list[Fault] = []
    if profile.default_channel not in profile.channels:
        known = ", ".join(profile.channels) or "no channel"
        faults.append(Fault("default_channel", repr(profile.default_channel), f"one of {known}"))
    for name, channel in profile.channels.items():
        has_base = profile.base is not None
        faults += channel_faults(name, channel, profile.joint_names, has_base, profile.twist_frames)
    if profile.together is not None:
        faults += together_faults(profile.together, profile.channels, profile.joint_names)
    return faults


def _joint_faults(profile: RobotProfile) -> list[Fault]:
    faults: list[Fault] = []
    for name, limits in profile.joints.items():
        if limits.lower_rad >= limits.upper_rad:
            got = f"{limits.lower_rad} .. {limits.upper_rad}"
            faults.append(Fault(f"joints.{name}", got, "lower_rad below upper_rad"))
        for field in dataclasses.fields(limits)[2:]:
            if getattr(limits, field.name) == 0.0:
                faults.append(Fault(f"joints.{name}.{field.name}", "0.0", "more than zero"))
    if profile.joints and "joint_states" not in profile.streams:
        faults.append(
            Fault("streams.joint_states", "nothing", "topic, rate_hz and max_age_s of the joint states")
        )
    return faults


def _camera_faults(profile: RobotProfile) -> list[Fault]:
    return [
        Fault(f"cameras.{name}.used_by", repr(user), f"some of {', '.join(CAMERA_USERS)}")
        for name, camera in profile.cameras.items()
        for user in camera.used_by
        if user not in CAMERA_USERS
    ] + [
        Fault(
            f"cameras.{name}.{key}", "nothing", "the size that the camera takes", f"resize is {camera.resize}"
        )
        for name, camera in profile.cameras.items()
        for key in ("source_width_px", "source_height_px")
        if camera.resize != "none" and getattr(camera, key) is None
    ]


def _timing_faults(profile: RobotProfile) -> list[Fault]:
    known = (*profile.cameras, *profile.streams, *profile.microphones, SIM_TRUTH)
    expected = f"one of {', '.join(known)}"
    return [
        Fault(f"observation.{name}", "a stream that the robot lacks", expected)
        for name in profile.observation
        if name not in known
    ]


def _urdf_faults(profile: RobotProfile, urdf_joints: dict[str, UrdfJoint]) -> list[Fault]:
    """Limits may tighten the URDF's, never widen them; joints must exist there."""
    faults: list[Fault] = []
    for name, limits in profile.joints.items():
        if name not in urdf_joints:
            known = ", ".join(urdf_joints)
            faults.append(Fault(f"joints.{name}", "a joint that the URDF lacks", f"one of {known}"))
            continue
        joint = urdf_joints[name]
        if limits.lower_rad < joint.lower_rad - 1e-9:
            faults.append(
                Fault(f"joints.{name}.lower_rad", str(limits.lower_rad), f">= {joint.lower_rad} (URDF)")
            )
        if limits.upper_rad > joint.upper_rad + 1e-9:
            faults.append(
                Fault(f"joints.{name}.upper_rad", str(limits.upper_rad), f"<= {joint.upper_rad} (URDF)")
            )
        if limits.velocity_radps > joint.velocity_radps + 1e-9:
            expected = f"<= {joint.velocity_radps} (URDF)"
            faults.append(Fault(f"joints.{name}.velocity_radps", str(limits.velocity_radps), expected))
    return faults
