"""The first profile of any arm, from its URDF: what is known is taken, what is guessed is an open point."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from noetra_ros.core.errors import ConfigError, single_fault
from noetra_ros.core.phases import PHASES
from noetra_ros.core.stream_timing import Align, StreamTiming
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.robots.channels import Channel
from noetra_ros.robots.draft_limits import FULL_ACCELERATION_S, FULL_SPEED_S, JointDraft, draft_joint
from noetra_ros.robots.draft_reach import Reach, draw_reach
from noetra_ros.robots.kinematics import ToolKinematics
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.robots.profile import SIM_TRUTH, RobotProfile, SimSettings, WorkspaceBox
from noetra_ros.robots.sensors import Stream
from noetra_ros.robots.urdf import followers
from noetra_ros.robots.urdf_tree import UrdfTree, read_tree

WORLD = "stand"
RATE_HZ = 100.0
COMMAND_SHARE, POSITION_RESERVE_RAD = 0.9, 0.01
TRUTH_TIMING = StreamTiming(Align.AS_OF, 0.06, 0.3)
CHANNELS = {
    "arm": ("forward_position_controller/commands", "std_msgs/Float64MultiArray"),
    "arm_trajectory": ("joint_trajectory_controller/joint_trajectory", "trajectory_msgs/JointTrajectory"),
}


@dataclass(frozen=True)
class Draft:
    """A first profile.

    Attributes:
        profile: that runs in simulation as it is.
        joints: how the limits of each joint came about.
    """

    profile: RobotProfile
    joints: tuple[JointDraft, ...]


def draft_profile(urdf: Path, name: str = "") -> Draft:
    """A first profile of the arm that a URDF describes.

    Args:
        urdf: the file, with meshes that can be found.
        name: of the robot; empty = as the URDF says.

    Raises:
        ConfigError: not a URDF, not an arm, meshes that cannot be read.
    """
    urdf = urdf.resolve()
    if not urdf.is_file():
        raise single_fault("noetra robot new", "--urdf", str(urdf), "an existing URDF file")
    tree = read_tree(urdf)
    tool = tree.tool_link()
    arm = tree.arm(tool)
    led = followers(tree.joints, [name for name, joint in tree.joints.items() if not joint.mimics])
    joints = tuple(draft_joint(joint) for joint in tree.joints.values() if joint not in led)
    open_points = _open_points(tree, tool, arm, joints)
    plain = _profile(name or plain_name(tree.name), urdf, tree, tool, arm, joints, open_points)
    reach, faults = _reach(plain, arm, tool)
    home = dict(zip(arm, reach.home.tolist(), strict=True))
    profile = dataclasses.replace(
        plain,
        workspace=WorkspaceBox(tree.root, tool, _corner(reach.lower_m), _corner(reach.upper_m)),
        sim=SimSettings(WORLD, home),
        open_points={**open_points, **faults},
    )
    return Draft(profile, joints)


def _corner(corner_m: FloatArray) -> tuple[float, float, float]:
    x, y, z = (round(float(value), 2) for value in corner_m)
    return (x, y, z)


def plain_name(words: str) -> str:
    """Small letters, digits and underscores; `arm` where nothing is left."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "arm"


def _profile(
    name: str,
    urdf: Path,
    tree: UrdfTree,
    tool: str,
    arm: tuple[str, ...],
    joints: tuple[JointDraft, ...],
    open_points: dict[str, str],
) -> RobotProfile:
    channels = {
        channel: Channel(
            CommandKind.JOINT_POSITION,
            topic,
            message,
            RATE_HZ,
            arm,
            command_share=COMMAND_SHARE,
            position_reserve_rad=POSITION_RESERVE_RAD,
        )
        for channel, (topic, message) in CHANNELS.items()
    }
    return RobotProfile(
        name=name,
        description=f"{tree.name or name}, {len(arm)} joints, from {urdf.name}",
        base_frame=tree.root,
        channels=channels,
        default_channel="arm",
        streams={"joint_states": Stream("joint_states", RATE_HZ, 0.1)},
        urdf=str(urdf),
        joints={draft.name: draft.limits for draft in joints},
        workspace=WorkspaceBox(tree.root, tool, (-1.0, -1.0, 0.0), (1.0, 1.0, 1.0)),
        observation={"joint_states": TRUTH_TIMING, SIM_TRUTH: TRUTH_TIMING},
        sim=SimSettings(WORLD),
        released_for=PHASES[0],
        open_points=open_points,
    )


def _reach(profile: RobotProfile, arm: tuple[str, ...], tool: str) -> tuple[Reach, dict[str, str]]:
    """Workspace and home; open points of a body that cannot be placed."""
    assert profile.urdf_path is not None, "just set"
    kinematics = ToolKinematics(profile.urdf_path, arm, tool, profile.base_frame)
    limits = [profile.joints[name] for name in arm]
    lower, upper = np.array([j.lower_rad for j in limits]), np.array([j.upper_rad for j in limits])
    try:
        body = LinkCapsules(profile)
    except ConfigError as error:
        if not any("no link with a collision shape" in fault.got for fault in error.faults):
            raise
        todo = "the URDF has no collision shapes: give a capsule for each link, or people cannot be watched"
        return draw_reach(kinematics, lower, upper, lambda posture: True), {"body": todo}
    return draw_reach(kinematics, lower, upper, _clearance(profile, body, arm)), {}


def _clearance(profile: RobotProfile, body: LinkCapsules, arm: tuple[str, ...]) -> _Clearance:
    order = list(profile.joint_names)
    return _Clearance(body, np.array([order.index(name) for name in arm]), len(order))


@dataclass(frozen=True)
class _Clearance:
    """Whether no moving link goes below the foot of the arm."""

    body: LinkCapsules
    at: FloatArray
    count: int

    def __call__(self, posture: FloatArray) -> bool:
        positions = np.zeros(self.count)
        positions[self.at] = posture
        lowest_m = self.body.segments(positions)[:, :, 2].min(axis=1) - self.body.radii_m
        first = np.flatnonzero(~self.body.is_fixed)[1:]  # the first link turns where it stands
        return bool((lowest_m[first] > 0.0).all())


def _open_points(
    tree: UrdfTree, tool: str, arm: tuple[str, ...], joints: tuple[JointDraft, ...]
) -> dict[str, str]:
    guessed = f"guessed, full speed in {FULL_SPEED_S:g} s: take the maker's figure"
    points = {
        f"joints.{joint.name}.{key}": todo for joint in joints for key, todo in joint.open_points.items()
    }
    points |= {
        "joints.*.acceleration_radps2": guessed,
        "joints.*.jerk_radps3": f"guessed, full acceleration in {FULL_ACCELERATION_S:g} s: as above",
        "joints.*.tracking_error_rad": "guessed: measure how far each joint lags at full speed, add a half",
        "workspace.tool_link": f"guessed {tool!r}: is it the point that works?",
        "workspace.lower_m, upper_m": "all that the arm reaches: leave out walls, table and people",
        "channels": "topics and message types: those of the controllers that run on the robot",
        "streams.joint_states": "rate and age: ros2 topic hz joint_states",
    }
    others = [name for name, joint in tree.joints.items() if name not in arm and not joint.mimics]
    if others:
        points["channels.gripper"] = f"no channel moves {', '.join(others)}: add one of kind gripper"
    return points
