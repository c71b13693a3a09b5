"""Changes pictures as light and a camera's mount would, little enough that a red cube stays red."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as transforms  # type: ignore[import-untyped]

from noetra_ros.core.config import setting


@dataclass(frozen=True)
class Augmentation:
    """How far each property is drawn from what it was (half widths); each picture has its own draw."""

    brightness: float = setting(description="factor on all channels", default=0.25, minimum=0.0, maximum=0.9)
    contrast: float = setting(
        description="factor on the distance from mid-grey", default=0.2, minimum=0.0, maximum=0.9
    )
    tint: float = setting(description="factor on each channel", default=0.06, minimum=0.0, maximum=0.5)
    hue: float = setting(description="turn of the hue, of a full circle", default=0.012, minimum=0.0)
    noise: float = setting(description="spread of pixel noise, of full scale", default=0.012, minimum=0.0)
    shift_px: int = setting("px", "random shift with a repeated edge", default=1, minimum=0)


def augment(pictures: Tensor, settings: Augmentation, generator: torch.Generator) -> Tensor:
    """Augmented copies.

    Args:
        pictures: (B, 3, H, W) float, 0..1.
        settings: how much.
        generator: source of chance.

    Returns:
        (B, 3, H, W) float, 0..1.
    """
    batch = pictures.shape[0]

    def draw(spread: float, *shape: int) -> Tensor:
        return 1.0 + spread * (2.0 * torch.rand(batch, *shape, generator=generator) - 1.0)

    changed = _shifted(pictures, settings.shift_px, generator)
    gain = draw(settings.brightness, 1, 1) * draw(settings.tint, 3, 1)
    contrast = draw(settings.contrast, 1, 1)
    turn_rad = 2.0 * math.pi * (draw(settings.hue) - 1.0)
    mixed = torch.bmm(gain * contrast * hue_turns(turn_rad), changed.flatten(2) - 0.5) + 0.5 * gain
    if settings.noise > 0:
        spread = settings.noise * math.sqrt(12.0)  # of a uniform draw with that standard deviation
        mixed = mixed + spread * (torch.rand(mixed.shape, generator=generator) - 0.5)
    return mixed.clamp_(0.0, 1.0).view_as(pictures)


def hue_turns(turn_rad: Tensor) -> Tensor:
    """(B, 3, 3) rotations of RGB about the grey axis (Rodrigues), one a picture; greys stay as they are."""
    axis = torch.full((3, 3), 1.0 / 3.0)
    cross = torch.tensor([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]) / math.sqrt(3.0)
    cosine, sine = torch.cos(turn_rad).view(-1, 1, 1), torch.sin(turn_rad).view(-1, 1, 1)
    return cosine * torch.eye(3) + (1.0 - cosine) * axis + sine * cross


def _shifted(pictures: Tensor, most_px: int, generator: torch.Generator) -> Tensor:
    """Each picture moved by up to `most_px` along both axes."""
    if most_px == 0:
        return pictures
    _, _, height, width = pictures.shape
    padded = transforms.pad(pictures, [most_px], padding_mode="edge")
    offsets = torch.randint(0, 2 * most_px + 1, (len(pictures), 2), generator=generator).tolist()
    crops = [
        image[:, row : row + height, column : column + width]
        for image, (row, column) in zip(padded, offsets, strict=True)
    ]
    return torch.stack(crops)
