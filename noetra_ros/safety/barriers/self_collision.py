"""Barrier: the robot's links keep apart from one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.link_hulls import Gap, LinkHulls
from noetra_ros.safety.projection.barrier import Body, barrier_registry

MARGIN_M = 0.003  # sag and overshoot of the joints, and what the hulls of printed parts leave out
POSTURES = 100  # in which pairs are looked at that can never be apart
SEED = 0


class LinkPairs:
    """Room between hulls of links that at least two joints move against each other, less `MARGIN_M`.

    Pairs whose hulls overlap in each of many random postures are left out: they hold each other, or their
    hulls are too wide to tell.

    Args:
        hulls: of the robot.
        lower: (j,) lowest joint positions, profile order.
        upper: (j,) highest.

    Attributes:
        left_out: those pairs.
    """

    unit = "m"

    def __init__(self, hulls: LinkHulls, lower: FloatArray, upper: FloatArray) -> None:
        self._hulls = hulls
        self._gaps: dict[int, Gap] = {}
        self._pairs = _pairs(hulls)
        is_apart = self._is_apart_somewhere(lower, upper)
        self.left_out = tuple(dict.fromkeys(self._names(self._pairs[~is_apart])))
        self._pairs = self._pairs[is_apart]
        self.names = self._names(self._pairs)
        self.reach = self._reach()

    def bound(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) m, of balls around the hulls."""
        self._hulls.place(positions)
        return self._hulls.ball_gaps(*self._pairs[rows].T) - MARGIN_M

    def room(self, positions: FloatArray, rows: Sequence[int]) -> FloatArray:
        """(k,) m."""
        self._hulls.place(positions)
        self._gaps = {row: self._hulls.gap(*self._pairs[row].tolist()) for row in rows}
        return np.array([gap.room_m for gap in self._gaps.values()]) - MARGIN_M

    def gradient(self, rows: Sequence[int]) -> FloatArray:
        """(k, j) m per rad."""
        return np.array([self._row(row) for row in rows])

    def _row(self, row: int) -> FloatArray:
        first, second = self._pairs[row].tolist()
        gap = self._gaps[row]
        far = self._hulls.speed_row(second, gap.points_m[1], gap.towards)
        near = self._hulls.speed_row(first, gap.points_m[0], gap.towards)
        # Joints that move both links do not move them against each other.
        change: FloatArray = (far - near) * (self.reach[row] > 0.0)
        return change

    def _reach(self) -> FloatArray:
        first, second = self._pairs.T
        is_between = self._hulls.supports[first] != self._hulls.supports[second]
        reach: FloatArray = np.maximum(self._hulls.reach[first], self._hulls.reach[second]) * is_between
        return reach

    def _names(self, pairs: NDArray[np.intp]) -> tuple[str, ...]:
        links = self._hulls.links
        return tuple(f"{links[first]} and {links[second]}" for first, second in pairs)

    def _is_apart_somewhere(self, lower: FloatArray, upper: FloatArray) -> NDArray[np.bool_]:
        """(m,) true for pairs that some posture holds apart."""
        draw, is_apart = np.random.default_rng(SEED), np.zeros(len(self._pairs), dtype=bool)
        for _ in range(POSTURES):
            rows = np.flatnonzero(~is_apart)
            is_apart[rows] = self.room(draw.uniform(lower, upper), rows.tolist()) > 0.0
        return is_apart


def _pairs(hulls: LinkHulls) -> NDArray[np.intp]:
    """(m, 2) hulls that at least two joints move against each other."""
    first, second = np.triu_indices(len(hulls.links), 1)
    is_pair = (hulls.supports[first] != hulls.supports[second]).sum(axis=1) >= 2
    return np.stack([first[is_pair], second[is_pair]], axis=1)


@barrier_registry.register("self_collision")
def make(body: Body) -> LinkPairs | None:
    """None for a profile without a URDF, and for a robot that cannot reach itself."""
    if body.profile.urdf_path is None:
        return None
    limits = body.profile.joints.values()
    lower, upper = np.array([(joint.lower_rad, joint.upper_rad) for joint in limits]).T
    pairs = LinkPairs(body.hulls, lower, upper)
    return pairs if pairs.names else None
