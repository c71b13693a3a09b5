"""How far a point of a link can go per unit of each joint, whatever the posture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pinocchio

from noetra_ros.core.types import FloatArray


def chain_reach(
    model: pinocchio.Model, frame: int, beyond_m: float, velocities_at: Sequence[int]
) -> FloatArray:
    """The length of the chain from each joint to a point: no turn moves it further.

    Args:
        model: of the URDF.
        frame: number of the link's frame.
        beyond_m: distance of the point from that frame's origin, m.
        velocities_at: (j) where the velocity of each wanted joint stands.

    Returns:
        (j,) m per rad, or 1 for a joint that slides; 0 for joints that do not move the link.
    """
    joints_at = {model.joints[joint].idx_v: joint for joint in range(1, model.njoints)}
    joints = [joints_at[column] for column in velocities_at]
    link = model.frames[frame]
    length_m = float(np.linalg.norm(link.placement.translation)) + beyond_m
    reach = dict.fromkeys(joints, 0.0)
    for joint in reversed(list(model.supports[link.parentJoint])[1:]):
        slides = "JointModelP" in model.joints[joint].shortname()
        reach[joint] = 1.0 if slides else length_m
        length_m += float(np.linalg.norm(model.jointPlacements[joint].translation))
        length_m += _most_slide_m(model, joint) if slides else 0.0
    return np.array([reach[joint] for joint in joints])


def _most_slide_m(model: pinocchio.Model, joint: int) -> float:
    column = model.joints[joint].idx_q
    return float(max(abs(model.lowerPositionLimit[column]), abs(model.upperPositionLimit[column])))
