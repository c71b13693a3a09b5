"""Whether a watchdog that comes late waits for the mail before it says that nobody wrote.

When the whole machine stood still (a virtual machine whose processors were lent to another), the watchdog
and the source of the commands wake at the same instant. Who looks first decides: the silence was nobody's,
and the command is on its way. A look that comes late with a command overdue therefore waits, once and for
5 ms or half a period at most; what then is still missing is missing. Who looks in time waits for nothing.
"""

from __future__ import annotations

LATE_S = 0.0005  # timers of a machine that goes on are less late
# What mail takes after a pause. A source that died in the pause is stopped for so much later: 13 mm of floor.
WAIT_S = 0.005
MOST_PERIODS = 0.5  # of the channel that the wait may take
NS_PER_S = 1e9


class LateLook:
    """Keeps when the watchdog is to look, and whether it waits.

    Args:
        period_s: between its looks.
    """

    def __init__(self, period_s: float) -> None:
        self._period_ns = round(period_s * NS_PER_S)
        self._wait_ns = round(min(WAIT_S, MOST_PERIODS * period_s) * NS_PER_S)
        self._beat_ns: int | None = None
        self._deadline_ns: int | None = None
        self._waits_until_ns: int | None = None

    def beat(self, now_ns: int) -> None:
        """The periodic look is made now: the next one is due a period later."""
        self._beat_ns = now_ns + self._period_ns

    def expect(self, now_ns: int, remaining_s: float) -> None:
        """Something runs out in so many seconds (infinite = nothing does), which is looked at, too."""
        remaining_ns = min(remaining_s * NS_PER_S, self._period_ns)
        self._deadline_ns = now_ns + round(remaining_ns)

    def late_s(self, now_ns: int) -> float:
        """s since the first look that is due; 0 = none is."""
        due_ns = [instant_ns for instant_ns in (self._beat_ns, self._deadline_ns) if instant_ns is not None]
        return max(0.0, (now_ns - min(due_ns, default=now_ns)) / NS_PER_S)

    def wait_s(self, now_ns: int, is_overdue: bool) -> float:
        """s to wait for the mail; 0 = the look is to be made now.

        Args:
            now_ns: the instant.
            is_overdue: a look now would find that something did not come.
        """
        until_ns, self._waits_until_ns = self._waits_until_ns, None
        if not is_overdue:
            return 0.0
        if until_ns is None:
            is_late = self.late_s(now_ns) > LATE_S
            until_ns = now_ns + self._wait_ns if is_late else now_ns
        if now_ns >= until_ns:
            return 0.0
        self._waits_until_ns = until_ns
        return (until_ns - now_ns) / NS_PER_S
