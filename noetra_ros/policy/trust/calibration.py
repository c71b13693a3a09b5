"""From training features and good episodes to a trust model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ActionChunk, FloatArray
from noetra_ros.policy.trust.distance import Array, fit_distance
from noetra_ros.policy.trust.watch import TrustModel, TrustWatch, largest

MEMORY = 5  # looks: a second at the pace of the shipped model
KEPT_DIRECTIONS = 60
USUAL_SHARES = (0.5, 0.9)
FITTING_SHARE = 3  # one good episode in so many sets what is usual; the rest is for calibration
LEAST_EPISODES = 2 * FITTING_SHARE


@dataclass(frozen=True)
class WatchedEpisode:
    """What a policy saw and said in one episode.

    Attributes:
        features: (T, f).
        chunks: T answers.
    """

    features: Array
    chunks: tuple[ActionChunk, ...]


def calibrate(training: Array, good: Sequence[WatchedEpisode], spread: FloatArray) -> TrustModel:
    """Fit on training features and a part of the good episodes, calibrate on the rest of them.

    Args:
        training: (N, f) features of the training set.
        good: episodes that ended well and were not trained on, in an order that means nothing.
        spread: (d,) what counts as 1 in the disagreement of chunks.

    Raises:
        ConfigError: too few good episodes.
    """
    if len(good) < LEAST_EPISODES:
        raise single_fault("trust", "episodes", len(good), f">= {LEAST_EPISODES} good ones")
    plain = (0.0, 1.0)
    bare = TrustModel(fit_distance(training, KEPT_DIRECTIONS), spread, plain, plain, MEMORY, np.zeros(0))
    fitting = np.array([watch_episode(bare, episode) for episode in good[::FITTING_SHARE]])
    low, high = np.quantile(fitting, USUAL_SHARES, axis=0)
    if not (high > low).all():
        raise single_fault("trust", "episodes", "chunks that never differ", "episodes of a policy that looks")
    usual = [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
    model = replace(bare, usual_distance=usual[1], usual_disagreement=usual[2])
    held_back = [episode for number, episode in enumerate(good) if number % FITTING_SHARE]
    scores = sorted(watch_episode(model, episode)[0] for episode in held_back)
    return replace(model, scores=np.array(scores))


def watch_episode(model: TrustModel, episode: WatchedEpisode) -> tuple[float, float, float]:
    """Largest score, distance and disagreement of an episode."""
    watch = TrustWatch(model)
    looks = [watch.look(f, c) for f, c in zip(episode.features, episode.chunks, strict=True)]
    return (
        largest([look.score for look in looks]),
        largest([look.distance for look in looks]),
        largest([look.disagreement for look in looks]),
    )
