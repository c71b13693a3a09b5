"""A walled room with loose boxes, and marks on the floor to drive to, for a base that drives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.floor_ways import FloorWays
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.scene_description import (
    SCENES,
    Box,
    Cylinder,
    Ground,
    Lamp,
    Mount,
    Part,
    Pose,
    Scene,
    Surface,
    Thing,
    pose_from,
)
from noetra_ros.sim.variation import LAMP_DIRECTION, LAMP_LIGHT

PHYSICS_STEP_S = 0.002
ROOM_HALF_M = 2.5
WALL_HEIGHT_M = 0.5
WALL_HALF_THICKNESS_M = 0.05
BOXES = ("box_1", "box_2", "box_3", "box_4")
BOX_HALF_M = (0.15, 0.20, 0.20)
BOX_MASS_KG = 6.0
BOX_COLOUR = (0.72, 0.52, 0.32)
FREE_AROUND_START_M = 0.9
BOX_GAP_M = 0.7
ATTEMPTS = 10_000
FLOOR_SURFACE = Surface(0.6, 0.005, 0.0001)
MARKS = tuple(f"{colour}_mark" for colour in CUBE_COLOURS)
MARK_RGB = {"red_mark": (0.80, 0.12, 0.10), "green_mark": (0.10, 0.60, 0.20), "blue_mark": (0.12, 0.25, 0.75)}
MARK_RADIUS_M, MARK_HALF_HEIGHT_M = 0.12, 0.001
# Marks leave a base of up to 0.45 m room to stand on them and to come there.
BASE_ROOM_M = 0.50
MARK_GAP_M, MARK_AWAY_M = 0.6, 0.8  # from one another and from the start
BOX_REACH_M = float(np.hypot(*BOX_HALF_M[:2]))


@SCENES.register("room")
def room(seed: int | None, profile: RobotProfile | None = None) -> Scene:
    """The room, the same for every robot; a seed puts the boxes where an episode of it has them."""
    floor = Part("floor", Ground((4.0, 4.0)), (0.5, 0.5, 0.52), surface=FLOOR_SURFACE)
    scene = Scene(
        name="room",
        step_s=PHYSICS_STEP_S,
        mount=Mount.DRIVING,
        fixed=(floor, *_walls()),
        things=(*(_box(name) for name in BOXES), *(_mark(name) for name in MARKS)),
        lamp=Lamp((0.0, 0.0, 3.0), LAMP_DIRECTION, (LAMP_LIGHT, LAMP_LIGHT, LAMP_LIGHT)),
        glow_rgb=(0.35, 0.35, 0.35),
    )
    if seed is None:
        return scene
    boxes = sample_boxes(np.random.default_rng(seed))
    poses = {**boxes, **sample_marks(seed, boxes)}
    return scene.placed({name: pose_from(pose) for name, pose in poses.items()})


def _walls() -> list[Part]:
    parts = []
    for name, x, y in (("east", 1, 0), ("north", 0, 1), ("west", -1, 0), ("south", 0, -1)):
        along, thickness = ROOM_HALF_M + WALL_HALF_THICKNESS_M, WALL_HALF_THICKNESS_M
        half = (thickness if x else along, thickness if y else along, WALL_HEIGHT_M / 2)
        pose = Pose((x * ROOM_HALF_M, y * ROOM_HALF_M, WALL_HEIGHT_M / 2))
        parts.append(Part(f"wall_{name}", Box(half), (0.8, 0.8, 0.78), pose))
    return parts


def _box(name: str) -> Thing:
    part = Part(name, Box(BOX_HALF_M), BOX_COLOUR, surface=FLOOR_SURFACE, mass_kg=BOX_MASS_KG)
    return Thing(name, (part,), Pose())


def _mark(name: str) -> Thing:
    """For the eye only: it is flat, nothing touches it and no scanner sees it."""
    part = Part(name, Cylinder(MARK_RADIUS_M, MARK_HALF_HEIGHT_M), MARK_RGB[name], surface=None)
    return Thing(name, (part,), Pose((0.0, 0.0, MARK_HALF_HEIGHT_M)), is_free=False)


def sample_boxes(rng: np.random.Generator) -> Mapping[str, FloatArray]:
    """(7,) pose of each box: on the floor, apart, away from the start and reachable around.

    Raises:
        NoetraError: no draw fitted; the numbers at the top of this file leave too little room.
    """
    for _ in range(ATTEMPTS):
        spots = rng.uniform(-ROOM_HALF_M + 0.5, ROOM_HALF_M - 0.5, (len(BOXES), 2))
        gaps = np.linalg.norm(spots[:, None] - spots[None], axis=-1) + 10.0 * np.eye(len(BOXES))
        if gaps.min() > BOX_GAP_M and np.linalg.norm(spots, axis=1).min() > FREE_AROUND_START_M:
            yaws = rng.uniform(-np.pi, np.pi, len(BOXES))
            return {
                name: np.array([*spot, BOX_HALF_M[2], np.cos(yaw / 2), 0.0, 0.0, np.sin(yaw / 2)])
                for name, spot, yaw in zip(BOXES, spots, yaws, strict=True)
            }
    raise NoetraError(
        f"room: none of {ATTEMPTS} draws fitted, expected one -> lower BOX_GAP_M in sim/scenes/room.py"
    )


def sample_marks(seed: int, boxes: Mapping[str, FloatArray]) -> Mapping[str, FloatArray]:
    """(7,) pose of each mark: apart, away from the start, where a base has room and can come.

    Drawn from a stream of its own: boxes and lights of a seed are what they would be without marks.

    Raises:
        NoetraError: no draw fitted.
    """
    rng = np.random.default_rng([seed, len(MARKS)])
    spots: list[FloatArray] = []
    for _ in range(ATTEMPTS):
        spot = rng.uniform(-ROOM_HALF_M + BASE_ROOM_M, ROOM_HALF_M - BASE_ROOM_M, 2)
        gaps = [float(np.linalg.norm(spot - other)) for other in spots]
        if np.linalg.norm(spot) < MARK_AWAY_M or min(gaps, default=MARK_GAP_M) < MARK_GAP_M:
            continue
        ways = ways_in_room(np.array([pose[:2] for pose in boxes.values()]), BASE_ROOM_M, spot)
        if ways.is_open(np.zeros(2)):
            spots.append(spot)
        if len(spots) == len(MARKS):
            break
    else:
        raise NoetraError(f"room: none of {ATTEMPTS} draws of marks fitted -> lower BASE_ROOM_M")
    flat = (MARK_HALF_HEIGHT_M, 1.0, 0.0, 0.0, 0.0)
    return {name: np.array([*spot, *flat]) for name, spot in zip(MARKS, spots, strict=True)}


def ways_in_room(boxes_m: FloatArray, base_m: float, goal_m: FloatArray) -> FloorWays:
    """Ways to (2,) `goal_m` for a base that needs `base_m` around its middle, past boxes at (k, 2)."""
    keep_m = np.full(len(boxes_m), BOX_REACH_M + base_m)
    return FloorWays(ROOM_HALF_M, boxes_m, keep_m, base_m, goal_m)
