"""Distances of the robot's capsules to obstacles: all pairs at once, closest points included.

A sphere is a capsule without length; a box is held by the capsule along its longest edge, so that a distance
is never longer than the true one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.obstacles import Obstacle, Shape
from noetra_ros.core.types import FloatArray

TINY = 1e-12


def obstacle_capsules(obstacles: Sequence[Obstacle]) -> tuple[FloatArray, FloatArray]:
    """Capsules that hold the obstacles.

    Returns:
        (m, 2, 3) ends and (m,) radii, metres, frame of the obstacles.

    Raises:
        ValueError: an orientation without length.
    """
    segments, radii_m = np.zeros((len(obstacles), 2, 3)), np.zeros(len(obstacles))
    for i, obstacle in enumerate(obstacles):
        axis, half_m, radii_m[i] = _axis(obstacle)
        segments[i] = obstacle.position_m - half_m * axis, obstacle.position_m + half_m * axis
    return segments, radii_m


def _axis(obstacle: Obstacle) -> tuple[FloatArray, float, float]:
    """Direction (3,), half length and radius of the capsule that holds an obstacle."""
    size_m = obstacle.size_m
    if obstacle.shape is Shape.SPHERE:
        return np.zeros(3), 0.0, float(size_m[0])
    turn = rotation(obstacle.quat_xyzw)
    if obstacle.shape is Shape.CAPSULE:
        return turn[:, 2], 0.5 * float(size_m[1]), float(size_m[0])
    longest = int(np.argmax(size_m))
    across_m = np.delete(size_m, longest)
    return turn[:, longest], 0.5 * float(size_m[longest]), 0.5 * float(np.linalg.norm(across_m))


def rotation(quat_xyzw: FloatArray) -> FloatArray:
    """(3, 3) of a quaternion of any length.

    Raises:
        ValueError: it has no length.
    """
    length = float(np.linalg.norm(quat_xyzw))
    if length < 1e-6:
        raise ValueError(f"an obstacle has the orientation {quat_xyzw.tolist()}, expected a unit quaternion")
    x, y, z, w = (quat_xyzw / length).tolist()
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def closest_points(ours: FloatArray, theirs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Closest points of all pairs of segments.

    Args:
        ours: (n, 2, 3) metres.
        theirs: (m, 2, 3) metres.

    Returns:
        Points on ours and on theirs, both (n, m, 3).
    """
    start, along = ours[:, np.newaxis, 0], (ours[:, 1] - ours[:, 0])[:, np.newaxis]
    other, across = theirs[np.newaxis, :, 0], (theirs[:, 1] - theirs[:, 0])[np.newaxis]
    offset = start - other
    a, e = _dot(along, along), _dot(across, across)
    b, c, f = _dot(along, across), _dot(along, offset), _dot(across, offset)
    slope = a * e - b * b
    # Parallel segments: any point of ours serves, the best on theirs is found for it.
    s = np.where(slope > TINY, _clip01((b * f - c * e) / np.where(slope > TINY, slope, 1.0)), 0.5)
    t = (b * s + f) / np.maximum(e, TINY)
    t_in = _clip01(np.where(e > TINY, t, 0.0))
    s = np.where(a > TINY, _clip01((b * t_in - c) / np.maximum(a, TINY)), 0.0)
    t = np.where(e > TINY, _clip01((b * s + f) / np.maximum(e, TINY)), 0.0)
    return start + s[..., np.newaxis] * along, other + t[..., np.newaxis] * across


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    product: FloatArray = (left * right).sum(axis=-1)
    return product


def _clip01(values: FloatArray) -> FloatArray:
    return np.minimum(np.maximum(values, 0.0), 1.0)
