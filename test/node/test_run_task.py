"""The action run_task over real DDS: every end has its type and its words."""

import pytest
from noetra_ros.action import RunTask
from noetra_ros.msg import SafetyState
from policy_bench import MS, FakeBackend, PolicyBench
from test_policy_node import LOCK_STEP, stepped

from noetra_ros.policy.backend import BACKENDS
from noetra_ros.robots.profile import load_robot

pytestmark = pytest.mark.ros


@pytest.fixture
def bench():
    with PolicyBench() as made:
        yield made


def test_the_time_limit_ends_a_goal(bench):
    _, future = bench.goal("wave", 0.5, bench.send_joints)
    result = bench.result(future, bench.send_joints)
    assert result.end_reason == RunTask.Result.END_TIME_LIMIT
    assert 0.5 <= result.duration_s < 5.0 and result.chunks_sent >= 2


@pytest.mark.parametrize(
    ("instruction", "limit_s", "words"),
    [("", 1.0, "instruction is empty"), ("go", -1.0, "time_limit_s is -1")],
)
def test_a_bad_goal_is_refused_with_words(bench, instruction, limit_s, words):
    _, future = bench.goal(instruction, limit_s)
    result = bench.result(future)
    assert result.end_reason == RunTask.Result.END_REFUSED and words in result.detail


def test_a_goal_to_an_inactive_node_is_refused(bench):
    bench.policy.trigger_deactivate()
    _, future = bench.goal("go", 1.0)
    result = bench.result(future)
    assert result.end_reason == RunTask.Result.END_REFUSED and "not active" in result.detail


def test_cancel_ends_a_goal_and_the_following(bench):
    handle, future = bench.goal("go", 60.0)
    handle.cancel_goal_async()
    result = bench.result(future)
    assert result.end_reason == RunTask.Result.END_CANCELED
    assert bench.policy.session.instruction == ""


def test_a_newer_goal_takes_the_place_of_the_older(bench):
    _, older = bench.goal("go left", 60.0)
    handle, newer = bench.goal("go right", 60.0)
    result = bench.result(older)
    assert result.end_reason == RunTask.Result.END_CANCELED and "newer goal" in result.detail
    assert bench.policy.session.instruction == "go right"
    handle.cancel_goal_async()
    bench.result(newer)


def test_a_sentence_on_the_topic_takes_the_place_of_a_goal(bench):
    _, future = bench.goal("go left", 60.0)
    bench.say("go right")
    result = bench.result(future)
    assert result.end_reason == RunTask.Result.END_CANCELED and "topic instruction" in result.detail
    assert bench.policy.session.instruction == "go right"


@pytest.mark.parametrize("mode", [SafetyState.MODE_EMERGENCY_STOP, SafetyState.MODE_FAULT])
def test_a_latch_of_the_supervisor_ends_a_goal_and_bars_the_next(bench, mode):
    _, future = bench.goal("go", 60.0)
    bench.report_safety(mode, "the button is pressed")
    result = bench.result(future)
    assert result.end_reason == RunTask.Result.END_SAFETY_LATCHED
    assert "the button is pressed" in result.detail
    _, future = bench.goal("go again", 60.0)
    assert bench.result(future).end_reason == RunTask.Result.END_SAFETY_LATCHED


def test_a_protective_stop_does_not_end_a_goal(bench):
    _, future = bench.goal("go", 1.0)
    bench.report_safety(SafetyState.MODE_PROTECTIVE_STOP, "somebody is near")
    assert bench.result(future).end_reason == RunTask.Result.END_TIME_LIMIT


def test_a_fault_of_the_model_ends_a_goal(monkeypatch):
    made = FakeBackend(load_robot("so101"))
    monkeypatch.setitem(BACKENDS._entries, "fake", lambda options: made)
    with PolicyBench(policy="fake") as bench:

        def send():
            bench.send_picture()
            bench.send_joints()

        _, future = bench.goal("break", 60.0, send)
        result = bench.result(future, send)
        assert result.end_reason == RunTask.Result.END_POLICY_FAULT
        assert "a weight fell off" in result.detail


def test_in_lock_step_the_limit_counts_observations(monkeypatch):
    made = FakeBackend(load_robot("so101"))
    monkeypatch.setitem(BACKENDS._entries, "fake", lambda options: made)
    with PolicyBench(**LOCK_STEP) as bench:
        stepped(bench, [1000])
        _, future = bench.goal("go", 0.4)
        stepped(bench, range(1100, 1401, 100))
        result = bench.result(future)
    assert (result.duration_s, result.chunks_sent) == (pytest.approx(400 * MS * 1e-9), 2)
