from __future__ import annotations

import numpy as np
import pytest
import torch

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.models.noetra.runners import RUNNERS, Inference, prepared

FRAMES = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
WORDS = np.array([4, 2, 7, 0, 0])


@pytest.fixture
def inference(network):
    return Inference(network, (32, 32), length=5)


def test_an_answer_is_in_joint_positions(inference):
    inference.network.joint_mean.fill_(0.5)
    inference.upload(FRAMES, np.array([0.1, 0.2, 0.3]), WORDS)
    actions, summary = inference.run()
    assert actions.shape == (6, 3) and summary.shape == (32,)


def test_the_same_observation_gives_the_same_answer(inference, network):
    inference.upload(FRAMES, np.zeros(3), WORDS)
    one = inference.run()[0]
    twin = Inference(network, (32, 32), length=5)
    twin.upload(FRAMES, np.zeros(3), WORDS)
    np.testing.assert_array_equal(one, twin.run()[0])


def test_frozen_rows_come_back(inference):
    prefix = np.full((4, 3), 0.05)
    inference.upload(FRAMES, np.zeros(3), WORDS, prefix, frozen=2)
    np.testing.assert_allclose(inference.run()[0][:2], prefix[:2], atol=1e-6)


def test_a_prefix_is_forgotten_with_the_next_observation(inference):
    inference.upload(FRAMES, np.zeros(3), WORDS)
    before = inference.run()[0]
    inference.upload(FRAMES, np.zeros(3), WORDS, np.full((4, 3), 0.05), frozen=2)
    inference.run()
    inference.upload(FRAMES, np.zeros(3), WORDS)
    np.testing.assert_array_equal(inference.run()[0], before)


def test_guidance_comes_nearer_to_the_old_plan(inference):
    prefix = np.full((4, 3), 0.4)
    inference.upload(FRAMES, np.zeros(3), WORDS, prefix)
    free, pulled = inference.run()[0], inference.run_guided(known=4, frozen=3)[0]
    assert np.abs(pulled[:3] - 0.4).mean() < 0.5 * np.abs(free[:3] - 0.4).mean()


def test_the_fastest_way_is_taken_and_every_time_is_told(inference, monkeypatch):
    def slowed(slow):
        def four_times():
            slow.compute()
            slow.compute()
            slow.compute()
            return slow.compute()

        return four_times

    monkeypatch.setitem(RUNNERS, "slowed", slowed)
    taken = inference.choose(("slowed", "eager"))
    assert set(taken) == {"slowed", "eager"} and inference.runner == "eager"
    assert taken["eager"] < taken["slowed"]


def test_an_unknown_way_is_named(inference):
    with pytest.raises(ConfigError, match="eager, compiled, graphed, compiled_graphed"):
        prepared("fast", inference)


@pytest.mark.skipif(torch.cuda.is_available(), reason="speaks of a machine without a GPU")
def test_a_graph_without_a_gpu_is_refused(inference):
    with pytest.raises(ConfigError, match="a GPU that torch can use"):
        prepared("graphed", inference)
