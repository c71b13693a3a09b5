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


def chain_bend(model: pinocchio.Model, frame: int, velocities_at: Sequence[int]) -> FloatArray:
    """By how much one joint changes how far another one moves the origin of a link, whatever the posture.

    A turn carries along what the joints beyond it move, and their motion with it; a slide turns nothing. So
    it is the reach of the joint that is nearer to the link, where the other one turns.

    Args:
        model: of the URDF.
        frame: number of the link's frame.
        velocities_at: (j) where the velocity of each wanted joint stands.

    Returns:
        (j, j) most change of the motion per unit of one joint, for a unit of the other one: m per rad2, m per
        rad and m, or 0.
    """
    reach = chain_reach(model, frame, 0.0, velocities_at)
    place = {
        model.joints[j].idx_v: at for at, j in enumerate(model.supports[model.frames[frame].parentJoint])
    }
    order = np.array([place.get(column, 0) for column in velocities_at])
    turns = np.array([not _slides(model, column) for column in velocities_at])
    is_first = order[:, np.newaxis] <= order
    beyond = np.where(is_first, reach, reach[:, np.newaxis])
    is_turned = np.where(is_first, turns[:, np.newaxis], turns)
    is_moved = np.minimum.outer(reach, reach) > 0.0
    return np.where(is_turned & is_moved, beyond, 0.0)


def _slides(model: pinocchio.Model, column: int) -> bool:
    (joint,) = [j for j in range(1, model.njoints) if model.joints[j].idx_v == column]
    return "JointModelP" in model.joints[joint].shortname()


def _most_slide_m(model: pinocchio.Model, joint: int) -> float:
    column = model.joints[joint].idx_q
    return float(max(abs(model.lowerPositionLimit[column]), abs(model.upperPositionLimit[column])))
