"""The story of a stop: sentences that a person understands, true to the facts."""

import re

import numpy as np
import pytest
from made_incident import TIME_S, person_facts, ramp

from noetra_ros.core.wording import LANGUAGES, load_wording
from noetra_ros.evaluation.incident_facts import PersonAt, Series, StateAt
from noetra_ros.evaluation.incident_story import standing_s, tell


def story(**changes):
    return " ".join(tell(person_facts(**changes)))


def test_the_whole_story_of_a_person():
    stop, before, after, advice = tell(person_facts())
    assert stop == (
        "At 21:03:31.175 UTC on 2026-11-21 the supervisor stopped the robot: separation: "
        "gripper_link is 0.21 m from person 7, 0.34 m are needed. "
        "A person, or a thing that was taken for one, came too near."
    )
    assert "0.80 s before, it had begun to slow the robot, to 60% (a person is near)." in before
    assert 'The policy noetra_nano 1 was running, with "pick up the red cube".' in before
    stood, went_on = "The robot stood 0.30 s after the stop; ", "It went on 2.10 s after the stop."
    assert after == f"{stood}shoulder_pan went on by 0.15 rad. {went_on}"
    assert advice.startswith("What to do: A person, or a thing that was taken for one")


def test_values_that_are_no_numbers_are_named_with_their_joint():
    values = ramp(9.0, 0.5)
    values[TIME_S > -0.025, 1] = np.nan
    told = story(commanded=Series(TIME_S, values), check="finite")
    assert "The last command, just before, held no number for wrist_roll." in told
    assert "3 such commands had come within 20 ms." in told


def test_a_source_that_fell_silent_is_told():
    early = TIME_S < -0.25
    told = story(commanded=Series(TIME_S[early], ramp(9.0, 0.5)[early]))
    assert "The last command had come 0.26 s before: the source was silent." in told


def test_a_command_far_from_the_robot_names_the_joint():
    assert "it asked for the place where the robot was" in story()
    far = ramp(9.0, 0.5) + np.array([0.0, 1.2])
    assert "it asked wrist_roll for 1.200 rad, 1.200 rad from where it was" in story(
        commanded=Series(TIME_S, far)
    )


def test_a_robot_that_stays_stopped():
    states = [StateAt(-3.0, "active", "", 1.0), StateAt(0.0, "protective_stop", "x", 0.0)]
    assert "It was still stopped when the file ends, 5.0 s after the stop." in story(states=states)


def test_what_came_after_is_told():
    stopped = ("protective_stop", "again too near", 0.0)
    states = [StateAt(-3.0, "active", "", 1.0), StateAt(0.0, *stopped), StateAt(1.0, "active", "", 1.0),
              StateAt(2.0, *stopped), StateAt(3.0, "emergency_stop", "button", 0.0)]  # fmt: skip
    told = story(states=states)
    assert "It was stopped again after 2.00 s: again too near." in told
    assert "3.00 s after the stop: emergency stop: button." in told


def test_a_person_is_told_where_another_check_stopped():
    near = [PersonAt(0.0, "gripper_link", 7, 0.5, 0.4)]
    assert "gripper_link was 0.50 m from person 7, 0.40 m were needed." in story(check="finite", people=near)


@pytest.mark.parametrize(("speed", "stands_s"), [(0.5, 0.31), (0.0, 0.0)])
def test_standing_is_found_from_what_was_measured(speed, stands_s):
    facts = person_facts(measured=Series(TIME_S, ramp(0.31, speed)))
    assert standing_s(facts) == pytest.approx(stands_s, abs=0.02)


def test_a_robot_that_never_stands_is_not_said_to():
    facts = person_facts(measured=Series(TIME_S, ramp(9.0, 0.5)))
    assert standing_s(facts) is None
    assert "not seen to stand" in " ".join(tell(facts))


def test_noise_of_an_encoder_is_standing():
    noise = np.random.default_rng(1).choice([0.0, 0.0015], (len(TIME_S), 2))
    assert standing_s(person_facts(measured=Series(TIME_S, noise))) == 0.0


def test_without_records_the_story_still_stands():
    empty = Series(np.zeros(0), np.zeros((0, 2)))
    told = story(commanded=empty, passed=empty, measured=empty, people=[], policy=[], states=[], events=[])
    assert "No command came in before the stop." in told and "separation" in told


def test_a_silent_supervisor_is_told_in_its_own_words():
    told = story(mode="silent", check="supervisor", reason="the supervisor was not heard for 1.00 s")
    assert told.startswith("At 21:03:31.175 UTC on 2026-11-21 the supervisor was not heard for 1.00 s.")


def test_the_whole_story_in_japanese():
    stop, before, after, advice = tell(person_facts(), load_wording("ja"))
    assert stop == (
        "2026-11-21 21:03:31.175(UTC)、監視プログラムがロボットを停止しました(保護停止)。"
        "監視項目: 人との距離 (separation)。検出内容(原文): gripper_link is 0.21 m from person 7, "
        "0.34 m are needed。人、または人とみなされた物が近づきすぎました。"
    )
    assert "停止の 0.80 秒前から減速を始め、速度を 60% まで下げていました(a person is near)。" in before
    assert "ポリシー noetra_nano 1 の状態: 実行中。指示文:「pick up the red cube」。" in before
    assert after.startswith("ロボットは停止判断の 0.30 秒後に静止しました。")
    assert advice.startswith("対処方法: 画像を確認してください。")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", ["protective_stop", "emergency_stop", "fault", "silent", "standby"])
def test_every_language_tells_every_kind_of_stop(language, mode):
    facts = person_facts(mode=mode, check="my_own_check", caveats=["cut", "simulation"])
    told = "".join(tell(facts, load_wording(language)))
    assert not re.search(r"[{}]", told)
    assert load_wording(language).unknown.do in told
