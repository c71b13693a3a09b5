"""Changes pictures as light and a camera's mount would, little enough that a red cube stays red."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as transforms

from noetra_ros.core.config import setting


@dataclass(frozen=True)
class Augmentation:
    """How far each property is drawn from what it was (half widths); each picture has its own draw."""

    brightness: float = setting(description="factor on all channels", default=0.25, minimum=0.0, maximum=0.9)
    contrast: float = setting(
        description="factor on the distance from mid-grey", default=0.2, minimum=0.0, maximum=0.9
    )
    tint: float = setting(description="factor on each channel", default=0.06, minimum=0.0, maximum=0.5)
    hue: float = setting(description="turn of the hue, shared by a batch", default=0.012, minimum=0.0)
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
    if settings.hue > 0:
        turn = settings.hue * (2.0 * float(torch.rand((), generator=generator)) - 1.0)
        changed = transforms.adjust_hue(changed, turn)
    gain = draw(settings.brightness, 1, 1, 1) * draw(settings.tint, 3, 1, 1)
    contrast = draw(settings.contrast, 1, 1, 1)
    changed = ((changed - 0.5) * contrast + 0.5) * gain
    if settings.noise > 0:
        changed = changed + settings.noise * torch.randn(changed.shape, generator=generator)
    return changed.clamp_(0.0, 1.0)


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
