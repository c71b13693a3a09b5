"""Where the scripted expert wants the tool next, task by task: pure functions of the scene as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.kinematics import ToolPose
from noetra_ros.sim.scene import BOWL_HEIGHT_M, CUBE_HALF_M, ObjectTruth, SceneTruth
from noetra_ros.sim.tasks.place import is_in_bowl

OPEN_RAD = 0.60
CLOSED_RAD = 0.0
GRASP_Z_M = 0.016
HOVER_Z_M = 0.078
REACH_Z_M = 0.046
PUSH_Z_M = 0.015
CARRY_Z_M = 0.088
RELEASE_Z_M = BOWL_HEIGHT_M + 0.036
RETREAT_Z_M = 0.105
LIFT_RADII_M = (0.165, 0.225)

# A cube counts as between the fingers within these distances from the tool point, gripper frame (x: jaw
# opening). It is to be gripped at its middle, but once held it may sit lower.
CAPTURE_HALF_M = np.array([0.013, 0.011, 0.008])
HELD_HALF_M = np.array([0.013, 0.011, 0.018])
HELD_GAP_M = 0.036
# A cube is pushed until its centre is this far from the base: a fixed line, so nothing has to be remembered.
PUSH_END_RADIUS_M = 0.272
# Distance from the tool point (closed fingers) to the centre of a cube that they touch.
PUSH_CONTACT_M = 0.030
PUSH_STANDOFF_M = 0.046


@dataclass(frozen=True)
class Goal:
    """What the tool should do now.

    Attributes:
        point_m: (3,) where the point between the pads should go, world frame.
        roll_rad: turn of the jaw's opening direction from radial.
        gripper_rad: wanted gripper joint.
        sideways_share: 0 to 1, how much of the horizontal speed is allowed.
    """

    point_m: FloatArray
    roll_rad: float
    gripper_rad: float
    sideways_share: float = 1.0


def smoothstep(value: float, low: float, high: float) -> float:
    """0 below `low`, 1 above `high`, smooth between."""
    x = float(np.clip((value - low) / (high - low), 0.0, 1.0))
    return x * x * (3.0 - 2.0 * x)


def reach_goal(truth: SceneTruth, pose: ToolPose, colour: str) -> Goal:
    """Hover just above the cube, fingers open."""
    cube = truth.cube(colour)
    away_m = float(np.linalg.norm(cube.position_m[:2] - pose.point_m[:2]))
    height_m = REACH_Z_M + (HOVER_Z_M - REACH_Z_M) * smoothstep(away_m, 0.015, 0.06)
    point = np.array([*cube.position_m[:2], height_m])
    return Goal(point, roll_for(cube), OPEN_RAD, _sideways_share(pose, height_m))


def pick_goal(truth: SceneTruth, pose: ToolPose, colour: str) -> Goal:
    """Funnel down over the cube, close, lift."""
    cube = truth.cube(colour)
    if is_captured(cube, pose):
        return _grasp(truth, pose, cube)
    return _descend(truth, pose, cube)


def place_goal(truth: SceneTruth, pose: ToolPose, colour: str) -> Goal:
    """Pick the cube, carry it over the bowl, let go, retreat."""
    cube = truth.cube(colour)
    bowl_m = truth.bowl_position_m
    off_m = float(np.linalg.norm(cube.position_m[:2] - bowl_m[:2]))
    if is_in_bowl(truth, cube) and not is_captured(cube, pose):
        return Goal(np.array([*bowl_m[:2], RETREAT_Z_M]), _tool_roll(pose), OPEN_RAD)
    if not is_captured(cube, pose):
        return _descend(truth, pose, cube)
    if off_m < 0.020 and pose.point_m[2] < RELEASE_Z_M + 0.014:
        return Goal(np.array([*bowl_m[:2], RELEASE_Z_M]), _tool_roll(pose), OPEN_RAD, 0.3)
    if pose.gap_m > HELD_GAP_M:
        return _grasp(truth, pose, cube)
    return _carry(pose, cube, bowl_m, off_m)


def push_goal(truth: SceneTruth, pose: ToolPose, colour: str) -> Goal:
    """Come down between robot and cube with closed fingers, then move outward up to a fixed line."""
    cube = truth.cube(colour)
    radius_m = float(np.linalg.norm(cube.position_m[:2]))
    outward = cube.position_m[:2] / radius_m
    behind_m = float((cube.position_m[:2] - pose.point_m[:2]) @ outward)
    aside_m = float(abs(outward[0] * pose.point_m[1] - outward[1] * pose.point_m[0]))
    # Not before it is low: fingers that still go down would drag the cube into the table.
    is_low = pose.point_m[2] < PUSH_Z_M + 0.006
    is_behind = behind_m > PUSH_CONTACT_M - 0.016 and aside_m < 0.012 and is_low
    if is_behind and truth.gripper_rad < 0.25 and behind_m < PUSH_STANDOFF_M + 0.02:
        end_m = outward * (PUSH_END_RADIUS_M - PUSH_CONTACT_M)
        return Goal(np.array([*end_m, PUSH_Z_M]), 0.0, CLOSED_RAD, 0.75)
    start_m = outward * (radius_m - PUSH_STANDOFF_M)
    away_m = float(np.linalg.norm(start_m - pose.point_m[:2]))
    height_m = PUSH_Z_M + (_push_hover_m(pose) - PUSH_Z_M) * smoothstep(away_m, 0.010, 0.035)
    return Goal(np.array([*start_m, height_m]), 0.0, CLOSED_RAD, _sideways_share(pose, height_m))


GOALS: dict[str, Callable[[SceneTruth, ToolPose, str], Goal]] = {
    "reach": reach_goal,
    "push": push_goal,
    "pick": pick_goal,
    "place": place_goal,
}


def is_captured(cube: ObjectTruth, pose: ToolPose) -> bool:
    """Whether the cube is between the fingers."""
    offset = pose.rotation.T @ (cube.position_m - pose.point_m)
    half = HELD_HALF_M if pose.gap_m < HELD_GAP_M else CAPTURE_HALF_M
    return bool((np.abs(offset) < half).all())


def roll_for(cube: ObjectTruth) -> float:
    """Turn of the jaw, rad from radial, that lines it up with the cube's nearest faces: -pi/4 to pi/4."""
    relative = cube.yaw_rad - np.arctan2(cube.position_m[1], cube.position_m[0])
    return float((relative + np.pi / 4) % (np.pi / 2) - np.pi / 4)


def _tool_roll(pose: ToolPose) -> float:
    """Turn of the jaw as it is."""
    opening = pose.rotation[:2, 0]
    turn = np.arctan2(opening[1], opening[0]) - np.arctan2(pose.point_m[1], pose.point_m[0])
    return float((turn + np.pi) % (2 * np.pi) - np.pi)


def _descend(truth: SceneTruth, pose: ToolPose, cube: ObjectTruth) -> Goal:
    """Over the cube with open fingers; the lower, the better everything fits."""
    roll_rad = roll_for(cube)
    away_m = float(np.linalg.norm(cube.position_m[:2] - pose.point_m[:2]))
    wrong_turn = abs(_tool_roll(pose) - roll_rad)
    not_open = max(0.0, OPEN_RAD - 0.12 - truth.gripper_rad)
    wrong_m = away_m + 0.02 * max(0.0, wrong_turn - 0.1) + 0.08 * not_open
    height_m = GRASP_Z_M + (HOVER_Z_M - GRASP_Z_M) * smoothstep(wrong_m, 0.007, 0.035)
    point = np.array([*cube.position_m[:2], height_m + max(0.0, cube.position_m[2] - CUBE_HALF_M)])
    return Goal(point, roll_rad, OPEN_RAD, _sideways_share(pose, height_m))


def _grasp(truth: SceneTruth, pose: ToolPose, cube: ObjectTruth) -> Goal:
    """Close; rise as soon as the gap says that the cube is held."""
    held = 1.0 - smoothstep(pose.gap_m, HELD_GAP_M - 0.004, HELD_GAP_M)
    if held == 0.0:
        return Goal(np.array([*cube.position_m[:2], GRASP_Z_M]), roll_for(cube), CLOSED_RAD, 0.6)
    sagged_m = float(np.clip(pose.point_m[2] - cube.position_m[2], 0.0, 0.014))
    height_m = GRASP_Z_M + held * (CARRY_Z_M + sagged_m - GRASP_Z_M)
    return Goal(np.array([*_within_reach(pose.point_m[:2]), height_m]), _tool_roll(pose), CLOSED_RAD)


def _within_reach(point_m: FloatArray) -> FloatArray:
    """(2,) the point, moved radially to where the tool can be high and point down."""
    radius_m = float(np.linalg.norm(point_m))
    scale = float(np.clip(radius_m, *LIFT_RADII_M)) / radius_m
    return np.asarray(scale * point_m)


def _carry(pose: ToolPose, cube: ObjectTruth, bowl_m: FloatArray, off_m: float) -> Goal:
    """Up first, then across, then down to just above the rim."""
    height_m = RELEASE_Z_M + (CARRY_Z_M - RELEASE_Z_M) * smoothstep(off_m, 0.010, 0.045)
    across_m = pose.point_m[:2] + bowl_m[:2] - cube.position_m[:2]
    share = smoothstep(pose.point_m[2], GRASP_Z_M + 0.012, RELEASE_Z_M - 0.006)
    return Goal(np.array([*across_m, height_m]), _tool_roll(pose), CLOSED_RAD, share)


def _push_hover_m(pose: ToolPose) -> float:
    """Height to cross cubes at; near the base the arm cannot be high and point down."""
    radius_m = float(np.linalg.norm(pose.point_m[:2]))
    return float(np.clip(0.056 + (radius_m - 0.125) * 0.9, 0.050, HOVER_Z_M))


def _sideways_share(pose: ToolPose, wanted_height_m: float) -> float:
    """Slow sideways while lower than wanted: what stands there is not to be knocked over."""
    return 1.0 - 0.9 * smoothstep(wanted_height_m - pose.point_m[2], 0.006, 0.030)
