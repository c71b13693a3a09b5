"""Recognition: what a detector finds in a picture, put into the robot's frame through depth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import DetectedObject
from noetra_ros.core.types import ImageArray
from noetra_ros.perception.detector import Detector, DetectorOptions, create_detector
from noetra_ros.perception.frames import DepthFrame
from noetra_ros.perception.lifting import Lifter
from noetra_ros.perception.settings import GeometrySettings

NONE = "none"


@dataclass(frozen=True, kw_only=True)
class RecognitionSettings:
    """Which detector looks at the pictures of the depth cameras."""

    detector: str = setting(
        description="a file of noetra_ros/perception/detectors; none = what is unexplained is protected",
        default=NONE,
    )
    detector_checkpoint: str = setting(
        description="folder of its weights; empty = those that ship", default=""
    )
    device: str = setting(
        description="where the detector runs: cpu, cuda or cuda:<number>; a missing device is an error",
        default="cpu",
    )
    recognition_period_s: float = setting(
        "s",
        "a camera's pictures are looked at for names this often at most; obstacles come from every picture",
        minimum=0.0,
        maximum=5.0,
        default=0.2,
    )
    detector_score: float = setting(
        "1",
        "what the detector is less sure of does not count; 0 = the threshold of its checkpoint",
        minimum=0.0,
        maximum=1.0,
        default=0.0,
    )


class Recogniser:
    """A detector and a lifter. Load and use it from one thread.

    Args:
        detector: finds things in pictures.
        lifter: says where they are.
    """

    def __init__(self, detector: Detector, lifter: Lifter) -> None:
        self._detector, self._lifter = detector, lifter

    @property
    def model(self) -> str:
        """Name and version of the detector."""
        return self._detector.spec.model

    def load(self) -> None:
        """Make ready.

        Raises:
            ConfigError: weights or device are missing.
        """
        self._detector.load()

    def see(self, rgb: ImageArray, frame: DepthFrame) -> list[DetectedObject]:
        """What is recognised in a picture, and where.

        Args:
            rgb: (height, width, 3) uint8.
            frame: depth of the same camera, size and instant.
        """
        return self._lifter.lift_all(self._detector.detect(rgb), frame.camera, frame)


def make_recogniser(settings: RecognitionSettings, geometry: GeometrySettings) -> Recogniser | None:
    """The configured recogniser, not yet loaded; None where there is none.

    Raises:
        ConfigError: unknown detector, or a checkpoint that it cannot use.
    """
    if settings.detector == NONE:
        return None
    checkpoint = Path(settings.detector_checkpoint) if settings.detector_checkpoint else None
    options = DetectorOptions(checkpoint, settings.device, settings.detector_score or None)
    support_m = None if geometry.table == "none" else geometry.table_height_m
    return Recogniser(create_detector(settings.detector, options), Lifter(support_m))
