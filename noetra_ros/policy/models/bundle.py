"""Builds the network that a checkpoint's config describes, and moves its weights to and from safetensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from noetra_ros.core.config import load
from noetra_ros.learning.weights import load_weights_into, save_weights
from noetra_ros.policy.checkpoint import WEIGHTS_FILE, CheckpointConfig, write_config
from noetra_ros.policy.models.nano import NanoNetwork, NanoShape
from noetra_ros.policy.models.vocabulary import Vocabulary

WORDS = "sentence.words.weight"


def build_network(config: CheckpointConfig) -> NanoNetwork:
    """The network with fresh weights and the config's normalisation.

    Raises:
        ConfigError: sizes of the network that do not exist.
    """
    return NanoNetwork(
        vocabulary_of(config).size,
        len(config.cameras),
        len(config.joints),
        config.rows,
        load(NanoShape, config.shape, "checkpoint shape"),
        statistics_of(config),
    )


def statistics_of(config: CheckpointConfig) -> dict[str, Any]:
    """What the network's normalisation needs, by buffer."""
    return {
        "joint_mean": [joint.mean for joint in config.joints],
        "joint_deviation": [joint.deviation for joint in config.joints],
        "way_deviation": config.way_deviation,
    }


def vocabulary_of(config: CheckpointConfig) -> Vocabulary:
    """The words that the network knows."""
    return Vocabulary(config.vocabulary, config.sentence_length)


def save_checkpoint(folder: Path, config: CheckpointConfig, network: NanoNetwork) -> None:
    """Write config and weights."""
    write_config(folder, config)
    save_weights(folder / WEIGHTS_FILE, network)


def load_weights(folder: Path, config: CheckpointConfig) -> NanoNetwork:
    """The network with the weights of the folder, ready for inference.

    Raises:
        ConfigError: unreadable weights, or every tensor that does not fit.
    """
    network = build_network(config)
    load_weights_into(network, folder / WEIGHTS_FILE)
    return network


def take_weights(network: NanoNetwork, first: NanoNetwork) -> None:
    """Give `network` the weights of `first`; words that `first` does not know keep what they have."""
    weights = first.state_dict()
    words = network.state_dict()[WORDS].clone()
    words[: len(weights[WORDS])] = weights[WORDS]
    network.load_state_dict(weights | {WORDS: words})
