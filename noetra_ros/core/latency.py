"""Latency split by stage: a sliding sample of each, and its percentiles."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

# Durations kept of each stage: three minutes of chunks at 5 Hz.
WINDOW = 1000


@dataclass(frozen=True)
class Spread:
    """Percentiles of a sample of durations.

    Attributes:
        count: size of the sample.
        p50_s, p95_s, p99_s: s.
    """

    count: int
    p50_s: float
    p95_s: float
    p99_s: float


class StageTimes:
    """Durations of the last passes through each stage, in the order in which the stages were named.

    Args:
        *stages: what they are called.
    """

    def __init__(self, *stages: str) -> None:
        self._samples: dict[str, deque[float]] = {stage: deque(maxlen=WINDOW) for stage in stages}

    def add(self, stage: str, duration_s: float) -> None:
        """One pass through a stage took so long.

        Raises:
            KeyError: no such stage.
        """
        self._samples[stage].append(duration_s)

    def spreads(self) -> Mapping[str, Spread]:
        """Percentiles by stage; stages that were not passed yet are left out."""
        found = {}
        for stage, sample in self._samples.items():
            if sample:
                p50, p95, p99 = np.percentile(list(sample), (50, 95, 99))
                found[stage] = Spread(len(sample), float(p50), float(p95), float(p99))
        return found
