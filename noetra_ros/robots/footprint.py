"""The ground that a mobile base covers: a convex outline, widened by a radius."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray

OUTLINE_POINTS = 32
ON_A_LINE = 1e-9


@dataclass(frozen=True)
class Footprint:
    """Corners and a radius around them; one corner is a circle, two are a stadium."""

    corners_m: tuple[tuple[float, float], ...] = setting(
        "m", "corners x, y of the outline, counter-clockwise, convex, base frame"
    )
    radius_m: float = setting("m", "by how much the outline is widened", minimum=0.0, maximum=5.0)
    height_m: tuple[float, float] | None = setting(
        "m",
        "lowest and highest point of the robot above the origin of the base frame, load included: what "
        "perception sees wholly below or above is not in its way; null = everything is, at any height",
        default=None,
    )

    def __post_init__(self) -> None:
        if not self.corners_m or not np.isfinite(np.array(self.corners_m)).all():
            raise single_fault("footprint", "corners_m", str(self.corners_m), "one corner or more, finite")
        edges = self._to - self._from
        turns = (
            edges[:, 0] * np.roll(edges, -1, axis=0)[:, 1] - edges[:, 1] * np.roll(edges, -1, axis=0)[:, 0]
        )
        if len(self.corners_m) > 2 and not (turns > ON_A_LINE).all():
            raise single_fault(
                "footprint", "corners_m", str(self.corners_m), "a convex outline, counter-clockwise"
            )
        if len(self.corners_m) < 3 and self.radius_m <= 0.0:
            raise single_fault("footprint", "radius_m", str(self.radius_m), "above 0 for one or two corners")
        if self.height_m is not None and not self.height_m[0] < self.height_m[1]:
            raise single_fault(
                "footprint", "height_m", str(self.height_m), "the lower one, then the higher one"
            )

    @cached_property
    def _from(self) -> FloatArray:
        """(e, 2) where each edge begins."""
        return np.array(self.corners_m, dtype=float)

    @cached_property
    def _to(self) -> FloatArray:
        """(e, 2) where it ends."""
        return np.roll(self._from, -1, axis=0)

    @cached_property
    def _edges(self) -> tuple[FloatArray, FloatArray]:
        """(2, e) x and y of each edge, and (e,) its squared length, never zero."""
        edge = (self._to - self._from).T
        return edge, np.maximum((edge**2).sum(axis=0), 1e-18)

    @cached_property
    def reach_m(self) -> float:
        """Its point that is farthest from the origin of the base frame."""
        return float(np.hypot(*self._from.T).max()) + self.radius_m

    @cached_property
    def outline_m(self) -> FloatArray:
        """(k, 2) points along its rim, base frame."""
        angles = np.linspace(0.0, 2.0 * np.pi, OUTLINE_POINTS, endpoint=False)
        around = np.column_stack([np.cos(angles), np.sin(angles)])
        # In each direction the farthest corner, widened: exact for what is round, corners for what is not.
        farthest = self._from[np.argmax(around @ self._from.T, axis=1)]
        return np.vstack([farthest + self.radius_m * around, self._from])

    def distance_m(self, points_m: FloatArray) -> FloatArray:
        """Distances of points from the rim; below zero inside.

        Args:
            points_m: (..., 2) base frame.

        Returns:
            (...) m.
        """
        # By components: reducing an axis of two numbers takes several times as long.
        (edge_x, edge_y), length2 = self._edges
        x, y = points_m[..., 0, None] - self._from[:, 0], points_m[..., 1, None] - self._from[:, 1]
        along = np.clip((x * edge_x + y * edge_y) / length2, 0.0, 1.0)
        nearest = np.sqrt(((x - along * edge_x) ** 2 + (y - along * edge_y) ** 2).min(axis=-1))
        if len(self.corners_m) > 2:
            is_inside = (edge_x * y - edge_y * x >= 0.0).all(axis=-1)
            nearest = np.where(is_inside, -nearest, nearest)
        return np.asarray(nearest - self.radius_m)
