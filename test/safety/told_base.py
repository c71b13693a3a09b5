"""A base that perception tells of things: instants and made things, for tests of the footprint check."""

import dataclasses
import math

import numpy as np
from made_snapshots import TWIST, snapshot
from obstacles_around import obstacle, scene
from scanning_base import CIRCLE, THINGS, around

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.safety.checks.footprint import FootprintClear
from noetra_ros.safety.limits import AxisLimits
from noetra_ros.safety.reckoning import Pose, SeenScan

MARGIN_M, GOES_ON_S, DT_S, LARGER_M = 0.06, 0.1, 0.02, 0.03
STILL = (0.0, 0.0, 0.0)
CHECK = FootprintClear(
    footprint_margin_m=MARGIN_M, approach_share=0.5, blind_speed_mps=0.0, controller_latency_s=0.04,
    **{**THINGS, "touch_labels": ("tray",)},
)  # fmt: skip
SPEED = AxisLimits("vx", "m", -math.inf, math.inf, 0.6, 1.0, 20.0)
BASE = dataclasses.replace(
    TWIST,
    axes=(SPEED, SPEED, TWIST.axes[2]),
    footprint=CIRCLE,
    scanners=("scan",),
    obstacle_frame="base_link",
)


def thing(position_m, size_m=(0.1, 0.1, 0.1), **changes):
    """A box that stands, named a table; a fixture, so that its speed is known to be none."""
    about = {"kind": ObstacleKind.FIXTURE, "shape": Shape.BOX, "velocity_mps": STILL, "labels": ("table",)}
    return obstacle(position_m, **{**about, "size_m": size_m, **changes})


def front_at(x_m, **changes):
    """A table top of 1 m across and 4 cm, 0.7 m over the ground: its edge is there, larger as it is taken."""
    return thing((x_m + LARGER_M + 0.4, 0.0, 0.7), (0.8, 1.0, 0.04), **changes)


def told(twist, *things, sent=STILL, limits=BASE, age_s=0.1, moved=lambda span_s: Pose(), **changes):
    """An instant of a base that is told a twist (None = nothing); its scanner meets nothing all round."""
    about = {
        "limits": limits, "command": None if twist is None else np.array(twist), "command_kind": limits.kind,
        "cycle_s": 0.06, "sent": sent, "sent_velocity": sent, "sent_acceleration": STILL, "wanted": twist,
        "proposed": twist, "proposed_rest": None, "stop_rest": None, "measured": None,
        "joint_positions": None, "scans": {"scan": SeenScan(around(), Pose())},
        "scene": scene(*things), "scene_age_s": age_s, "moved_within": moved,
    }  # fmt: skip
    return snapshot(**{**about, **changes})


def judge(twist, *things, check=CHECK, **about):
    """What the check says of it."""
    return check.evaluate(told(twist, *things, **about))
