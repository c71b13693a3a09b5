from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from noetra_ros.policy.checkpoint import read_config
from noetra_ros.policy.models.bundle import load_weights
from noetra_ros.policy.training.loop import Trainer
from noetra_ros.policy.training.prepare import continue_config, make_config


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def trainer(folder, dataset, settings):
    return Trainer(dataset, make_config(dataset, settings, "1"), settings, folder)


def weights(folder):
    return load_weights(folder, read_config(folder)).state_dict()


def test_training_lowers_the_loss(tmp_path, dataset, tiny_settings):
    run = trainer(tmp_path, dataset, replace(tiny_settings, steps=150, learning_rate=5e-3))
    before = run.check()
    history = run.run()
    assert history.step == 150
    assert run.check() < 0.5 * before
    assert history.losses[-1] < history.losses[0]


def test_the_same_seed_gives_the_same_weights(tmp_path, dataset, tiny_settings):
    for name in "ab":
        trainer(tmp_path / name, dataset, tiny_settings).run()
    one, two = weights(tmp_path / "a"), weights(tmp_path / "b")
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_another_seed_gives_other_weights(tmp_path, dataset, tiny_settings):
    trainer(tmp_path / "a", dataset, tiny_settings).run()
    trainer(tmp_path / "b", dataset, replace(tiny_settings, seed=1)).run()
    assert not torch.equal(weights(tmp_path / "a")["decide.4.bias"], weights(tmp_path / "b")["decide.4.bias"])


@pytest.mark.parametrize("stop_at_step", [15, 22])
def test_a_resumed_run_ends_with_the_same_weights(tmp_path, dataset, tiny_settings, stop_at_step):
    trainer(tmp_path / "whole", dataset, tiny_settings).run()
    trainer(tmp_path / "parts", dataset, tiny_settings).run(stop_at_step=stop_at_step)
    resumed = trainer(tmp_path / "parts", dataset, tiny_settings)
    assert resumed.history.step == stop_at_step
    assert resumed.run().step == 60
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_a_finished_run_has_nothing_left_to_do(tmp_path, dataset, tiny_settings):
    trainer(tmp_path, dataset, tiny_settings).run()
    asked = []
    trainer(tmp_path, dataset, tiny_settings).run(lambda *state: asked.append(state))
    assert asked == []


def test_training_can_start_from_a_checkpoint(tmp_path, dataset, tiny_settings):
    trainer(tmp_path / "first", dataset, tiny_settings).run()
    first = read_config(tmp_path / "first")
    config = continue_config(first, dataset, tiny_settings, "2")
    run = Trainer(
        dataset, config, tiny_settings, tmp_path / "second", load_weights(tmp_path / "first", first)
    )
    loaded = weights(tmp_path / "first")
    assert all(torch.equal(loaded[name], tensor) for name, tensor in run.network.state_dict().items())
    run.run(stop_at_step=15)
    second = read_config(tmp_path / "second")
    assert second.version == "2" and second.training["began_as"] == "noetra_nano 1"
    assert second.vocabulary == first.vocabulary and second.way_deviation == first.way_deviation


def test_no_time_means_no_step(tmp_path, dataset, tiny_settings):
    settings = replace(tiny_settings, steps=0, minutes=1e-6)
    assert trainer(tmp_path, dataset, settings).run().step <= 1
