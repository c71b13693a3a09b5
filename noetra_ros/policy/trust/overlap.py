"""How much a new chunk disagrees with the one before, where both say something of the same instants."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.interpolation import rows_at
from noetra_ros.core.types import ActionChunk, FloatArray


def disagreement(old: ActionChunk, new: ActionChunk, spread: FloatArray) -> float:
    """Root mean square difference over the rows that overlap in time.

    A policy that knows what it does says the same again; one that is lost changes its mind at each look
    (as in STAC, arXiv 2410.04640). Chunks of other columns or without overlap say nothing: 0.

    Args:
        old: earlier chunk.
        new: later one; its rows are compared, the old chunk is interpolated between its own.
        spread: (d,) what counts as 1 in each column, unit of the chunk.
    """
    if old.names != new.names:
        return 0.0
    old_ns, new_ns = old.row_times_ns, new.row_times_ns
    shared = (new_ns >= old_ns[0]) & (new_ns <= old_ns[-1])
    if not shared.any():
        return 0.0
    before = rows_at(new_ns[shared], old_ns, old.values)
    return float(np.sqrt(np.mean(((new.values[shared] - before) / spread) ** 2)))
