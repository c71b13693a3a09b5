from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from noetra_ros.core.errors import ConfigError
from noetra_ros.perception.detector import DetectorOptions, create_detector
from noetra_ros.perception.models.scene_bundle import load_scene_network
from noetra_ros.perception.scene_checkpoint import read_checkpoint_config
from noetra_ros.perception.training.lesson import centre_loss, start_run


def weights(folder):
    return load_scene_network(folder, read_checkpoint_config(folder)).state_dict()


def same(first, second):
    one, two = weights(first), weights(second)
    return all(torch.equal(one[name], two[name]) for name in one)


def test_training_learns_to_find_what_is_there(tmp_path, dataset, tiny_settings):
    run = start_run(dataset, replace(tiny_settings, steps=150, learning_rate=1e-2), tmp_path, "3")
    before = run.check()
    run.run()
    assert run.check() < 0.5 * before
    detector = create_detector("noetra_scene", DetectorOptions(tmp_path))
    detector.load()
    found = detector.detect(dataset.groups[0].pictures[0])
    assert detector.spec.model == "noetra_scene 3" and "red_cube" in {d.label for d in found}


def test_the_same_seed_gives_the_same_weights_and_another_others(tmp_path, dataset, tiny_settings):
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        start_run(dataset, replace(tiny_settings, seed=seed), tmp_path / name, "1").run()
    assert same(tmp_path / "a", tmp_path / "b") and not same(tmp_path / "a", tmp_path / "c")


@pytest.mark.parametrize("stop_at_step", [10, 13])
def test_a_resumed_run_ends_with_the_same_weights(tmp_path, dataset, tiny_settings, stop_at_step):
    start_run(dataset, tiny_settings, tmp_path / "whole", "1").run()
    start_run(dataset, tiny_settings, tmp_path / "parts", "1").run(stop_at_step=stop_at_step)
    resumed = start_run(dataset, tiny_settings, tmp_path / "parts", "1")
    assert resumed.history.step == stop_at_step and resumed.run().step == 30
    assert same(tmp_path / "whole", tmp_path / "parts")


def test_a_run_with_other_settings_is_not_continued(tmp_path, dataset, tiny_settings):
    start_run(dataset, tiny_settings, tmp_path, "1").run(stop_at_step=2)
    with pytest.raises(ConfigError, match="vote_weight"):
        start_run(dataset, replace(tiny_settings, vote_weight=0.1), tmp_path, "1")


def test_training_can_start_from_a_checkpoint(tmp_path, dataset, tiny_settings):
    start_run(dataset, tiny_settings, tmp_path / "first", "1").run()
    run = start_run(dataset, tiny_settings, tmp_path / "second", "2", start_from=tmp_path / "first")
    first, begun = weights(tmp_path / "first"), run.network.state_dict()
    assert all(torch.equal(first[name], begun[name]) for name in first)
    run.run(stop_at_step=2)
    assert read_checkpoint_config(tmp_path / "second").training["began_as"] == "1"
    assert not same(tmp_path / "first", tmp_path / "second")


def test_the_checkpoint_says_how_it_was_made(tmp_path, dataset, tiny_settings):
    start_run(dataset, tiny_settings, tmp_path, "1").run(stop_at_step=1)
    config = read_checkpoint_config(tmp_path)
    assert config.things == ("red_cube", "person", "hand") and config.classes[:2] == ("background", "robot")
    assert config.training["scenes"] == 6 and config.training["variation"] == "train"


def test_centre_loss_by_hand():
    # One centre found with 0.5: 0.25 ln 2; one cell far from it taken for one with 0.5: 0.25 ln 2.
    logits, wanted = torch.zeros(1, 1, 1, 2), torch.tensor([[[[1.0, 0.0]]]])
    assert float(centre_loss(logits, wanted)) == pytest.approx(0.5 * 0.693147, abs=1e-5)
    sure = torch.tensor([[[[9.0, -9.0]]]])
    assert float(centre_loss(sure, wanted)) < 1e-6
