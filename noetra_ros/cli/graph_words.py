"""Numbers of our messages as the words that a person and a file read."""

from __future__ import annotations

from noetra_ros.action import RunTask
from noetra_ros.evaluation.records import SafetyEventRecord
from noetra_ros.msg import SafetyEvent
from noetra_ros.ros.message_words import action_name, constant_words, mode_name


def end_reason_name(reason: int) -> str:
    """Name of a RunTask.Result.END_*."""
    return constant_words(RunTask.Result, "END_").get(reason, f"end {reason}")


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
