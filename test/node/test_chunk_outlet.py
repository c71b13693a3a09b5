"""What the running model answers goes out; what answers a former sentence, model or failed run does not."""

import pytest
from policy_bench import FakeBackend, PolicyBench

from noetra_ros.policy.backend import BACKENDS
from noetra_ros.robots.profile import load_robot

pytestmark = pytest.mark.ros


@pytest.fixture
def bench(monkeypatch):
    """A node that follows a sentence, and has answered once."""
    backend = FakeBackend(load_robot("so101"))
    monkeypatch.setitem(BACKENDS._entries, "fake", lambda options: backend)
    with PolicyBench(policy="fake", instruction="go") as bench:
        bench.until(lambda: bench.chunks, "a chunk", bench.send_all)
        bench.answer = backend.infer(backend.seen[-1])
        yield bench


def sent(bench, run):
    return bench.policy.outlet.send(bench.policy.seat, bench.answer, run, 0.1)


def test_an_answer_to_the_present_sentence_is_sent_with_the_next_number(bench):
    before = bench.policy.outlet.inference.chunks_sent
    assert sent(bench, bench.policy.session.run)
    assert bench.policy.outlet.inference.chunks_sent == before + 1


def test_an_answer_to_a_former_sentence_is_void(bench):
    run = bench.policy.session.run
    bench.policy.follow("something else")
    assert not sent(bench, run)


def test_what_was_asked_again_before_a_failure_was_known_is_void(bench):
    run = bench.policy.session.run
    bench.policy.outlet.fail(bench.policy.seat, run)
    assert not sent(bench, run)
    bench.policy.follow("something else")
    assert sent(bench, bench.policy.session.run)


def test_nothing_is_sent_once_the_node_is_deactivated(bench):
    run = bench.policy.session.run
    bench.policy.outlet.give_to(None)
    assert not sent(bench, run)
