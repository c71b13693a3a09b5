"""The tightest of sphere, capsule and box that holds all points of a cluster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.obstacles import Shape
from noetra_ros.core.types import FloatArray
from noetra_ros.perception.frames import Points

SPHERE_STEPS = 12
UNTURNED = np.array([0.0, 0.0, 0.0, 1.0])
ROUNDING_M = 1e-6  # sizes are rounded up, so that points on the surface count as inside
COARSE_TURNS_RAD = np.deg2rad(np.arange(0.0, 90.0, 6.0))
FINE_TURNS_RAD = np.deg2rad(np.arange(-3.0, 3.5, 0.5))


@dataclass(frozen=True)
class FittedShape:
    """A shape around points; the fields mean what those of `core.obstacles.Obstacle` do.

    Attributes:
        shape: sphere, capsule or box.
        position_m: (3,) centre, base frame.
        quat_xyzw: (4,) orientation.
        size_m: (3,) by shape.
        swollen_m3: volume with half a voxel around it, by which shapes are compared.
    """

    shape: Shape
    position_m: FloatArray
    quat_xyzw: FloatArray
    size_m: FloatArray
    swollen_m3: float


def fit_obstacle(points_base: Points, voxel_m: float) -> FittedShape:
    """The shape of least volume that holds all points; each of its faces or its surface touches a point.

    Args:
        points_base: (N, 3) m, N >= 1.
        voxel_m: shapes are compared with half a voxel around them: a flat patch is not of volume 0.
    """
    points = np.asarray(points_base, dtype=np.float64)
    half_m = 0.5 * voxel_m
    best = min(fit_box(points, half_m), fit_capsule(points, half_m), key=lambda fitted: fitted.swollen_m3)
    least_radius_m = 0.5 * float(np.ptp(points, axis=0).max())
    if ball_m3(least_radius_m + half_m) >= best.swollen_m3:  # no sphere can be smaller
        return best
    return min(best, fit_sphere(points, half_m), key=lambda fitted: fitted.swollen_m3)


def ball_m3(radius_m: float) -> float:
    """Volume of a ball."""
    return 4.0 / 3.0 * np.pi * radius_m**3


def fit_sphere(points: FloatArray, half_m: float) -> FittedShape:
    """Nearly smallest sphere: its centre walks to the farthest point by shrinking steps (Badoiu-Clarkson)."""
    centre = 0.5 * (points.min(axis=0) + points.max(axis=0))
    best_centre, best = centre, np.inf
    for step in range(SPHERE_STEPS):
        squared = _squares(points - centre)
        farthest = int(np.argmax(squared))
        if squared[farthest] < best:
            best, best_centre = float(squared[farthest]), centre
        centre = centre + (points[farthest] - centre) / (step + 2)
    radius_m = np.sqrt(best) + ROUNDING_M
    size_m = np.array([radius_m, 0.0, 0.0])
    return FittedShape(Shape.SPHERE, best_centre, UNTURNED, size_m, ball_m3(radius_m + half_m))


def fit_capsule(points: FloatArray, half_m: float) -> FittedShape:
    """Capsule along the main axis of the points, its caps moved inwards as far as they hold every point."""
    centre = points.mean(axis=0)
    axes = _main_axes(points - centre)
    local = (points - centre) @ axes  # columns: along, across, across
    middle = 0.5 * (local[:, 1:].min(axis=0) + local[:, 1:].max(axis=0))
    across_squared = _squares(local[:, 1:] - middle)
    radius_m = np.sqrt(across_squared.max()) + ROUNDING_M
    reach = np.sqrt(radius_m**2 - across_squared)
    low, high = float((local[:, 0] + reach).min()), float((local[:, 0] - reach).max())
    if low > high:  # one ball holds all of them
        low = high = 0.5 * (low + high)
    length_m = high - low
    position_m = centre + axes @ np.array([0.5 * (low + high), *middle])
    swollen_m = radius_m + half_m
    volume = np.pi * swollen_m**2 * length_m + ball_m3(swollen_m)
    size_m = np.array([radius_m, length_m, 0.0])
    return FittedShape(Shape.CAPSULE, position_m, _quat_of_z(axes[:, 0]), size_m, volume)


def fit_box(points: FloatArray, half_m: float) -> FittedShape:
    """Upright box, turned about the vertical so that its ground plan is smallest."""
    turn_rad = _best_turn(points, COARSE_TURNS_RAD)
    turn_rad = _best_turn(points, turn_rad + FINE_TURNS_RAD)
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    rotation = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    local = points @ rotation
    low, high = local.min(axis=0), local.max(axis=0)
    size_m = high - low + 2.0 * ROUNDING_M
    position_m = rotation @ (0.5 * (low + high))
    quat_xyzw = np.array([0.0, 0.0, np.sin(0.5 * turn_rad), np.cos(0.5 * turn_rad)])
    return FittedShape(Shape.BOX, position_m, quat_xyzw, size_m, float(np.prod(size_m + 2.0 * half_m)))


def _best_turn(points: FloatArray, turns_rad: FloatArray) -> float:
    cos, sin = np.cos(turns_rad), np.sin(turns_rad)
    axes = np.array([np.concatenate([cos, -sin]), np.concatenate([sin, cos])]).T
    across = axes @ points[:, :2].T
    lengths = (across.max(axis=1) - across.min(axis=1)).reshape(2, -1)
    return float(turns_rad[np.argmin(lengths[0] * lengths[1])])


def _squares(offsets: FloatArray) -> FloatArray:
    """(N,) squared lengths; einsum takes a quarter of the time of a sum along a short axis."""
    squares: FloatArray = np.einsum("ij,ij->i", offsets, offsets)
    return squares


def _main_axes(offsets: FloatArray) -> FloatArray:
    """(3, 3) columns: principal axes, the longest first, right-handed."""
    axes: FloatArray = np.linalg.eigh(offsets.T @ offsets)[1][:, ::-1].copy()
    if np.linalg.det(axes) < 0:
        axes[:, 2] = -axes[:, 2]
    return axes


def _quat_of_z(direction: FloatArray) -> FloatArray:
    """(4,) xyzw, the shortest turn of the z axis onto a unit vector."""
    x, y, z = direction if direction[2] >= 0 else -direction  # a capsule has no front
    quat: FloatArray = np.array([-y, x, 0.0, 1.0 + z])
    quat /= np.linalg.norm(quat)
    return quat
