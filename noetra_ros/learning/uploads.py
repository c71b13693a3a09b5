"""A picture goes to a device once, for everybody in this process who looks at it."""

from __future__ import annotations

import threading
import weakref

import numpy as np
import torch
from torch import Tensor

from noetra_ros.core.types import ImageArray

_LOCK = threading.Lock()
_UPLOADED: dict[tuple[int, torch.device], Tensor] = {}


def uploaded(picture: ImageArray, device: torch.device) -> Tensor:
    """The picture on `device`: the same tensor for all who ask while somebody holds the array.

    Perception and policy of one process are handed the same arrays by `ros/camera_hub.py`.

    Args:
        picture: (H, W, 3) uint8; must not be written from now on.
        device: where to.

    Returns:
        (H, W, 3) uint8, not to be written; on the processor it is the array's own memory, where
        that may be written.
    """
    here = torch.from_numpy(np.require(picture, requirements=("C", "W")))
    if device.type == "cpu":
        return here
    key = (id(picture), device)
    with _LOCK:
        known = _UPLOADED.get(key)
        if known is None:
            known = here.to(device)
            _UPLOADED[key] = known
            weakref.finalize(picture, _UPLOADED.pop, key, None)
    return known
