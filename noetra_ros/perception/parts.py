"""Large clusters in parts, so that a bent arm is not one huge box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.frames import Points

PARTS_MAX = 64  # what is left then is one last part, so that nothing is lost


def cut_into_parts(points_base: Points, radius_m: float, robot_base: FloatArray) -> list[NDArray[np.intp]]:
    """Indices of the points of each part.

    Cutting starts at the point nearest to the robot and takes what lies within the radius; then again with
    the rest. So the tip of a reaching arm is a part of its own that moves as the tip does.

    Args:
        points_base: (N, 3) m, one cluster.
        radius_m: of a part; a cluster that fits into a ball of that radius about its middle stays whole.
        robot_base: (3,) the point of the robot that nearness counts from, m.

    Returns:
        Index arrays that together hold every point once.
    """
    middle = 0.5 * (points_base.min(axis=0) + points_base.max(axis=0))
    if _squares(points_base - middle).max() <= radius_m**2:
        return [np.arange(len(points_base))]
    order = np.argsort(_squares(points_base - robot_base.astype(np.float32)), kind="stable")
    ordered = points_base[order]
    parts: list[NDArray[np.intp]] = []
    while len(order) and len(parts) < PARTS_MAX - 1:
        is_within = _squares(ordered - ordered[0]) <= radius_m**2
        parts.append(order[is_within])
        order, ordered = order[~is_within], ordered[~is_within]
    return [*parts, order] if len(order) else parts


def _squares(offsets: Points) -> Points:
    squares: Points = np.einsum("ij,ij->i", offsets, offsets)
    return squares
