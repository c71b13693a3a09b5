from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.checkpoint import WEIGHTS_FILE, read_config
from noetra_ros.policy.models.bundle import build_network, load_weights, save_checkpoint, take_weights


def test_weights_come_back_as_they_were_saved(tmp_path, checkpoint):
    config = read_config(checkpoint)
    network = load_weights(checkpoint, config)
    save_checkpoint(tmp_path / "copy", config, network)
    again = load_weights(tmp_path / "copy", config)
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, again.state_dict()[name]), name


def test_a_loaded_network_does_not_learn(checkpoint):
    network = load_weights(checkpoint, read_config(checkpoint))
    assert not network.training and not any(p.requires_grad for p in network.parameters())


def test_normalisation_comes_from_the_config(checkpoint):
    config = read_config(checkpoint)
    network = build_network(config)
    assert network.joint_mean.tolist() == pytest.approx([joint.mean for joint in config.joints])
    assert network.way_deviation.shape == (4, 6)


def test_a_config_of_another_network_names_every_tensor(checkpoint):
    config = read_config(checkpoint)
    other = replace(config, shape=config.shape | {"hidden": 25}, vocabulary=config.vocabulary[:-1])
    with pytest.raises(ConfigError) as error:
        load_weights(checkpoint, other)
    wrong = {fault.key for fault in error.value.faults}
    assert {"sentence.words.weight", "decide.0.weight", "decide.2.weight", "decide.4.weight"} <= wrong
    assert "expected shape [25, 25]" in str(error.value)


def test_an_unknown_size_of_the_network_is_refused(checkpoint):
    config = read_config(checkpoint)
    with pytest.raises(ConfigError, match="depth"):
        build_network(replace(config, shape={"depth": 3}))


def test_weights_that_are_not_finite_are_named(checkpoint):
    path = checkpoint / WEIGHTS_FILE
    weights = load_file(str(path))
    weights["decide.4.bias"][0] = float("nan")
    save_file(weights, str(path))
    with pytest.raises(ConfigError, match=r"decide.4.bias: got NaN or infinity"):
        load_weights(checkpoint, read_config(checkpoint))


def test_new_words_are_appended_and_all_else_is_taken_over(checkpoint):
    config = read_config(checkpoint)
    first = load_weights(checkpoint, config)
    torch.manual_seed(1)
    network = build_network(replace(config, vocabulary=(*config.vocabulary, "shove", "lift")))
    fresh = network.sentence.words.weight.detach().clone()
    take_weights(network, first)
    words = network.sentence.words.weight
    assert torch.equal(words[:-2], first.sentence.words.weight) and torch.equal(words[-2:], fresh[-2:])
    assert torch.equal(network.decide[0].weight, first.decide[0].weight)
