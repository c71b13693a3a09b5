"""The expert's idea of what its next action does: a held cube comes along, a pushed one slides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.simulation import Hand, Jaw
from noetra_ros.sim.expert_goals import HELD_GAP_M, PUSH_CONTACT_M, PUSH_Z_M, is_captured
from noetra_ros.sim.kinematics import ArmKinematics, ToolPose
from noetra_ros.sim.scene import BOWL_INNER_RADIUS_M, CUBE_HALF_M, ObjectTruth, SceneTruth, cube_name

# Gap between the pads when they rest on a cube's faces.
BLOCKED_GAP_M = 2 * CUBE_HALF_M


def advance(
    truth: SceneTruth, q: FloatArray, target: FloatArray, kinematics: ArmKinematics, colour: str
) -> tuple[SceneTruth, FloatArray]:
    """Scene and (6,) joints after one action, without physics: enough for a chunk of under a second."""
    name = cube_name(colour)
    cube = truth.objects[name]
    before = kinematics.tool_pose(q)
    joints = target.copy()
    is_between = is_captured(cube, before)
    if is_between:
        joints[5] = max(joints[5], blocked_angle_rad(kinematics.hand))
    after = kinematics.tool_pose(joints)
    is_held = is_between and min(before.gap_m, after.gap_m) < HELD_GAP_M and target[5] <= q[5] + 0.02
    if is_held:
        cube = _carried(cube, before, after)
    elif is_between and cube.position_m[2] > CUBE_HALF_M + 0.01:
        cube = _dropped(cube, truth)
    else:
        cube = _pushed(cube, after, joints[5])
    objects: Mapping[str, ObjectTruth] = {**truth.objects, name: cube}
    moved = replace(truth, objects=objects, tool_point_m=after.point_m, gripper_rad=float(joints[5]))
    return moved, joints


@cache
def _blocked_angle_rad(jaw: Jaw) -> float:
    hand = Hand("", jaw=jaw)
    angles = np.linspace(-0.17, 0.6, 400)
    return float(np.interp(BLOCKED_GAP_M, np.array([hand.gap_m(a) for a in angles]), angles))


def blocked_angle_rad(hand: Hand) -> float:
    """Angle of a jaw at which a cube between the pads stops them."""
    assert hand.jaw is not None, "ArmKinematics asks for one"
    return _blocked_angle_rad(hand.jaw)


def _carried(cube: ObjectTruth, before: ToolPose, after: ToolPose) -> ObjectTruth:
    offset = before.rotation.T @ (cube.position_m - before.point_m)
    position = after.point_m + after.rotation @ offset
    position[2] = max(position[2], CUBE_HALF_M)
    return replace(cube, position_m=position)


def _dropped(cube: ObjectTruth, truth: SceneTruth) -> ObjectTruth:
    """Falls straight down, into the bowl or onto the table."""
    is_over_bowl = np.linalg.norm(cube.position_m[:2] - truth.bowl_position_m[:2]) < BOWL_INNER_RADIUS_M
    height_m = CUBE_HALF_M + (0.003 if is_over_bowl else 0.0)
    return replace(cube, position_m=np.array([*cube.position_m[:2], height_m]))


def _pushed(cube: ObjectTruth, after: ToolPose, gripper_rad: float) -> ObjectTruth:
    """Closed, low fingers shove the cube outward."""
    outward = cube.position_m[:2] / np.linalg.norm(cube.position_m[:2])
    ahead_m = float((cube.position_m[:2] - after.point_m[:2]) @ outward)
    aside_m = float(abs(outward[0] * after.point_m[1] - outward[1] * after.point_m[0]))
    is_low = after.point_m[2] < PUSH_Z_M + 0.012 and gripper_rad < 0.3
    if not is_low or aside_m > 0.015 or not 0.0 < ahead_m < PUSH_CONTACT_M:
        return cube
    xy = cube.position_m[:2] + outward * (PUSH_CONTACT_M - ahead_m)
    return replace(cube, position_m=np.array([*xy, cube.position_m[2]]))
