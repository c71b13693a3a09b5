"""An even tick time for an uneven clock: setpoints are evaluated at equal steps in spite of jitter."""

from __future__ import annotations

# A phase-locked loop of second order: the error is smoothed (simulated time comes in steps of a whole
# period), then drawn in, and a lasting difference of pace is learnt. Settles in about two seconds at 100 Hz.
SMOOTHING = 0.05
PULL = 0.01
LEARNING = 0.00003
# The most by which a tick is stretched: beyond it the setpoints would be much faster than planned.
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
        self._error_ns = 0.0
        self._pace = 0.0

    def tick(self, clock_ns: int) -> int:
        """The instant of this tick.

        Args:
            clock_ns: what the (jittering, or coarse) ROS clock says now.
        """
        if self._tick_ns is None or abs(clock_ns - self._tick_ns - self._period_ns) > RESYNC_NS:
            self._tick_ns, self._error_ns, self._pace = clock_ns, 0.0, 0.0
            return clock_ns
        expected_ns = self._tick_ns + self._period_ns
        self._error_ns += SMOOTHING * (clock_ns - expected_ns - self._error_ns)
        self._pace = _within(self._pace + LEARNING * self._error_ns / self._period_ns, MOST_STRETCH)
        stretch = _within(self._pace + PULL * self._error_ns / self._period_ns, MOST_STRETCH)
        self._tick_ns = expected_ns + round(stretch * self._period_ns)
        return self._tick_ns


def _within(value: float, bound: float) -> float:
    return min(max(value, -bound), bound)
