"""Finding: a picture without its usual detail."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.core.types import ImageArray
from noetra_ros.perception.sensor_finding import FINDINGS, FINE, Symptom, suspect, unjudged
from noetra_ros.perception.sensor_sample import SensorView

Sharpnesses = tuple[float, ...]


@FINDINGS.register("blurred")
@dataclass(frozen=True)
class Blurred:
    """Found after `blurred_frames` pictures in a row whose sharpness, the variance of their Laplacian, lies
    below `blurred_share` of this camera's own running median: out of focus, smeared or misted lens. Suspect
    pictures do not enter the median, so that a blurred camera does not become the measure. Judged from
    `blurred_reference_frames` sharp pictures on.

    Cannot catch a camera that was blurred from the start, nor one that loses focus over minutes. Cameras
    that the robot carries are not judged: what they see may really be smooth.
    """

    verdict: ClassVar = SensorVerdict.BLURRED
    is_timed: ClassVar = False

    blurred_share: float = setting(
        "1",
        "blurred: sharpness below this share of the camera's own running median",
        minimum=0.0,
        maximum=1.0,
    )
    blurred_frames: int = setting("1", "blurred: unsharp pictures in a row", minimum=1, maximum=100)
    blurred_reference_frames: int = setting(
        "1", "blurred: pictures that the running median is taken of", minimum=1, maximum=1000
    )

    @property
    def frames(self) -> int:
        """Unsharp pictures in a row."""
        return self.blurred_frames

    def update(self, memory: Sharpnesses | None, view: SensorView) -> tuple[Sharpnesses, Symptom]:
        """Sharpness against the median of those before; `memory` holds them."""
        known = memory or ()
        if view.sample is None or view.sample.rgb is None:
            return known, unjudged("no picture")
        if view.facts.is_carried:
            return known, unjudged("carried by the robot")
        value = sharpness(view.sample.rgb)
        if len(known) < self.blurred_reference_frames:
            return (*known, value), unjudged("no reference yet")
        limit = self.blurred_share * float(np.median(known))
        if value >= limit:
            newest: deque[float] = deque((*known, value), maxlen=self.blurred_reference_frames)
            return tuple(newest), FINE
        return known, suspect(f"sharpness {value:.4f}, at least {limit:.4f} expected of this camera")


def sharpness(rgb: ImageArray) -> float:
    """Variance of the Laplacian of the grey picture, in shares of its mean level: more light does not
    sharpen.

    Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy (ICPR 2000).

    Args:
        rgb: (height, width, 3) uint8.
    """
    grey: NDArray[np.float32] = rgb.astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    middle = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4.0 * middle
    return float((laplacian / max(float(grey.mean()), 1.0)).var())
