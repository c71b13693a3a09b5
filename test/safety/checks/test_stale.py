import math

import pytest
from made_snapshots import TWIST, snapshot

from noetra_ros.safety.checks.stale import Stale
from noetra_ros.safety.verdict import Action

CHECK = Stale(command_timeout_s=0.1)
CASES = {
    "fresh": ({}, Action.PASS, ""),
    "command on the limit": ({"command_age_s": 0.1}, Action.PASS, ""),
    "command beyond": ({"command_age_s": 0.1001}, Action.STOP, "command"),
    "command never came": ({"command_age_s": math.nan}, Action.STOP, "command"),
    "command old, not armed": ({"command_age_s": 9.0, "is_armed": False}, Action.PASS, ""),
    "command old, none is awaited": ({"command_age_s": 9.0, "is_command_awaited": False}, Action.PASS, ""),
    "stream on the limit": ({"stream_age_s": {"joint_states": 0.1}}, Action.PASS, ""),
    "stream beyond": ({"stream_age_s": {"joint_states": 0.1001}}, Action.STOP, "joint_states"),
    "stream never came": ({"stream_age_s": {"joint_states": math.nan}}, Action.STOP, "joint_states"),
    "stream missing": ({"stream_age_s": {}}, Action.STOP, "joint_states"),
    "stream old, not armed": (
        {"stream_age_s": {"joint_states": 9.0}, "is_armed": False}, Action.STOP, "joint_states",
    ),
    "one of two streams": (
        {"limits": TWIST, "stream_age_s": {"odom": 0.01, "scan": 0.4}}, Action.STOP, "scan",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "expected", "subject"), CASES.values(), ids=CASES)
def test_table(changes, expected, subject):
    verdict = CHECK.evaluate(snapshot(**changes))
    assert (verdict.action, verdict.subject) == (expected, subject)


def test_stamps_of_another_clock_are_told():
    verdict = CHECK.evaluate(snapshot(stream_age_s={"joint_states": 1.7e9}))
    assert "is use_sim_time right?" in verdict.reason


def test_tells_age_and_limit():
    verdict = CHECK.evaluate(snapshot(stream_age_s={"joint_states": 0.25}))
    assert (verdict.measured, verdict.limit, verdict.unit) == (0.25, 0.1, "s")


@pytest.mark.parametrize(("age_s", "is_told"), [(1.0e6, False), (1.5e6, True), (0.25, False)])
def test_only_an_age_beyond_reason_speaks_of_another_clock(age_s, is_told):
    reason = CHECK.evaluate(snapshot(stream_age_s={"joint_states": age_s})).reason
    assert ("another clock" in reason) is is_told and f"{age_s:.3f} s old" in reason


def test_a_stream_that_never_came_is_told_so():
    assert CHECK.evaluate(snapshot(stream_age_s={})).reason == "joint_states was never seen"
