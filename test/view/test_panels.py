"""Parts of the page as HTML."""

import math

from noetra_ros.evaluation.report.palette import ACTION_COLOURS
from noetra_ros.view.heard import EventTold, SeparationTold
from noetra_ros.view.panels import events_html, legend_html, note_html, separation_html, style_html
from noetra_ros.view.wording import words_of

EN = words_of("en")


def test_distances_are_two_bars_of_one_scale():
    text = separation_html(SeparationTold(True, True, "gripper", 7, 0.75, 0.30, 1.0), EN)
    assert "width:50%" in text and "width:20%" in text
    assert "0.75 m" in text and "0.30 m" in text


def test_a_distance_below_zero_is_an_empty_bar():
    assert "width:0%" in separation_html(SeparationTold(True, True, "gripper", 7, -0.1, 0.3, 0.0), EN)


def test_nobody_and_not_watched_are_told_apart():
    assert "Nobody near." in separation_html(SeparationTold(True), EN)
    assert "Nothing tells where people are." in separation_html(SeparationTold(False), EN)
    assert "Nothing tells where people are." in separation_html(None, EN)
    assert "Nobody near." in separation_html(SeparationTold(True, True, "g", 7, math.nan, 0.3), EN)


def test_events_have_the_colours_of_every_report():
    text = events_html([EventTold("finite", "stop", clock="12:00:01"), EventTold("rate", "clamp")], EN)
    assert text.index(ACTION_COLOURS["stop"]) < text.index(ACTION_COLOURS["clamp"])
    assert "A command held values that are no numbers." in text and "12:00:01" in text


def test_only_the_newest_events_are_listed():
    assert events_html([EventTold("rate", "clamp")] * 30, EN).count("<li") == 8


def test_what_an_operator_did_is_told_in_the_supervisors_words():
    assert "armed &amp; ready" in events_html([EventTold("operator", "mode", reason="armed & ready")], EN)


def test_what_is_over_is_told_as_over():
    assert "Over: Somebody pressed an emergency stop." in events_html([EventTold("estop", "pass")], EN)


def test_notes_are_escaped_and_marked():
    assert note_html("<b>", True) == '<div class="nv-note bad" role="alert">&lt;b&gt;</div>'


def test_the_legend_names_every_kind():
    assert legend_html(EN).count("nv-key") == 4


def test_the_style_sheet_is_filled_in():
    assert "BANNER_PX" not in style_html() and "STOP_COLOUR" not in style_html()
    assert "url(" not in style_html() and "@import" not in style_html()  # nothing from the net
