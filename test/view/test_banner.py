"""The banner: mode, cause, numbers, in both languages."""

import pytest

from noetra_ros.core.phases import PHASES
from noetra_ros.evaluation.report.palette import MODE_STYLES
from noetra_ros.view.banner import banner_html, banner_of
from noetra_ros.view.heard import EventTold, Heard, SafetyTold
from noetra_ros.view.wording import words_of

S = 1_000_000_000
EN, JA = words_of("en"), words_of("ja")


def heard_of(mode, *events, **fields):
    heard = Heard()
    heard.hear_safety(SafetyTold(mode, **fields), S)
    for event in events:
        heard.hear_event(event)
    return heard


TOO_NEAR = EventTold("separation", "stop", "gripper", 0.31, 0.62, "m", "person 7 is 0.31 m from gripper")


def test_a_stop_says_why_and_how_much_in_both_languages():
    heard = heard_of("protective_stop", TOO_NEAR, checks=("separation",), reason="person 7 ...")
    banner = banner_of(heard, EN, S)
    assert (banner.title, banner.colour) == ("Protective stop", MODE_STYLES["protective_stop"].colour)
    assert banner.why.startswith("A person, or a thing that was taken for one, came too near.")
    assert banner.numbers == "gripper: measured 0.31 m, limit 0.62 m"
    assert banner_of(heard, JA, S).why.startswith("人、または人とみなされた物が近づきすぎました。")
    assert banner_of(heard, JA, S).title == "保護停止"


def test_without_numbers_the_supervisor_speaks_for_itself():
    event = EventTold("estop", "estop", reason="safety/estop was called")
    banner = banner_of(heard_of("emergency_stop", event, reason="safety/estop was called"), EN, S)
    assert banner.why.startswith("Somebody pressed an emergency stop.")
    assert (banner.numbers, banner.detail) == ("", "safety/estop was called")


def test_slowed_says_how_much_is_let_through():
    banner = banner_of(heard_of("slowed", checks=("separation",), scale=0.42), EN, S)
    assert (banner.why, banner.numbers) == (
        "A person, or a thing that was taken for one, came too near.",
        "speed 42 %",
    )


def test_reduced_speed_is_named():
    assert "reduced speed" in banner_of(heard_of("active", scale=1.0, is_speed_reduced=True), EN, S).numbers


@pytest.mark.parametrize("words", [EN, JA])
def test_whoever_looks_sees_that_nothing_is_sent(words):
    for phase in PHASES[:-1]:
        assert words.phases[phase] in banner_of(heard_of("active", scale=1.0, phase=phase), words, S).numbers
    assert banner_of(heard_of("standby", phase="full"), words, S).numbers == ""


@pytest.mark.parametrize("mode", ["standby", "active", "startup"])
def test_calm_modes_say_what_they_mean(mode):
    banner = banner_of(heard_of(mode, scale=1.0), EN, S)
    assert (banner.title, banner.why) == tuple(EN.modes[mode])


def test_a_silent_supervisor_is_grey_whatever_it_said_last():
    banner = banner_of(heard_of("active", scale=1.0), EN, 6 * S)
    assert (banner.mode, banner.title) == ("unknown", "No word from the supervisor")
    assert banner.numbers == "not heard for 5 s"


def test_what_comes_from_outside_is_text_not_markup():
    banner = banner_of(heard_of("fault", reason="<script>alert(1)</script>"), EN, S)
    assert "<script>" not in banner_html(banner)
    assert "&lt;script&gt;" in banner_html(banner)
