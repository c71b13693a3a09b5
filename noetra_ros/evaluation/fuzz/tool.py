"""The tool in its box, and its speed in the mode reduced speed, by kinematics of our own."""

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


def tool_chain(bounds: Bounds) -> Chain | None:
    """Kinematics of a channel with a box for the tool."""
    box, urdf = bounds.workspace, bounds.profile.urdf_path
    if box is None or urdf is None:
        return None
    return Chain(urdf, bounds.profile.joint_names, box.frame)


def tool_at(chain: Chain, bounds: Bounds, postures: FloatArray) -> FloatArray:
    """(n, 3) tool centre point for (n, j) postures."""
    box = bounds.workspace
    assert box is not None
    return chain.points([(box.tool_link, np.zeros(3))], postures)[0]


def beyond_box(points_m: FloatArray, bounds: Bounds) -> FloatArray:
    """(n,) m outside the box, 0 inside."""
    box = bounds.workspace
    assert box is not None
    outside = np.maximum(np.array(box.lower_m) - points_m, points_m - np.array(box.upper_m))
    return np.asarray(np.maximum(outside.max(axis=1), 0.0))


def judge_box(motion: Setpoints, bounds: Bounds, chain: Chain, postures: FloatArray) -> list[Finding]:
    """A tool inside the box is not led out of it (but for the bow of a stop); one outside is led no further
    than a stop begun there takes.

    Args:
        motion: of one arming.
        bounds: limits.
        chain: kinematics.
        postures: (m + 1, j) the reference before the first setpoint, and all joints at each setpoint.
    """
    beyond = beyond_box(tool_at(chain, bounds, postures), bounds)
    # How far out a stop may take a tool that goes wrong already: as far as the shortest stop does.
    ends = postures.copy()
    ends[1:, list(bounds.joints_at)] += shortest_stop(motion.velocity, bounds)
    stopped = beyond_box(tool_at(chain, bounds, ends), bounds)
    allowed = np.maximum.accumulate(np.where(beyond[:-1] > SLACK_M, np.maximum(beyond, stopped)[:-1], 0.0))
    is_broken = ~(beyond[1:] <= allowed + BOW_M)
    return found_where("workspace", is_broken, "tool", motion.rows, beyond[1:], 0.0)


def reduced_share(chain: Chain, bounds: Bounds, postures: FloatArray) -> FloatArray:
    """(n,) share of the speed limits at which no motion of the axes takes the tool above reduced speed."""
    box = bounds.workspace
    assert box is not None
    if bounds.is_tool_twist:
        fastest_mps = float(np.sqrt(np.sum(bounds.velocity[:3] ** 2)))
        return np.full(len(postures), min(1.0, bounds.number("reduced_speed_mps") / fastest_mps))
    gradient = chain.gradients([(box.tool_link, np.zeros(3))], postures)[0][:, :, list(bounds.joints_at)]
    fastest = np.linalg.norm(np.abs(gradient) @ bounds.velocity, axis=1)
    return np.asarray(np.minimum(1.0, bounds.number("reduced_speed_mps") / np.maximum(fastest, 1e-9)))
