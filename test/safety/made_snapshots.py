"""Snapshots for tests: a healthy two-joint channel, every field of which a test can change."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.core.types import CommandKind
from noetra_ros.robots import load_robot
from noetra_ros.safety.attributes import changed
from noetra_ros.safety.limits import AxisLimits, ChannelLimits, channel_limits
from noetra_ros.safety.snapshot import Snapshot

TWO_JOINTS = ChannelLimits(
    kind=CommandKind.JOINT_POSITION,
    period_s=0.01,
    axes=(
        AxisLimits("shoulder", "rad", -1.0, 1.0, 2.0, 20.0, 1000.0, 0.3),
        AxisLimits("elbow", "rad", -2.0, 2.0, 2.0, 20.0, 1000.0, 0.3),
    ),
    stream_max_age_s={"joint_states": 0.1},
    joint_indices=(0, 1),
)
TWIST = ChannelLimits(
    kind=CommandKind.BASE_TWIST,
    period_s=0.02,
    axes=(
        AxisLimits("vx", "m", -math.inf, math.inf, 0.6, 1.0, 20.0),
        AxisLimits("vy", "m", -math.inf, math.inf, 0.0, 1.0, 20.0),
        AxisLimits("wz", "rad", -math.inf, math.inf, 1.5, 3.0, 60.0),
    ),
    stream_max_age_s={"odom": 0.2, "scan": 0.35},
)
STILL = (0.5, -0.5)
REACTIONS = tuple(f"{v.name.lower()}=stop" for v in SensorVerdict if v is not SensorVerdict.OK)
PEOPLE: dict[str, Any] = {
    "watch_people": False,
    "watch_obstacles": False,
    "resumes_by_itself": True,
    "scale_rise_per_s": 1.0,
    "human_speed_mps": 1.6,
    "near_human_speed_mps": 2.0,
    "near_distance_m": 0.5,
    "human_acceleration_mps2": 10.0,
    "max_track_std_m": 0.1,
    "controller_latency_s": 0.03,
    "intrusion_m": 0.05,
    "sensor_uncertainty_m": 0.03,
    "uncertainty_factor": 2.0,
    "robot_uncertainty_m": 0.02,
    "slow_margin_m": 0.08,
    "max_scene_age_s": 0.4,
    "sensor_reactions": REACTIONS,
    "sensor_slow_scale": 0.25,
    "body_regions": "body_regions",
    "contact_regions": ("hand_and_fingers", "chest"),
    "contact_area_cm2": 0.05,
    "contact_distance_m": 0.1,
    "payload_kg": 0.1,
    "reduced_speed_mps": 0.25,
    "reduced_speed": False,
}


def snapshot(**changes: Any) -> Snapshot:
    """A healthy instant: armed, at rest at `STILL`, the same position commanded."""
    healthy = Snapshot(
        now_ns=10**9,
        limits=TWO_JOINTS,
        is_armed=True,
        is_moving=False,
        command=np.array(STILL),
        command_names=(),
        command_kind=CommandKind.JOINT_POSITION,
        command_age_s=0.0,
        lead_s=0.01,
        sent=STILL,
        sent_velocity=(0.0, 0.0),
        sent_acceleration=(0.0, 0.0),
        wanted=STILL,
        proposed=STILL,
        proposed_rest=STILL,
        stop_rest=lambda: STILL,
        measured=STILL,
        joint_positions=np.array(STILL),
        stream_age_s={"joint_states": 0.01},
        heartbeat_age_s={"policy": 0.05},
        estop_age_s={"topic:/line": 0.05},
    )
    return changed(healthy, **changes)


def wanting(*values: float, **changes: Any) -> Snapshot:
    """A healthy instant with another usable command."""
    return snapshot(command=np.array(values), wanted=values, **changes)


def gripping(width: float = 0.5, efforts: tuple[float, ...] | None = None) -> Snapshot:
    """A healthy instant of the gripper of the SO-101, with an effort that is asked for."""
    values = (width,)
    return snapshot(
        limits=GRIPPER,
        command=np.array(values),
        command_kind=CommandKind.GRIPPER,
        command_efforts=None if efforts is None else np.array(efforts),
        sent=values,
        sent_velocity=(0.0,),
        sent_acceleration=(0.0,),
        wanted=values,
        proposed=values,
        measured=values,
    )


def moving_tool(twist: tuple[float, ...], wall_x_m: float = 0.48) -> Snapshot:
    """A tool of the SO-101 that stands at home and is told to move; the box may end nearer."""
    limits = so101_limits("tool")
    assert limits.workspace is not None
    box = dataclasses.replace(limits.workspace, upper_m=(wall_x_m, 0.42, 0.5))
    home, still = (0.0, -1.0, 0.9, 0.9, 0.0, 0.6), (0.0,) * 6
    return snapshot(
        limits=dataclasses.replace(limits, workspace=box),
        command=np.array(twist),
        command_kind=CommandKind.EE_TWIST,
        cycle_s=0.01,
        sent=still,
        sent_velocity=still,
        sent_acceleration=still,
        wanted=twist,
        proposed=twist,
        proposed_rest=None,
        stop_rest=None,
        measured=None,
        joint_positions=np.array(home),
        sent_since=lambda span_s: np.zeros((0, 7)),
    )


def so101_limits(channel: str = "") -> ChannelLimits:
    """Limits of a channel of the arm, kinematics included; empty = its default one."""
    profile = load_robot("so101")
    return channel_limits(profile, profile.channel(channel))


GRIPPER = so101_limits("gripper")
