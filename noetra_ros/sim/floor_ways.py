"""Ways across a floor with boxes on it: where a round base has room, and how far it is to a place."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from noetra_ros.core.types import FloatArray

CELL_M = 0.05
# What a step costs where there is no room: so much that every other way is taken first, but a base that has
# been pushed there, or has come there, finds out.
CROWDED = 40.0
NEIGHBOURS = ((1, 0), (0, 1), (1, 1), (1, -1))


class FloorWays:
    """Ways to one place on a square floor.

    Args:
        half_m: half of the floor's edge; its middle is the origin.
        things_m: (k, 2) middles of what stands on it.
        keep_m: (k,) distance that the middle of the base keeps from each.
        wall_m: distance that it keeps from the edge.
        goal_m: (2,) the place.
    """

    def __init__(
        self, half_m: float, things_m: FloatArray, keep_m: FloatArray, wall_m: float, goal_m: FloatArray
    ) -> None:
        self._count = round(2.0 * half_m / CELL_M)
        self._half_m = half_m
        self._things_m, self._keep_m, self._wall_m = things_m, keep_m, wall_m
        middles = (np.arange(self._count) + 0.5) * CELL_M - half_m
        x, y = np.meshgrid(middles, middles, indexing="ij")
        self._cells_m = np.column_stack([x.ravel(), y.ravel()])
        self._is_free = self.has_room(self._cells_m)
        self.goal_m = goal_m
        goal = int(np.argmin(np.linalg.norm(self._cells_m - goal_m, axis=1)))
        self._away = dijkstra(self._steps(), directed=False, indices=goal)

    def has_room(self, points_m: FloatArray) -> np.ndarray:
        """(n,) bool: the base has room with its middle at (n, 2) points."""
        gaps = np.linalg.norm(points_m[:, None] - self._things_m[None], axis=-1) - self._keep_m
        is_inside = np.abs(points_m).max(axis=1) <= self._half_m - self._wall_m
        return np.asarray((gaps >= 0.0).all(axis=1) & is_inside)

    def is_open(self, start_m: FloatArray) -> bool:
        """There is a way with room everywhere from `start_m` to the place."""
        cell = self._cell(start_m)
        while self._is_free[cell] and self._away[cell] > CELL_M:
            cell = min(self._around(cell), key=lambda other: float(self._away[other]))
        return bool(self._is_free[cell])

    def next_m(self, start_m: FloatArray, look_ahead_m: float) -> FloatArray:
        """(2,) where to head for from `start_m`: the farthest point of the way that lies straight ahead."""
        way = self._way(start_m, look_ahead_m)
        for point_m in way[::-1]:
            if self._is_straight(start_m, point_m):
                return np.asarray(point_m)
        return np.asarray(way[0])

    def _way(self, start_m: FloatArray, look_ahead_m: float) -> list[FloatArray]:
        """Cells towards the place, nearest first, for `look_ahead_m` at most; ends in the place itself."""
        way: list[FloatArray] = []
        cell = self._cell(start_m)
        while self._away[cell] > CELL_M and len(way) * CELL_M < look_ahead_m:
            cell = min(self._around(cell), key=lambda other: float(self._away[other]))
            way.append(self._cells_m[cell])
        return way if self._away[cell] > CELL_M else [*way, self.goal_m]

    def _is_straight(self, start_m: FloatArray, end_m: FloatArray) -> bool:
        count = max(2, int(np.ceil(np.linalg.norm(end_m - start_m) / CELL_M)))
        return bool(self.has_room(np.linspace(start_m, end_m, count)).all())

    def _cell(self, point_m: FloatArray) -> int:
        x, y = np.clip(((point_m + self._half_m) / CELL_M).astype(int), 0, self._count - 1)
        return int(x * self._count + y)

    def _around(self, cell: int) -> list[int]:
        x, y = divmod(cell, self._count)
        both = [(x + s * dx, y + s * dy) for dx, dy in NEIGHBOURS for s in (1, -1)]
        return [a * self._count + b for a, b in both if 0 <= a < self._count and 0 <= b < self._count]

    def _steps(self) -> coo_array:
        """Costs from cell to cell, m."""
        index = np.arange(self._count**2).reshape(self._count, self._count)
        starts, ends, costs = [], [], []
        for dx, dy in NEIGHBOURS:
            low, high = max(0, -dy), self._count - max(0, dy)
            start = index[: self._count - dx, low:high].ravel()
            end = index[dx:, low + dy : high + dy].ravel()
            is_free = self._is_free[start] & self._is_free[end]
            starts.append(start)
            ends.append(end)
            costs.append(CELL_M * np.hypot(dx, dy) * np.where(is_free, 1.0, CROWDED))
        size = self._count**2
        return coo_array(
            (np.concatenate(costs), (np.concatenate(starts), np.concatenate(ends))), shape=(size, size)
        )
