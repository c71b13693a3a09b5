"""States, events and diagnostics of the safety core as messages and audit records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue

from noetra_ros.msg import SafetyEvent, SafetyState
from noetra_ros.ros.conversions import ns_to_stamp
from noetra_ros.safety.events import Event
from noetra_ros.safety.modes import LATCHED, PASSING, Mode, Transition
from noetra_ros.safety.report import SafetyReport
from noetra_ros.safety.verdict import Action

EVENT_ACTIONS = {
    Action.PASS: SafetyEvent.ACTION_PASS,
    Action.CLAMP: SafetyEvent.ACTION_CLAMP,
    Action.SLOW: SafetyEvent.ACTION_SLOW,
    Action.STOP: SafetyEvent.ACTION_STOP,
    Action.ESTOP: SafetyEvent.ACTION_ESTOP,
    Action.FAULT: SafetyEvent.ACTION_FAULT,
}


def fill_state(message: SafetyState, report: SafetyReport, stamp_ns: int) -> None:
    """Write a report into a message that is kept; `channel`, `phase` and `clock` of it stay."""
    message.header.stamp = ns_to_stamp(stamp_ns)
    message.mode = int(report.mode)
    message.reason = report.reason
    message.active_checks = list(report.active_checks)
    message.scale = report.scale
    message.is_armed = report.is_armed
    message.is_estop_pressed = report.is_estop_pressed
    message.is_speed_reduced = report.is_speed_reduced
    message.commands_judged = report.commands_judged
    message.commands_sent = report.commands_sent
    message.interventions = report.interventions
    message.command_age_s = report.command_age_s


def event_message(event: Event, sequence: int, stamp_ns: int) -> SafetyEvent:
    """The message of one event."""
    verdict = event.verdict
    message = SafetyEvent(
        sequence=sequence,
        check=verdict.check,
        action=SafetyEvent.ACTION_MODE if event.is_operator else EVENT_ACTIONS[verdict.action],
        subject=verdict.subject,
        measured=float(verdict.measured),
        limit=float(verdict.limit),
        unit=verdict.unit,
        reason=verdict.reason,
        mode=int(event.mode),
        repeats=event.repeats,
    )
    message.header.stamp = ns_to_stamp(stamp_ns)
    return message


def event_record(event: Event, stamp_ns: int) -> dict[str, Any]:
    """One event for the audit log; NaN becomes null."""
    verdict = event.verdict
    return {
        "kind": "event",
        "stamp_ns": stamp_ns,
        "check": verdict.check,
        "action": "MODE" if event.is_operator else verdict.action.name,
        "subject": verdict.subject,
        "measured": _or_none(verdict.measured),
        "limit": _or_none(verdict.limit),
        "unit": verdict.unit,
        "reason": verdict.reason,
        "mode": event.mode.name,
        "repeats": event.repeats,
    }


def transition_record(transition: Transition, stamp_ns: int) -> dict[str, Any]:
    """One change of mode for the audit log."""
    return {
        "kind": "mode",
        "stamp_ns": stamp_ns,
        "before": transition.before.name,
        "after": transition.after.name,
        "reason": transition.reason,
    }


def diagnostic_status(name: str, report: SafetyReport, values: Mapping[str, str]) -> DiagnosticStatus:
    """Health of the supervisor: latched = error, stopped = warning."""
    level = DiagnosticStatus.OK
    if report.mode in LATCHED:
        level = DiagnosticStatus.ERROR
    elif report.mode not in (*PASSING, Mode.STANDBY):
        level = DiagnosticStatus.WARN
    message = report.mode.name + (f": {report.reason}" if report.reason else "")
    pairs = [KeyValue(key=key, value=value) for key, value in values.items()]
    return DiagnosticStatus(level=level, name=name, message=message, hardware_id="", values=pairs)


def _or_none(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None
