"""The smallest capsule around a set of points: one convex shape for a link, cheap to measure distances to."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.spatial import ConvexHull, QhullError

from noetra_ros.core.types import FloatArray

# Added to the radius, so that rounding leaves no point outside.
SKIN_M = 1e-9


@dataclass(frozen=True)
class Capsule:
    """All points within `radius_m` of a segment.

    Attributes:
        start_m: (3,) one end of the segment.
        end_m: (3,) the other end; equal to `start_m` for a sphere.
        radius_m: radius.
    """

    start_m: FloatArray
    end_m: FloatArray
    radius_m: float

    @property
    def volume_m3(self) -> float:
        """Volume."""
        length_m = float(np.linalg.norm(self.end_m - self.start_m))
        return math.pi * self.radius_m**2 * (length_m + 4.0 / 3.0 * self.radius_m)


def enclosing_capsule(points_m: FloatArray) -> Capsule:
    """A capsule that holds every point, with nearly the least volume (local search from three directions).

    Args:
        points_m: (n >= 1, 3) metres.
    """
    points_m = np.asarray(points_m, dtype=np.float64)
    corners_m = _corners(points_m)
    centre_m = corners_m.mean(axis=0)
    _, _, directions = np.linalg.svd(corners_m - centre_m)
    candidates = [_search(corners_m, centre_m, direction) for direction in directions]
    return min(candidates, key=lambda capsule: capsule.volume_m3)


def _corners(points_m: FloatArray) -> FloatArray:
    """Corners of the convex hull; all points where they span no volume."""
    try:
        corners: FloatArray = points_m[ConvexHull(points_m).vertices]
    except (QhullError, ValueError):
        return points_m
    return corners


def _search(points_m: FloatArray, centre_m: FloatArray, direction: FloatArray) -> Capsule:
    """Tilt and shift an axis until the capsule around the points is smallest."""
    _, _, frame = np.linalg.svd(direction[np.newaxis])
    size_m = float(np.ptp(points_m, axis=0).max()) or 1.0

    def capsule(change: FloatArray) -> Capsule:
        axis = direction + change[0] * frame[1] + change[1] * frame[2]
        origin_m = centre_m + size_m * (change[2] * frame[1] + change[3] * frame[2])
        return _around_axis(points_m, origin_m, axis / np.linalg.norm(axis))

    start = np.vstack([np.zeros(4), 0.1 * np.eye(4)])
    found = minimize(
        lambda change: capsule(change).volume_m3,
        start[0],
        method="Nelder-Mead",
        options={"initial_simplex": start, "maxiter": 300, "xatol": 1e-3, "fatol": 1e-9},
    )
    return capsule(found.x)


def _around_axis(points_m: FloatArray, origin_m: FloatArray, axis: FloatArray) -> Capsule:
    """The smallest capsule on a given axis: radius by the farthest point, ends as near as the caps allow."""
    offsets_m = points_m - origin_m
    along_m = offsets_m @ axis
    across_m = np.linalg.norm(offsets_m - along_m[:, np.newaxis] * axis, axis=1)
    radius_m = float(across_m.max()) + SKIN_M
    caps_m = np.sqrt(radius_m**2 - across_m**2)
    first_m, last_m = float((along_m + caps_m).min()), float((along_m - caps_m).max())
    if first_m > last_m:  # one ball holds all
        first_m = last_m = 0.5 * (first_m + last_m)
    return Capsule(origin_m + first_m * axis, origin_m + last_m * axis, radius_m)
