"""Builds the network that a checkpoint's config describes, and moves its weights to and from safetensors."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from noetra_ros.core.config import load
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.policy.checkpoint import (
    WEIGHTS_FILE,
    CheckpointConfig,
    read_shapes,
    require_shapes,
    write_config,
)
from noetra_ros.policy.models.nano import NanoNetwork, NanoShape
from noetra_ros.policy.models.vocabulary import Vocabulary

WORDS = "sentence.words.weight"


def build_network(config: CheckpointConfig) -> NanoNetwork:
    """The network with fresh weights and the config's normalisation.

    Raises:
        ConfigError: sizes of the network that do not exist.
    """
    statistics = {
        "joint_mean": [joint.mean for joint in config.joints],
        "joint_deviation": [joint.deviation for joint in config.joints],
        "way_deviation": config.way_deviation,
    }
    return NanoNetwork(
        vocabulary_of(config).size,
        len(config.cameras),
        len(config.joints),
        config.rows,
        load(NanoShape, config.shape, "checkpoint shape"),
        statistics,
    )


def vocabulary_of(config: CheckpointConfig) -> Vocabulary:
    """The words that the network knows."""
    return Vocabulary(config.vocabulary, config.sentence_length)


def save_checkpoint(folder: Path, config: CheckpointConfig, network: NanoNetwork) -> None:
    """Write config and weights."""
    write_config(folder, config)
    weights = {name: tensor.detach().contiguous() for name, tensor in network.state_dict().items()}
    save_file(weights, str(folder / WEIGHTS_FILE))


def load_weights(folder: Path, config: CheckpointConfig) -> NanoNetwork:
    """The network with the weights of the folder, ready for inference.

    Raises:
        ConfigError: unreadable weights, or every tensor that does not fit.
    """
    path = folder / WEIGHTS_FILE
    network = build_network(config)
    expected = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    require_shapes(path, read_shapes(path), expected)
    weights = load_file(str(path))
    network.load_state_dict(weights)
    _require_finite(path, weights)
    return network.train(False).requires_grad_(False)


def take_weights(network: NanoNetwork, first: NanoNetwork) -> None:
    """Give `network` the weights of `first`; words that `first` does not know keep what they have."""
    weights = first.state_dict()
    words = network.state_dict()[WORDS].clone()
    words[: len(weights[WORDS])] = weights[WORDS]
    network.load_state_dict(weights | {WORDS: words})


def _require_finite(path: Path, weights: dict[str, torch.Tensor]) -> None:
    bad = [name for name, tensor in weights.items() if not bool(torch.isfinite(tensor).all())]
    if bad:
        raise ConfigError(str(path), [Fault(name, "NaN or infinity", "finite weights") for name in bad])
