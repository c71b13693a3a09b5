"""How much a new chunk disagrees with the one before, where both say something of the same instants."""

from __future__ import annotations

import math

import numpy as np

from noetra_ros.core.delay import S_PER_NS
from noetra_ros.core.types import ActionChunk, FloatArray

ROUNDING = 1e-6  # of a row: stamps are whole ns


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
    places, first = _places(old, new)
    if not len(places):
        return 0.0
    before = np.minimum(places.astype(np.intp), max(len(old.values) - 2, 0))
    share = (places - before)[:, np.newaxis]
    behind = np.minimum(before + 1, len(old.values) - 1)
    expected = (1.0 - share) * old.values[before] + share * old.values[behind]
    change = (new.values[first : first + len(places)] - expected) / spread
    return math.sqrt(float(np.vdot(change, change)) / change.size)


def _places(old: ActionChunk, new: ActionChunk) -> tuple[FloatArray, int]:
    """Where rows of the new chunk lie between those of the old one, and which is the first that does.

    Both have their rows at equal steps, so this is reckoned on two numbers and not row by row: it is asked at
    each inference.

    Returns:
        (m,) in rows of the old chunk, 0 to its last; and the row of the new one that the first belongs to.
    """
    ratio, last = new.step_s / old.step_s, len(old.values) - 1
    begin = ((new.stamp_ns - old.stamp_ns) * S_PER_NS + new.start_offset_s - old.start_offset_s) / old.step_s
    first = max(0, math.ceil(-begin / ratio - ROUNDING))
    end = min(len(new.values) - 1, math.floor((last - begin) / ratio + ROUNDING))
    places = begin + ratio * np.arange(first, end + 1)
    return np.minimum(np.maximum(places, 0.0), last), first
