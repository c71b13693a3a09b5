"""Mode reports become spans; the bar shows each mode in its colour and word."""

from noetra_ros.evaluation.report.palette import MODE_STYLES
from noetra_ros.evaluation.report.timeline import Mark, ModeSpan, mode_spans, timeline_svg


def test_reports_become_spans_and_equal_neighbours_one():
    reports = [(0.0, "standby"), (1.0, "active"), (2.0, "active"), (3.0, "emergency_stop")]
    assert mode_spans(reports, 5.0) == [
        ModeSpan("standby", 0.0, 1.0),
        ModeSpan("active", 1.0, 3.0),
        ModeSpan("emergency_stop", 3.0, 5.0),
    ]


def test_no_report_no_span():
    assert mode_spans([], 5.0) == []


def test_bar_shows_modes_and_marks():
    svg = timeline_svg(
        [ModeSpan("active", 0.0, 1.0), ModeSpan("fault", 1.0, 2.0)], [Mark(1.0, "killed")], "t"
    )
    assert "killed" in svg
    for mode in ("active", "fault"):
        assert MODE_STYLES[mode].words in svg
        assert MODE_STYLES[mode].colour in svg


def test_every_mode_of_the_message_has_a_style():
    assert list(MODE_STYLES) == [
        *("unknown", "startup", "standby", "active"),
        *("slowed", "protective_stop", "emergency_stop", "fault"),
    ]
