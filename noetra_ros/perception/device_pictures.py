"""Pictures as tensors on the device of the model: decoding and upload."""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import ImageArray
from noetra_ros.learning.uploads import uploaded

JPEG_START = b"\xff\xd8"


class PictureError(NoetraError):
    """A compressed picture that cannot be read."""


def decode(data: bytes, device: torch.device) -> Tensor:
    """(3, H, W) uint8 on `device`, red first, of a JPEG or PNG file; a GPU decodes JPEG itself.

    Raises:
        PictureError: no picture, or one that is cut short.
    """
    try:
        if device.type == "cuda" and data.startswith(JPEG_START):
            return _decode_on_gpu(data, device)
        with Image.open(io.BytesIO(data)) as picture:
            return upload(np.array(picture.convert("RGB")), device)
    except (OSError, RuntimeError, SyntaxError) as error:  # Pillow tells a damaged PNG by a SyntaxError
        reason = str(error).partition("\n")[0]
        raise PictureError(f"compressed picture of {len(data)} bytes: {reason}") from error


def _decode_on_gpu(data: bytes, device: torch.device) -> Tensor:
    # Costs 7 s of start-up on two cores: only who needs it pays.
    from torchvision.io import ImageReadMode, decode_jpeg  # type: ignore[import-untyped]

    raw = torch.from_numpy(np.frombuffer(data, np.uint8).copy())
    result: Tensor = decode_jpeg(raw, ImageReadMode.RGB, device=device)
    return result


def upload(picture: ImageArray | Tensor, device: torch.device) -> Tensor:
    """(3, H, W) uint8 on `device`, not to be written; what is there already is not copied.

    Args:
        picture: (H, W, 3) uint8 array, or (3, H, W) uint8 tensor.
        device: where to.
    """
    if isinstance(picture, Tensor):
        return picture.to(device)
    return uploaded(picture, device).permute(2, 0, 1)


def unit_range(picture: Tensor) -> Tensor:
    """(3, H, W) uint8 -> float32, 0..1."""
    return picture.float() / 255.0
