"""Builds the noetra network of a checkpoint, and moves its weights to and from safetensors."""

from __future__ import annotations

from pathlib import Path

from noetra_ros.core.config import load
from noetra_ros.learning.weights import load_weights_into, save_weights
from noetra_ros.policy.checkpoint import WEIGHTS_FILE, CheckpointConfig, write_config
from noetra_ros.policy.models.bundle import statistics_of, vocabulary_of
from noetra_ros.policy.models.nano import NanoNetwork
from noetra_ros.policy.models.noetra.network import NoetraNetwork
from noetra_ros.policy.models.noetra.shape import NoetraShape, Ports
from noetra_ros.policy.models.noetra.vision import AskedPictures


def build_network(config: CheckpointConfig) -> NoetraNetwork:
    """The network with fresh weights and the config's normalisation.

    Raises:
        ConfigError: sizes of the network that do not exist.
    """
    shape = load(NoetraShape, config.shape, "checkpoint shape")
    ports = Ports(config.rows, len(config.joints), vocabulary_of(config).size, len(config.cameras))
    return NoetraNetwork(shape, ports, statistics_of(config))


def save_checkpoint(folder: Path, config: CheckpointConfig, network: NoetraNetwork) -> None:
    """Write config and weights."""
    write_config(folder, config)
    save_weights(folder / WEIGHTS_FILE, network)


def load_weights(folder: Path, config: CheckpointConfig) -> NoetraNetwork:
    """The network with the weights of the folder, ready for inference.

    Raises:
        ConfigError: unreadable weights, or every tensor that does not fit.
    """
    network = build_network(config)
    load_weights_into(network, folder / WEIGHTS_FILE)
    return network


def take_eyes(network: NoetraNetwork, first: NanoNetwork) -> None:
    """Give `network` the sentence and picture encoders of a trained noetra_nano, and freeze them."""
    pictures = network.encoders["pictures"]
    assert isinstance(pictures, AskedPictures) and network.sentence is not None
    network.sentence.load_state_dict(first.sentence.state_dict())
    pictures.cameras.load_state_dict(first.cameras.state_dict())
    pictures.join.load_state_dict(first.decide[:4].state_dict())
    for part in (network.sentence, pictures.cameras, pictures.join):
        part.requires_grad_(False)
