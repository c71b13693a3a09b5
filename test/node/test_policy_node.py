"""The policy node over real DDS: chunks with the right stamps, named states, decisions by stamps."""

import pytest
from noetra_ros.msg import PolicyStatus
from policy_bench import MS, FakeBackend, PolicyBench

from noetra_ros.policy.backend import BACKENDS
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.conversions import stamp_to_ns

pytestmark = pytest.mark.ros


@pytest.fixture
def backend(monkeypatch):
    """A fake policy under the name `fake`."""
    made = FakeBackend(load_robot("so101"))
    monkeypatch.setitem(BACKENDS._entries, "fake", lambda options: made)
    return made


def stamps_ms(messages):
    return [stamp_to_ns(m.header.stamp) // MS for m in messages]


def test_hold_publishes_chunks_stamped_with_the_joint_state_that_they_answer():
    sent = set()
    with PolicyBench() as bench:

        def send():
            sent.add(bench.now_ns())
            bench.send_joints(max(sent))

        bench.until(lambda: len(bench.chunks) >= 3, "three chunks", send)
        chunks = bench.chunks[:3]
    assert {stamp_to_ns(c.header.stamp) for c in chunks} <= sent
    assert [c.sequence for c in chunks] == [1, 2, 3]
    assert chunks[0].names[0] == "shoulder_pan" and list(chunks[0].values) == [0.1] * 48
    gap_ms = stamps_ms(chunks)[2] - stamps_ms(chunks)[0]
    assert gap_ms >= 350


def test_heartbeat_bears_the_name_of_the_node():
    with PolicyBench() as bench:
        bench.until(lambda: len(bench.beats) >= 3, "heartbeats")
        assert {beat.frame_id for beat in bench.beats} == {"policy"}


def test_a_missing_picture_means_no_inference_and_a_named_status(backend):
    with PolicyBench(policy="fake", instruction="go") as bench:
        waiting = PolicyStatus.STATE_WAITING
        bench.until(lambda: bench.statuses[-1].state == waiting, "WAITING", bench.send_joints)
        assert "camera front: nothing received" in bench.statuses[-1].detail
        assert backend.seen == [] and bench.chunks == []


def test_pictures_that_stop_are_told(backend):
    with PolicyBench(policy="fake", instruction="go") as bench:

        def send():
            bench.send_picture()
            bench.send_joints()

        bench.until(lambda: bench.chunks, "a chunk", send)
        running, waiting = PolicyStatus.STATE_RUNNING, PolicyStatus.STATE_WAITING
        bench.until(lambda: bench.statuses[-1].state == running, "RUNNING", send)  # told after the chunk
        bench.until(lambda: bench.statuses[-1].state == waiting, "WAITING", bench.send_joints)
        assert (
            "camera front" in bench.statuses[-1].detail and "old, allowed 0.3 s" in bench.statuses[-1].detail
        )


def test_a_wrong_joint_name_on_the_topic_is_told_and_nothing_is_inferred():
    with PolicyBench() as bench:
        waiting = PolicyStatus.STATE_WAITING
        wrong = ("elbow", "wrist")
        bench.until(
            lambda: bench.statuses[-1].state == waiting, "WAITING", lambda: bench.send_joints(names=wrong)
        )
        assert bench.chunks == []


def test_an_exception_of_the_model_is_a_named_fault_without_chunks(backend):
    with PolicyBench(policy="fake", instruction="break") as bench:

        def send():
            bench.send_picture()
            bench.send_joints()

        fault = PolicyStatus.STATE_FAULT
        bench.until(lambda: bench.statuses[-1].state == fault, "FAULT", send)
        assert bench.statuses[-1].detail == "RuntimeError: a weight fell off"
        seen = len(backend.seen)
        before = len(bench.statuses)
        bench.until(lambda: len(bench.statuses) >= before + 2, "two more statuses", send)
        assert bench.chunks == [] and len(backend.seen) == seen
        bench.say("go")
        bench.until(lambda: bench.chunks, "a chunk after another sentence", send)


def test_an_empty_sentence_ends_the_chunks(backend):
    with PolicyBench(policy="fake", instruction="go") as bench:

        def send():
            bench.send_picture()
            bench.send_joints()

        bench.until(lambda: bench.chunks, "a chunk", send)
        bench.say("")
        idle = PolicyStatus.STATE_IDLE
        bench.until(lambda: bench.statuses[-1].state == idle, "IDLE", send)
        before, reports = len(bench.chunks), len(bench.statuses)
        bench.until(lambda: len(bench.statuses) >= reports + 2, "two more statuses", send)
        assert len(bench.chunks) == before


def test_each_sentence_begins_with_a_reset_of_the_backend(backend):
    with PolicyBench(policy="fake", instruction="go") as bench:

        def send():
            bench.send_picture()
            bench.send_joints()

        bench.until(lambda: len(bench.chunks) >= 2, "two chunks", send)
        assert backend.resets == 1
        bench.say("go there")
        bench.until(lambda: any(c.instruction == "go there" for c in bench.chunks), "the new sentence", send)
        assert backend.resets == 2


def due_ms(bench):
    """Stamps for which a status announced a chunk."""
    return sorted({stamp_to_ns(s.observation_stamp) // MS for s in bench.statuses if s.chunk_due})


def is_answered(bench, tick_ms, since):
    """A status looked at the tick, and the chunks that were announced have come."""
    looked = {stamp_to_ns(s.observation_stamp) // MS for s in bench.statuses[since:]}
    return tick_ms in looked and set(due_ms(bench)) <= set(stamps_ms(bench.chunks))


def stepped(bench, ticks_ms):
    """Plays the simulator: one tick after another, each once the last one is answered."""
    for tick_ms in ticks_ms:
        since = len(bench.statuses)
        bench.send_joints(tick_ms * MS)
        bench.send_clock(tick_ms * MS)
        bench.send_picture(tick_ms * MS)
        bench.until(lambda t=tick_ms, n=since: is_answered(bench, t, n), f"the answer to {tick_ms} ms")
    return due_ms(bench)


LOCK_STEP = {"policy": "fake", "lock_step": True, "use_sim_time": True}


def test_lock_step_answers_every_tick_and_decides_by_stamps_alone(backend):
    ticks = range(1000, 1801, 100)
    answers = []
    for _ in range(2):
        with PolicyBench(**LOCK_STEP, instruction="go") as bench:
            due = stepped(bench, ticks)
            assert stamps_ms(bench.chunks) == due
            assert len(bench.beats) >= len(ticks)
            answers.append(due)
    assert answers[0] == answers[1] == [1000, 1200, 1400, 1600, 1800]


def test_lock_step_answers_without_a_sentence_too(backend):
    with PolicyBench(**LOCK_STEP) as bench:
        assert stepped(bench, range(1000, 1301, 100)) == []
        assert bench.chunks == [] and bench.statuses[-1].state == PolicyStatus.STATE_IDLE


def test_lock_step_takes_no_picture_that_came_before_the_sentence(backend):
    with PolicyBench(**LOCK_STEP) as bench:
        stepped(bench, [1000])
        bench.say("go")
        running = PolicyStatus.STATE_RUNNING
        bench.until(lambda: bench.statuses[-1].state == running, "RUNNING")
        assert stepped(bench, [1100, 1200, 1300]) == [1100, 1300]
