"""The network of noetra_scene: what each pixel shows, where things have centres, and votes for them.

A small U-shaped network. Pixels are first folded 2 x 2, so that the widest maps have half the picture's size
and the classes still come out for each single pixel: the smallest things are a few pixels wide. Grouping
pixels by votes for centres follows Panoptic-DeepLab (Cheng et al. 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor, nn
from torch.nn import functional

from noetra_ros.core.config import setting

FOLD = 2  # the maps of centres and votes have the picture's size divided by this
COARSEST = 16
GROUPS = 8
VOTE_PX = 16.0  # what the network calls 1
RARE = -4.0  # logit of a centre before any training


@dataclass(frozen=True)
class SceneShape:
    """Sizes of the network: maps at each scale."""

    half: int = setting(description="maps at half the picture's size", default=16, minimum=8)
    quarter: int = setting(description="maps at a quarter", default=32, minimum=8)
    eighth: int = setting(description="maps at an eighth", default=64, minimum=8)
    sixteenth: int = setting(description="maps at a sixteenth", default=96, minimum=8)


class SceneAnswer(NamedTuple):
    """What the network says of pictures of H x W pixels.

    Attributes:
        classes: (B, classes, H, W) logits.
        centres: (B, things, H / 2, W / 2) logits: here is the centre of a thing of that class.
        votes: (B, 2, H / 2, W / 2) px, columns and rows from a pixel to the centre of its thing.
    """

    classes: Tensor
    centres: Tensor
    votes: Tensor


class Block(nn.Module):
    """Two convolutions beside a straight way."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = _convolution(width, width), _convolution(width, width)
        self.first_norm, self.second_norm = nn.GroupNorm(GROUPS, width), nn.GroupNorm(GROUPS, width)

    def forward(self, maps: Tensor) -> Tensor:
        """(B, width, h, w) -> the same."""
        inner = functional.relu(self.first_norm(self.first(maps)))
        return functional.relu(maps + self.second_norm(self.second(inner)))


class Narrowing(nn.Module):
    """To half the size."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.convolution = _convolution(before, after, stride=2)
        self.norm = nn.GroupNorm(GROUPS, after)

    def forward(self, maps: Tensor) -> Tensor:
        """(B, before, h, w) -> (B, after, h / 2, w / 2)."""
        return functional.relu(self.norm(self.convolution(maps)))


class Widening(nn.Module):
    """To twice the size, joined with what was there before narrowing."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(before, after, 1)
        self.convolution = _convolution(after, after)
        self.norm = nn.GroupNorm(GROUPS, after)

    def forward(self, maps: Tensor, earlier: Tensor) -> Tensor:
        """(B, before, h, w) and (B, after, 2 h, 2 w) -> (B, after, 2 h, 2 w)."""
        wide = functional.interpolate(self.narrow(maps), scale_factor=2.0, mode="nearest")
        return functional.relu(self.norm(self.convolution(wide + earlier)))


class SceneNetwork(nn.Module):
    """The whole network.

    Args:
        classes: numbers of what a pixel may show, the background first.
        things: how many of them, the last ones, are single things.
        shape: sizes.
    """

    def __init__(self, classes: int, things: int, shape: SceneShape) -> None:
        super().__init__()
        self.classes, self.things = classes, things
        s = shape
        self.stem = nn.Sequential(_convolution(3 * FOLD**2, s.half), nn.GroupNorm(GROUPS, s.half), nn.ReLU())
        self.at_half = Block(s.half)
        self.at_quarter = nn.Sequential(Narrowing(s.half, s.quarter), Block(s.quarter))
        self.at_eighth = nn.Sequential(Narrowing(s.quarter, s.eighth), Block(s.eighth))
        self.at_sixteenth = nn.Sequential(
            Narrowing(s.eighth, s.sixteenth), Block(s.sixteenth), Block(s.sixteenth)
        )
        self.to_eighth = Widening(s.sixteenth, s.eighth)
        self.to_quarter = Widening(s.eighth, s.quarter)
        self.to_half = Widening(s.quarter, s.half)
        self.class_head = nn.Conv2d(s.half, classes * FOLD**2, 3, padding=1)
        self.place_head = nn.Conv2d(s.half, things + 2, 3, padding=1)
        assert self.place_head.bias is not None
        nn.init.constant_(self.place_head.bias[:things], RARE)

    def forward(self, pictures: Tensor) -> SceneAnswer:
        """(B, 3, H, W) about -1..1, any H and W."""
        height, width = pictures.shape[-2:]
        padding = [0, -width % COARSEST, 0, -height % COARSEST]
        padded = functional.pad(pictures, padding, mode="replicate")
        half = self.at_half(self.stem(functional.pixel_unshuffle(padded, FOLD)))
        quarter = self.at_quarter(half)
        eighth = self.at_eighth(quarter)
        maps = self.to_eighth(self.at_sixteenth(eighth), eighth)
        maps = self.to_half(self.to_quarter(maps, quarter), half)
        classes = functional.pixel_shuffle(self.class_head(maps), FOLD)[..., :height, :width]
        places: Tensor = self.place_head(maps)
        places = places[..., : -(-height // FOLD), : -(-width // FOLD)]
        return SceneAnswer(classes, places[:, : self.things], VOTE_PX * places[:, self.things :])


def _convolution(before: int, after: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
