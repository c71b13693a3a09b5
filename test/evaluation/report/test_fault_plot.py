"""The plot around a bad thing looks at the axis that moved, and shows bad commands as crosses in sight."""

import math

import numpy as np
from made_traces import LIMITS, clean_trace, still_trace

from noetra_ros.evaluation.report.fault_plot import SentCommands, busiest_axis, fault_svg
from noetra_ros.evaluation.report.timeline import Mark, ModeSpan


def test_busiest_axis_is_the_one_that_moved():
    trace = still_trace()
    trace.velocities[500:600, 1] = 1.0
    assert busiest_axis(trace, (0.9, 1.3)) == 1


def test_plot_shows_the_mark_and_survives_nan_commands():
    sent = SentCommands(np.array([0.9, 1.0, 1.1]), np.array([[0.1, 0.1], [math.nan, 9.0], [-9.0, 0.2]]))
    mark = Mark(1.0, "flood begins")
    svg = fault_svg(clean_trace(), LIMITS, sent, [ModeSpan("active", 0.0, 2.0)], mark, "f")
    assert "flood begins" in svg
    assert "nan" not in svg.lower()
