"""Obstacles as see-through bodies: coloured by kind, moved and resized without being made anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.obstacles import Obstacle, ObstacleKind, Shape
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.report.palette import KIND_COLOURS
from noetra_ros.robots.triangles import convex_triangles
from noetra_ros.view.robot_body import box_points, capsule_points

SEEN_THROUGH = 0.5
SAME_M = 0.003  # a size that changes by less is the same


def obstacle_points(obstacle: Obstacle) -> FloatArray:
    """(n, 3) m, points on its surface in its own frame; as many for every obstacle of a shape."""
    radius_m, length_m, _ = obstacle.size_m
    if obstacle.shape is Shape.BOX:
        return box_points(obstacle.size_m)
    return capsule_points(float(radius_m), float(length_m) if obstacle.shape is Shape.CAPSULE else 0.0)


class ObstacleBodies:
    """One body for each track.

    Args:
        scene: of viser.
        folder: name that they lie under.
    """

    def __init__(self, scene: Any, folder: str) -> None:
        self._scene, self._folder = scene, folder
        self._bodies: dict[tuple[int, ObstacleKind, Shape], Any] = {}
        self._sizes_m: dict[tuple[int, ObstacleKind, Shape], FloatArray] = {}
        unit = {False: capsule_points(1.0, 0.0), True: box_points(np.ones(3))}
        self._faces: dict[bool, NDArray[np.uint32]] = {
            is_box: convex_triangles(points).astype(np.uint32) for is_box, points in unit.items()
        }
        scene.add_frame(folder, show_axes=False)

    def update(self, obstacles: Sequence[Obstacle]) -> None:
        """Show these, and no others."""
        seen = set()
        for obstacle in obstacles:
            key = (obstacle.track_id, obstacle.kind, obstacle.shape)
            seen.add(key)
            if key not in self._bodies:
                self._bodies[key] = self._make(obstacle)
                self._sizes_m[key] = obstacle.size_m
            body = self._bodies[key]
            if np.abs(self._sizes_m[key] - obstacle.size_m).max() > SAME_M:
                body.vertices = obstacle_points(obstacle).astype(np.float32)
                self._sizes_m[key] = obstacle.size_m
            x, y, z, w = obstacle.quat_xyzw
            body.position, body.wxyz = obstacle.position_m, (w, x, y, z)
        for key in [key for key in self._bodies if key not in seen]:
            self._bodies.pop(key).remove()

    def _make(self, obstacle: Obstacle) -> Any:
        name = f"{self._folder}/{obstacle.track_id}_{obstacle.kind.name}_{obstacle.shape.name}".lower()
        red, green, blue = (round(255 * part) for part in KIND_COLOURS[obstacle.kind])
        faces = self._faces[obstacle.shape is Shape.BOX]
        return self._scene.add_mesh_simple(
            name, obstacle_points(obstacle).astype(np.float32), faces, color=(red, green, blue),
            opacity=SEEN_THROUGH, flat_shading=obstacle.shape is Shape.BOX,
            side="double", cast_shadow=False, receive_shadow=False,
        )  # fmt: skip
