"""Finding: the same pixels under new stamps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.perception.sensor_finding import FINDINGS, FINE, Symptom, suspect, unjudged
from noetra_ros.perception.sensor_sample import SensorSample, SensorView


@FINDINGS.register("frozen")
@dataclass(frozen=True)
class Frozen:
    """Found after `frozen_frames` measurements in a row that equal the one before, number by number, under
    newer stamps.

    The rule: noise makes two measurements of a living sensor differ even in a still scene. A sensor whose
    noise the profile declares (`noise_levels`, `depth_noise_m` above 0) is judged always. A noise-free one
    (most simulated cameras) may rightly repeat itself while nothing moves: it is judged only where
    kinematics says that at least `frozen_changed_px` of its picture must have changed, because the robot in
    view has moved, or the camera with it. Picture and depth are judged apart: one of them frozen is enough.

    Cannot catch a noise-free sensor that freezes while it sees nothing of the robot's motion; nor a replay of
    changing pictures.
    """

    verdict: ClassVar = SensorVerdict.FROZEN
    is_timed: ClassVar = False

    frozen_frames: int = setting(
        "1", "frozen: identical measurements in a row, after the first", minimum=1, maximum=100
    )
    frozen_changed_px: int = setting(
        "px",
        "frozen: a noise-free camera is judged where the robot's motion must have changed this much of it",
        minimum=1,
        maximum=1_000_000,
    )

    @property
    def frames(self) -> int:
        """Identical measurements in a row."""
        return self.frozen_frames

    def found_within(self, period_s: float) -> int:
        """The first picture of a frozen camera is still new."""
        return self.frozen_frames + 1

    def update(self, memory: Any, view: SensorView) -> tuple[Any, Symptom]:
        """Compare with the measurement before."""
        sample, before = view.sample, view.before
        if sample is None or before is None:
            return None, unjudged("a single measurement")
        same = [name for name in sample.contents if _is_same(name, sample, before)]
        if not same:
            return None, FINE
        must_change = sample.changed_px >= self.frozen_changed_px
        telling = [name for name in same if name in view.facts.noisy or must_change]
        if not telling:
            return None, unjudged("noise-free, and nothing that it must show has moved")
        return None, suspect(f"{', '.join(telling)} identical to the one before under a newer stamp")


def _is_same(name: str, sample: SensorSample, before: SensorSample) -> bool:
    if name not in before.contents:
        return False
    new, old = sample.contents[name], before.contents[name]
    return new.shape == old.shape and bool(np.array_equal(new, old, equal_nan=name != "picture"))
