"""How much a new chunk disagrees with the one before, where both say something of the same instants."""

from __future__ import annotations

import math

import numpy as np

from noetra_ros.core.delay import S_PER_NS
from noetra_ros.core.interpolation import rows_at
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
    first, expected = _said_before(old, new)
    if not len(expected):
        return 0.0
    change = (new.values[first : first + len(expected)] - expected) / spread
    return math.sqrt(float(np.vdot(change, change)) / change.size)


def _said_before(old: ActionChunk, new: ActionChunk) -> tuple[int, FloatArray]:
    """What the old chunk said of the instants of the new one's rows, and which is the first that it reaches.

    Where both have the same step, every row lies at the same share of the way between two old ones: this is
    asked at each inference, and slices take a fifth of the time of an interpolation.

    Returns:
        Number of the new chunk's row; (m, d) as the old chunk, none where they do not overlap.
    """
    step_s, last = old.step_s, len(old.values) - 1
    ratio = new.step_s / step_s
    begin = ((new.stamp_ns - old.stamp_ns) * S_PER_NS + new.start_offset_s - old.start_offset_s) / step_s
    first = max(0, math.ceil(-begin / ratio - ROUNDING))
    count = min(len(new.values) - 1, math.floor((last - begin) / ratio + ROUNDING)) - first + 1
    if count < 1:
        return first, old.values[:0]
    if ratio != 1.0:
        places = begin + ratio * np.arange(first, first + count)
        return first, rows_at(places, np.arange(len(old.values)), old.values)
    place = begin + first
    before = math.floor(place + ROUNDING)
    share = place - before
    at = old.values[before : before + count]
    if share <= ROUNDING:
        return first, at
    return first, at + share * (old.values[before + 1 : before + 1 + count] - at)
