"""How far a base at some poses is from things that may have moved on: between convex outlines from above."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.footprint import Footprint
from noetra_ros.safety.base_things import Things

# The gap between two convex bodies is the largest of their gaps along all directions; below zero it says how
# deep one is in the other. A gap along one direction is never above it: what is left out lets nothing pass.
_ANGLES = np.linspace(0.0, 2.0 * np.pi, 32, endpoint=False)
AROUND = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])
REFINEMENTS = 3  # from corner to corner the line between them is the direction: found from the nearest one
TINY_M = 1e-9


def gaps_m(things: Things, outline: Footprint, poses: FloatArray, spans_s: FloatArray) -> FloatArray:
    """Gaps between a base and the things around it.

    Args:
        things: m of them.
        outline: footprint of the base.
        poses: (k, 3) of the base, in its frame of now.
        spans_s: (k,) s from now until which the things may have moved on.

    Returns:
        (k, m) m; negative = inside one another, NaN where something is no number.
    """
    rims = _Rims(things, outline, poses, spans_s)
    around = np.broadcast_to(AROUND, (1, len(things.names), *AROUND.shape))
    gap, towards = rims.best(np.concatenate([around, _normals(_edges(things))], axis=-1))
    if len(outline.corners_m) > 1:
        other, across = rims.best(rims.normals())
        is_more = ~(other <= gap)  # NaN stays
        gap, towards = np.where(is_more, other, gap), np.where(is_more[..., np.newaxis], across, towards)
    for _ in range(REFINEMENTS):
        towards = rims.between(towards)
        gap = np.maximum(gap, rims.gaps(towards[..., np.newaxis])[..., 0])
    return np.asarray(gap)


class _Rims:
    """The corners of the base at its poses, and those of the things."""

    def __init__(self, things: Things, outline: Footprint, poses: FloatArray, spans_s: FloatArray) -> None:
        self._things = things
        x, y = np.array(outline.corners_m, dtype=float).T
        cos, sin = np.cos(poses[:, 2:]), np.sin(poses[:, 2:])
        turned = np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)
        self._base_m = (turned + poses[:, np.newaxis, :2])[:, np.newaxis]  # (k, 1, c, 2)
        late_s = things.ages_s + spans_s[:, np.newaxis]
        self._wider_m = things.radii_m + things.any_mps * late_s + outline.radius_m  # (k, m)
        still = np.zeros((*late_s.shape, 1, 2))
        moved_m = things.speeds_mps * late_s[..., np.newaxis, np.newaxis]
        self._moved_m = np.concatenate([still, moved_m], axis=-2)  # (k, m, 3, 2)
        self._pose, self._thing = np.ogrid[: late_s.shape[0], : late_s.shape[1]]

    def gaps(self, ways: FloatArray) -> FloatArray:
        """(k, m, d) m along directions (k or 1, m or 1, 2, d) from the base to the things."""
        nearest = (self._things.corners_m @ ways).min(axis=-2) + (self._moved_m @ ways).min(axis=-2)
        farthest = (self._base_m @ ways).max(axis=-2)
        return np.asarray(nearest - farthest - self._wider_m[..., np.newaxis])

    def best(self, ways: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(k, m) m, the largest of `gaps`, and (k, m, 2) its direction."""
        along = self.gaps(ways)
        at = np.argmax(along, axis=-1)
        pose, thing = (i if n > 1 else 0 for i, n in zip((self._pose, self._thing), ways.shape, strict=False))
        return along[self._pose, self._thing, at], ways[pose, thing, :, at]

    def normals(self) -> FloatArray:
        """(k, 1, 2, c) directions across the edges of the base."""
        return _normals(np.roll(self._base_m, -1, axis=-2) - self._base_m)

    def between(self, towards: FloatArray) -> FloatArray:
        """(k, m, 2) directions from the corner that is farthest along `towards` (alike) to the nearest."""
        way = towards[..., np.newaxis]
        corner = np.argmin((self._things.corners_m @ way)[..., 0], axis=-1)
        move = np.argmin((self._moved_m @ way)[..., 0], axis=-1)
        rim = np.argmax((self._base_m @ way)[..., 0], axis=-1)
        apart = self._things.corners_m[self._thing, corner] + self._moved_m[self._pose, self._thing, move]
        apart = apart - self._base_m[self._pose, 0, rim]
        apart_m = np.sqrt((apart**2).sum(axis=-1, keepdims=True))
        return np.where(apart_m > TINY_M, apart / np.maximum(apart_m, TINY_M), towards)


def _edges(things: Things) -> FloatArray:
    """(1, m, e, 2) along which the outlines of the things run: of the boxes that they hold, from one of these
    to another, and the ways that they go.
    """
    boxes = things.corners_m.reshape(len(things.names), 3, 8, 2)
    sides = (boxes[:, :, (1, 2, 4)] - boxes[:, :, :1]).reshape(len(things.names), 9, 2)
    middles = boxes.mean(axis=2)
    speeds = things.speeds_mps
    turn = speeds[:, 1:] - speeds[:, :1]
    every = np.concatenate([sides, middles - np.roll(middles, 1, axis=1), speeds, turn], axis=1)
    return np.concatenate([every, -every], axis=1)[np.newaxis]


def _normals(edges: FloatArray) -> FloatArray:
    """(..., 2, e) unit vectors to the right of edges (..., e, 2); any direction for one without length."""
    length = np.sqrt((edges**2).sum(axis=-1))
    is_edge = length > TINY_M
    size = np.where(is_edge, length, 1.0)
    right = np.stack([edges[..., 1] / size, -edges[..., 0] / size], axis=-2)
    aside = np.array([[1.0], [0.0]])
    return np.where(is_edge[..., np.newaxis, :], right, aside)
