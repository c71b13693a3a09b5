from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.policy.trust.distance import fit_distance


def test_training_data_lie_about_one_away(training):
    distance = fit_distance(training, kept=8)
    assert np.mean([distance(row) for row in training[:500]]) == pytest.approx(1.0, abs=0.05)


def test_features_that_belong_together_are_missed_when_they_part():
    rng = np.random.default_rng(0)
    one = rng.normal(size=(3000, 1))
    pair = np.hstack([one, one + 0.1 * rng.normal(size=one.shape)]).astype(np.float32)
    distance = fit_distance(pair, kept=2)
    assert distance(np.float32([1.0, -1.0])) > 5.0 * distance(np.float32([1.0, 1.0]))


def test_features_that_never_change_do_no_harm(training):
    still = np.hstack([training, np.full((len(training), 1), 3.0, np.float32)])
    distance = fit_distance(still, kept=9)
    assert np.isfinite(distance(still[0])) and distance.directions.shape == (9, 8)
