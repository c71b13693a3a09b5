"""The clock of the setpoints: how far the commands sent so far run ahead of real time."""

from __future__ import annotations


class SetpointClock:
    """Moves on by one period with each setpoint sent, and is never behind real time.

    The limiter takes every setpoint for one period of motion. So the robot moves faster than its limits as
    soon as setpoints are sent faster than the channel's rate; the lead of this clock says by how much.

    Args:
        period_ns: period of the channel.
    """

    def __init__(self, period_ns: int) -> None:
        self._period_ns = period_ns
        self._slot_ns: int | None = None

    def lead_ns(self, now_ns: int) -> int:
        """Lead over real time if one more setpoint were sent now; 0 when it would be the first in a while."""
        if self._slot_ns is None:
            return 0
        return max(0, self._slot_ns + self._period_ns - now_ns)

    def count(self, now_ns: int) -> None:
        """One setpoint is sent now."""
        self._slot_ns = now_ns + self.lead_ns(now_ns)

    def restart(self) -> None:
        """Forget the past, after a jump of the clock or at arming."""
        self._slot_ns = None
