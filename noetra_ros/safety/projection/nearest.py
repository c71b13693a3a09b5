"""The nearest point within bounds and half spaces: in closed form where only bounds bind, else a small QP."""

from __future__ import annotations

import daqp
import numpy as np

from noetra_ros.core.types import FloatArray

SOLVED = 1  # exit flag of daqp
ITERATIONS = 200  # an active-set step each; a handful is usual
_all = np.logical_and.reduce  # faster than the method, and this runs with every command near a barrier


def nearest(
    wanted: FloatArray, lower: FloatArray, upper: FloatArray, rows: FloatArray, least: FloatArray
) -> FloatArray | None:
    """The x nearest to `wanted` with lower <= x <= upper and rows @ x >= least.

    Args:
        wanted: (d,), in units in which all axes count alike.
        lower: (d,) bounds.
        upper: (d,) bounds.
        rows: (m, d) half spaces.
        least: (m,) of them.

    Returns:
        (d,); None where there is none, where it was not found within `ITERATIONS`, or where a number is none.
    """
    size = np.sqrt(np.add.reduce(rows * rows, axis=1))
    if not _all(np.isfinite(np.concatenate((wanted, least, size)))):
        return None
    clipped: FloatArray = np.minimum(np.maximum(wanted, lower), upper)
    if _all(rows @ clipped >= least):
        # Nearest within the bounds, and a point of the smaller set: nearest there too.
        return clipped
    is_held = size > 0.0
    if not _all(is_held):
        if (least[~is_held] > 0.0).any():
            return None
        rows, least, size = rows[is_held], least[is_held], size[is_held]
    found, _, flag, _ = daqp.solve(
        np.eye(len(wanted)),
        np.negative(wanted),
        np.divide(rows, size[:, np.newaxis], order="C"),
        np.concatenate((upper, np.full(len(size), np.inf))),
        np.concatenate((lower, least / size)),
        iter_limit=ITERATIONS,
    )
    if flag != SOLVED or not _all(np.isfinite(found)):
        return None
    solution: FloatArray = np.minimum(np.maximum(found, lower), upper)
    return solution
