"""Finding: stamps that go backwards, stand still or leap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.perception.sensor_finding import FINDINGS, FINE, Symptom, suspect
from noetra_ros.perception.sensor_sample import SensorView

NS_PER_S = 1e9


@FINDINGS.register("stamp_jump")
@dataclass(frozen=True)
class StampJump:
    """Found at the first measurement whose stamp is not newer than the one before, or lies in the future.
    Cannot catch stamps that are wrong by a constant small time; a leap into the past that stays is also
    `silent`.
    """

    verdict: ClassVar = SensorVerdict.STAMP_JUMP
    is_timed: ClassVar = False
    frames: ClassVar = 1

    stamp_ahead_s: float = setting(
        "s", "stamp_jump: a stamp further ahead of the clock than this", minimum=0.0, maximum=5.0
    )

    def update(self, memory: Any, view: SensorView) -> tuple[Any, Symptom]:
        """Step from the last stamp, and distance from the clock."""
        sample, before = view.sample, view.before
        if sample is None:
            return None, FINE
        ahead_s = (sample.stamp_ns - sample.arrival_ns) / NS_PER_S
        if ahead_s > self.stamp_ahead_s:
            words = f"stamp {ahead_s:.2f} s ahead of the clock, allowed {self.stamp_ahead_s:g} s"
            return None, suspect(words)
        if before is not None and sample.stamp_ns <= before.stamp_ns:
            back_s = (before.stamp_ns - sample.stamp_ns) / NS_PER_S
            return None, suspect(f"stamp {back_s:.3f} s before the last one, expected after it")
        return None, FINE
