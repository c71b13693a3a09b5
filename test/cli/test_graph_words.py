"""Numbers of the messages become the words that files and people read."""

import pytest
from noetra_ros.msg import SafetyEvent

from noetra_ros.cli.graph_words import action_name, end_reason_name, event_record, mode_name
from noetra_ros.evaluation.report.palette import ACTION_COLOURS, MODE_STYLES

pytestmark = pytest.mark.ros


def test_every_mode_and_action_has_its_colour():
    assert [mode_name(n) for n in range(8)] == list(MODE_STYLES)
    assert [action_name(n) for n in range(8)] == list(ACTION_COLOURS)


def test_end_reasons():
    assert [end_reason_name(n) for n in (1, 3, 6)] == ["time_limit", "safety_latched", "refused"]


def test_unknown_numbers_stay_visible():
    assert mode_name(99) == "mode 99"


def test_event_keeps_what_was_measured():
    message = SafetyEvent(
        check="velocity", action=2, subject="gripper", measured=3.0, limit=2.5, unit="rad/s"
    )
    message.header.stamp.sec, message.header.stamp.nanosec = 4, 500_000_000
    record = event_record(message)
    assert (record.time_s, record.check, record.action, record.measured) == (4.5, "velocity", "clamp", 3.0)
