"""Trains noetra_nano: L1 on normalised ways."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from noetra_ros.learning.augment import augment
from noetra_ros.learning.run import OnStep, TrainingRun
from noetra_ros.learning.state import History
from noetra_ros.policy.checkpoint import CheckpointConfig, read_config
from noetra_ros.policy.models.bundle import (
    build_network,
    load_weights,
    save_checkpoint,
    take_weights,
    vocabulary_of,
)
from noetra_ros.policy.models.nano import NanoNetwork
from noetra_ros.policy.training.dataset import Batch, Dataset
from noetra_ros.policy.training.prepare import continue_config, make_config
from noetra_ros.policy.training.settings import TrainingSettings

LAST_ROW_WEIGHT = 0.5  # early rows are the ones that are carried out
CHECK_DECISIONS = 512


@dataclass
class Trainer:
    """One run; `run` may be interrupted and called again. Implements `Lesson`.

    Args:
        dataset: demonstrations.
        config: of the checkpoint to make.
        settings: of the run.
        folder: where state and checkpoint go.
        first_weights: network to start from; None = fresh weights of the seed.
    """

    dataset: Dataset
    config: CheckpointConfig
    settings: TrainingSettings
    folder: Path
    first_weights: NanoNetwork | None = None

    def __post_init__(self) -> None:
        torch.manual_seed(self.settings.seed)
        self.network = build_network(self.config)
        if self.first_weights is not None:
            take_weights(self.network, self.first_weights)
        self.vocabulary = vocabulary_of(self.config)
        self.learn_rows, self.check_rows = self.dataset.split(self.settings.keep_every)
        if len(self.check_rows) == 0:
            self.check_rows = self.learn_rows
        data = f"{len(self.dataset)} decisions of {len(set(self.dataset.episodes.tolist()))} episodes"
        self._run = TrainingRun(self.network, self, self.settings, self.folder, data)

    @property
    def history(self) -> History:
        """What has happened so far."""
        return self._run.history

    def run(self, on_step: OnStep | None = None, stop_at_step: int | None = None) -> History:
        """Train to the end, or to `stop_at_step`; state and checkpoint are written on the way."""
        return self._run.run(on_step, stop_at_step)

    def save(self, average: nn.Module) -> None:
        """Write the checkpoint as it would be if training ended now."""
        assert isinstance(average, NanoNetwork)
        save_checkpoint(self.folder, self.config, average)

    def check(self, average: nn.Module | None = None) -> float:
        """Loss of the averaged weights on episodes that were kept back; no augmentation."""
        network = self._run.average if average is None else average
        rng = np.random.default_rng([self.settings.seed, 7])
        count = min(CHECK_DECISIONS, len(self.check_rows))
        rows = np.sort(rng.choice(self.check_rows, count, replace=False))
        losses = []
        with torch.no_grad():
            for part in np.array_split(rows, math.ceil(count / self.settings.batch_size)):
                batch = self.dataset.batch(part, rng, self.vocabulary, 0.0)
                pictures = batch.pictures.movedim(-1, -3).float() / 127.5 - 1.0
                losses.append(float(_loss(network, batch, pictures)) * len(part))
        return sum(losses) / count

    def loss(self, network: nn.Module, step: int) -> Tensor:
        """Loss of the batch of a step; depends on the seed, the step's number and the weights alone."""
        rng = np.random.default_rng([self.settings.seed, step])
        generator = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + step)
        rows = rng.choice(self.learn_rows, self.settings.batch_size)
        batch = self.dataset.batch(rows, rng, self.vocabulary, self.settings.word_drop)
        raw = batch.pictures.movedim(-1, -3).float().flatten(0, 1) / 255.0
        pictures = augment(raw, self.settings.augmentation, generator).mul_(2.0).sub_(1.0)
        return _loss(network, batch, pictures.view(len(rows), -1, *pictures.shape[1:]))


def start_trainer(
    dataset: Dataset, settings: TrainingSettings, out: Path, version: str, start_from: Path | None
) -> Trainer:
    """A run on fresh weights, on those of the checkpoint `start_from`, or where an earlier run stopped.

    Raises:
        ConfigError: a checkpoint or an earlier state in `out` that does not fit.
    """
    if start_from is None:
        return Trainer(dataset, make_config(dataset, settings, version), settings, out)
    first = read_config(start_from)
    config = continue_config(first, dataset, settings, version)
    return Trainer(dataset, config, settings, out, load_weights(start_from, first))


def _loss(network: nn.Module, batch: Batch, pictures: Tensor) -> Tensor:
    assert isinstance(network, NanoNetwork)
    ways = (batch.chunks - batch.joints.unsqueeze(1)) / network.way_deviation
    answer = network(pictures, batch.joints, batch.tokens)
    weights = torch.linspace(1.0, LAST_ROW_WEIGHT, ways.shape[1]).view(1, -1, 1)
    loss: Tensor = ((answer - ways).abs() * weights).mean() / weights.mean()
    return loss
