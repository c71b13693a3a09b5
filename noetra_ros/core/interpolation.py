"""Values between rows that were given: straight lines over time, all columns at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray


def rows_at(at: NDArray[np.number], times: NDArray[np.number], rows: FloatArray) -> FloatArray:
    """The rows at some times; before the first and after the last these.

    Args:
        at: (m,) times.
        times: (n,) times of the rows, rising, same unit. Integers of ns stay exact to the last step.
        rows: (n, d), n at least 1.

    Returns:
        (m, d).
    """
    if len(rows) == 1:
        return rows.repeat(len(at), axis=0)
    after = np.clip(np.searchsorted(times, at), 1, len(times) - 1)
    before = after - 1
    share = np.clip((at - times[before]) / (times[after] - times[before]), 0.0, 1.0)
    between: FloatArray = rows[before] + share[:, np.newaxis] * (rows[after] - rows[before])
    return between
