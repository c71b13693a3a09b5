"""What perception last told the supervisor, and how old it is."""

from __future__ import annotations

import math
from typing import Final

from noetra_ros.core.obstacles import ObstacleScene

NS_PER_S: Final = 1e9
FADING: Final = 0.995  # share of a cycle time that is left after one judgement: half after 140


class Surroundings:
    """Newest scene with its time on the clock of the time-outs; a message that cannot be read is remembered
    until the next that can.
    """

    def __init__(self) -> None:
        self.scene: ObstacleScene | None = None
        self.fault = ""
        self._measured_ns = 0

    def hear(self, scene: ObstacleScene, now_ns: int, delay_s: float) -> None:
        """One scene; `delay_s` = age of its sensor data on arrival, below 0 = stamped ahead of our clock."""
        self.scene, self.fault = scene, ""
        if not math.isfinite(delay_s):
            self.fault = f"its age is {delay_s} s"
            return
        self._measured_ns = now_ns - round(delay_s * NS_PER_S)

    def hear_unreadable(self, reason: str) -> None:
        """A message that is no scene."""
        self.fault = reason

    def age_s(self, now_ns: int) -> float:
        """s since the sensor data; NaN = nothing heard yet."""
        return (now_ns - self._measured_ns) / NS_PER_S if self.scene is not None else math.nan


class CycleTime:
    """The longest time between two judgements of late: a supervisor that was held up may be held up again.

    Args:
        period_s: of the channel, the least that is counted.
    """

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self.longest_s = period_s

    def count(self, step_s: float) -> None:
        """One more judgement, `step_s` after the one before."""
        longest_s = FADING * self.longest_s
        if longest_s < self._period_s:
            longest_s = self._period_s
        self.longest_s = step_s if step_s > longest_s else longest_s
