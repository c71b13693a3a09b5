"""Explanations of what the supervisor did, with like ones counted instead of repeated."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from noetra_ros.safety.modes import Mode
from noetra_ros.safety.verdict import Action, Verdict

OPERATOR = "operator"
FIRST_REPORT_NS = 1_000_000_000
LONGEST_REPORT_NS = 32_000_000_000
GONE_AFTER_NS = 500_000_000


@dataclass(frozen=True)
class Event:
    """One explanation.

    Attributes:
        verdict: what the check said; action PASS = its cause is gone.
        mode: mode after the event.
        repeats: like verdicts since the last event of this check, action and subject; 1 = first.
        is_operator: a person (or program) armed, disarmed or reset; `verdict.check` is "operator".
        ended: what was done about the cause that is gone; None = none is.
    """

    verdict: Verdict
    mode: Mode
    repeats: int = 1
    is_operator: bool = False
    ended: Action | None = None


@dataclass
class _Series:
    """Like verdicts in a row."""

    last_seen_ns: int
    next_report_ns: int
    interval_ns: int
    verdict: Verdict
    unreported: int = 0


class EventLog:
    """The first of like verdicts is told at once; the rest are counted and told after 1, 2, 4 ... 32 s."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, Action, str], _Series] = {}

    def add(self, verdicts: Iterable[Verdict], mode: Mode, now_ns: int) -> list[Event]:
        """Events due for `verdicts`, those that pass left out."""
        events = []
        for verdict in verdicts:
            if verdict.action is Action.PASS:
                continue
            event = self._add(verdict, mode, now_ns)
            if event is not None:
                events.append(event)
        return events

    def tell(self, verdicts: Iterable[Verdict], mode: Mode, now_ns: int) -> list[Event]:
        """As `add`, and those that pass are told, too."""
        told = list(verdicts)
        passing = [Event(verdict, mode) for verdict in told if verdict.action is Action.PASS]
        return [*self.add(told, mode, now_ns), *passing]

    def expire(self, mode: Mode, now_ns: int) -> list[Event]:
        """PASS events for causes that were not seen for a while."""
        gone = [k for k, s in self._series.items() if now_ns - s.last_seen_ns > GONE_AFTER_NS]
        events = []
        for key in gone:
            series = self._series.pop(key)
            check, action, subject = key
            reason = f"gone: {series.verdict.reason}"
            events.append(
                Event(
                    Verdict(check, Action.PASS, reason, subject=subject, unit=series.verdict.unit),
                    mode,
                    series.unreported,
                    ended=action,
                )
            )
        return events

    def _add(self, verdict: Verdict, mode: Mode, now_ns: int) -> Event | None:
        key = (verdict.check, verdict.action, verdict.subject)
        series = self._series.get(key)
        if series is None:
            self._series[key] = _Series(now_ns, now_ns + FIRST_REPORT_NS, FIRST_REPORT_NS, verdict)
            return Event(verdict, mode)
        series.last_seen_ns, series.verdict = now_ns, verdict
        series.unreported += 1
        if now_ns < series.next_report_ns:
            return None
        repeats, series.unreported = series.unreported, 0
        series.interval_ns = min(2 * series.interval_ns, LONGEST_REPORT_NS)
        series.next_report_ns = now_ns + series.interval_ns
        return Event(verdict, mode, repeats)


def operator_event(reason: str, mode: Mode) -> Event:
    """A mode change that a person asked for."""
    return Event(Verdict(OPERATOR, Action.PASS, reason, measured=math.nan), mode, repeats=1, is_operator=True)
