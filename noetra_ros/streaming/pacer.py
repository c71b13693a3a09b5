"""An even tick time for an uneven clock: setpoints are evaluated at equal steps in spite of jitter."""

from __future__ import annotations

# Share of the distance to the clock that one tick makes good, and the most by which a tick is stretched.
GAIN = 0.05
MOST_STRETCH = 0.2
# Further away than this the clock has jumped or stood still; following slowly would serve nobody.
RESYNC_NS = 200_000_000


class Pacer:
    """Gives each tick its instant: one period after the last one, drawn gently towards the clock.

    A tick that a busy machine leaves out delays the plan by a period, which the following ticks make good
    little by little: controllers take every setpoint for one period of motion, so two steps in one would be
    twice the speed.

    Args:
        period_ns: time between ticks.
    """

    def __init__(self, period_ns: int) -> None:
        self._period_ns = period_ns
        self._tick_ns: int | None = None

    def tick(self, clock_ns: int) -> int:
        """The instant of this tick.

        Args:
            clock_ns: what the (jittering, or coarse) ROS clock says now.
        """
        if self._tick_ns is None or abs(clock_ns - self._tick_ns - self._period_ns) > RESYNC_NS:
            self._tick_ns = clock_ns
            return clock_ns
        expected_ns = self._tick_ns + self._period_ns
        most_ns = MOST_STRETCH * self._period_ns
        stretch_ns = min(max(GAIN * (clock_ns - expected_ns), -most_ns), most_ns)
        self._tick_ns = expected_ns + round(stretch_ns)
        return self._tick_ns
