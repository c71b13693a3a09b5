"""An even tick time for an uneven clock: setpoints are evaluated at equal steps in spite of jitter."""

from __future__ import annotations

# Share of the distance to the clock that one tick makes good, and the most by which a tick is stretched.
GAIN = 0.05
MOST_STRETCH = 0.2
# Further away than this the clock has jumped or stood still; following slowly would serve nobody.
RESYNC_NS = 100_000_000


class Pacer:
    """Gives each tick its instant: whole periods after the last one, drawn gently towards the clock.

    Two clocks, because the ROS clock may be coarse (simulated time comes in steps of a whole period) and the
    steady clock knows nothing of simulated time: the steady one tells how many periods have gone by (a busy
    machine leaves ticks out), the ROS one where the instants belong.

    Args:
        period_ns: time between ticks.
    """

    def __init__(self, period_ns: int) -> None:
        self._period_ns = period_ns
        self._tick_ns: int | None = None
        self._grid_ns = 0

    def tick(self, clock_ns: int, steady_ns: int) -> int:
        """The instant of this tick on the ROS clock.

        Args:
            clock_ns: what the ROS clock says now.
            steady_ns: what the steady clock says now.
        """
        if self._tick_ns is None:
            return self._restart(clock_ns, steady_ns)
        periods = max(1, round((steady_ns - self._grid_ns) / self._period_ns))
        self._grid_ns += periods * self._period_ns
        expected_ns = self._tick_ns + periods * self._period_ns
        if abs(clock_ns - expected_ns) > RESYNC_NS:
            return self._restart(clock_ns, steady_ns)
        most_ns = MOST_STRETCH * self._period_ns
        stretch_ns = min(max(GAIN * (clock_ns - expected_ns), -most_ns), most_ns)
        self._tick_ns = expected_ns + round(stretch_ns)
        return self._tick_ns

    def _restart(self, clock_ns: int, steady_ns: int) -> int:
        self._tick_ns, self._grid_ns = clock_ns, steady_ns
        return clock_ns
