"""noetra_nano: a small network that turns pictures, joints and a sentence into an action chunk.

Per camera, three convolutions make a map of a quarter of the picture's size. The sentence (a bag of words
with learned attention) asks it questions, each answered by a place (spatial softmax) and what is there. An
MLP joins the answers with joints and sentence. It predicts the way from the measured joints, in units of that
way's spread in the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from noetra_ros.core.config import setting
from noetra_ros.policy.models.vocabulary import PAD


@dataclass(frozen=True)
class NanoShape:
    """Sizes of the network."""

    stem_channels: int = setting(description="maps after the first convolution", default=16, minimum=1)
    channels: int = setting(description="maps that the sentence asks", default=32, minimum=1)
    queries: int = setting(description="questions for each camera", default=16, minimum=1)
    found_channels: int = setting(description="numbers that say what was found", default=8, minimum=1)
    word_size: int = setting(description="numbers for each word", default=32, minimum=1)
    sentence_heads: int = setting(description="attentions over the words", default=4, minimum=1)
    hidden: int = setting(description="width of the MLP", default=384, minimum=1)


class SentenceEncoder(nn.Module):
    """Bag of words, weighted by learned attention: robust to order and to words it does not know."""

    def __init__(self, vocabulary_size: int, shape: NanoShape) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary_size, shape.word_size, padding_idx=PAD)
        self.salience = nn.Linear(shape.word_size, shape.sentence_heads)
        self.output_size = shape.word_size * shape.sentence_heads

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, length) numbers of words -> (B, output_size)."""
        words = self.words(tokens)
        scores = self.salience(words).masked_fill((tokens == PAD).unsqueeze(-1), -1e4)
        return torch.einsum("blh,blw->bhw", scores.softmax(dim=1), words).flatten(1)


class CameraEncoder(nn.Module):
    """One camera: where, and what, are the things that the sentence asks for."""

    def __init__(self, sentence_size: int, shape: NanoShape) -> None:
        super().__init__()
        self.shape = shape
        self.maps = nn.Sequential(
            nn.Conv2d(3, shape.stem_channels, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Conv2d(shape.stem_channels, shape.channels, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(shape.channels, shape.channels, 3, padding=1),
            nn.ReLU(),
        ).to(memory_format=torch.channels_last)
        self.ask = nn.Linear(sentence_size, shape.queries * shape.channels)
        self.describe = nn.Linear(shape.channels, shape.found_channels)
        self.output_size = shape.queries * (2 + shape.found_channels)

    def forward(self, picture: Tensor, sentence: Tensor) -> Tensor:
        """(B, 3, H, W) about -1..1 and (B, S) -> (B, output_size)."""
        maps = self.maps(picture.contiguous(memory_format=torch.channels_last))
        batch, channels, height, width = maps.shape
        cells = maps.permute(0, 2, 3, 1).reshape(batch, height * width, channels)
        queries = self.ask(sentence).view(batch, self.shape.queries, channels)
        attention = (queries @ cells.transpose(1, 2)).softmax(dim=-1)
        places = attention @ _grid(height, width, maps)
        found = self.describe(attention @ cells)
        return torch.cat([places, found], dim=-1).flatten(1)


class NanoNetwork(nn.Module):
    """The whole network.

    Args:
        vocabulary_size: numbers in use for words.
        cameras: number of pictures.
        joints: number of joints, read and commanded.
        rows: rows of a chunk.
        shape: sizes.
        statistics: what normalisation needs.
    """

    joint_mean: Tensor
    joint_deviation: Tensor
    way_deviation: Tensor

    def __init__(
        self,
        vocabulary_size: int,
        cameras: int,
        joints: int,
        rows: int,
        shape: NanoShape,
        statistics: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.sentence = SentenceEncoder(vocabulary_size, shape)
        size = self.sentence.output_size
        encoders = [CameraEncoder(size, shape) for _ in range(cameras)]
        self.cameras = nn.ModuleList(encoders)
        joined = joints + size + sum(encoder.output_size for encoder in encoders)
        self.decide = nn.Sequential(
            nn.Linear(joined, shape.hidden),
            nn.ReLU(),
            nn.Linear(shape.hidden, shape.hidden),
            nn.ReLU(),
            nn.Linear(shape.hidden, rows * joints),
        )
        self.register_buffer("joint_mean", torch.zeros(joints))
        self.register_buffer("joint_deviation", torch.ones(joints))
        self.register_buffer("way_deviation", torch.ones(rows, joints))
        for name, values in (statistics or {}).items():
            getattr(self, name).copy_(torch.as_tensor(values, dtype=torch.float32))

    def forward(self, pictures: Tensor, joints: Tensor, tokens: Tensor) -> Tensor:
        """Normalised ways: (B, cameras, 3, H, W), (B, joints) rad, (B, length) -> (B, rows, joints)."""
        return self._ways(self.look(pictures, joints, tokens))

    def look(self, pictures: Tensor, joints: Tensor, tokens: Tensor) -> Tensor:
        """What the decision rests on, (B, features): joints, sentence, what each camera shows of it."""
        sentence = self.sentence(tokens)
        seen = [camera(pictures[:, i], sentence) for i, camera in enumerate(self.cameras)]
        scaled = (joints - self.joint_mean) / self.joint_deviation
        return torch.cat([scaled, sentence, *seen], dim=-1)

    def chunk(self, pictures: Tensor, joints: Tensor, tokens: Tensor) -> Tensor:
        """Joint positions, rad: (B, rows, joints); arguments as in `forward`."""
        return self.chunk_from(self.look(pictures, joints, tokens), joints)

    def chunk_from(self, features: Tensor, joints: Tensor) -> Tensor:
        """Joint positions, rad: (B, rows, joints), from what `look` has found."""
        return joints.unsqueeze(1) + self._ways(features) * self.way_deviation

    def _ways(self, features: Tensor) -> Tensor:
        ways: Tensor = self.decide(features)
        return ways.view(-1, *self.way_deviation.shape)


def to_input(pictures: Tensor) -> Tensor:
    """uint8 (..., H, W, 3) -> float (..., 3, H, W), -1..1."""
    return pictures.movedim(-1, -3).float() / 127.5 - 1.0


def _grid(height: int, width: int, like: Tensor) -> Tensor:
    """(height * width, 2) places of the cells, -1..1."""
    rows = torch.linspace(-1.0, 1.0, height, device=like.device)
    columns = torch.linspace(-1.0, 1.0, width, device=like.device)
    places = torch.stack(torch.meshgrid(rows, columns, indexing="ij"), dim=-1).reshape(-1, 2)
    return places.to(like.dtype)
