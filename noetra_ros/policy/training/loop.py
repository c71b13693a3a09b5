"""Trains noetra_nano: L1 on normalised ways, AdamW, half a cosine; a running mean of the weights is kept."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.optim import AdamW

from noetra_ros.policy.checkpoint import CheckpointConfig
from noetra_ros.policy.models.bundle import build_network, save_checkpoint, take_weights, vocabulary_of
from noetra_ros.policy.models.nano import NanoNetwork
from noetra_ros.policy.training.augment import augment
from noetra_ros.policy.training.dataset import Batch, Dataset
from noetra_ros.policy.training.settings import TrainingSettings
from noetra_ros.policy.training.state import History, load_state, save_state

GRADIENT_NORM = 1.0
LAST_ROW_WEIGHT = 0.5  # early rows are the ones that are carried out
CHECK_DECISIONS = 512
FINAL_LEARNING_SHARE = 0.02

OnStep = Callable[[History, float, float], None]


@dataclass
class Trainer:
    """One run; `run` may be interrupted and called again.

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
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.optimiser = AdamW(
            self.network.parameters(),
            lr=self.settings.learning_rate,
            weight_decay=self.settings.weight_decay,
        )
        self.vocabulary = vocabulary_of(self.config)
        self.learn_rows, self.check_rows = self.dataset.split(self.settings.keep_every)
        if len(self.check_rows) == 0:
            self.check_rows = self.learn_rows
        self.folder.mkdir(parents=True, exist_ok=True)
        data = f"{len(self.dataset)} decisions of {len(set(self.dataset.episodes.tolist()))} episodes"
        self._state = (self.folder, self.network, self.average, self.optimiser)
        self._data = data
        self.history = load_state(*self._state, self.settings, data)

    def run(self, on_step: OnStep | None = None, stop_at_step: int | None = None) -> History:
        """Train to the end, or to `stop_at_step`; state and checkpoint are written on the way."""
        recent: list[float] = []
        started_s = time.monotonic() - self.history.elapsed_s
        while (progress := self.settings.progress(self.history.step, self.history.elapsed_s)) < 1.0:
            if stop_at_step is not None and self.history.step >= stop_at_step:
                break
            loss = self._step(progress)
            recent.append(loss)
            self.history.step += 1
            self.history.elapsed_s = time.monotonic() - started_s
            if self.history.step % self.settings.check_every_steps == 0:
                self._check(recent)
                self.save()
            if on_step is not None:
                on_step(self.history, loss, progress)
        if recent:
            self._check(recent)
        self.save()
        return self.history

    def save(self) -> None:
        """Write the state, and the checkpoint as it would be if training ended now."""
        folder, network, average, optimiser = self._state
        save_state(folder, network, average, optimiser, self.history, self.settings, self._data)
        save_checkpoint(folder, self.config, average)

    def check(self) -> float:
        """Loss of the averaged weights on episodes that were kept back; no augmentation."""
        rng = np.random.default_rng([self.settings.seed, 7])
        count = min(CHECK_DECISIONS, len(self.check_rows))
        rows = np.sort(rng.choice(self.check_rows, count, replace=False))
        losses = []
        with torch.no_grad():
            for part in np.array_split(rows, math.ceil(count / self.settings.batch_size)):
                batch = self.dataset.batch(part, rng, self.vocabulary, 0.0)
                pictures = batch.pictures.movedim(-1, -3).float() / 127.5 - 1.0
                losses.append(float(_loss(self.average, batch, pictures)) * len(part))
        return sum(losses) / count

    def _check(self, recent: list[float]) -> None:
        self.history.steps.append(self.history.step)
        self.history.losses.append(sum(recent) / len(recent))
        self.history.check_steps.append(self.history.step)
        self.history.checks.append(self.check())
        recent.clear()

    def _step(self, progress: float) -> float:
        """One batch; depends on the seed, the step's number and the weights alone."""
        step = self.history.step
        rng = np.random.default_rng([self.settings.seed, step])
        generator = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + step)
        rows = rng.choice(self.learn_rows, self.settings.batch_size)
        batch = self.dataset.batch(rows, rng, self.vocabulary, self.settings.word_drop)
        raw = batch.pictures.movedim(-1, -3).float().flatten(0, 1) / 255.0
        pictures = augment(raw, self.settings.augmentation, generator).mul_(2.0).sub_(1.0)
        for group in self.optimiser.param_groups:
            group["lr"] = self._learning_rate(step, progress)
        self.optimiser.zero_grad(set_to_none=True)
        loss = _loss(self.network, batch, pictures.view(len(rows), -1, *pictures.shape[1:]))
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), GRADIENT_NORM)
        self.optimiser.step()
        self._update_average(step)
        return float(loss.detach())

    def _learning_rate(self, step: int, progress: float) -> float:
        fall = 0.5 * (1.0 + math.cos(math.pi * min(progress, 1.0)))
        warm = min(1.0, (step + 1) / max(1, self.settings.warm_up_steps))
        return self.settings.learning_rate * warm * max(fall, FINAL_LEARNING_SHARE)

    def _update_average(self, step: int) -> None:
        memory = min(self.settings.average_memory, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
                mean.lerp_(now, 1.0 - memory)


def _loss(network: NanoNetwork, batch: Batch, pictures: Tensor) -> Tensor:
    ways = (batch.chunks - batch.joints.unsqueeze(1)) / network.way_deviation
    answer = network(pictures, batch.joints, batch.tokens)
    weights = torch.linspace(1.0, LAST_ROW_WEIGHT, ways.shape[1]).view(1, -1, 1)
    loss: Tensor = ((answer - ways).abs() * weights).mean() / weights.mean()
    return loss
