"""Numbers that carry their uncertainty: the Wilson interval of a success rate, and percentiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z_95 = 1.959963984540054  # 97.5 % point of the standard normal: a two-sided 95 % interval


@dataclass(frozen=True)
class Interval:
    """A closed interval of a rate, both ends in [0, 1]."""

    low: float
    high: float


def wilson_interval(successes: int, trials: int, z: float = Z_95) -> Interval:
    """Wilson score interval of a binomial rate (Wilson 1927); honest at 0 %, 100 % and few trials.

    Args:
        successes: how many trials succeeded.
        trials: how many there were; 0 gives the whole [0, 1].
        z: standard normal quantile, 1.96 for 95 %.

    Raises:
        ValueError: successes outside 0..trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes of {trials} trials: expected 0 <= successes <= trials")
    if trials == 0:
        return Interval(0.0, 1.0)
    rate = successes / trials
    denominator = 1.0 + z * z / trials
    centre = (rate + z * z / (2.0 * trials)) / denominator
    half = z / denominator * math.sqrt(rate * (1.0 - rate) / trials + z * z / (4.0 * trials**2))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return Interval(low, high)


def percentile(values: Sequence[float], percent: float) -> float:
    """Percentile with linear interpolation; NaN of nothing.

    Args:
        values: the sample, finite.
        percent: 0..100.

    Raises:
        ValueError: a value that is not finite.
    """
    sample = np.asarray(values, dtype=np.float64)
    if sample.size == 0:
        return math.nan
    if not np.isfinite(sample).all():
        raise ValueError("percentile of a sample that holds NaN or infinity")
    return float(np.percentile(sample, percent))


def rate(count: int, total: int) -> float:
    """count / total; NaN of nothing."""
    return count / total if total else math.nan
