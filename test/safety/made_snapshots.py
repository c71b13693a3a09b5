"""Snapshots for tests: a healthy two-joint channel, every field of which a test can change."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from noetra_ros.core.types import CommandKind
from noetra_ros.robots import load_robot
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
    )
    return dataclasses.replace(healthy, **changes)


def wanting(*values: float, **changes: Any) -> Snapshot:
    """A healthy instant with another usable command."""
    return snapshot(command=np.array(values), wanted=values, **changes)


def so101_limits() -> ChannelLimits:
    """Limits of the arm's default channel, kinematics included."""
    profile = load_robot("so101")
    return channel_limits(profile, profile.channel())
