"""Conformal prediction: how often a good episode looks as strange as this one, bounded without a model.

Scores of n good episodes and of a further one are exchangeable, so the further one exceeds the threshold of a
bound with at most that probability, however scores are distributed (Vovk; Angelopoulos & Bates, arXiv
2107.07511). The bound holds over the drawing of calibration and episode together, for episodes drawn alike.
"""

from __future__ import annotations

import bisect
import math

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.errors import single_fault

Scores = NDArray[np.float64]


def least_episodes(bound: float) -> int:
    """Good episodes that a bound needs; with fewer no score could ever pass its threshold."""
    return math.ceil(1.0 / bound - 1e-9) - 1


def threshold(scores: Scores, bound: float) -> float:
    """Score that a good episode exceeds with a probability of at most `bound`.

    Args:
        scores: (n,) largest score of each good episode.
        bound: wanted share of false alarms, in (0, 1).

    Raises:
        ConfigError: too few episodes for the bound.
    """
    if not 0.0 < bound < 1.0:
        raise single_fault("trust", "bound", bound, "a share between 0 and 1")
    if len(scores) < least_episodes(bound):
        remedy = "record more good episodes, or take a higher bound"
        raise single_fault(
            "trust", "episodes", len(scores), f">= {least_episodes(bound)} for {bound}", remedy
        )
    rank = math.ceil((len(scores) + 1) * (1.0 - bound) - 1e-9)
    return float(np.sort(scores)[rank - 1])


def trust_of(score: float, sorted_scores: Scores) -> float:
    """Share of good episodes that at their strangest look at least as strange, in (0, 1].

    Below a bound exactly where the score exceeds the threshold of that bound.

    Args:
        score: of now; NaN gives the least trust.
        sorted_scores: (n,) largest score of each good episode, rising.
    """
    if math.isnan(score):
        return 1.0 / (len(sorted_scores) + 1)
    above = len(sorted_scores) - bisect.bisect_left(sorted_scores, score)
    return (1 + above) / (len(sorted_scores) + 1)
