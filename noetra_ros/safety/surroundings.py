"""What perception last told the supervisor, and how old it is."""

from __future__ import annotations

import math

from noetra_ros.core.obstacles import ObstacleScene

NS_PER_S = 1e9


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

    FADING = 0.995  # share that is left after one judgement: half after 140

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self.longest_s = period_s

    def count(self, step_s: float) -> None:
        """One more judgement, `step_s` after the one before."""
        self.longest_s = max(step_s, self._period_s, self.FADING * self.longest_s)
