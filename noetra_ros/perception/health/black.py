"""Finding: too dark to see anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.perception.sensor_finding import FINDINGS, FINE, Symptom, suspect, unjudged
from noetra_ros.perception.sensor_sample import SensorView

BRIGHT_SHARE = 0.05  # a few bright spots (a lamp, a hot pixel) do not make a picture


@FINDINGS.register("black")
@dataclass(frozen=True)
class Black:
    """Found after `black_frames` pictures in a row whose brightest twentieth lies below `black_level`:
    covered lens, no light, broken sensor. Cannot catch a lens that is covered in part.
    """

    verdict: ClassVar = SensorVerdict.BLACK
    is_timed: ClassVar = False

    black_level: float = setting(
        "1",
        "black: the brightest twentieth of the picture lies below this grey level, 0..255",
        minimum=0.0,
        maximum=255.0,
    )
    black_frames: int = setting("1", "black: dark pictures in a row", minimum=1, maximum=100)

    @property
    def frames(self) -> int:
        """Dark pictures in a row."""
        return self.black_frames

    def update(self, memory: Any, view: SensorView) -> tuple[Any, Symptom]:
        """Brightness of the picture."""
        if view.sample is None or view.sample.rgb is None:
            return None, unjudged("no picture")
        grey = view.sample.rgb.max(axis=2)
        level = float(np.quantile(grey, 1.0 - BRIGHT_SHARE))
        if level >= self.black_level:
            return None, FINE
        return None, suspect(
            f"brightest twentieth at level {level:.0f}, at least {self.black_level:g} expected"
        )
