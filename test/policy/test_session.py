"""When an inference is due, and what the policy says of itself."""

import numpy as np
import pytest

from noetra_ros.core.types import JointState, Observation
from noetra_ros.policy.assembly import Incomplete
from noetra_ros.policy.session import PolicySession, RunState

MS = 1_000_000
EMPTY = np.empty(0)


def seen(stamp_ms):
    return Observation(stamp_ms * MS, "go", JointState(stamp_ms * MS, (), EMPTY, EMPTY, EMPTY))


def following(period_s=0.2):
    session = PolicySession(period_s, needs_instruction=True)
    session.follow("go")
    return session


def due_ms(session, stamps_ms):
    return [ms for ms in stamps_ms if session.look(seen(ms)).is_due]


def test_every_second_frame_of_a_10_hz_camera_is_due():
    assert due_ms(following(), range(100, 901, 100)) == [100, 300, 500, 700, 900]


def test_jitter_of_the_camera_does_not_skip_a_turn_nor_drift():
    assert due_ms(following(), [100, 199, 296, 403, 485, 610, 698]) == [100, 296, 485, 698]


def test_after_a_gap_the_beat_starts_anew():
    assert due_ms(following(), [100, 200, 750, 850, 950]) == [100, 750, 950]


def test_the_same_stamps_give_the_same_decisions():
    stamps = [100, 190, 300, 420, 500, 660]
    assert due_ms(following(), stamps) == due_ms(following(), stamps)


def test_a_new_sentence_is_answered_at_once():
    session = following()
    due_ms(session, [100, 200])
    session.follow("stop that, go there")
    assert due_ms(session, [300, 400]) == [300]


def test_observations_up_to_the_sentence_do_not_count():
    session = PolicySession(0.2, needs_instruction=True)
    session.follow("go", since_ns=100 * MS)
    assert due_ms(session, [100, 200]) == [200]


def test_without_a_sentence_nothing_is_due_and_the_state_is_idle():
    session = PolicySession(0.2, needs_instruction=True)
    look = session.look(seen(100))
    assert (look.state, look.is_due, look.observation_ns) == (RunState.IDLE, False, 100 * MS)


def test_a_policy_that_needs_no_sentence_runs_without_one():
    session = PolicySession(0.2, needs_instruction=False)
    assert session.look(seen(100)).is_due


def test_waiting_says_for_what_and_ends_with_the_next_observation():
    session = following()
    look = session.look(Incomplete("camera front: nothing received"))
    assert (look.state, look.detail) == (RunState.WAITING, "camera front: nothing received")
    assert session.look(seen(100)).state is RunState.RUNNING


def test_nobody_waits_without_a_sentence():
    session = PolicySession(0.2, needs_instruction=True)
    assert session.wait("camera front: nothing received").state is RunState.IDLE


def test_a_failure_ends_inferences_until_the_next_sentence():
    session = following()
    session.look(seen(100))
    assert session.fail(session.run, "it broke")
    look = session.look(seen(300))
    assert (look.state, look.detail, look.is_due) == (RunState.FAULT, "it broke", False)
    session.follow("try again")
    assert session.look(seen(500)).is_due


def test_a_failure_of_an_earlier_run_is_void():
    session = following()
    before = session.run
    session.follow("another")
    assert not session.fail(before, "it broke")
    assert session.last.state is RunState.RUNNING


@pytest.mark.parametrize("needs_instruction", [True, False])
def test_an_empty_sentence_stops_what_needs_one(needs_instruction):
    session = PolicySession(0.2, needs_instruction)
    session.follow("go")
    session.follow("")
    assert session.is_following is not needs_instruction
