"""Evaluation seeds never meet training seeds, nor each other."""

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.seeds import EPISODES_PER_RUN, FIRST_EVALUATION_SEED, choice_stream, episode_seed


def test_runs_and_episodes_have_seeds_of_their_own():
    seeds = {episode_seed(run, episode) for run in range(5) for episode in range(200)}
    assert len(seeds) == 1000
    assert min(seeds) >= FIRST_EVALUATION_SEED


@pytest.mark.parametrize(("run", "episode"), [(-1, 0), (0, -1), (0, EPISODES_PER_RUN)])
def test_seeds_outside_the_ranges_are_refused(run, episode):
    with pytest.raises(ConfigError):
        episode_seed(run, episode)


def test_choices_repeat_with_the_seed():
    assert choice_stream(7).random() == choice_stream(7).random()
    assert choice_stream(7).random() != choice_stream(8).random()
