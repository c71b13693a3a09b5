"""What the supervisor does with the streamer's commands, told from safety/state."""

from __future__ import annotations

from noetra_ros.msg import SafetyState, StreamerStatus
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.streaming.streamer import Gate

OPEN_MODES = (SafetyState.MODE_ACTIVE, SafetyState.MODE_SLOWED)
KEPT_REPORTS = 20
GATE_CODES = {
    Gate.CLOSED: StreamerStatus.GATE_CLOSED,
    Gate.PAUSED: StreamerStatus.GATE_PAUSED,
    Gate.OPEN: StreamerStatus.GATE_OPEN,
}


def gate_of(state: SafetyState) -> Gate:
    """What a report of the supervisor means for the streamer."""
    if state.mode in OPEN_MODES:
        return Gate.OPEN
    is_pause = state.mode == SafetyState.MODE_PROTECTIVE_STOP and state.is_armed
    return Gate.PAUSED if is_pause else Gate.CLOSED


class LiveGate:
    """Real time: the newest report counts while it is fresh.

    Args:
        timeout_ns: a supervisor silent for longer counts as a closed gate.
    """

    def __init__(self, timeout_ns: int) -> None:
        self._timeout_ns = timeout_ns
        self._gate = Gate.CLOSED
        self._arrival_ns: int | None = None

    def take(self, state: SafetyState, steady_ns: int) -> None:
        """A report, and when it came on the steady clock."""
        self._gate, self._arrival_ns = gate_of(state), steady_ns

    def gate(self, steady_ns: int) -> Gate:
        """The gate now."""
        if self._arrival_ns is None or steady_ns - self._arrival_ns > self._timeout_ns:
            return Gate.CLOSED
        return self._gate


class SteppedGate:
    """Lock-step: at tick k exactly the last report on tick k-1 counts, whatever arrived first.

    Attributes:
        has_answered: the supervisor has judged a command: it is there, and its answers are worth waiting for.
    """

    def __init__(self) -> None:
        self._reports: list[tuple[int, int, Gate]] = []
        self._last_tick_ns = -1
        self._judged = 0
        self.has_answered = False

    def take(self, state: SafetyState) -> None:
        """A report; its stamp is the tick that it is about."""
        self.has_answered = self.has_answered or state.commands_judged > 0
        report = (stamp_to_ns(state.header.stamp), int(state.commands_judged), gate_of(state))
        self._reports = [*self._reports[-KEPT_REPORTS:], report]

    @property
    def newest(self) -> Gate:
        """By the newest report, whatever tick it is about."""
        return self._reports[-1][2] if self._reports else Gate.CLOSED

    def is_settled(self) -> bool:
        """Has the supervisor answered the command of the last tick?"""
        return any(s >= self._last_tick_ns and judged > self._judged for s, judged, _ in self._reports)

    def gate(self, tick_ns: int) -> Gate:
        """The gate for this tick; from now on its own answer is waited for."""
        earlier = [r for r in self._reports if r[0] < tick_ns]
        self._last_tick_ns = tick_ns
        if not earlier:
            return Gate.CLOSED
        self._judged = earlier[-1][1]
        return earlier[-1][2]
