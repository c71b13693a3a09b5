"""Robots and server over real sockets."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.policy.errors import LinkError, PolicyError

from .conftest import BatchEcho
from .faulty_relay import FaultyRelay


def test_the_answer_is_that_of_the_model(serve, remote, observation):
    backend = remote(serve().link())
    backend.load()
    assert backend.spec.model == "echo 1" and not hasattr(backend, "infer_after")
    chunk = backend.infer(observation)
    np.testing.assert_array_equal(chunk.values[2], observation.joints.positions[[0, 5]])
    assert (chunk.stamp_ns, chunk.sequence, chunk.channel) == (observation.stamp_ns, 1, "arm")
    assert 0 < backend.server_timing.total_s < backend.round_trip_s == chunk.inference_s


@pytest.mark.parametrize("token", ["", "x" * 24])
def test_without_a_valid_token_nobody_gets_in(serve, remote, token):
    served = serve()
    with pytest.raises(ConfigError, match="status 401"):
        remote(served.link(token=token)).load()
    assert served.counts() == {"refused: no valid token": 1}


def test_a_model_that_takes_too_long_is_a_failure_in_time(serve, remote, observation):
    served = serve()
    backend = remote(served.link(reply_within_s=0.2))
    backend.load()
    served.backend.gate.clear()
    began_s = time.monotonic()
    with pytest.raises(LinkError, match=r"no answer within 0.2 s"):
        backend.infer(observation)
    assert time.monotonic() - began_s < 2.0


def test_a_late_answer_is_not_taken_for_the_next_one(serve, remote, observation):
    served = serve()
    backend = remote(served.link(reply_within_s=1.0))
    backend.load()
    served.backend.gate.clear()
    with pytest.raises(LinkError):
        backend.infer(observation)
    served.backend.gate.set()
    newer = replace(observation, stamp_ns=observation.stamp_ns + 100)
    assert backend.infer(newer).stamp_ns == newer.stamp_ns


def test_a_request_that_waited_too_long_is_not_computed(serve, remote, observation, in_thread):
    served = serve(BatchEcho())
    left, right = (remote(served.link(name, reply_within_s=0.5)) for name in ("left", "right"))
    left.load(), right.load()
    served.backend.gate.clear()
    first = in_thread(lambda: left.infer(observation))
    assert served.backend.has_begun.wait(5)
    with pytest.raises(LinkError):
        right.infer(replace(observation, stamp_ns=77))
    with pytest.raises(LinkError):
        first.result(5)
    served.backend.gate.set()
    remote(served.link("third")).infer(replace(observation, stamp_ns=88))
    assert 77 not in served.backend.asked and served.counts()["expired"] == 1


def test_a_server_that_has_gone_is_a_failure_and_its_return_is_none(serve, remote, observation):
    served = serve()
    backend = remote(served.link())
    backend.load()
    served.run(cut(served))
    with pytest.raises(LinkError):
        backend.infer(observation)
    assert backend.infer(observation).stamp_ns == observation.stamp_ns
    assert backend.counts.connections == 2


def test_no_server_is_told_at_once(remote, serve):
    link = serve().link(url="ws://localhost:9", connect_within_s=2.0)
    with pytest.raises(ConfigError, match="noetra serve"):
        remote(link).load()


def test_what_the_model_refuses_reaches_the_robot_and_the_link_stays(serve, remote, observation):
    backend = remote(serve().link())
    with pytest.raises(PolicyError, match="asked to fail"):
        backend.infer(replace(observation, instruction="fail"))
    assert backend.infer(observation).sequence == 1
    assert backend.counts.connections == 1


def test_an_episode_begins_with_its_first_answered_request(serve, remote, observation):
    served = serve()
    backend = remote(served.link())
    backend.infer(observation), backend.infer(replace(observation, stamp_ns=6_000_000))
    assert served.backend.resets == 1
    backend.reset()
    backend.infer(replace(observation, stamp_ns=7_000_000))
    assert served.backend.resets == 2


def test_robots_that_wait_at_the_same_time_are_computed_together(serve, remote, observation, in_thread):
    served = serve(BatchEcho())
    backends = [remote(served.link(name)) for name in ("left", "right", "third")]
    for backend in backends:
        backend.load()
    served.backend.gate.clear()
    first = in_thread(lambda: backends[0].infer(observation))
    assert served.backend.has_begun.wait(5)
    others = [in_thread(lambda b=b: b.infer(replace(observation, stamp_ns=9))) for b in backends[1:]]
    while len(served.server._engine._queue) < 2:
        time.sleep(0.001)
    served.backend.gate.set()
    assert [future.result(5).stamp_ns for future in (first, *others)] == [observation.stamp_ns, 9, 9]
    assert served.backend.batches == [1, 2] and backends[1].server_timing.batch == 2


def test_one_bad_observation_does_not_touch_the_other_robot(serve, remote, observation, in_thread):
    served = serve(BatchEcho())
    left, right, third = (remote(served.link(n)) for n in ("left", "right", "third"))
    left.load(), right.load(), third.load()
    served.backend.gate.clear()
    first = in_thread(lambda: left.infer(observation))
    assert served.backend.has_begun.wait(5)
    bad = in_thread(lambda: right.infer(replace(observation, instruction="fail")))
    good = in_thread(lambda: third.infer(observation))
    while len(served.server._engine._queue) < 2:
        time.sleep(0.001)
    served.backend.gate.set()
    first.result(5)
    assert good.result(5).stamp_ns == observation.stamp_ns
    with pytest.raises(PolicyError, match="asked to fail"):
        bad.result(5)


def test_a_model_with_a_memory_serves_one_robot(serve, remote):
    served = serve()
    remote(served.link("left")).load()
    with pytest.raises(ConfigError, match="remembers its robot and serves 1 at a time"):
        remote(served.link("right")).load()
    remote(served.link("left")).load()
    assert served.counts()["connection replaced"] == 1


def test_more_robots_than_allowed_are_refused(serve, remote):
    served = serve(BatchEcho(), max_robots=2)
    kept = [remote(served.link(name)) for name in ("left", "right")]
    [backend.load() for backend in kept]
    with pytest.raises(ConfigError, match="more are not allowed"):
        remote(served.link("third")).load()


def test_an_observation_that_is_too_large_is_told_before_it_is_sent(serve, remote, observation):
    with pytest.raises(PolicyError, match="more than the 4096 that"):
        remote(serve(max_message_bytes=4096).link()).infer(observation)


def test_a_connection_that_takes_longer_than_a_request_comes_about_all_the_same(serve, remote, observation):
    served = serve()
    relay = FaultyRelay(served.url, 0, seed=0)
    backend = remote(served.link(url=served.run(relay.start()), reply_within_s=0.5))
    backend.load()
    relay.spoil(handshake_s=0.8)
    served.run(cut(served))
    failures = 0
    while failures < 20:
        try:
            backend.infer(observation)
            break
        except LinkError:
            failures += 1
    assert 2 <= failures < 20 and backend.counts.connections == 2
    served.run(relay.stop())


async def cut(served):
    """End the robot's connection without a word."""
    served.server._connections["left"].transport.abort()


def test_what_is_remembered_of_a_robot_ends_with_its_episode_and_its_connection(serve, remote, observation):
    served = serve(BatchEcho())
    backend = remote(served.link("left"))
    backend.infer(observation), backend.infer(replace(observation, stamp_ns=6_000_000))
    assert served.backend.forgotten == ["left"]
    backend.close()
    served.run(served.rest())
    remote(served.link("right")).infer(observation)
    assert served.backend.forgotten == ["left", "left", "right"]
