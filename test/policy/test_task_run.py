"""Which goals are refused, and why a goal ends."""

import math

import pytest

from noetra_ros.policy.task_run import End, TaskRun, refusal

S = 1_000_000_000


def run(limit_s=2.0):
    return TaskRun("go", limit_s, start_ns=10 * S, chunks_before=0)


@pytest.mark.parametrize(
    ("instruction", "limit_s", "is_active", "words"),
    [
        ("", 1.0, True, "instruction is empty"),
        ("   ", 1.0, True, "instruction is empty"),
        ("go", 0.0, True, "time_limit_s is 0"),
        ("go", -1.0, True, "time_limit_s is -1"),
        ("go", math.nan, True, "time_limit_s is nan"),
        ("go", math.inf, True, "time_limit_s is inf"),
        ("go", 1.0, False, "not active"),
    ],
)
def test_a_goal_that_cannot_be_followed_is_refused_with_words(instruction, limit_s, is_active, words):
    ending = refusal(instruction, limit_s, is_active)
    assert ending is not None and ending.reason is End.REFUSED and words in ending.detail


def test_a_good_goal_is_taken():
    assert refusal("go", 0.1, is_active=True) is None


@pytest.mark.parametrize(
    ("now_s", "latched", "fault", "reason"),
    [
        (11.999, "", "", None),
        (12.0, "", "", End.TIME_LIMIT),
        (11.0, "emergency stop", "", End.SAFETY_LATCHED),
        (11.0, "", "it broke", End.POLICY_FAULT),
        (12.0, "emergency stop", "it broke", End.SAFETY_LATCHED),
    ],
)
def test_why_a_goal_ends(now_s, latched, fault, reason):
    ending = run().ending(round(now_s * S), latched, fault)
    assert (ending.reason if ending else None) is reason


def test_without_a_time_only_latch_and_fault_end_it():
    assert run().ending(None, "", "") is None
    ending = run().ending(None, "emergency stop", "")
    assert ending is not None and ending.reason is End.SAFETY_LATCHED


def test_elapsed_time_counts_from_acceptance():
    assert run().elapsed_s(11_500_000_000) == 1.5


def test_the_ends_are_those_of_the_action():
    action = pytest.importorskip("noetra_ros.action")
    assert {e.name: e.value for e in End} == {
        e.name: getattr(action.RunTask.Result, f"END_{e.name}") for e in End
    }
