"""What `noetra run` shows: the calm line, and each stop once, in plain words."""

import io

import pytest
from rich.console import Console

pytest.importorskip("rclpy")

from noetra_ros.msg import SafetyState

from noetra_ros.cli.run_screen import Screen, Task, progress_line, stop_words
from noetra_ros.core.wording import load_wording, wordings

TASK = Task("pick up the red cube", 30.0, arm=False)
EN, JA = load_wording("en"), load_wording("ja")


def test_the_line_in_both_languages():
    assert progress_line(EN, TASK, 2.04, "slowed", True) == (
        "pick up the red cube   2.0 of 30 s  supervisor: slowed"
    )
    assert progress_line(EN, TASK, 2.04, "standby", False).endswith("standby (not armed: --arm)")
    assert progress_line(JA, TASK, 2.04, "protective_stop", True).endswith("監視プログラム: 保護停止")


def test_the_check_that_stops_is_told_not_those_that_clamp():
    told = stop_words(EN, "protective_stop", ["limiter", "separation"])
    assert told.startswith("protective stop: A person, or a thing that was taken for one, came too near.")
    assert stop_words(JA, "fault", ["clock"]).startswith("異常停止: 時刻が不連続に変化したため")
    assert "log" in stop_words(EN, "fault", [])


def test_each_stop_is_told_once_in_each_language():
    out = io.StringIO()
    screen = Screen(Console(file=out, width=400), TASK, wordings("both"))
    stopped = SafetyState(mode=SafetyState.MODE_PROTECTIVE_STOP, active_checks=["separation"])
    active = SafetyState(mode=SafetyState.MODE_ACTIVE)
    with screen.progress():
        for state in (active, stopped, stopped, active, stopped):
            screen.show(state, 1.0)
    lines = out.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines] == ["保護停止", "protective stop"] * 2


def test_the_end_is_told_in_each_language():
    out = io.StringIO()
    Screen(Console(file=out, width=400), TASK, wordings("both")).tell_end("time_limit", 30.02, "x", "green")
    assert out.getvalue() == "制限時間に達しました(30.0 秒): x\ntime limit after 30.0 s: x\n"


def test_every_end_of_the_action_has_words():
    from noetra_ros.action import RunTask

    ends = {n.removeprefix("END_").lower() for n in dir(RunTask.Result) if n.startswith("END_")}
    assert ends == {*EN.run.ends} == {*JA.run.ends}


def test_every_mode_and_policy_state_has_words():
    from noetra_ros.msg import PolicyStatus

    for kind, prefix, words in ((SafetyState, "MODE_", EN.modes), (PolicyStatus, "STATE_", EN.policy_states)):
        assert {n.removeprefix(prefix).lower() for n in dir(kind) if n.startswith(prefix)} == {*words}
