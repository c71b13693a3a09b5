"""Obstacles, scenes and instants with people, for tests of the checks of people."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from made_snapshots import snapshot

from noetra_ros.core.obstacles import (
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.robots import load_robot
from noetra_ros.safety.limits import ChannelLimits, channel_limits
from noetra_ros.safety.snapshot import Snapshot

NOW_NS = 10**9
HOME = (0.0, -1.0, 0.9, 0.9, 0.0, 0.6)
UNMEASURED = (math.nan, math.nan, math.nan)


def obstacle(position_m: Any, **changes: Any) -> Obstacle:
    """A person of 0.2 m radius, 1 m long, upright, whose speed is not known."""
    person: dict[str, Any] = {
        "track_id": 7,
        "kind": ObstacleKind.PERSON,
        "shape": Shape.CAPSULE,
        "position_m": position_m,
        "quat_xyzw": (0.0, 0.0, 0.0, 1.0),
        "size_m": (0.2, 1.0, 0.0),
        "velocity_mps": UNMEASURED,
        "position_std_m": 0.01,
        "score": 0.9,
        "seen_ns": NOW_NS,
    }
    return Obstacle(**{**person, **changes})


def scene(*obstacles: Obstacle, **changes: Any) -> ObstacleScene:
    """A scene of these obstacles, one sensor, all well."""
    told: dict[str, Any] = {
        "stamp_ns": NOW_NS,
        "frame": "base_link",
        "obstacles": obstacles,
        "sensors": (SensorReport("overhead", SensorVerdict.OK),),
    }
    return ObstacleScene(**{**told, **changes})


def watching_limits() -> ChannelLimits:
    """Limits of the arm with its links."""
    profile = load_robot("so101")
    return channel_limits(profile, profile.channel(), watch_people=True)


WATCHING = watching_limits()


def with_people(*obstacles: Obstacle, **changes: Any) -> Snapshot:
    """A healthy instant of the arm at rest at home; perception is 0.1 s old."""
    healthy: dict[str, Any] = {
        "limits": WATCHING,
        "command": np.array(HOME),
        "sent": HOME,
        "sent_velocity": (0.0,) * 6,
        "sent_acceleration": (0.0,) * 6,
        "wanted": HOME,
        "proposed": HOME,
        "proposed_rest": HOME,
        "stop_rest": lambda: HOME,
        "measured": HOME,
        "joint_positions": np.array(HOME),
        "cycle_s": 0.01,
        "scene": scene(*obstacles),
        "scene_age_s": 0.1,
    }
    return snapshot(**{**healthy, **changes})
