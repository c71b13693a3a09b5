"""Twists that were sent to a tool of late: what it has done since it was measured, or has still to do."""

from __future__ import annotations

from collections import deque

import numpy as np

from noetra_ros.core.types import FloatArray

NS_PER_S = 1e9
REMEMBERED = 4096  # twists; 4 s at 1 kHz


class TwistTrail:
    """Keeps twists as they are sent; each holds until the next."""

    def __init__(self) -> None:
        self._steps: deque[tuple[int, tuple[float, ...]]] = deque(maxlen=REMEMBERED)

    def go(self, twist: tuple[float, ...], now_ns: int) -> None:
        """`twist` (6) holds from now on."""
        self._steps.append((now_ns, twist))

    def since(self, now_ns: int, span_s: float) -> FloatArray:
        """(k, 7) what held within the last `span_s`, oldest first: duration s, then the twist."""
        begin_ns, end_ns = now_ns - round(span_s * NS_PER_S), now_ns
        rows = []
        for began_ns, twist in reversed(self._steps):
            duration_ns = end_ns - max(began_ns, begin_ns)
            if duration_ns > 0:
                rows.append((duration_ns / NS_PER_S, *twist))
                end_ns = max(began_ns, begin_ns)
            if began_ns <= begin_ns:
                break
        return np.array(rows[::-1]).reshape(-1, 7)
