"""Trains the action expert of a noetra network by flow matching, to carry on from a prefix of actions too."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from noetra_ros.core.config import setting
from noetra_ros.learning.run import OnStep, TrainingRun
from noetra_ros.learning.settings import RunSettings
from noetra_ros.learning.state import History
from noetra_ros.policy.checkpoint import CheckpointConfig
from noetra_ros.policy.models.nano import NanoNetwork
from noetra_ros.policy.models.noetra.bundle import build_network, save_checkpoint, take_eyes
from noetra_ros.policy.models.noetra.flow import by_times, sample
from noetra_ros.policy.models.noetra.network import Context, NoetraNetwork
from noetra_ros.policy.models.noetra.shape import NoetraShape
from noetra_ros.policy.models.noetra.vision import AskedPictures
from noetra_ros.policy.training.seen import Seen

LAST_ROW_WEIGHT = 0.5  # early rows are the ones that are carried out
CHECK_DECISIONS = 512
NOISE_BIAS = 1.5  # flow times are drawn so that noisy ones, where more is to be decided, come oftener (pi0)


@dataclass(frozen=True)
class FlowSettings(RunSettings):
    """One run of training."""

    draws: int = setting(description="flow times drawn for each decision of a step", default=2, minimum=1)
    prefix_share: float = setting(
        description="share of decisions that are given a prefix", default=0.5, minimum=0.0, maximum=1.0
    )
    longest_prefix: int = setting(description="longest prefix that is learned, rows", default=5, minimum=0)


@dataclass
class FlowTrainer:
    """One run; `run` may be interrupted and called again. Implements `Lesson`.

    Args:
        seen: what frozen eyes have found in the demonstrations.
        eyes: the network that looked.
        config: of the checkpoint to make.
        settings: of the run.
        folder: where state and checkpoint go.
    """

    seen: Seen
    eyes: NanoNetwork
    config: CheckpointConfig
    settings: FlowSettings
    folder: Path

    def __post_init__(self) -> None:
        torch.manual_seed(self.settings.seed)
        self.network = build_network(self.config)
        take_eyes(self.network, self.eyes)
        self.learn_rows = torch.nonzero(~self.seen.is_check).flatten()
        self.check_rows = torch.nonzero(self.seen.is_check).flatten()
        if len(self.check_rows) == 0:
            self.check_rows = self.learn_rows
        self._run = TrainingRun(
            self.network, self, self.settings, self.folder, f"{len(self.seen)} looks at decisions"
        )

    @property
    def history(self) -> History:
        """What has happened so far."""
        return self._run.history

    def run(self, on_step: OnStep | None = None, stop_at_step: int | None = None) -> History:
        """Train to the end, or to `stop_at_step`; state and checkpoint are written on the way."""
        return self._run.run(on_step, stop_at_step)

    def save(self, average: nn.Module) -> None:
        """Write the checkpoint as it would be if training ended now."""
        assert isinstance(average, NoetraNetwork)
        save_checkpoint(self.folder, self.config, average)

    def loss(self, network: nn.Module, step: int) -> Tensor:
        """Loss of the batch of a step; depends on the seed, the step's number and the weights alone."""
        assert isinstance(network, NoetraNetwork)
        generator = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + step)
        drawn = torch.randint(len(self.learn_rows), (self.settings.batch_size,), generator=generator)
        batch = self.seen.rows(self.learn_rows[drawn])
        context, ways = look_again(network, batch), ways_of(network, batch)
        losses = [self._flow_loss(network, context, ways, generator) for _ in range(self.settings.draws)]
        return torch.stack(losses).mean()

    def check(self, average: nn.Module) -> float:
        """Distance of sampled chunks from the expert's answers, as noetra_nano's loss tells it."""
        assert isinstance(average, NoetraNetwork)
        generator = torch.Generator().manual_seed(7)
        drawn = torch.randperm(len(self.check_rows), generator=generator)[:CHECK_DECISIONS]
        batch = self.seen.rows(self.check_rows[drawn])
        with torch.no_grad():
            return float(chunk_distance(average, batch, generator))

    def _flow_loss(
        self, network: NoetraNetwork, context: Context, ways: Tensor, generator: torch.Generator
    ) -> Tensor:
        """Mean squared error of the velocity over rows that are not of the prefix."""
        batch, rows, _ = ways.shape
        noise = torch.randn(ways.shape, generator=generator)
        # Beta(1, NOISE_BIAS) by its inverse distribution function: 0 = noise is likelier than 1
        time = 1.0 - torch.rand(batch, 1, generator=generator) ** (1.0 / NOISE_BIAS)
        length = torch.randint(0, self.settings.longest_prefix + 1, (batch, 1), generator=generator)
        length *= torch.rand(batch, 1, generator=generator) < self.settings.prefix_share
        fixed = torch.arange(rows) < length
        times = torch.where(fixed, 1.0, time)
        between = torch.lerp(noise, ways, times.unsqueeze(-1))
        miss = network.velocity(context, between, times) - (ways - noise)
        weights = torch.linspace(1.0, LAST_ROW_WEIGHT, rows) * ~fixed
        return (miss.square().mean(dim=-1) * weights).sum() / weights.sum()


def flow_config(
    first: CheckpointConfig, shape: NoetraShape, settings: FlowSettings, version: str
) -> CheckpointConfig:
    """Config of a checkpoint with the eyes of `first`: same robot, words, normalisation and timing."""
    training = {
        "settings": asdict(settings),
        "eyes": f"{first.model} {first.version}, frozen",
        "longest_prefix": settings.longest_prefix,
        "demonstrations": {k: v for k, v in first.training.items() if k != "settings"},
    }
    return replace(first, model="noetra", version=version, shape=asdict(shape), training=training)


def look_again(network: NoetraNetwork, batch: Seen) -> Context:
    """The context of what the eyes have found already."""
    pictures, encoders = network.encoders["pictures"], network.encoders
    assert isinstance(pictures, AskedPictures)
    joints = (batch.joints - network.joint_mean) / network.joint_deviation
    inputs = {"joints": joints}
    parts = [
        pictures.tokens_of(batch.found, joints, batch.sentence)
        if encode is pictures
        else encode(inputs, batch.sentence)
        for encode in encoders.values()
    ]
    tokens = torch.cat(parts, dim=1)
    return network.read(tokens, torch.ones((len(batch), 1), dtype=torch.long))


def ways_of(network: NoetraNetwork, batch: Seen) -> Tensor:
    """(B, rows, n) the expert's answers as ways from the measured joints, in spreads of the way."""
    return (batch.chunks - batch.joints.unsqueeze(1)) / network.way_deviation


def chunk_distance(network: NoetraNetwork, batch: Seen, generator: torch.Generator) -> Tensor:
    """Mean absolute distance of sampled chunks from the expert's, in spreads of the way, weighted by row."""
    ways = ways_of(network, batch)
    context = look_again(network, batch)
    noise = torch.randn(ways.shape, generator=generator)
    nothing = torch.zeros(ways.shape[:2], dtype=torch.bool)
    steps = network.shape.flow_steps
    velocity = by_times(lambda x, t: network.velocity(context, x, t), steps, nothing)
    sampled = sample(velocity, noise, steps, noise, nothing)
    weights = torch.linspace(1.0, LAST_ROW_WEIGHT, ways.shape[1]).view(1, -1, 1)
    return ((sampled - ways).abs() * weights).mean() / weights.mean()
