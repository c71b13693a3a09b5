"""When there is an incident, and which seconds belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field

SECOND_NS = 1_000_000_000
PASSING = ("active", "slowed")
# Graver ones have higher numbers: an emergency stop during a protective stop is news.
GRAVITY = {"protective_stop": 1, "emergency_stop": 2, "fault": 2}
STOPPING_ACTIONS = ("stop", "estop", "fault")
SILENT = "silent"
SUPERVISOR = "supervisor"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Report:
    """What the supervisor said of itself: names of the messages' constants, small letters.

    Attributes:
        mode: mode it is in.
        reason: why, for a person.
        checks: names of the checks that hold the motion.
    """

    mode: str
    reason: str = ""
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stop:
    """The robot was stopped; `at_ns` on the monotonic clock."""

    mode: str
    reason: str
    check: str
    at_ns: int


@dataclass
class Incident:
    """One stop or several close together: one file.

    Attributes:
        from_ns: first instant that belongs to it, monotonic clock.
        until_ns: last one.
        stops: at least one, in order of time.
    """

    from_ns: int
    until_ns: int
    stops: list[Stop] = field(default_factory=list)


@dataclass(frozen=True)
class Window:
    """How long a file is.

    Attributes:
        before_s: before the stop.
        after_s: after it; a stop within this time goes on in the same file.
        file_max_s: longest time after the first stop; a later one begins another file.
        silence_s: a supervisor that lets commands pass and is silent for so long counts as stopped.
    """

    before_s: float
    after_s: float
    file_max_s: float
    silence_s: float


class IncidentWatch:
    """Follows the supervisor's reports. Stops out of STARTUP and STANDBY are none: nothing was moving."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._last = Report(UNKNOWN)
        self._heard_ns = 0
        self._causes: dict[str, str] = {}
        self.open: Incident | None = None

    def hear(self, report: Report, at_ns: int) -> bool:
        """Take in a report; true where an incident begins."""
        before, self._last, self._heard_ns = self._last, report, at_ns
        was_armed = before.mode in PASSING or before.mode in ("protective_stop", SILENT)
        if was_armed and GRAVITY.get(report.mode, 0) > GRAVITY.get(before.mode, 0):
            check = report.checks[0] if report.checks else ""
            return self._begin(Stop(report.mode, report.reason, check, at_ns))
        return False

    def hear_cause(self, check: str, action: str, reason: str) -> None:
        """Take in an event of the supervisor: which check gave the reason for a stop."""
        if action in STOPPING_ACTIONS:
            self._causes[reason] = check
        while len(self._causes) > 32:  # reasons hold numbers: each is another one
            del self._causes[next(iter(self._causes))]

    def listen(self, now_ns: int) -> bool:
        """Look whether the supervisor still speaks; true where an incident begins."""
        silent_s = (now_ns - self._heard_ns) / SECOND_NS
        if self._last.mode not in PASSING or silent_s < self._window.silence_s:
            return False
        self._last = Report(SILENT)
        reason = f"the supervisor let commands pass and was not heard for {silent_s:.2f} s"
        return self._begin(Stop(SILENT, reason, SUPERVISOR, now_ns))

    def pop_due(self, now_ns: int, at_once: bool = False) -> Incident | None:
        """The incident whose time is over, or the open one `at_once`; it is told once."""
        if self.open is None or (now_ns < self.open.until_ns and not at_once):
            return None
        incident, self.open = self.open, None
        incident.until_ns = min(incident.until_ns, now_ns)
        incident.stops = [self._named(stop) for stop in incident.stops]
        return incident

    def _begin(self, stop: Stop) -> bool:
        window = self._window
        is_new = self.open is None
        if self.open is None:
            self.open = Incident(stop.at_ns - int(window.before_s * SECOND_NS), stop.at_ns)
        self.open.stops.append(stop)
        longest_ns = self.open.stops[0].at_ns + int(window.file_max_s * SECOND_NS)
        self.open.until_ns = min(stop.at_ns + int(window.after_s * SECOND_NS), longest_ns)
        return is_new

    def _named(self, stop: Stop) -> Stop:
        """With the check whose event gave the reason; events may come after the state."""
        check = self._causes.get(stop.reason) or stop.check or UNKNOWN
        return Stop(stop.mode, stop.reason, check, stop.at_ns)
