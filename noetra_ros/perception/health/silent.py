"""Finding: no data, or none that is new enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import SensorVerdict
from noetra_ros.perception.sensor_finding import FINDINGS, FINE, Symptom, suspect, unjudged
from noetra_ros.perception.sensor_sample import SensorView

NS_PER_S = 1e9


@FINDINGS.register("silent")
@dataclass(frozen=True)
class Silent:
    """Found when the newest measurement is older by its own stamp than `silent_s`: the sensor has stopped,
    or gives what it measured too late. Found at the first look after that time, at 10 Hz and 0.35 s within 4
    periods. Cannot catch old content under new stamps (`frozen`).
    """

    verdict: ClassVar = SensorVerdict.SILENT
    is_timed: ClassVar = True
    frames: ClassVar = 1

    silent_s: float = setting(
        "s", "silent: the newest measurement is older than this by its stamp", minimum=0.01, maximum=10.0
    )

    def found_within(self, period_s: float) -> int:
        """Measurements that fail to come, or come late, until it is found."""
        return math.floor(self.silent_s / period_s) + 1

    def update(self, memory: Any, view: SensorView) -> tuple[Any, Symptom]:
        """Age of the newest measurement."""
        if view.sample is None:
            return None, unjudged("nothing received yet")  # reported as UNKNOWN
        age_s = (view.now_ns - view.sample.stamp_ns) / NS_PER_S
        if age_s <= self.silent_s:
            return None, FINE
        return None, suspect(f"newest data is {age_s:.2f} s old, allowed {self.silent_s:g} s")
