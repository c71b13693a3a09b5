"""The table or floor: a configured height, or a plane fitted to a sample of the points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.frames import BoolArray, Points
from noetra_ros.perception.settings import GeometrySettings

SAMPLE = 2000  # points that vote; more change the plane by less than depth noise does
TRIALS = 64  # at half outliers, all of them without a clean triple: 2e-4
INLIER_M = 0.008
INLIERS_MIN = 200


@dataclass(frozen=True)
class Plane:
    """Points p with ``normal @ p == offset_m``, base frame; the normal is a unit vector that points up."""

    normal: FloatArray
    offset_m: float

    def is_above(self, points_base: Points, clearance_m: float) -> BoolArray:
        """(N,) bool: more than `clearance_m` above the plane."""
        if self.normal[2] == 1.0:
            return points_base[:, 2] > np.float32(self.offset_m + clearance_m)
        above: BoolArray = points_base @ self.normal.astype(np.float32) > self.offset_m + clearance_m
        return above


def configured_plane(height_m: float) -> Plane:
    """Horizontal plane."""
    return Plane(np.array([0.0, 0.0, 1.0]), height_m)


def fitted_plane(points_base: Points, settings: GeometrySettings) -> Plane | None:
    """The plane that most of a sample lies on (RANSAC, then least squares on its inliers).

    Only points within the tolerance of the configured height take part, so that no other flat thing, a board
    or a back, is taken for the table.

    Args:
        points_base: (N, 3) m.
        settings: table_height_m, table_tolerance_m and the region count here.

    Returns:
        The plane; None where too few points lie on one, or where it leaves the tolerance within the region.
    """
    is_near = np.abs(points_base[:, 2] - settings.table_height_m) <= settings.table_tolerance_m
    candidates = np.flatnonzero(is_near)
    if len(candidates) < INLIERS_MIN:
        return None
    rng = np.random.default_rng(0)  # the same picture gives the same plane
    sample = points_base[rng.choice(candidates, min(SAMPLE, len(candidates)), replace=False)].astype(float)
    inliers = _largest_consensus(sample, rng)
    if np.count_nonzero(inliers) < min(INLIERS_MIN, len(sample) // 2):
        return None
    plane = _least_squares(sample[inliers])
    return plane if _stays_within_tolerance(plane, settings) else None


def _largest_consensus(sample: FloatArray, rng: np.random.Generator) -> BoolArray:
    triples = sample[rng.integers(0, len(sample), (TRIALS, 3))]
    normals = np.cross(triples[:, 1] - triples[:, 0], triples[:, 2] - triples[:, 0])
    lengths = np.linalg.norm(normals, axis=1)
    is_proper = lengths > 1e-9
    normals = normals[is_proper] / lengths[is_proper, None]
    offsets = np.einsum("ij,ij->i", normals, triples[is_proper, 0])
    is_inlier = np.abs(sample @ normals.T - offsets) < INLIER_M
    if is_inlier.shape[1] == 0:
        return np.zeros(len(sample), dtype=bool)
    best: BoolArray = is_inlier[:, np.argmax(np.count_nonzero(is_inlier, axis=0))]
    return best


def _least_squares(points: FloatArray) -> Plane:
    centre = points.mean(axis=0)
    normal = np.linalg.svd(points - centre, full_matrices=False)[2][2]
    normal = normal if normal[2] >= 0 else -normal
    return Plane(normal, float(normal @ centre))


def _stays_within_tolerance(plane: Plane, settings: GeometrySettings) -> bool:
    if plane.normal[2] < 0.5:
        return False
    (x0, y0, _), (x1, y1, _) = settings.region_lower_m, settings.region_upper_m
    corners = np.array([(x, y) for x in (x0, x1) for y in (y0, y1)])
    heights_m = (plane.offset_m - corners @ plane.normal[:2]) / plane.normal[2]
    return bool(np.all(np.abs(heights_m - settings.table_height_m) <= settings.table_tolerance_m))
