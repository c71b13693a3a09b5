"""Delay of a policy counted in actions: how many rows of a chunk are past before it can be followed."""

from __future__ import annotations

import bisect
import math
from collections import deque

S_PER_NS = 1e-9
# Delays that the percentile is taken of: half a minute of chunks at 5 Hz; old ones are forgotten.
WINDOW = 150
PERCENT = 95.0
# Clocks round to ns; a row that falls due within this is not yet past.
ROUNDING_S = 1e-6


def rows_past(delay_s: float, start_offset_s: float, step_s: float) -> int:
    """Rows of a chunk whose instant has passed `delay_s` after its observation: actions consumed meanwhile.

    Args:
        delay_s: s from the observation to the instant at which the chunk can be followed.
        start_offset_s: s from the observation to row 0.
        step_s: s between rows.
    """
    return max(0, math.floor((delay_s - start_offset_s - ROUNDING_S) / step_s) + 1)


class DelayMeter:
    """Running 95th percentile of the delay of the last chunks.

    The delay of a chunk that nothing was being executed for (the first after a start, after a new sentence,
    after a stop) is left out: loading, warm-up and standing still consume no action.
    """

    def __init__(self) -> None:
        self._delays_s: deque[float] = deque()
        self._rising_s: list[float] = []  # the same, sorted: the percentile is asked for at each inference
        self.left_out = 0

    def add(self, delay_s: float, is_cold: bool = False) -> None:
        """A chunk came `delay_s` after its observation; cold = no action was being executed meanwhile."""
        if is_cold:
            self.left_out += 1
            return
        if len(self._delays_s) == WINDOW:
            oldest_s = self._delays_s.popleft()
            del self._rising_s[bisect.bisect_left(self._rising_s, oldest_s)]
        self._delays_s.append(delay_s)
        bisect.insort(self._rising_s, delay_s)

    @property
    def count(self) -> int:
        """Delays that the percentile is taken of."""
        return len(self._delays_s)

    @property
    def p95_s(self) -> float:
        """s; NaN before the first."""
        if not self._rising_s:
            return math.nan
        place = PERCENT / 100.0 * (len(self._rising_s) - 1)
        before = math.floor(place)
        low_s, high_s = self._rising_s[before], self._rising_s[min(before + 1, len(self._rising_s) - 1)]
        return low_s + (place - before) * (high_s - low_s)

    def p95_rows(self, start_offset_s: float, step_s: float) -> int:
        """Actions consumed at the 95th percentile of the delay; 0 before the first chunk."""
        return rows_past(self.p95_s, start_offset_s, step_s) if self._delays_s else 0


def is_within_envelope(delay_rows: int, executed_rows: int, rows: int) -> bool:
    """May a chunk carry on the one before it (real-time chunking), so that both agree while it is computed?

    Two conditions of Black, Galliker, Levine: Real-Time Execution of Action Chunking Flow Policies (2025),
    section 3: the answer comes before the next question (d <= s), and the old chunk still has rows when it
    comes (s + d <= H).

    Args:
        delay_rows: d, actions consumed while a chunk is computed.
        executed_rows: s, actions between the observations of two chunks.
        rows: H, rows of a chunk.
    """
    return delay_rows <= executed_rows and executed_rows + delay_rows <= rows
