"""Runs a user's own torchvision detector or segmenter: config.yaml and weights; nothing is downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ImageArray
from noetra_ros.perception.detector import DETECTORS, Detection, DetectorOptions, DetectorSpec
from noetra_ros.perception.label_sets import BACKGROUND, UNUSED
from noetra_ros.perception.torchvision_config import read_torchvision_config

if TYPE_CHECKING:
    from torch import nn

WARM_UP_PX = 64


@DETECTORS.register("torchvision")
class TorchvisionDetector:
    """Implements `Detector` for the networks of torchvision.models.detection and .segmentation.

    Args:
        options: `checkpoint` is needed; config.yaml in it is described by `TorchvisionConfig`.

    Raises:
        ConfigError: no checkpoint named, or a config that is wrong.
    """

    def __init__(self, options: DetectorOptions) -> None:
        if options.checkpoint is None:
            remedy = "no torchvision weights ship with this package"
            raise single_fault("torchvision detector", "checkpoint", "nothing", "a folder of yours", remedy)
        self._folder = options.checkpoint
        self._config = read_torchvision_config(self._folder)
        self._device_name = options.device
        least = options.score_threshold
        self._spec = DetectorSpec(
            model=f"torchvision {self._config.model}",
            labels=tuple(c for c in self._config.classes if c not in (BACKGROUND, UNUSED)),
            score_threshold=self._config.score_threshold if least is None else least,
            has_masks=self._config.has_masks,
        )
        self._network: nn.Module | None = None

    @property
    def spec(self) -> DetectorSpec:
        """What it finds."""
        return self._spec

    def load(self) -> None:
        """Import torch, read the weights, run once.

        Raises:
            ConfigError: no such device, unreadable weights, or every tensor that does not fit.
        """
        from noetra_ros.learning.device import choose_device
        from noetra_ros.perception.models.torchvision_network import load_torchvision

        self._device = choose_device(self._device_name)
        self._network = load_torchvision(self._folder, self._config).to(self._device)
        self.detect(np.zeros((WARM_UP_PX, WARM_UP_PX, 3), np.uint8))

    def detect(self, rgb: ImageArray) -> list[Detection]:
        """What is seen, most certain first; see `Detector.detect`."""
        if self._network is None:
            raise RuntimeError("torchvision detector: call load() first")
        import torch

        from noetra_ros.perception.device_pictures import upload
        from noetra_ros.perception.models.torchvision_network import find_patches, find_things

        find = find_patches if self._config.is_segmenter else find_things
        with torch.inference_mode():
            picture = upload(rgb, self._device)
            return find(self._network, picture, self._config, self._spec.score_threshold)
