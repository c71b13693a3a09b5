from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.policy.training.prepare import continue_config, make_config


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


def test_going_on_appends_new_words_and_keeps_the_normalisation(dataset, tiny_settings):
    first = make_config(dataset, tiny_settings, "1")
    more = {"pick": {"red": ("grab a red cube",)}}
    other = replace(dataset, joints=dataset.joints + 1, chunks=dataset.chunks + 1)
    other = replace(other, description=replace(dataset.description, sentences=more))
    config = continue_config(first, other, tiny_settings, "2")
    assert config.vocabulary == (*first.vocabulary, "a", "grab")
    assert (config.joints, config.way_deviation) == (first.joints, first.way_deviation)
    assert config.version == "2" and config.training["began_as"] == "noetra_nano 1"
