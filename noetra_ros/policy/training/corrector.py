"""Trains a corrector: L1 on the expert's normalised ways, told what the followed chunk had in mind."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from noetra_ros.core.config import setting
from noetra_ros.learning.run import OnStep, TrainingRun
from noetra_ros.learning.settings import RunSettings
from noetra_ros.learning.state import History
from noetra_ros.learning.weights import save_weights
from noetra_ros.policy.checkpoint import WEIGHTS_FILE, CameraConfig, CheckpointConfig
from noetra_ros.policy.correction.episodes import AheadTrack, join_tracks, read_track
from noetra_ros.policy.correction.sheet import CorrectedJoint, CorrectorSheet, write_corrector_sheet
from noetra_ros.policy.models.corrector import CorrectorNetwork, Told
from noetra_ros.policy.models.nano import NanoNetwork
from noetra_ros.policy.training.dataset import Dataset
from noetra_ros.policy.training.seen import Seen

LAST_ROW_WEIGHT = 0.5  # early rows are the ones that are carried out
CHECK_LOOKS = 4096
LEAST_WAY_DEVIATION_RAD = 0.02
GRIPPER = "gripper"
DIGITS = 6


@dataclass(frozen=True)
class CorrectorSettings(RunSettings):
    """One run of training."""

    hidden: int = setting(description="width of the MLP", default=192, minimum=1)
    wrong_chunk_share: float = setting(
        description="share of looks that are told a chunk with a made-up error: pictures decide then",
        default=0.3,
        minimum=0.0,
        maximum=1.0,
    )


@dataclass
class CorrectorTrainer:
    """One run; `run` may be interrupted and called again. Implements `Lesson`.

    Args:
        seen: what frozen eyes have found.
        told: what the corrector was told, by the numbers of `seen`.
        eyes: the network that looked.
        sheet: of the checkpoint to make.
        settings: of the run.
        folder: where state and checkpoint go.
    """

    seen: Seen
    told: AheadTrack
    eyes: NanoNetwork
    sheet: CorrectorSheet
    settings: CorrectorSettings
    folder: Path

    def __post_init__(self) -> None:
        torch.manual_seed(self.settings.seed)
        self.network = CorrectorNetwork(self.sheet)
        self.network.take_eyes(self.eyes)
        self.learn_rows = torch.nonzero(~self.seen.is_check).flatten()
        self.check_rows = torch.nonzero(self.seen.is_check).flatten()
        if len(self.check_rows) == 0:
            self.check_rows = self.learn_rows
        self._base, self._planned = torch.from_numpy(self.told.base), torch.from_numpy(self.told.planned)
        self._times = torch.from_numpy(np.stack([self.told.age_s, self.told.left_s], axis=1))
        data = f"{len(self.seen)} looks"
        self._run = TrainingRun(self.network, self, self.settings, self.folder, data)

    def run(self, on_step: OnStep | None = None, stop_at_step: int | None = None) -> History:
        """Train to the end, or to `stop_at_step`; state and checkpoint are written on the way."""
        return self._run.run(on_step, stop_at_step)

    def save(self, average: nn.Module) -> None:
        """Write the checkpoint as it would be if training ended now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        save_weights(self.folder / WEIGHTS_FILE, average)
        write_corrector_sheet(self.folder, self.sheet)

    def loss(self, network: nn.Module, step: int) -> Tensor:
        """Loss of the batch of a step; depends on the seed, the step's number and the weights alone."""
        generator = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + step)
        drawn = torch.randint(len(self.learn_rows), (self.settings.batch_size,), generator=generator)
        batch = self.seen.rows(self.learn_rows[drawn])
        told = self._misled(self._told(batch), generator)
        return _loss(network, batch, told)

    def check(self, average: nn.Module) -> float:
        """The same on looks that were kept back, told the truth."""
        generator = torch.Generator().manual_seed(7)
        drawn = torch.randperm(len(self.check_rows), generator=generator)[:CHECK_LOOKS]
        batch = self.seen.rows(self.check_rows[drawn])
        with torch.no_grad():
            return float(_loss(average, batch, self._told(batch)))

    def _told(self, batch: Seen) -> Told:
        rows = batch.numbers
        return Told(self._base[rows], self._planned[rows], self._times[rows])

    def _misled(self, told: Told, generator: torch.Generator) -> Told:
        """Some chunks with an error that grows with the offset; what would be right does not depend on it."""
        size, _, n = told.base.shape
        spread = torch.cat([self.network.way_deviation[:1], self.network.way_deviation])
        wrong = torch.rand(size, 1, 1, generator=generator) < self.settings.wrong_chunk_share
        error = torch.randn(size, 1, n, generator=generator) * spread * wrong
        return told._replace(base=told.base + error)


def _loss(network: nn.Module, batch: Seen, told: Told) -> Tensor:
    assert isinstance(network, CorrectorNetwork)
    ways = (batch.chunks - batch.joints.unsqueeze(1)) / network.way_deviation
    answer = network.ways(batch.found, batch.sentence, batch.joints, told)
    weights = torch.linspace(1.0, LAST_ROW_WEIGHT, ways.shape[1]).view(1, -1, 1)
    loss: Tensor = ((answer - ways).abs() * weights).mean() / weights.mean()
    return loss


def load_told(dataset: Dataset, folders: tuple[Path, ...]) -> AheadTrack:
    """What the corrector was told at each decision of a data set, in its order.

    Raises:
        ConfigError: a file is missing, damaged or does not fit its episode.
    """
    seeds, looks = np.unique(dataset.episodes, return_counts=True)
    order = dataset.episodes[np.sort(np.unique(dataset.episodes, return_index=True)[1])]
    count = dict(zip(seeds.tolist(), looks.tolist(), strict=True))
    home = {int(p.stem.rpartition("_")[2]): p.parent for f in folders for p in f.glob("episode_*.npz")}
    rows, joints = dataset.chunks.shape[1:]
    return join_tracks([read_track(home[seed], seed, count[seed], rows, joints) for seed in order.tolist()])


def corrector_sheet(
    first: CheckpointConfig,
    dataset: Dataset,
    settings: CorrectorSettings,
    version: str,
    bounds_rad: tuple[float, float],
    timing: tuple[float, float],
) -> CorrectorSheet:
    """Sheet of a checkpoint with the eyes of `first`.

    Args:
        first: whose eyes, words and normalisation of joints are taken.
        dataset: what is learned from.
        settings: of the run.
        version: of the weights.
        bounds_rad: largest correction of a joint, and what is ignored. A gripper is left to the policy: when
            to close and open is a decision, and deciding anew each 20 ms is how things are dropped.
        timing: Hz of its looks and s of latency that it declares.
    """
    ways = dataset.chunks - dataset.joints[:, None]
    deviation = np.maximum(ways.std(axis=0), LEAST_WAY_DEVIATION_RAD)
    description = dataset.description
    return CorrectorSheet(
        model="noetra_nano_corrector",
        version=version,
        robot=description.robot,
        cameras=tuple(CameraConfig(n, w, h, "rgb") for n, (w, h) in description.cameras.items()),
        joints=tuple(
            CorrectedJoint(
                j.name,
                j.mean,
                j.deviation,
                0.0 if j.name == GRIPPER else bounds_rad[0],
                bounds_rad[1],
                j.name == GRIPPER,
            )
            for j in first.joints
        ),
        rows=description.rows,
        step_s=description.step_s,
        rate_hz=timing[0],
        latency_s=timing[1],
        way_deviation=tuple(tuple(round(float(v), DIGITS) for v in row) for row in deviation),
        vocabulary=first.vocabulary,
        sentence_length=first.sentence_length,
        shape=first.shape,
        hidden=settings.hidden,
        training=_training(first, dataset, settings),
    )


def _training(first: CheckpointConfig, dataset: Dataset, settings: CorrectorSettings) -> dict[str, Any]:
    episodes = np.unique(dataset.episodes)
    names, counts = np.unique([dataset.wish_names[w][0] for w in dataset.wishes], return_counts=True)
    return {
        "settings": asdict(settings),
        "eyes": f"{first.model} {first.version}, frozen",
        "episodes": len(episodes),
        "first_seed": int(episodes[0]),
        "last_seed": int(episodes[-1]),
        "looks": len(dataset),
        "looks_by_task": {str(n): int(c) for n, c in zip(names, counts, strict=True)},
        "variation": dataset.description.variation,
    }
