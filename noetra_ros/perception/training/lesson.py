"""Trains noetra_scene: classes of pixels, centres of things, votes for centres."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from noetra_ros.core.types import ImageArray
from noetra_ros.learning.augment import augment
from noetra_ros.learning.run import TrainingRun
from noetra_ros.learning.weights import load_weights_into
from noetra_ros.perception.models.scene_bundle import build_scene_network, save_scene_checkpoint
from noetra_ros.perception.models.scene_network import VOTE_PX, SceneAnswer
from noetra_ros.perception.scene_checkpoint import WEIGHTS_FILE, SceneCheckpoint, read_checkpoint_config
from noetra_ros.perception.training.dataset import PictureGroup, SceneDataset
from noetra_ros.perception.training.settings import SceneSettings
from noetra_ros.perception.training.targets import SURROUNDINGS, LabelTable, Weighing

SCORE_THRESHOLD, CENTRE_THRESHOLD, LEAST_AREA_PX = 0.5, 0.3, 4
PEOPLE_BIAS = 0.0  # raise it in config.yaml to miss fewer people and imagine more
CHECK_BATCHES = 6


@dataclass(frozen=True)
class _Divided:
    """Pictures of one size: numbers of those to learn from, of the ones with people, and to check on."""

    all: PictureGroup
    learn: NDArray[np.int64]
    people: NDArray[np.int64]
    check: NDArray[np.int64]

    def draw(self, rng: np.random.Generator, count: int, people_share: float) -> NDArray[np.int64]:
        """(count,) numbers of pictures to learn from."""
        rows = rng.choice(self.learn, count)
        if len(self.people):
            is_people = rng.random(count) < people_share
            rows[is_people] = rng.choice(self.people, int(is_people.sum()))
        return rows


class SceneLesson:
    """Implements `Lesson`.

    Args:
        dataset: rendered scenes.
        settings: of the run.
        folder: where the checkpoint goes.
        version: written into it.
    """

    def __init__(self, dataset: SceneDataset, settings: SceneSettings, folder: Path, version: str) -> None:
        self._settings, self._folder = settings, folder
        self._table = LabelTable.of(dataset.description.labels)
        self._weighing = Weighing(settings.small_area_px, settings.most_weight, settings.people_weight)
        self._groups = [self._divided(group) for group in dataset.groups]
        self._least_pixels = min(group.pixels for group in dataset.groups)
        self.config = _config(dataset, self._table, settings, version)

    def loss(self, network: nn.Module, step: int) -> Tensor:
        """Loss of the batch of that step; sizes of pictures take turns."""
        seed = self._settings.seed
        rng = np.random.default_rng([seed, step])
        generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
        group = self._groups[step % len(self._groups)]
        rows = group.draw(rng, self._count(group.all), self._settings.people_share)
        pictures, ids = group.all.pictures[rows], group.all.ids[rows]
        is_mirrored = rng.random(len(rows)) < 0.5
        pictures[is_mirrored] = pictures[is_mirrored, :, ::-1]
        ids[is_mirrored] = ids[is_mirrored, :, ::-1]
        raw = torch.from_numpy(pictures).movedim(-1, -3).float() / 255.0
        seen = augment(raw, self._settings.augmentation, generator).mul_(2.0).sub_(1.0)
        return self._loss(network(seen.contiguous(memory_format=torch.channels_last)), ids)

    def check(self, average: nn.Module) -> float:
        """Loss on scenes that were kept back; no augmentation."""
        rng = np.random.default_rng([self._settings.seed, 7])
        losses = []
        for _ in range(CHECK_BATCHES):
            for group in self._groups:
                count = min(self._count(group.all), len(group.check))
                rows = rng.choice(group.check, count, replace=False)
                answer = average(_input(group.all.pictures[rows]))
                losses.append(float(self._loss(answer, group.all.ids[rows])))
        return sum(losses) / len(losses)

    def save(self, average: nn.Module) -> None:
        """Write the checkpoint as it would be if training ended now."""
        save_scene_checkpoint(self._folder, self.config, average)

    def _divided(self, group: PictureGroup) -> _Divided:
        learn, check = group.split(self._settings.keep_every)
        return _Divided(group, learn, learn[self._table.shows_people(group.ids[learn])], check)

    def _count(self, group: PictureGroup) -> int:
        """Pictures in a batch: all batches have about as many pixels."""
        return max(1, round(self._settings.batch_size * self._least_pixels / group.pixels))

    def _loss(self, answer: SceneAnswer, ids: NDArray[np.uint8]) -> Tensor:
        s = self._settings
        targets = [self._table.targets(one, self._weighing) for one in ids]
        classes, weights, centres, votes, vote_weights = (
            torch.from_numpy(np.stack([getattr(t, name) for t in targets]))
            for name in ("classes", "weights", "centres", "votes", "vote_weights")
        )
        by_pixel = functional.cross_entropy(answer.classes, classes, reduction="none")
        pixel_loss = (by_pixel * weights).sum() / weights.sum()
        misses = (answer.votes - votes).abs().sum(dim=1) / VOTE_PX
        vote_loss = (misses * vote_weights).sum() / vote_weights.sum().clamp_min(1.0)
        return pixel_loss + s.vote_weight * vote_loss + s.centre_weight * centre_loss(answer.centres, centres)


def centre_loss(logits: Tensor, wanted: Tensor) -> Tensor:
    """Focal loss of CornerNet and CenterNet (Law and Deng 2018): mean over the centres.

    Args:
        logits: (B, things, h, w).
        wanted: the same shape, exactly 1 at centres, less around them.
    """
    certainty = logits.sigmoid().clamp(1e-4, 1.0 - 1e-4)
    at_centre = wanted.eq(1.0)
    hit = (1.0 - certainty) ** 2 * certainty.log()
    miss = (1.0 - wanted) ** 4 * certainty**2 * (1.0 - certainty).log()
    return -torch.where(at_centre, hit, miss).sum() / at_centre.sum().clamp_min(1)


def start_run(
    dataset: SceneDataset,
    settings: SceneSettings,
    folder: Path,
    version: str,
    start_from: Path | None = None,
) -> TrainingRun:
    """A run on fresh weights of the seed, on those of another checkpoint, or where an earlier one stopped.

    Raises:
        ConfigError: `folder` holds a run with other settings or data; `start_from` holds another network.
    """
    torch.manual_seed(settings.seed)
    lesson = SceneLesson(dataset, settings, folder, version)
    network = build_scene_network(lesson.config)
    if start_from is not None:
        load_weights_into(network, start_from / WEIGHTS_FILE)
        network.train().requires_grad_(True)
        lesson.config.training["began_as"] = read_checkpoint_config(start_from).version
    data = f"{len(dataset)} pictures of {dataset.scene_count} scenes"
    return TrainingRun(network, lesson, settings, folder, data)


def _input(pictures: ImageArray) -> Tensor:
    seen = torch.from_numpy(pictures).movedim(-1, -3).float() / 127.5 - 1.0
    return seen.contiguous(memory_format=torch.channels_last)


def _config(
    dataset: SceneDataset, table: LabelTable, settings: SceneSettings, version: str
) -> SceneCheckpoint:
    made = dataset.description
    wanted: dict[str, Any] = asdict(settings)
    wanted.pop("shape")
    return SceneCheckpoint(
        model="noetra_scene",
        version=version,
        robot=made.robot,
        cameras=made.cameras,
        surroundings=SURROUNDINGS,
        things=table.things,
        score_threshold=SCORE_THRESHOLD,
        centre_threshold=CENTRE_THRESHOLD,
        least_area_px=LEAST_AREA_PX,
        people_bias=PEOPLE_BIAS,
        shape=asdict(settings.shape),
        training={"pictures": len(dataset), "scenes": dataset.scene_count, "variation": made.variation}
        | wanted,
    )
