"""The detector and segmenter trained in this repository: things on the arm's table, people and hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noetra_ros.core.types import ImageArray
from noetra_ros.perception.detector import DETECTORS, Detection, DetectorOptions, DetectorSpec
from noetra_ros.perception.scene_checkpoint import SHIPPED_FOLDER, read_checkpoint_config

if TYPE_CHECKING:
    from noetra_ros.perception.models.scene_network import SceneNetwork


@DETECTORS.register("noetra_scene")
class NoetraSceneDetector:
    """Implements `Detector`. Trained on rendered pictures alone: it has never seen a real one.

    Args:
        options: without a checkpoint, the one that ships.

    Raises:
        ConfigError: a checkpoint whose config is wrong.
    """

    def __init__(self, options: DetectorOptions) -> None:
        self._folder = options.checkpoint or SHIPPED_FOLDER
        self._config = read_checkpoint_config(self._folder)
        self._device_name = options.device
        self._spec = self._config.spec(options.score_threshold)
        self._network: SceneNetwork | None = None

    @property
    def spec(self) -> DetectorSpec:
        """What it finds."""
        return self._spec

    def load(self) -> None:
        """Import torch, read the weights, run once at each picture size.

        Raises:
            ConfigError: no such device, unreadable weights, or every tensor that does not fit.
        """
        import torch

        from noetra_ros.learning.device import choose_device
        from noetra_ros.perception.models.scene_bundle import load_scene_network
        from noetra_ros.perception.models.scene_grouping import Grouping

        torch.set_num_threads(1)  # beside a policy, two threads each are many times slower than one
        self._device = choose_device(self._device_name)
        self._grouping = Grouping(
            surroundings=len(self._config.surroundings),
            things=self._config.things,
            score_threshold=self._spec.score_threshold,
            centre_threshold=self._config.centre_threshold,
            least_area_px=self._config.least_area_px,
            people_bias=self._config.people_bias,
        )
        self._network = load_scene_network(self._folder, self._config).to(self._device)
        for width, height in set(self._config.cameras.values()):
            self.detect(np.zeros((height, width, 3), np.uint8))

    def detect(self, rgb: ImageArray) -> list[Detection]:
        """What is seen, most certain first; see `Detector.detect`."""
        if self._network is None:
            raise RuntimeError("noetra_scene: call load() first")
        import torch

        from noetra_ros.perception.device_pictures import upload
        from noetra_ros.perception.models.scene_bundle import to_scene_input

        with torch.inference_mode():
            picture = to_scene_input(upload(rgb, self._device)).unsqueeze(0)
            answer = self._network(picture.contiguous(memory_format=torch.channels_last))
            return self._grouping.detections(answer)
