"""How far a base at some poses is from things that may have moved on: between convex outlines, seen from above."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.footprint import Footprint
from noetra_ros.safety.base_path import placed_at
from noetra_ros.safety.base_things import Things

# The gap between two convex bodies is the largest of their gaps along all directions; below zero it says how deep
# one is in the other. A gap along one direction is never above it: what is left out lets nothing pass.
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
    shape = (len(poses), len(things.names))
    gap, towards = np.full(shape, -np.inf), np.zeros((*shape, 2, 1))
    for ways in (AROUND[np.newaxis, np.newaxis], _normals(_edges(things)), rims.normals()):
        along = rims.gaps(ways)
        at = np.argmax(along, axis=-1)[..., np.newaxis]
        most = np.take_along_axis(along, at, axis=-1)[..., 0]
        is_more = ~(most <= gap)  # NaN stays
        way = np.take_along_axis(np.broadcast_to(ways, (*shape, *ways.shape[2:])), at[..., np.newaxis, :], -1)
        gap = np.where(is_more, most, gap)
        towards = np.where(is_more[..., np.newaxis, np.newaxis], way, towards)
    for _ in range(REFINEMENTS):
        towards = rims.between(towards)
        gap = np.maximum(gap, rims.gaps(towards)[..., 0])
    return gap


class _Rims:
    """The corners of the base at its poses, and those of the things."""

    def __init__(self, things: Things, outline: Footprint, poses: FloatArray, spans_s: FloatArray) -> None:
        self._things = things
        corners_m = np.array(outline.corners_m, dtype=float)
        self._base_m = np.array([placed_at(corners_m, pose) for pose in poses])[:, np.newaxis]  # (k, 1, c, 2)
        late_s = things.ages_s + spans_s[:, np.newaxis]
        self._wider_m = things.radii_m + things.any_mps * late_s + outline.radius_m  # (k, m)
        still = np.zeros((*late_s.shape, 1, 2))
        moved_m = things.speeds_mps * late_s[..., np.newaxis, np.newaxis]
        self._moved_m = np.concatenate([still, moved_m], axis=-2)  # (k, m, 3, 2)

    def gaps(self, ways: FloatArray) -> FloatArray:
        """(k, m, d) m along directions (k or 1, m or 1, 2, d) from the base to the things."""
        nearest = (self._things.corners_m @ ways).min(axis=-2) + (self._moved_m @ ways).min(axis=-2)
        farthest = (self._base_m @ ways).max(axis=-2)
        return np.asarray(nearest - farthest - self._wider_m[..., np.newaxis])

    def normals(self) -> FloatArray:
        """(k, 1, 2, c) directions across the edges of the base."""
        return _normals(np.roll(self._base_m, -1, axis=-2) - self._base_m)

    def between(self, ways: FloatArray) -> FloatArray:
        """(k, m, 2, 1) directions from the corner that is farthest along `ways` (alike) to the nearest one."""
        shape = (*self._wider_m.shape, 1, 2)
        ends_m = np.zeros(shape)
        for points_m, sign in ((self._things.corners_m, 1.0), (self._moved_m, 1.0), (self._base_m, -1.0)):
            at = np.argmin(sign * (points_m @ ways), axis=-2)[..., np.newaxis]
            every = np.broadcast_to(points_m, (*shape[:2], *points_m.shape[-2:]))
            ends_m += sign * np.take_along_axis(every, at, axis=-2)
        apart_m = np.sqrt((ends_m**2).sum(axis=-1, keepdims=True))
        found = np.swapaxes(ends_m / np.maximum(apart_m, TINY_M), -1, -2)
        return np.where(apart_m > TINY_M, found, ways)


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
