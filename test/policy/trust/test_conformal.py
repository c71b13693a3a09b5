from __future__ import annotations

import math

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.trust.conformal import least_episodes, threshold, trust_of

TEN = np.arange(1.0, 11.0)


@pytest.mark.parametrize(("bound", "least"), [(0.01, 99), (0.05, 19), (0.1, 9), (0.5, 1)])
def test_a_bound_needs_so_many_episodes(bound, least):
    assert least_episodes(bound) == least
    threshold(np.arange(float(least)), bound)
    with pytest.raises(ConfigError, match=f">= {least}"):
        threshold(np.arange(float(least - 1)), bound)


@pytest.mark.parametrize(
    ("score", "trust"),
    [(0.0, 1.0), (1.0, 1.0), (1.5, 10 / 11), (10.0, 2 / 11), (10.1, 1 / 11), (math.nan, 1 / 11)],
)
def test_trust_is_the_share_of_good_episodes_as_strange(score, trust):
    assert trust_of(score, TEN) == pytest.approx(trust)


@pytest.mark.parametrize("bound", [0.1, 0.2, 0.5])
def test_trust_falls_below_a_bound_exactly_beyond_its_threshold(bound):
    limit = threshold(TEN, bound)
    assert trust_of(limit, TEN) >= bound > trust_of(limit + 1e-9, TEN) - 1e-12


@pytest.mark.parametrize("bound", [0.01, 0.05, 0.1])
def test_false_alarms_stay_within_the_bound(bound):
    rng = np.random.default_rng(0)
    alarms = [rng.gamma(2.0) > threshold(rng.gamma(2.0, size=199), bound) for _ in range(4000)]
    # three standard errors of 4000 draws
    assert np.mean(alarms) < bound + 3.0 * math.sqrt(bound * (1.0 - bound) / 4000)


def test_a_bound_that_is_no_share_is_refused():
    with pytest.raises(ConfigError, match="between 0 and 1"):
        threshold(TEN, 1.0)
