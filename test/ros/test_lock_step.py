"""Who is still missing in a tick, by name."""

import pytest
from noetra_ros.msg import PolicyStatus, SafetyState, StreamerStatus
from std_msgs.msg import Header

from noetra_ros.ros.conversions import ns_to_stamp
from noetra_ros.ros.lock_step import TickAnswers

pytestmark = pytest.mark.ros
TICK = 10_000_000


def stamped(message, tick):
    message.header.stamp = ns_to_stamp(tick * TICK)
    return message


def chunk_stamp(tick):
    return ns_to_stamp(tick * TICK)


@pytest.fixture
def answers():
    """A graph at rest after tick 1: 40 setpoints sent, 38 judged (two got lost at first), 7 let through."""
    answers = TickAnswers()
    answers.streamer = stamped(StreamerStatus(setpoints_sent=40), 1)
    answers.safety = stamped(SafetyState(commands_judged=38, commands_sent=7), 1)
    answers.begin(2 * TICK, has_frames=False)
    return answers


def answer_control(answers, judged=39, sent=7):
    answers.streamer = stamped(StreamerStatus(setpoints_sent=41), 2)
    answers.safety = stamped(SafetyState(commands_judged=judged, commands_sent=sent), 2)


def test_nobody_has_answered(answers):
    assert [words.split(" (")[0] for words in answers.missing()] == ["the streamer", "the supervisor"]


def test_all_have_answered(answers):
    answer_control(answers)
    assert answers.missing() == []


def test_a_command_that_was_not_judged_is_missed(answers):
    answer_control(answers, judged=38)
    assert answers.missing() == ["the supervisor (commands judged: 0 of 1)"]


def test_a_command_that_passed_is_waited_for(answers):
    answer_control(answers, sent=8)
    assert answers.missing() == ["the supervisor's commands (0 of 1 arrived)"]
    answers.count_command()
    assert answers.missing() == []


def test_a_command_that_overtook_its_report_is_not_waited_for_twice(answers):
    answer_control(answers)
    answers.count_command()  # of a stop that a service call began; its report comes after the next tick
    answers.begin(3 * TICK, has_frames=False)
    answers.streamer = stamped(StreamerStatus(setpoints_sent=42), 3)
    answers.safety = stamped(SafetyState(commands_judged=40, commands_sent=8), 3)
    assert answers.missing() == []


def running(observation_tick, is_chunk_due=False, state=PolicyStatus.STATE_RUNNING):
    return PolicyStatus(state=state, observation_stamp=chunk_stamp(observation_tick), chunk_due=is_chunk_due)


@pytest.mark.parametrize(
    ("policy", "streamer_chunk_tick", "is_answered"),
    [
        (None, 0, True),  # no policy in the graph
        (running(0, state=PolicyStatus.STATE_IDLE), 0, True),
        (running(0, state=PolicyStatus.STATE_FAULT), 0, True),
        (running(1), 1, False),  # it has not looked at these frames yet
        (running(2), 1, True),  # it has, no chunk is due
        (running(2, is_chunk_due=True), 1, False),  # a chunk is on its way
        (running(2, is_chunk_due=True), 2, True),  # and has arrived
        (running(1), 2, True),
    ],
)
def test_a_running_policy_answers_frames(answers, policy, streamer_chunk_tick, is_answered):
    answers.begin(2 * TICK, has_frames=True)
    answer_control(answers)
    answers.policy = policy
    answers.streamer.chunk_stamp = chunk_stamp(streamer_chunk_tick)
    assert (answers.missing() == []) is is_answered


def test_a_refused_chunk_is_an_answer(answers):
    answers.begin(2 * TICK, has_frames=True)
    answer_control(answers)
    answers.policy = running(2, is_chunk_due=True)
    assert "the policy" in answers.missing()[0]
    answers.streamer.chunks_dropped = 1
    assert answers.missing() == []


def test_perception_is_waited_for_once_it_has_answered(answers):
    answers.begin(2 * TICK, has_frames=False, has_sights=True)
    answer_control(answers)
    assert answers.missing() == []
    answers.perception = Header(stamp=ns_to_stamp(TICK), frame_id="perception")
    assert answers.missing() == ["perception (heartbeat for the frames of this tick)"]
    answers.perception = Header(stamp=ns_to_stamp(2 * TICK), frame_id="perception")
    assert answers.missing() == []


def test_a_tick_without_frames_needs_no_perception(answers):
    answers.perception = Header(stamp=ns_to_stamp(TICK), frame_id="perception")
    answers.begin(2 * TICK, has_frames=False)
    answer_control(answers)
    assert answers.missing() == []


def test_an_episode_does_not_start_before_the_streamer_has_heard_that_the_gate_is_open(answers):
    """Else it holds still for one tick more on a busy machine, and a seed is not repeated."""
    answer_control(answers)
    assert not answers.is_armed
    answers.safety.is_armed = True
    assert not answers.is_armed
    answers.streamer.gate = StreamerStatus.GATE_PAUSED  # somebody stands near; it goes on by itself
    assert answers.is_armed
