"""Thinning keeps every peak; the plot shows every axis by name."""

import numpy as np
from made_traces import LIMITS, clean_trace

from noetra_ros.evaluation.report.joint_plots import joint_svg, thin
from noetra_ros.evaluation.report.timeline import ModeSpan


def test_thin_keeps_a_single_peak():
    values = np.zeros(50_000)
    values[31_234] = 9.0
    values[777] = -4.0
    time_s, thinned = thin(np.arange(50_000.0), values, points=400)
    assert len(thinned) <= 400
    assert thinned.max() == 9.0
    assert thinned.min() == -4.0
    assert time_s[np.argmax(thinned)] == 31_234.0


def test_thin_leaves_short_lines_alone():
    assert len(thin(np.arange(10.0), np.arange(10.0))[1]) == 10


def test_every_axis_and_unit_is_drawn():
    svg = joint_svg([clean_trace()], LIMITS, [ModeSpan("active", 0.0, 2.0)], "joints")
    assert svg.startswith("<svg")
    for words in ("shoulder", "gripper", "rad/s²", "acceleration (20 ms)"):
        assert words in svg


def test_drawing_follows_the_theme_of_the_page():
    svg = joint_svg([clean_trace()], LIMITS, [], "joints")
    assert "currentColor" in svg
    assert "#010203" not in svg
