"""Who commands the arm: an adversary that is after things and people, or an honest policy at its task."""

from __future__ import annotations

from typing import Protocol

import coal
import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.clutter.scenes import ClutterScene
from noetra_ros.robots.link_hulls import LinkHulls
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.experts.table import Expert
from noetra_ros.sim.kinematics import ArmKinematics
from noetra_ros.sim.world import World

CANDIDATES = 300  # postures that are drawn to find one that is inside something
HOLD_S = (0.8, 2.0)  # an adversary changes its mind after that
STYLES = ("jump", "straight", "shaking")
STRAIGHT_RADPS = 1.6
SHAKE_RAD = 0.04
ROW_S = 0.1
ROWS = 4


class Driver(Protocol):
    """Gives the joint targets of each control period."""

    def target(self, world: World, period_s: float) -> FloatArray:
        """(j,) rad, profile order."""
        ...


class Adversary:
    """Goes for postures in which the arm is inside a box, and for the person who is nearest.

    Args:
        profile: the arm.
        scene: what it is after.
        seed: of its choices.
    """

    def __init__(self, profile: RobotProfile, scene: ClutterScene, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._ends = np.array([(j.lower_rad, j.upper_rad) for j in profile.joints.values()]).T
        self._kinematics = ArmKinematics(profile)
        self._postures = self._random.uniform(*self._ends, (CANDIDATES, len(profile.joints)))
        self._tools_m = np.array([self._kinematics.tool_pose(q).point_m for q in self._postures])
        self._inside = self._deepest(LinkHulls(profile), scene) if scene.boxes else None
        self._left_s = 0.0
        self._goal, self._style = self._postures[0], STYLES[0]
        self._told: FloatArray | None = None

    def target(self, world: World, period_s: float) -> FloatArray:
        """(j,) rad; steps, ramps or shakes towards what it is after."""
        self._left_s -= period_s
        if self._left_s <= 0.0:
            self._left_s = float(self._random.uniform(*HOLD_S))
            self._style = str(self._random.choice(STYLES))
            self._goal = self._choose(world)
        told = world.joint_state().positions if self._told is None else self._told
        if self._style == "jump":
            told = self._goal
        else:
            way = STRAIGHT_RADPS * period_s
            told = told + np.clip(self._goal - told, -way, way)
        self._told = told
        shake = self._random.normal(0.0, SHAKE_RAD, len(told)) if self._style == "shaking" else 0.0
        return np.clip(told + shake, *self._ends)

    def _choose(self, world: World) -> FloatArray:
        """A posture in a box, one with the tool in the person, or, every fifth time, any."""
        if self._random.random() < 0.2:
            return self._random.uniform(*self._ends)
        person = world.person()
        if person is not None and person.is_present and (self._inside is None or self._random.random() < 0.7):
            ends_m = person.segments_m.reshape(-1, 3)
            apart_m = np.linalg.norm(self._tools_m[:, None] - ends_m[None], axis=-1).min(axis=1)
            return np.asarray(self._postures[int(np.argmin(apart_m))])
        if self._inside is not None:
            return np.asarray(self._random.choice(self._inside))
        return self._random.uniform(*self._ends)

    def _deepest(self, hulls: LinkHulls, scene: ClutterScene) -> FloatArray:
        """(k, j) the tenth of the postures that are deepest inside boxes."""
        solids = [
            (coal.Box(*box.edges_m), coal.Transform3s(_turn(box.yaw_rad), np.array(box.middle_m)))
            for box in scene.boxes
        ]
        rows = np.flatnonzero(hulls.supports.any(axis=1)).tolist()
        depths = []
        for posture in self._postures:
            hulls.place(posture)
            depths.append(min(hulls.gap_to(row, *solid).room_m for row in rows for solid in solids))
        return np.asarray(self._postures[np.argsort(depths)[: CANDIDATES // 10]])


class Honest:
    """The scripted expert at a task; it knows nothing of what stands around.

    Args:
        profile: the arm.
        task: registered task.
        colour: of the cube.
    """

    def __init__(self, profile: RobotProfile, task: str, colour: str) -> None:
        self._expert, self._task, self._colour = Expert(profile), task, colour
        self._rows: list[FloatArray] = []
        self._from: FloatArray | None = None
        self._share = 0.0

    def target(self, world: World, period_s: float) -> FloatArray:
        """(j,) rad, between the rows of a chunk of 0.4 s."""
        if not self._rows:
            self._replan(world)
        self._share += period_s / ROW_S
        while self._share >= 1.0 and self._rows:
            self._from, self._share = self._rows.pop(0), self._share - 1.0
        if not self._rows:
            self._replan(world)
        assert self._from is not None
        return np.asarray(self._from + self._share * (self._rows[0] - self._from))

    def _replan(self, world: World) -> None:
        """From where the arm is, so that what held it back is taken in."""
        truth = world.truth()
        assert truth is not None, "worlds without tasks have no honest policy"
        positions = world.joint_state().positions
        self._from = positions if self._from is None else self._from
        chunk = self._expert.action_chunk(truth, positions, self._task, self._colour, ROWS, ROW_S)
        self._rows = list(chunk)


def _turn(yaw_rad: float) -> FloatArray:
    cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
