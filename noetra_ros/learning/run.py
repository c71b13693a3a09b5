"""One training run: AdamW, warm-up and half a cosine; a running mean of the weights is the result."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.optim import AdamW

from noetra_ros.learning.settings import RunSettings
from noetra_ros.learning.state import History, load_state, save_state

GRADIENT_NORM = 1.0
FINAL_LEARNING_SHARE = 0.02

OnStep = Callable[[History, float, float], None]


class Lesson(Protocol):
    """What is learned: data, loss and the checkpoint that it ends in."""

    def loss(self, network: nn.Module, step: int) -> Tensor:
        """Loss of the batch of that step; depends on the step's number and the weights alone."""

    def check(self, average: nn.Module) -> float:
        """Loss on data that was kept back."""

    def save(self, average: nn.Module) -> None:
        """Write the checkpoint as it would be if training ended now."""


class TrainingRun:
    """One run; `run` may be interrupted and called again.

    Args:
        network: with its first weights.
        lesson: what is learned.
        settings: of the run.
        folder: where the state goes.
        data: what is learned from, in words; a resumed run must say the same.

    Raises:
        ConfigError: `folder` holds the state of a run with other settings or data.
    """

    def __init__(
        self, network: nn.Module, lesson: Lesson, settings: RunSettings, folder: Path, data: str
    ) -> None:
        self.network = network
        self.average = copy.deepcopy(network).requires_grad_(False)
        self._lesson, self._settings = lesson, settings
        self._optimiser = AdamW(
            network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._data = folder, data
        self.history = load_state(folder, network, self.average, self._optimiser, settings, data)

    def run(self, on_step: OnStep | None = None, stop_at_step: int | None = None) -> History:
        """Train to the end, or to `stop_at_step`; state and checkpoint are written on the way."""
        recent: list[float] = []
        started_s = time.monotonic() - self.history.elapsed_s
        while (progress := self._settings.progress(self.history.step, self.history.elapsed_s)) < 1.0:
            if stop_at_step is not None and self.history.step >= stop_at_step:
                break
            loss = self._step(progress)
            recent.append(loss)
            self.history.step += 1
            self.history.elapsed_s = time.monotonic() - started_s
            if self.history.step % self._settings.check_every_steps == 0:
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
        settings, optimiser = self._settings, self._optimiser
        save_state(self._folder, self.network, self.average, optimiser, self.history, settings, self._data)
        self._lesson.save(self.average)

    def check(self) -> float:
        """Loss of the averaged weights on data that was kept back."""
        with torch.no_grad():
            return self._lesson.check(self.average)

    def _check(self, recent: list[float]) -> None:
        self.history.steps.append(self.history.step)
        self.history.losses.append(sum(recent) / len(recent))
        self.history.check_steps.append(self.history.step)
        self.history.checks.append(self.check())
        recent.clear()

    def _step(self, progress: float) -> float:
        step = self.history.step
        for group in self._optimiser.param_groups:
            group["lr"] = self._learning_rate(step, progress)
        self._optimiser.zero_grad(set_to_none=True)
        loss = self._lesson.loss(self.network, step)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), GRADIENT_NORM)
        self._optimiser.step()
        self._update_average(step)
        return float(loss.detach())

    def _learning_rate(self, step: int, progress: float) -> float:
        fall = 0.5 * (1.0 + math.cos(math.pi * min(progress, 1.0)))
        warm = min(1.0, (step + 1) / max(1, self._settings.warm_up_steps))
        return self._settings.learning_rate * warm * max(fall, FINAL_LEARNING_SHARE)

    def _update_average(self, step: int) -> None:
        memory = min(self._settings.average_memory, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
                mean.lerp_(now, 1.0 - memory)
