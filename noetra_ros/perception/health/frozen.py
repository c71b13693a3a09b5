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
    (most simulated cameras) may rightly repeat itself while nothing moves: it is judged only where a joint
    has moved by more than `frozen_moved_rad` between the two, so that a camera that sees the robot must show
    it. Picture and depth are judged apart: one of them frozen is enough.

    Cannot catch a noise-free sensor that freezes while the robot stands still, until it moves; nor a replay
    of changing pictures.
    """

    verdict: ClassVar = SensorVerdict.FROZEN
    is_timed: ClassVar = False

    frozen_frames: int = setting(
        "1", "frozen: identical measurements in a row, after the first", minimum=1, maximum=100
    )
    frozen_moved_rad: float = setting(
        "rad",
        "frozen: a noise-free sensor is judged where a joint has moved more than this since the last picture",
        minimum=0.0,
        maximum=1.0,
    )

    @property
    def frames(self) -> int:
        """Identical measurements in a row."""
        return self.frozen_frames

    def update(self, memory: Any, view: SensorView) -> tuple[Any, Symptom]:
        """Compare with the measurement before."""
        sample, before = view.sample, view.before
        if sample is None or before is None:
            return None, unjudged("a single measurement")
        same = [name for name in sample.contents if _is_same(name, sample, before)]
        if not same:
            return None, FINE
        moved_rad = _moved_rad(sample, before)
        telling = [n for n in same if n in view.facts.noisy or moved_rad > self.frozen_moved_rad]
        if not telling:
            return None, unjudged("noise-free, and the robot stands still")
        return None, suspect(f"{', '.join(telling)} identical to the one before under a newer stamp")


def _is_same(name: str, sample: SensorSample, before: SensorSample) -> bool:
    if name not in before.contents:
        return False
    new, old = sample.contents[name], before.contents[name]
    return new.shape == old.shape and bool(np.array_equal(new, old, equal_nan=name != "picture"))


def _moved_rad(sample: SensorSample, before: SensorSample) -> float:
    if sample.positions.shape != before.positions.shape or sample.positions.size == 0:
        return 0.0
    return float(np.max(np.abs(sample.positions - before.positions)))
