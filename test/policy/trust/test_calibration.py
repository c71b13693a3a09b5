from __future__ import annotations

import numpy as np
import pytest
from made_episodes import made_episode

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.trust.calibration import calibrate, watch_episode
from noetra_ros.policy.trust.conformal import threshold
from noetra_ros.policy.trust.watch import TrustWatch

SPREAD = np.full(2, 0.1)


@pytest.fixture(scope="module")
def model(training, good):
    return calibrate(training, good, SPREAD)


@pytest.mark.parametrize("bound", [0.05, 0.1])
def test_held_out_good_episodes_seldom_pass_the_threshold(model, bound):
    limit = threshold(model.scores, bound)
    passed = [watch_episode(model, made_episode(seed))[0] > limit for seed in range(1000, 1300)]
    assert np.mean(passed) < bound + 3.0 * np.sqrt(bound / 200)


@pytest.mark.parametrize("strange", [{"away": 3.0}, {"doubt": 0.2}])
def test_either_sign_alone_is_noticed(model, strange):
    scores = [watch_episode(model, made_episode(seed, **strange))[0] for seed in range(2000, 2020)]
    assert min(scores) > threshold(model.scores, 0.01)


def test_trust_falls_in_the_episode_where_it_goes_wrong_and_comes_back(model):
    watch, home, away = TrustWatch(model), made_episode(1, looks=18), made_episode(2, away=4.0)
    trusts = [watch.look(f, c).value for f, c in zip(home.features[:4], home.chunks[:4], strict=True)]
    lost = [watch.look(f, c).value for f, c in zip(away.features[4:9], home.chunks[4:9], strict=True)]
    again = [watch.look(f, c).value for f, c in zip(home.features[9:], home.chunks[9:], strict=True)]
    assert min(trusts) > 0.05 and lost[-1] < 0.01 and again[-1] > 0.05


def test_a_reset_forgets_what_was_said(model):
    watch, episode = TrustWatch(model), made_episode(1)
    first = watch.look(episode.features[0], episode.chunks[0])
    watch.look(episode.features[0], made_episode(5, doubt=1.0).chunks[1])
    watch.reset()
    assert watch.look(episode.features[0], episode.chunks[0]) == first


def test_features_that_are_not_finite_give_the_least_trust(model):
    episode = made_episode(1)
    trust = TrustWatch(model).look(np.full(8, np.nan, np.float32), episode.chunks[0])
    assert trust.value == 1 / (len(model.scores) + 1)


def test_too_few_good_episodes_are_named(training, good):
    with pytest.raises(ConfigError, match="episodes: got 3"):
        calibrate(training, good[:3], SPREAD)
