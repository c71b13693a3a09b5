"""How far an observation lies from those of training, as the network sees it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

LEAST_SPREAD = 1e-3  # of a feature that never changed in training: the network hardly reads it


@dataclass(frozen=True)
class FeatureDistance:
    """Mahalanobis distance along the main directions of the training features.

    Attributes:
        mean: (f,) of the training set.
        directions: (f, k) main directions, each divided by the spread along it: projections have spread 1.
    """

    mean: Array
    directions: Array

    def __call__(self, features: Array) -> float:
        """Root mean square of the k projections of (f,) features: about 1 on training data."""
        projected = (features - self.mean) @ self.directions
        return math.sqrt(float(np.vdot(projected, projected)) / len(projected))


def fit_distance(features: Array, kept: int) -> FeatureDistance:
    """From the features of the training set.

    Args:
        features: (N, f), N larger than `kept`.
        kept: main directions; the rest is noise of features that hardly change.
    """
    wide = np.asarray(features, dtype=np.float64)
    mean, spread = wide.mean(axis=0), wide.std(axis=0) + LEAST_SPREAD
    scaled = (wide - mean) / spread
    variances, axes = np.linalg.eigh(scaled.T @ scaled / len(scaled))
    kept = min(kept, int((variances > 1e-6).sum()))
    main = axes[:, ::-1][:, :kept] / np.sqrt(variances[::-1][:kept])
    return FeatureDistance(mean.astype(np.float32), (main / spread[:, None]).astype(np.float32))
