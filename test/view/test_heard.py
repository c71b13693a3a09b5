"""What the page has heard."""

import math

import numpy as np

from noetra_ros.view.heard import HISTORY_NS, EventTold, Heard, History, SafetyTold, SeparationTold

S = 1_000_000_000


def stopped(*checks):
    return SafetyTold("protective_stop", "because", checks)


def test_a_supervisor_that_was_never_heard_is_silent_for_ever():
    assert Heard().silent_s(5 * S) == math.inf


def test_silence_counts_after_a_second():
    heard = Heard()
    heard.hear_safety(SafetyTold("active"), 10 * S)
    assert heard.silent_s(11 * S) is None
    assert heard.silent_s(13 * S) == 3.0


def test_the_newest_stop_is_the_cause_until_the_robot_runs():
    heard = Heard()
    heard.hear_safety(stopped("stale"), S)
    heard.hear_event(EventTold("finite", "stop"))
    heard.hear_event(EventTold("velocity", "clamp"))
    assert heard.cause.check == "finite"
    heard.hear_safety(SafetyTold("active"), 2 * S)
    assert heard.cause is None


def test_a_check_that_holds_now_goes_before_an_older_event():
    heard = Heard()
    heard.hear_event(EventTold("finite", "stop"))
    heard.hear_safety(stopped("stale"), S)
    assert heard.cause_name() == "stale"
    heard.hear_safety(stopped("stale", "finite"), S)
    assert heard.cause_name() == "finite"


def test_an_emergency_stop_stays_the_cause_of_a_latch():
    heard = Heard()
    heard.hear_event(EventTold("estop", "estop"))
    heard.hear_event(EventTold("separation", "stop"))
    heard.hear_safety(SafetyTold("emergency_stop", checks=("separation",)), S)
    heard.hear_event(EventTold("stale", "stop"))
    assert heard.cause_name() == "estop"


def test_the_limiter_only_does_what_others_ask_for():
    heard = Heard()
    heard.hear_event(EventTold("separation", "slow"))
    heard.hear_event(EventTold("limiter", "slow"))
    heard.hear_safety(SafetyTold("slowed", checks=("limiter", "separation"), scale=0.5), S)
    assert heard.cause_name() == "separation"
    heard.cause = None
    assert heard.cause_name() == "separation"


def test_slowing_does_not_explain_a_stop():
    heard = Heard()
    heard.hear_safety(stopped(), S)
    heard.hear_event(EventTold("separation", "slow"))
    assert heard.cause_name() == ""


def test_histories_keep_a_minute_and_count_from_now():
    history = History()
    history.add((1.0,), S)
    history.add((2.0,), S + HISTORY_NS)
    history.add((3.0,), S + HISTORY_NS + S)
    times_s, values = history.arrays(S + HISTORY_NS + S, 1)
    assert times_s.tolist() == [-1.0, 0.0]
    assert values.tolist() == [2.0, 3.0]


def test_nothing_heard_is_drawn_as_nothing():
    times_s, first, second = History().arrays(0, 2)
    assert times_s.round(6).tolist() == [-60.0, 0.0]
    assert np.isnan([*first, *second]).all()


def test_distances_of_nobody_are_no_values():
    heard = Heard()
    heard.hear_separation(SeparationTold(is_watching=True), S)
    assert not heard.distances.has_values
    heard.hear_separation(SeparationTold(True, True, "gripper", 7, 0.5, 0.4, 1.0), 2 * S)
    assert heard.distances.has_values


def test_old_scenes_and_plans_are_not_shown():
    heard = Heard()
    heard.hear_scene("scene", S)
    heard.hear_chunk("chunk", S)
    assert (heard.scene_now(S + S // 2), heard.coming_chunk(3 * S)) == ("scene", "chunk")
    assert (heard.scene_now(3 * S), heard.coming_chunk(5 * S)) == (None, None)
