"""The network: a backbone reads the observation once, an action expert turns noise into a chunk."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from noetra_ros.policy.models.noetra.flow import sample
from noetra_ros.policy.models.noetra.layers import (
    EPSILON,
    AdaptiveNorm,
    GatedMlp,
    Projections,
    attend,
    rotary_turns,
)
from noetra_ros.policy.models.noetra.modalities import modalities_of, sentence_encoder
from noetra_ros.policy.models.noetra.shape import NoetraShape, Ports
from noetra_ros.policy.models.noetra.vision import Inputs
from noetra_ros.policy.models.vocabulary import PAD

# Flow times are told to the expert as waves of these lengths (openpi's choice).
SHORTEST_WAVE = 4e-3
LONGEST_WAVE = 4.0


@dataclass(frozen=True)
class Context:
    """What the backbone has made of an observation.

    Attributes:
        keys: of each layer, (B, g, n, s).
        values: of each layer, (B, g, n, s).
        mask: (B, 1, 1, n + rows) where action tokens may look; None = everywhere.
        summary: (B, width) mean of the last tokens: what the observation looks like to the network.
    """

    keys: list[Tensor]
    values: list[Tensor]
    mask: Tensor | None
    summary: Tensor


@dataclass(frozen=True)
class Parts:
    """The three parts of an inference; they may be compiled versions of the network's own.

    Attributes:
        look: as `NoetraNetwork.look`; once.
        paces: as `NoetraNetwork.paces`; once.
        flow_step: as `NoetraNetwork.flow_step`; at each step of the flow.
    """

    look: Callable[[Inputs], Context]
    paces: Callable[[Tensor], Tensor]
    flow_step: Callable[[Context, Tensor, Tensor, Tensor, Tensor], Tensor]


class BackboneLayer(nn.Module):
    """Attention and gated MLP; the last layer gives keys and values only."""

    def __init__(self, shape: NoetraShape, is_last: bool) -> None:
        super().__init__()
        self.width = shape.width
        self.attention = Projections(shape.width, shape.heads, shape.kv_heads, shape.head_size)
        self.before = nn.Parameter(torch.ones(shape.width))
        self.is_last = is_last
        if is_last:
            del self.attention.back
            return
        self.between = nn.Parameter(torch.ones(shape.width))
        self.mlp = GatedMlp(shape.width, shape.mlp)

    def forward(self, tokens: Tensor, turns: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """(B, n, w) -> tokens, keys, values."""
        normed = functional.rms_norm(tokens, (self.width,), self.before, EPSILON)
        q, k, v = self.attention(normed, turns)
        if self.is_last:
            return normed, k, v
        tokens = tokens + self.attention.back(attend(q, k, v, mask))
        normed = functional.rms_norm(tokens, (self.width,), self.between, EPSILON)
        return tokens + self.mlp(normed), k, v


class ExpertLayer(nn.Module):
    """Action tokens look at the backbone's keys of the same layer and at each other."""

    def __init__(self, shape: NoetraShape) -> None:
        super().__init__()
        width = shape.expert_width
        self.attention = Projections(width, shape.heads, shape.kv_heads, shape.head_size)
        self.before, self.between = AdaptiveNorm(width), AdaptiveNorm(width)
        self.mlp = GatedMlp(width, shape.expert_mlp)

    def forward(
        self, tokens: Tensor, paces: Sequence[Tensor], context: Context, layer: int, turns: Tensor
    ) -> Tensor:
        """(B, rows, w) and one pace (B, rows, 3 w) for each of two norms -> (B, rows, w)."""
        normed, gate = self.before(tokens, paces[0])
        q, k, v = self.attention(normed, turns)
        keys = torch.cat([context.keys[layer], k], dim=2)
        values = torch.cat([context.values[layer], v], dim=2)
        tokens = tokens + gate * self.attention.back(attend(q, keys, values, context.mask))
        normed, gate = self.between(tokens, paces[1])
        mixed: Tensor = tokens + gate * self.mlp(normed)
        return mixed


class NoetraNetwork(nn.Module):
    """The whole network of any size.

    Args:
        shape: sizes.
        ports: what goes in and out.
        statistics: joint_mean, joint_deviation (joints), way_deviation (rows, joints); they stay float32.
    """

    joint_mean: Tensor
    joint_deviation: Tensor
    way_deviation: Tensor

    def __init__(self, shape: NoetraShape, ports: Ports, statistics: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.shape, self.ports = shape, ports
        needs_sentence = shape.picture.kind == "asked" or shape.text == "bag"
        self.sentence = sentence_encoder(ports.vocabulary) if needs_sentence else None
        rows = modalities_of(ports)
        self.encoders = nn.ModuleDict({name: row.build(shape, ports) for name, row in rows.items()})
        self.backbone = nn.ModuleList(BackboneLayer(shape, i == shape.depth - 1) for i in range(shape.depth))
        self.expert = nn.ModuleList(ExpertLayer(shape) for _ in range(shape.depth))
        width = shape.expert_width
        self.take = nn.Linear(ports.joints, width)
        self.time = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.last = AdaptiveNorm(width)
        self.give = nn.Linear(width, ports.joints)
        nn.init.zeros_(self.give.weight)
        self.register_buffer("joint_mean", torch.zeros(ports.joints))
        self.register_buffer("joint_deviation", torch.ones(ports.joints))
        self.register_buffer("way_deviation", torch.ones(ports.rows, ports.joints))
        for name, values in (statistics or {}).items():
            getattr(self, name).copy_(torch.as_tensor(values, dtype=torch.float32))

    @property
    def dtype(self) -> torch.dtype:
        """Of the weights; statistics stay float32."""
        return self.take.weight.dtype

    def to_precision(self, dtype: torch.dtype) -> NoetraNetwork:
        """Weights in another precision; the statistics are left alone, a milliradian is not to be rounded."""
        for parameter in self.parameters():
            parameter.data = parameter.data.to(dtype)
        return self

    def look(self, inputs: Inputs) -> Context:
        """Read an observation once; joints and history are normalised already."""
        words = inputs["tokens"]
        sentence = words.new_empty((len(words), 0)) if self.sentence is None else self.sentence(words)
        parts = [encode(inputs, sentence) for encode in self.encoders.values()]
        return self.read(torch.cat(parts, dim=1), words)

    def read(self, tokens: Tensor, words: Tensor) -> Context:
        """Run the backbone on (B, n, width) tokens; `words` (B, length) say which of them are padding."""
        mask = self._mask(words, tokens.shape[1])
        turns = rotary_turns(torch.arange(tokens.shape[1], device=tokens.device), self.shape.head_size)
        keys, values = [], []
        for layer in self.backbone:
            tokens, k, v = layer(tokens, turns, None if mask is None else mask[..., : tokens.shape[1]])
            keys.append(k)
            values.append(v)
        return Context(keys, values, mask, tokens.mean(dim=1))

    def velocity(self, context: Context, actions: Tensor, times: Tensor) -> Tensor:
        """Where the flow goes.

        Args:
            context: what the observation looks like.
            actions: (B, rows, joints), between noise and normalised ways.
            times: (B, rows) flow time of each row, 0 = noise, 1 = done; rows of a prefix are at 1.

        Returns:
            (B, rows, joints).
        """
        return self.flow(context, actions, self.paces(times))

    def paces(self, times: Tensor) -> Tensor:
        """(...) flow times -> (..., norms, 3 w): what each norm of the expert makes of them."""
        condition = self.time(_waves(times, self.shape.expert_width).to(self.dtype))
        norms = [norm for layer in self.expert for norm in (layer.before, layer.between)]
        return torch.stack([norm.modulation(condition) for norm in (*norms, self.last)], dim=-2)

    def flow(self, context: Context, actions: Tensor, paces: Tensor) -> Tensor:
        """As `velocity`, of flow times as `paces` (B, rows, norms, 3 w) has put them."""
        rows, start = actions.shape[1], context.keys[0].shape[2]
        positions = torch.arange(start, start + rows, device=actions.device)
        turns = rotary_turns(positions, self.shape.head_size)
        tokens, each = self.take(actions), paces.unbind(dim=-2)
        for number, layer in enumerate(self.expert):
            tokens = layer(tokens, each[2 * number : 2 * number + 2], context, number, turns)
        velocity: Tensor = self.give(self.last(tokens, each[-1])[0])
        return velocity

    def flow_step(
        self, context: Context, actions: Tensor, free: Tensor, done: Tensor, fixed: Tensor
    ) -> Tensor:
        """As `velocity`, where rows are at one of two flow times.

        Args:
            context: what the observation looks like.
            actions: (B, rows, joints).
            free: (norms, 3 w) pace of the rows that flow.
            done: (norms, 3 w) pace of flow time 1, for the `fixed` rows.
            fixed: (B, rows) bool.

        Returns:
            (B, rows, joints).
        """
        return self.flow(context, actions, torch.where(fixed[..., None, None], done, free))

    def forward(
        self, inputs: Inputs, noise: Tensor, prefix: Tensor, fixed: Tensor, parts: Parts | None = None
    ) -> tuple[Tensor, Tensor]:
        """One inference with static shapes; the same work with and without a prefix.

        The flow takes few different times, each of them alike for all rows: what the norms make of them is
        computed once, so that a quarter of the expert's weights is not read at every step.

        Args:
            inputs: by modality.
            noise: (B, rows, joints).
            prefix: (B, rows, joints) normalised ways of rows that will have been executed.
            fixed: (B, rows) true for those rows.
            parts: what does the work; None = this network's own, as they are written.

        Returns:
            (B, rows, joints) normalised ways, and (B, width) the summary of the observation.
        """
        parts = parts or self.parts()
        steps = self.shape.flow_steps
        context = parts.look(inputs)
        paces = parts.paces(torch.linspace(0.0, 1.0, steps + 1, device=noise.device))
        ways = sample(
            lambda x, step: parts.flow_step(context, x, paces[step], paces[-1], fixed),
            noise,
            steps,
            prefix,
            fixed,
        )
        return ways, context.summary

    def parts(self) -> Parts:
        """What an inference calls, to be compiled one by one: the flow's part is called many times."""
        return Parts(self.look, self.paces, self.flow_step)

    def _mask(self, words: Tensor, count: int) -> Tensor | None:
        """(B, 1, 1, count + rows); words come first; padding is looked at by nobody."""
        if self.shape.text == "bag":
            return None
        rest = words.new_ones((len(words), count - words.shape[1] + self.ports.rows), dtype=torch.bool)
        return torch.cat([words != PAD, rest], dim=1)[:, None, None]


def _waves(times: Tensor, width: int) -> Tensor:
    """(B, rows) in 0..1 -> (B, rows, width) sines and cosines."""
    share = torch.linspace(0.0, 1.0, width // 2, device=times.device)
    lengths = SHORTEST_WAVE * (LONGEST_WAVE / SHORTEST_WAVE) ** share
    angles = 2.0 * math.pi * times.float().unsqueeze(-1) / lengths
    return torch.cat([angles.sin(), angles.cos()], dim=-1)
