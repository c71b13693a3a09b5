"""The nearest point within bounds and half spaces: in closed form where only bounds bind, else a small QP."""

from __future__ import annotations

import daqp
import numpy as np

from noetra_ros.core.types import FloatArray

SOLVED = 1  # exit flag of daqp
ITERATIONS = 200  # an active-set step each; a handful is usual


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
    if not (np.isfinite(wanted).all() and np.isfinite(rows).all() and np.isfinite(least).all()):
        return None
    clipped: FloatArray = np.minimum(np.maximum(wanted, lower), upper)
    if (rows @ clipped >= least).all():
        # Nearest within the bounds, and a point of the smaller set: nearest there too.
        return clipped
    size = np.linalg.norm(rows, axis=1)
    is_held = size > 0.0
    if (least[~is_held] > 0.0).any():
        return None
    scaled = rows[is_held] / size[is_held, np.newaxis]
    found, _, flag, _ = daqp.solve(
        np.eye(len(wanted)),
        -np.asarray(wanted),
        np.ascontiguousarray(scaled),
        np.concatenate([upper, np.full(len(scaled), np.inf)]),
        np.concatenate([lower, least[is_held] / size[is_held]]),
        iter_limit=ITERATIONS,
    )
    if flag != SOLVED or not np.isfinite(found).all():
        return None
    solution: FloatArray = np.minimum(np.maximum(found, lower), upper)
    return solution
