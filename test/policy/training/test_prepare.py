from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.policy.training.prepare import make_config


def test_statistics_are_those_of_the_data(dataset, tiny_settings):
    config = make_config(dataset, tiny_settings, "1")
    assert config.joints[2].mean == pytest.approx(float(dataset.joints[:, 2].mean()), abs=1e-5)
    assert config.joints[2].highest == pytest.approx(float(dataset.chunks[..., 2].max()), abs=1e-5)
    ways = dataset.chunks - dataset.joints[:, None]
    np.testing.assert_allclose(config.way_deviation, ways.std(axis=0), atol=1e-4)


def test_the_vocabulary_holds_the_training_words_alone(dataset, tiny_settings):
    assert make_config(dataset, tiny_settings, "1").vocabulary == (
        "blue", "cube", "for", "pick", "reach", "red", "the", "up",
    )  # fmt: skip


def test_the_data_is_described(dataset, tiny_settings):
    training = make_config(dataset, tiny_settings, "1").training
    assert (training["episodes"], training["decisions"], training["last_seed"]) == (6, 72, 5)
    assert training["decisions_by_task"] == {"pick": 36, "reach": 36}
    assert training["settings"]["steps"] == 60
