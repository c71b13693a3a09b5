"""Drives a base to a mark on the floor: a memoryless function of the scene, past what stands in the way."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import BaseLimits, RobotProfile
from noetra_ros.sim.chassis_model import chassis_of
from noetra_ros.sim.floor_ways import FloorWays
from noetra_ros.sim.scene import SceneTruth
from noetra_ros.sim.scenes.room import BOXES, ways_in_room
from noetra_ros.sim.scripted import EXPERTS
from noetra_ros.sim.tasks.drive import BASE, mark_name, of_floor

TASK = "drive"
SPEED_SHARE = 0.8  # of the profile's speed limits
BRAKING_SHARE = 0.3  # of its accelerations: towards the mark it slows down gently
AROUND_M = 0.14  # kept free around the chassis; the supervisor's check brakes nearer
LOOK_AHEAD_M = 1.0
TURN_GAIN_PER_S = 2.0
TURN_FIRST_RAD = 0.7  # the mark is farther aside than this: turn on the spot
THERE_M = 0.03
MOVED_M = 0.02  # boxes that went farther are planned around anew


@EXPERTS.register("room")
class BaseDriver:
    """Plans twists to a mark.

    Args:
        profile: a base with a chassis.

    Raises:
        ConfigError: it has no base or no chassis.
    """

    def __init__(self, profile: RobotProfile) -> None:
        if profile.base is None:
            raise single_fault(f"robot {profile.name}", "base", "nothing", "limits of the base")
        self._limits: BaseLimits = profile.base
        footprint = profile.base.footprint
        radius_m = footprint.reach_m if footprint is not None else chassis_of(profile).radius_m
        self._keep_m = radius_m + AROUND_M
        self._ways: FloorWays | None = None
        self._boxes_m = np.empty((0, 2))

    def action_chunk(
        self,
        truth: SceneTruth,
        q: FloatArray,
        task: str,
        colour: str,
        n: int = 8,
        dt: float = 0.1,
        decided: FloatArray | None = None,
    ) -> FloatArray:
        """The next twists, by rolling the base's motion forward.

        Args:
            truth: the scene now.
            q: joints; not used.
            task: `drive`.
            colour: of the mark.
            n: rows.
            dt: s from one row to the next; row 0 applies dt from now.
            decided: (k, 3) first rows that will be executed whatever is answered; None = none.

        Returns:
            (n, 3) vx m/s, vy m/s, wz rad/s, base frame.

        Raises:
            ConfigError: another task, or a world without marks.
        """
        if task != TASK:
            raise single_fault("scripted driver", "task", repr(task), f"{TASK}: a base grips nothing")
        base, mark = of_floor(truth, BASE), of_floor(truth, mark_name(colour))
        ways = self._ways_to(truth, mark.position_m[:2])
        place_m, yaw_rad = base.position_m[:2].copy(), base.yaw_rad
        rows = np.zeros((n, 3))
        known = np.empty((0, 3)) if decided is None else decided
        for k in range(n):
            rows[k] = known[k] if k < len(known) else self._twist(ways, place_m, yaw_rad)
            ahead = np.array([np.cos(yaw_rad), np.sin(yaw_rad)])
            place_m += dt * rows[k, 0] * ahead
            yaw_rad += dt * float(rows[k, 2])
        return rows

    def _ways_to(self, truth: SceneTruth, goal_m: FloatArray) -> FloorWays:
        """Kept until a box has moved or another mark is asked for: planning takes some 10 ms."""
        boxes_m = np.array([of_floor(truth, name).position_m[:2] for name in BOXES])
        ways = self._ways
        is_same = (
            ways is not None
            and float(np.abs(ways.goal_m - goal_m).max()) < MOVED_M
            and float(np.abs(boxes_m - self._boxes_m).max()) < MOVED_M
        )
        if ways is None or not is_same:
            self._boxes_m = boxes_m
            self._ways = ways = ways_in_room(boxes_m, self._keep_m, goal_m)
        return ways

    def _twist(self, ways: FloorWays, place_m: FloatArray, yaw_rad: float) -> FloatArray:
        """(3,) turns towards the way, drives along it, slower near its end and in turns."""
        left_m = float(np.linalg.norm(ways.goal_m - place_m))
        if left_m < THERE_M:
            return np.zeros(3)
        gap_m = ways.next_m(place_m, LOOK_AHEAD_M) - place_m
        aside_rad = float(np.arctan2(gap_m[1], gap_m[0])) - yaw_rad
        aside_rad = float((aside_rad + np.pi) % (2 * np.pi) - np.pi)
        limits = self._limits
        fastest = SPEED_SHARE * limits.angular_radps
        turn = float(np.clip(TURN_GAIN_PER_S * aside_rad, -fastest, fastest))
        if abs(aside_rad) > TURN_FIRST_RAD:
            return np.array([0.0, 0.0, turn])
        braking = float(np.sqrt(2.0 * BRAKING_SHARE * limits.linear_mps2 * left_m))
        speed = min(SPEED_SHARE * limits.linear_mps, braking, 1.5 * left_m) * np.cos(aside_rad) ** 4
        return np.array([speed, 0.0, turn])
