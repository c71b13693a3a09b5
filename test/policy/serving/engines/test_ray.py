"""The same protocol with copies of the model under Ray Serve."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.backends.hold import HoldBackend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.engine import ENGINES, ModelSettings, VoidError
from noetra_ros.policy.serving.messages import Answer, Ask, ServerTiming
from noetra_ros.policy.serving.wire import pack, unpack

from ..conftest import Served

HOLD = ModelSettings(policy="hold", robot="so101")


def test_without_ray_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(ConfigError, match=r"pip install 'noetra_ros\[ray\]'"):
        asyncio.run(ENGINES.get("ray")(HOLD).start())


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_robots_notice_no_difference(remote, so101, observation):
    pytest.importorskip("ray.serve", reason="Ray Serve is not installed: pip install 'ray[serve]'")
    served = Served(
        HoldBackend(BackendOptions(so101)),
        engine=ENGINES.get("ray")(replace(HOLD, replicas=2)),
        starts_within_s=200,
    )
    try:
        backend = remote(served.link(reply_within_s=0.9))
        backend.load()
        chunk = answered(backend, observation)
        np.testing.assert_array_equal(chunk.values, np.tile(observation.joints.positions, (8, 1)))
        assert backend.server_timing.batch == 1 and backend.server_timing.infer_s > 0
        blind = replace(observation, joints=replace(observation.joints, names=tuple("abcdef")))
        backend.reset()
        with pytest.raises(PolicyError, match="observation lacks joints shoulder_pan"):
            answered(backend, blind)
        other = remote(served.link("right", reply_within_s=0.9))
        lower = replace(observation.joints, positions=observation.joints.positions - 0.1)
        held = answered(other, replace(observation, joints=lower)).values
        np.testing.assert_array_equal(held, np.tile(lower.positions, (8, 1)))
        with pytest.raises(ConfigError, match="serves 2 at a time"):
            remote(served.link("third")).load()
    finally:
        served.close()


def answered(backend, observation):
    """The answer, once the copy is warm: on a busy machine the first ones are late."""
    for _ in range(50):
        try:
            return backend.infer(observation)
        except PolicyError as error:
            if "no answer within" not in str(error):
                raise
    raise AssertionError("no answer in time")


class SlowCopy:
    """Stands for a copy under Ray: answers one request each time `step` is called."""

    def __init__(self) -> None:
        self.compute = self.leave = self
        self.asked: list[int] = []
        self._steps = asyncio.Semaphore(0)

    async def remote(self, *request: tuple[str, bytes, float]) -> bytes:
        ask = unpack(Ask, request[0][1])
        self.asked.append(ask.sequence)
        await self._steps.acquire()
        return pack(Answer(ask.session, ask.sequence, ServerTiming(batch=1), chunk=CHUNK))

    def step(self) -> None:
        self._steps.release()


CHUNK = ActionChunk(1, 1, "arm", CommandKind.JOINT_POSITION, ("a",), 0.1, 0.1, np.zeros((1, 1)))


def test_of_the_requests_that_wait_only_the_newest_is_computed(observation):
    async def play():
        engine, copy = ENGINES.get("ray")(HOLD), SlowCopy()
        engine._copies = [copy]
        asks = [Ask("s", number, 10.0, observation) for number in (1, 2, 3)]
        tasks = []
        for ask in asks:
            tasks.append(asyncio.create_task(engine.compute("left", ask)))
            await asyncio.sleep(0)
        copy.step(), copy.step()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        return copy.asked, found

    asked, (first, second, third) = asyncio.run(play())
    assert asked == [1, 3]
    assert first.batch == third.batch == 1 and isinstance(second, VoidError)


def test_a_request_whose_time_is_over_is_void(observation):
    async def play():
        engine = ENGINES.get("ray")(HOLD)
        engine._copies = [SlowCopy()]
        await engine.compute("left", Ask("s", 1, 0.05, observation))

    with pytest.raises(VoidError, match="expired"):
        asyncio.run(play())


def test_robots_are_spread_over_the_copies_and_keep_theirs(observation):
    engine = ENGINES.get("ray")(replace(HOLD, replicas=2))
    engine._copies = ["one", "two"]
    assert [engine._copy(robot) for robot in ("a", "b", "a", "c")] == ["one", "two", "one", "one"]
