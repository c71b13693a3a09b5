"""Builds the network that a noetra_scene config describes, and moves its weights to and from safetensors."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from noetra_ros.core.config import load
from noetra_ros.learning.weights import load_weights_into, save_weights
from noetra_ros.perception.models.scene_network import SceneNetwork, SceneShape
from noetra_ros.perception.scene_checkpoint import WEIGHTS_FILE, SceneCheckpoint, write_checkpoint_config


def build_scene_network(config: SceneCheckpoint) -> SceneNetwork:
    """The network with fresh weights.

    Raises:
        ConfigError: sizes of the network that do not exist.
    """
    shape = load(SceneShape, config.shape, "checkpoint shape")
    network = SceneNetwork(len(config.classes), len(config.things), shape)
    return network.to(memory_format=torch.channels_last)  # a third faster on a CPU


def save_scene_checkpoint(folder: Path, config: SceneCheckpoint, network: nn.Module) -> None:
    """Write config and weights."""
    write_checkpoint_config(folder, config)
    save_weights(folder / WEIGHTS_FILE, network)


def load_scene_network(folder: Path, config: SceneCheckpoint) -> SceneNetwork:
    """The network with the weights of the folder, ready for inference.

    Raises:
        ConfigError: unreadable weights, or every tensor that does not fit.
    """
    network = build_scene_network(config)
    load_weights_into(network, folder / WEIGHTS_FILE)
    return network


def to_scene_input(pictures: Tensor) -> Tensor:
    """uint8 (..., 3, H, W) -> float, -1..1, on the device of the pictures."""
    return pictures.float() / 127.5 - 1.0
