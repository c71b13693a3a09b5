"""Watches a policy: distance of what it sees, disagreement of what it says; one trust for each chunk."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import ActionChunk, FloatArray
from noetra_ros.policy.trust.conformal import Scores, trust_of
from noetra_ros.policy.trust.distance import Array, FeatureDistance
from noetra_ros.policy.trust.overlap import disagreement


@dataclass(frozen=True)
class TrustModel:
    """What good episodes look like.

    Attributes:
        distance: of features from the training set.
        spread: (d,) what counts as 1 in the disagreement of chunks, unit of the chunk.
        usual_distance: distance of good episodes at their strangest: median and ninth decile.
        usual_disagreement: the same for the disagreement.
        memory: looks that a score is the mean of; a glimpse is no alarm.
        scores: (n,) largest score of each good episode of calibration, rising.
    """

    distance: FeatureDistance
    spread: FloatArray
    usual_distance: tuple[float, float]
    usual_disagreement: tuple[float, float]
    memory: int
    scores: Scores


@dataclass(frozen=True)
class Trust:
    """How far the policy is to be trusted at one chunk.

    Attributes:
        value: share of good episodes that at their strangest look as strange, (0, 1]; a good episode falls
            below a bound with at most the probability of that bound.
        score: the larger of the two below.
        distance: of features from the training set, mean of the last looks; 0 = as a good episode at its
            strangest, 1 = as one good episode in ten.
        disagreement: of overlapping chunks, mean of the last looks, same scale.
    """

    value: float
    score: float
    distance: float
    disagreement: float


class TrustWatch:
    """Follows one run of a policy.

    Args:
        model: what good episodes look like.
    """

    def __init__(self, model: TrustModel) -> None:
        self._model = model
        self._old: ActionChunk | None = None
        self._distances: deque[float] = deque(maxlen=model.memory)
        self._disagreements: deque[float] = deque(maxlen=model.memory)

    def reset(self) -> None:
        """A new episode or sentence: what was said before is no measure."""
        self._old = None
        self._distances.clear()
        self._disagreements.clear()

    def look(self, features: Array, chunk: ActionChunk) -> Trust:
        """Judge one inference.

        Args:
            features: (f,) what the network saw, as in calibration.
            chunk: its answer.
        """
        model = self._model
        self._distances.append(model.distance(features))
        changed = 0.0 if self._old is None else disagreement(self._old, chunk, model.spread)
        self._disagreements.append(changed)
        self._old = chunk
        distance = _placed(self._distances, model.usual_distance)
        changing = _placed(self._disagreements, model.usual_disagreement)
        score = math.nan if math.isnan(distance + changing) else max(distance, changing)
        return Trust(trust_of(score, model.scores), score, distance, changing)


def _placed(values: deque[float], usual: tuple[float, float]) -> float:
    """Mean of the values on a scale where the first of the usual is 0 and the second 1."""
    return (sum(values) / len(values) - usual[0]) / (usual[1] - usual[0])


def largest(values: list[float]) -> float:
    """The largest; NaN counts as larger than every number."""
    return math.inf if np.isnan(values).any() else max(values)
