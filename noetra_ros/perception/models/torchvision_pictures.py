"""Pictures made ready for torchvision's networks: resized and normalised on the device of the model."""

from __future__ import annotations

from torch import Tensor
from torchvision.transforms.v2 import functional as transforms  # type: ignore[import-untyped]


def normalised(picture: Tensor, mean: tuple[float, ...], deviation: tuple[float, ...]) -> Tensor:
    """(3, H, W) float 0..1 -> the same with each channel's mean taken off and divided by its deviation."""
    result: Tensor = transforms.normalize(picture, list(mean), list(deviation))
    return result


def resized(picture: Tensor, height_px: int, width_px: int) -> Tensor:
    """(3, H, W) -> (3, height, width), bilinear, with antialiasing."""
    if picture.shape[-2:] == (height_px, width_px):
        return picture
    result: Tensor = transforms.resize(picture, [height_px, width_px], antialias=True)
    return result
