"""Tools in their boxes, their speed, and that of the mode reduced speed, by kinematics of our own."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.fuzz.bounds import Bounds
from noetra_ros.evaluation.fuzz.chain import Chain
from noetra_ros.evaluation.fuzz.finding import Finding, found_where
from noetra_ros.evaluation.fuzz.setpoints import Setpoints, shortest_stop

SLACK_M = 1e-6
# The check judges the next setpoint and the end of a stop from it, and says that it does not see the bow of
# the tool between the two, while the joints come to rest one after another. More than this is no bow.
BOW_M = 0.002
# What another check leaves of a command lies between it and a stop in the joints, not in space.
SPEED_SLACK = 0.005


def tool_chain(bounds: Bounds) -> Chain | None:
    """Kinematics of a channel with a box for each tool."""
    urdf = bounds.profile.urdf_path
    if not bounds.boxes or urdf is None:
        return None
    return Chain(urdf, bounds.profile.joint_names, bounds.boxes[0].frame)


def tools_at(chain: Chain, bounds: Bounds, postures: FloatArray) -> FloatArray:
    """(k, n, 3) centre point of each tool for (n, j) postures."""
    return np.array(chain.points([(box.tool_link, np.zeros(3)) for box in bounds.boxes], postures))


def beyond_boxes(points_m: FloatArray, bounds: Bounds) -> FloatArray:
    """(k, n) m that each tool is outside its box, 0 inside."""
    lower = np.array([box.lower_m for box in bounds.boxes])[:, np.newaxis]
    upper = np.array([box.upper_m for box in bounds.boxes])[:, np.newaxis]
    return np.asarray(np.maximum(np.maximum(lower - points_m, points_m - upper).max(axis=2), 0.0))


def judge_boxes(motion: Setpoints, bounds: Bounds, chain: Chain, postures: FloatArray) -> list[Finding]:
    """A tool inside its box is not led out of it (but for the bow of a stop); one outside is led no further
    than a stop begun there takes.

    Args:
        motion: of one arming.
        bounds: limits.
        chain: kinematics.
        postures: (m + 1, j) the reference before the first setpoint, and all joints at each setpoint.
    """
    # How far out a stop may take a tool that goes wrong already: as far as the shortest stop does.
    ends = postures.copy()
    ends[1:, list(bounds.joints_at)] += shortest_stop(motion.velocity, bounds)
    pairs = (beyond_boxes(tools_at(chain, bounds, rows), bounds) for rows in (postures, ends))
    return [
        found
        for box, beyond, stopped in zip(bounds.boxes, *pairs, strict=True)
        for found in _judge_box(motion, beyond, stopped, box.tool_link if len(bounds.boxes) > 1 else "tool")
    ]


def _judge_box(motion: Setpoints, beyond: FloatArray, stopped: FloatArray, name: str) -> list[Finding]:
    allowed = np.maximum.accumulate(np.where(beyond[:-1] > SLACK_M, np.maximum(beyond, stopped)[:-1], 0.0))
    is_broken = ~(beyond[1:] <= allowed + BOW_M)
    return found_where("workspace", is_broken, name, motion.rows, beyond[1:], 0.0)


def judge_tool_speed(motion: Setpoints, bounds: Bounds, chain: Chain, postures: FloatArray) -> list[Finding]:
    """From one setpoint to the next no tool goes farther than the limit of its speed lets it in a period.

    Args:
        motion: of one arming.
        bounds: limits.
        chain: kinematics.
        postures: (m + 1, j) as of `judge_boxes`.
    """
    most_mps, axes = bounds.number("tool_speed_mps"), list(bounds.joints_at)
    # Joints of other channels are not commanded here: both postures have them where they were measured.
    before = postures[1:].copy()
    before[:, axes] = postures[:-1, axes]
    ways_m = tools_at(chain, bounds, postures[1:]) - tools_at(chain, bounds, before)
    speeds_mps = np.sqrt(np.sum(ways_m**2, axis=2)) / bounds.period_s
    is_broken = ~(speeds_mps <= most_mps * (1.0 + SPEED_SLACK)) & motion.is_judged
    return [
        found
        for box, broken, speed in zip(bounds.boxes, is_broken, speeds_mps, strict=True)
        for found in found_where("tool_speed", broken, box.tool_link, motion.rows, speed, most_mps)
    ]


def reduced_share(chain: Chain, bounds: Bounds, postures: FloatArray) -> FloatArray:
    """(n,) share of the speed limits at which no motion of the axes takes a tool above reduced speed."""
    if bounds.is_tool_twist:
        fastest_mps = float(np.sqrt(np.sum(bounds.velocity[:3] ** 2)))
        return np.full(len(postures), min(1.0, bounds.number("reduced_speed_mps") / fastest_mps))
    points = [(box.tool_link, np.zeros(3)) for box in bounds.boxes]
    gradients = np.array(chain.gradients(points, postures))[..., list(bounds.joints_at)]
    fastest = np.linalg.norm(np.abs(gradients) @ bounds.velocity, axis=2).max(axis=0)
    return np.asarray(np.minimum(1.0, bounds.number("reduced_speed_mps") / np.maximum(fastest, 1e-9)))
