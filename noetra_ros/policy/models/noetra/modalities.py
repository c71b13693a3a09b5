"""The one table of modalities: what a network can read, and what turns it into tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.policy.models.nano import NanoShape, SentenceEncoder
from noetra_ros.policy.models.noetra.shape import NoetraShape, Ports
from noetra_ros.policy.models.noetra.vision import PICTURE_ENCODERS, Inputs
from noetra_ros.policy.models.vocabulary import PAD


class WordTokens(nn.Module):
    """A token for each word; padding is masked out by the network."""

    def __init__(self, shape: NoetraShape, ports: Ports) -> None:
        super().__init__()
        self.words = nn.Embedding(ports.vocabulary, shape.width, padding_idx=PAD)

    def forward(self, inputs: Inputs, sentence: Tensor) -> Tensor:
        """(B, length) -> (B, length, width)."""
        words: Tensor = self.words(inputs["tokens"])
        return words


class SentenceToken(nn.Module):
    """One token for the whole sentence, made of what the picture encoders are asked with."""

    def __init__(self, shape: NoetraShape, ports: Ports) -> None:
        super().__init__()
        self.say = nn.Linear(sentence_size(), shape.width)

    def forward(self, inputs: Inputs, sentence: Tensor) -> Tensor:
        """(B, length), (B, s) -> (B, 1, width)."""
        said: Tensor = self.say(sentence)
        return said.unsqueeze(1)


class VectorTokens(nn.Module):
    """A token for each row of numbers; its place in time is learned."""

    def __init__(self, name: str, shape: NoetraShape, rows: int, numbers: int) -> None:
        super().__init__()
        self.name = name
        self.say = nn.Linear(numbers, shape.width)
        self.times = nn.Parameter(0.02 * torch.randn(rows, shape.width))

    def forward(self, inputs: Inputs, sentence: Tensor) -> Tensor:
        """(B, rows, numbers) or (B, numbers) -> (B, rows, width)."""
        values = inputs[self.name]
        rows = values.unsqueeze(1) if values.dim() == 2 else values
        said: Tensor = self.say(rows) + self.times
        return said


@dataclass(frozen=True)
class Modality:
    """One kind of input.

    Attributes:
        is_read: whether a network with these ports reads it.
        build: its encoder: (inputs by modality, sentence (B, s)) -> (B, tokens, width).
    """

    is_read: Callable[[Ports], bool]
    build: Callable[[NoetraShape, Ports], nn.Module]


def _text(shape: NoetraShape, ports: Ports) -> nn.Module:
    return WordTokens(shape, ports) if shape.text == "words" else SentenceToken(shape, ports)


def _pictures(shape: NoetraShape, ports: Ports) -> nn.Module:
    return PICTURE_ENCODERS[shape.picture.kind](shape, ports, sentence_size())


def _vectors(name: str) -> Modality:
    return Modality(
        lambda ports: name in ports.vectors,
        lambda shape, ports: VectorTokens(name, shape, *ports.vectors[name]),
    )


MODALITIES: dict[str, Modality] = {
    "tokens": Modality(lambda ports: True, _text),
    "pictures": Modality(lambda ports: ports.cameras > 0, _pictures),
    "joints": Modality(
        lambda ports: True, lambda shape, ports: VectorTokens("joints", shape, 1, ports.joints)
    ),
    "history": Modality(
        lambda ports: ports.history_rows > 0,
        lambda shape, ports: VectorTokens("history", shape, ports.history_rows, ports.joints),
    ),
    "wrench": _vectors("wrench"),
    "depth": _vectors("depth"),
    "audio": _vectors("audio"),
}


def modalities_of(ports: Ports) -> dict[str, Modality]:
    """The rows of the table that a network with these ports reads, in the table's order.

    Raises:
        ConfigError: a further input that the table does not know.
    """
    unknown = [name for name in ports.vectors if name not in MODALITIES]
    if unknown:
        known = ", ".join(MODALITIES)
        remedy = "add a row to MODALITIES in policy/models/noetra/modalities.py"
        raise ConfigError(
            "ports", [Fault(f"vectors.{n}", "unknown", f"one of {known}", remedy) for n in unknown]
        )
    return {name: row for name, row in MODALITIES.items() if row.is_read(ports)}


def sentence_encoder(vocabulary: int) -> SentenceEncoder:
    """What picture encoders are asked with; the one of noetra_nano."""
    return SentenceEncoder(vocabulary, NanoShape())


def sentence_size() -> int:
    """Numbers of an encoded sentence."""
    shape = NanoShape()
    return shape.word_size * shape.sentence_heads
