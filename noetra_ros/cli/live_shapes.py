"""Obstacles, and the separation that the supervisor keeps from people, drawn into a MuJoCo picture."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
from scipy.spatial.transform import Rotation

from noetra_ros.core.obstacles import Obstacle, ObstacleScene, Shape
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.report.palette import AMBER, GREEN, KIND_COLOURS, RED, rgb
from noetra_ros.msg import ObstacleArray, SeparationState
from noetra_ros.ros.perception_messages import scene_from_message

SEEN_THROUGH = 0.35
LINE_M = 0.006  # half its width
SHAPES = {
    Shape.SPHERE: mujoco.mjtGeom.mjGEOM_SPHERE,
    Shape.CAPSULE: mujoco.mjtGeom.mjGEOM_CAPSULE,
    Shape.BOX: mujoco.mjtGeom.mjGEOM_BOX,
}


class LiveShapes:
    """The newest scene and separation; a MuJoCo world's frame is the robot's base."""

    def __init__(self) -> None:
        self._scene: ObstacleScene | None = None
        self._separation: SeparationState | None = None

    def on_obstacles(self, message: ObstacleArray) -> None:
        """Takes perception/obstacles."""
        self._scene = scene_from_message(message)

    def on_separation(self, message: SeparationState) -> None:
        """Takes safety/separation."""
        self._separation = message

    def draw(self, picture: mujoco.MjvScene, data: mujoco.MjData) -> None:
        """Puts all into a picture behind what is there already; what finds no room is left out.

        Args:
            picture: of a window (`user_scn`) or of a renderer.
            data: the world as it is drawn: where the links are.
        """
        obstacles = self._scene.obstacles if self._scene else ()
        for obstacle in obstacles:
            _put(picture, SHAPES[obstacle.shape], _size(obstacle), _pose(obstacle), _colour(obstacle))
        told = self._separation
        person = next((o for o in obstacles if told and o.track_id == told.track_id), None)
        if told is None or not told.has_person or person is None:
            return
        link = mujoco.mj_name2id(data.model, mujoco.mjtObj.mjOBJ_BODY, told.link)
        from_m = data.xpos[max(link, 0)]  # a link that does not move is part of MuJoCo's world
        colour = RED if told.scale <= 0.0 else GREEN if told.scale >= 1.0 else AMBER
        line = _put(picture, mujoco.mjtGeom.mjGEOM_CAPSULE, np.zeros(3), None, _rgba(colour, 1.0))
        if line is not None:
            mujoco.mjv_connector(line, mujoco.mjtGeom.mjGEOM_CAPSULE, LINE_M, from_m, person.position_m)
            line.label = separation_words(told)


def separation_words(told: SeparationState) -> str:
    """The two distances of a line."""
    return f"{told.distance:.2f} m, needs {told.required:.2f} m"


def _put(
    picture: mujoco.MjvScene,
    shape: mujoco.mjtGeom,
    size_m: FloatArray,
    pose: tuple[FloatArray, FloatArray] | None,
    rgba: FloatArray,
) -> Any:
    """The next geom of a picture; None where there is no room."""
    if picture.ngeom >= picture.maxgeom:
        return None
    geom = picture.geoms[picture.ngeom]
    position_m, turn = pose or (np.zeros(3), np.eye(3))
    mujoco.mjv_initGeom(geom, shape, size_m, position_m, turn.reshape(9), rgba.astype(np.float32))
    picture.ngeom += 1
    return geom


def _size(obstacle: Obstacle) -> FloatArray:
    """As of a geom in MuJoCo's models: radius and half a length, or half edges, m."""
    radius_m, length_m, _ = obstacle.size_m
    return 0.5 * obstacle.size_m if obstacle.shape is Shape.BOX else np.array([radius_m, 0.5 * length_m, 0.0])


def _pose(obstacle: Obstacle) -> tuple[FloatArray, FloatArray]:
    return obstacle.position_m, Rotation.from_quat(obstacle.quat_xyzw).as_matrix()


def _colour(obstacle: Obstacle) -> FloatArray:
    return np.array([*KIND_COLOURS[obstacle.kind], SEEN_THROUGH])


def _rgba(colour: str, seen: float) -> FloatArray:
    return np.array([*(part / 255 for part in rgb(colour)), seen])
