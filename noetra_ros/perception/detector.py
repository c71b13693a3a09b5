"""The protocol that every detector wears, what it is built from, and the registry of those that ship.

A detector finds things in one picture. It knows nothing of depth, frames or time: `lifting` puts what it
finds into the robot's frame. Free of torch; a backend imports what it needs in `load()`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.registry import Registry
from noetra_ros.core.types import FloatArray, ImageArray

PROTECTED_LABELS = ("person", "hand")  # they count as a person, whatever else is known


@dataclass(frozen=True)
class Detection:
    """One thing found in one picture.

    Attributes:
        label: class, e.g. red_cube, person.
        score: confidence, 0..1.
        box_px: (4,) left, top, right, bottom; right and bottom are the first column and row beyond it.
        mask: (height, width) bool, pixels that belong to it; None = the detector gives boxes only.
    """

    label: str
    score: float
    box_px: FloatArray
    mask: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        box = np.asarray(self.box_px, dtype=np.float64)
        if box.shape != (4,) or not np.isfinite(box).all():
            raise ValueError(f"detection box_px is {box}, expected 4 finite numbers")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"detection score is {self.score}, expected 0..1")
        object.__setattr__(self, "box_px", box)

    @property
    def is_protected(self) -> bool:
        """It counts as a person."""
        return self.label in PROTECTED_LABELS


@dataclass(frozen=True)
class DetectorSpec:
    """What a detector finds.

    Attributes:
        model: name and version, for reports.
        labels: every class that it can name.
        score_threshold: what it is less sure of, it does not report.
        has_masks: detections carry masks.
    """

    model: str
    labels: tuple[str, ...]
    score_threshold: float
    has_masks: bool


class Detector(Protocol):
    """Three names; all calls come from one thread. Any picture size is taken."""

    @property
    def spec(self) -> DetectorSpec:
        """What it finds; known before `load()`."""

    def load(self) -> None:
        """Make ready for `detect`: heavy imports, weights, one warm-up pass.

        Raises:
            ConfigError: what it needs is missing or wrong, all faults at once.
        """

    def detect(self, rgb: ImageArray) -> list[Detection]:
        """What is seen, most certain first.

        Args:
            rgb: (height, width, 3) uint8, red first; backends of torch also take a (3, height, width) uint8
                tensor that already lies on a device.

        Raises:
            RuntimeError: not loaded.
        """


@dataclass(frozen=True)
class DetectorOptions:
    """What a detector is built from.

    Attributes:
        checkpoint: folder with config.yaml and weights; None = the one that ships, where one does.
        device: where torch puts the model: ``cpu``, ``cuda`` or ``cuda:<number>``.
        score_threshold: instead of the checkpoint's own; None = the checkpoint's.
    """

    checkpoint: Path | None = None
    device: str = "cpu"
    score_threshold: float | None = None


DetectorFactory = Callable[[DetectorOptions], Detector]
DETECTORS: Registry[DetectorFactory] = Registry("detector", "noetra_ros.perception.detectors")


def create_detector(name: str, options: DetectorOptions) -> Detector:
    """A detector by its registered name, not yet loaded.

    Raises:
        ConfigError: unknown name; lists the known ones.
    """
    return DETECTORS.get(name)(options)
