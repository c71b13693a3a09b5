"""Numbers of our messages as the words that a person and a file read."""

from __future__ import annotations

import functools
from typing import Any

from noetra_ros.action import RunTask
from noetra_ros.evaluation.records import SafetyEventRecord
from noetra_ros.msg import SafetyEvent, SafetyState


@functools.cache
def _words(kind: type[Any], prefix: str) -> dict[int, str]:
    """Constant -> name without prefix, small letters."""
    names = [name for name in dir(kind) if name.startswith(prefix)]
    return {getattr(kind, name): name.removeprefix(prefix).lower() for name in names}


def mode_name(mode: int) -> str:
    """Name of a SafetyState.MODE_*."""
    return _words(SafetyState, "MODE_").get(mode, f"mode {mode}")


def action_name(action: int) -> str:
    """Name of a SafetyEvent.ACTION_*."""
    return _words(SafetyEvent, "ACTION_").get(action, f"action {action}")


def end_reason_name(reason: int) -> str:
    """Name of a RunTask.Result.END_*."""
    return _words(RunTask.Result, "END_").get(reason, f"end {reason}")


def event_record(message: SafetyEvent) -> SafetyEventRecord:
    """A supervisor's event; `time_s` is ROS time."""
    stamp = message.header.stamp
    return SafetyEventRecord(
        time_s=stamp.sec + stamp.nanosec * 1e-9,
        check=message.check,
        action=action_name(message.action),
        subject=message.subject,
        measured=message.measured,
        limit=message.limit,
        unit=message.unit,
        reason=message.reason,
        mode=mode_name(message.mode),
        repeats=message.repeats,
    )
