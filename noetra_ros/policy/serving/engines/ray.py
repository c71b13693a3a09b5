"""Copies of the model on several GPUs or machines, by Ray Serve; robots talk to this process as ever."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import time
from typing import TYPE_CHECKING, Any

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import ActionChunk
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.batching import Answerer
from noetra_ros.policy.serving.engine import ENGINES, Computed, EngineTraits, ModelSettings, VoidError
from noetra_ros.policy.serving.messages import Answer, Ask, Reason, Refusal, ServerTiming
from noetra_ros.policy.serving.model import build_backend, load_backend, traits_of
from noetra_ros.policy.serving.wire import pack, unpack
from noetra_ros.policy.worker import InferenceWorker

if TYPE_CHECKING:
    from ray.serve.handle import DeploymentHandle

APPLICATION = "noetra"
ADDRESS_VARIABLE = "RAY_ADDRESS"
# Requests that come within this time are computed together.
GATHER_S = 0.002
QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}  # nothing is told to anybody


# Robot, bytes of its `Ask`, and when it came to the server (s since 1970: another machine may read it).
Request = tuple[str, bytes, float]


class Replica:
    """One copy of the model, in a process of its own; Ray makes and feeds it.

    Args:
        settings: which model.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._worker = InferenceWorker("model")
        backend = self._worker.call(lambda: load_backend(ModelSettings(**settings))).result()
        self._answerer = Answerer(backend)

    async def compute(self, requests: list[Request]) -> list[bytes]:
        """An `Answer` for each `Ask`, as bytes; requests whose time is over are not computed.

        Args:
            requests: robots are all different.
        """
        began_s = time.time()
        asks = [unpack(Ask, data) for _, data, _ in requests]
        waits_s = [began_s - came_s for _, _, came_s in requests]
        fresh = [
            (robot, ask)
            for (robot, _, _), ask, wait_s in zip(requests, asks, waits_s, strict=True)
            if wait_s <= ask.answer_within_s
        ]
        found = await asyncio.wrap_future(self._worker.call(lambda: self._answerer.answers(fresh)))
        infer_s, remaining = time.time() - began_s, iter(found)
        results = []
        for ask, wait_s in zip(asks, waits_s, strict=True):
            timing = ServerTiming(queue_s=wait_s, infer_s=infer_s, batch=len(fresh))
            is_fresh = wait_s <= ask.answer_within_s
            results.append(pack(_answer(ask, timing, next(remaining) if is_fresh else None)))
        return results

    async def leave(self, robot: str) -> None:
        """A robot has gone."""
        await asyncio.wrap_future(self._worker.call(lambda: self._answerer.leave(robot)))


@ENGINES.register("ray")
class RayEngine:
    """Each robot stays with one copy, which may remember it, and has one request under way there.

    Of requests that wait for that one, only the newest is computed. Where `RAY_ADDRESS` is set, that
    cluster is used; else Ray starts on this machine, for it alone.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._copies: list[DeploymentHandle] = []
        self._copy_of: dict[str, int] = {}
        self._under_way: dict[str, asyncio.Task[Any]] = {}
        self._newest: dict[str, int] = {}
        self._began_s: dict[int, float] = {}

    async def start(self) -> EngineTraits:
        """Start the copies.

        Raises:
            ConfigError: Ray is missing, or what the model needs is missing or wrong.
        """
        traits = traits_of(build_backend(self._settings), self._settings.replicas)
        self._copies = await asyncio.to_thread(_deploy, self._settings)
        return traits

    async def compute(self, robot: str, ask: Ask) -> Computed:
        """Answer one request on the robot's copy.

        Raises:
            VoidError: replaced by a newer one, or its time was over before it was computed.
            PolicyError: the model refused or failed, or no copy answers.
        """
        came_s = time.time()
        self._newest[robot] = ask.sequence
        if (older := self._under_way.get(robot)) is not None:
            await asyncio.wait([older])
            if self._newest.get(robot) != ask.sequence:
                raise VoidError("replaced")
        task = asyncio.create_task(self._asked(robot, ask, came_s))
        self._under_way[robot] = task
        try:
            return await task
        finally:
            if self._under_way.get(robot) is task:
                del self._under_way[robot]

    def leave(self, robot: str) -> None:
        """Free the robot's copy."""
        self._newest.pop(robot, None)
        if (copy := self._copy_of.pop(robot, None)) is not None:
            self._copies[copy].leave.remote(robot)

    def busy_s(self) -> float:
        """S that the oldest request under way has taken; 0 = none is."""
        return time.monotonic() - min(self._began_s.values()) if self._began_s else 0.0

    async def stop(self) -> None:
        """End the copies; a cluster that was there before stays."""
        import ray
        from ray import serve

        if ray.is_initialized():
            for number in range(len(self._copies)):
                await asyncio.to_thread(serve.delete, f"{APPLICATION}-{number}")
            if ADDRESS_VARIABLE not in os.environ:
                await asyncio.to_thread(serve.shutdown)
            await asyncio.to_thread(ray.shutdown)

    def _copy(self, robot: str) -> DeploymentHandle:
        """The robot's copy: the one with the fewest robots when it came."""
        if robot not in self._copy_of:
            taken = list(self._copy_of.values())
            self._copy_of[robot] = min(range(len(self._copies)), key=taken.count)
        return self._copies[self._copy_of[robot]]

    async def _asked(self, robot: str, ask: Ask, came_s: float) -> Computed:
        self._began_s[id(ask)] = time.monotonic()
        left_s = ask.answer_within_s - (time.time() - came_s)
        try:
            async with asyncio.timeout(left_s):
                data = await self._copy(robot).compute.remote((robot, pack(ask), came_s))
        except TimeoutError:
            raise VoidError("expired") from None
        except Exception as error:  # Ray's errors have no common base; each means that no copy has answered
            raise PolicyError(f"no copy of the model answers: {type(error).__name__}") from error
        finally:
            del self._began_s[id(ask)]
        return _computed(unpack(Answer, data))


def _answer(ask: Ask, timing: ServerTiming, found: ActionChunk | PolicyError | None) -> Answer:
    if isinstance(found, ActionChunk):
        return Answer(ask.session, ask.sequence, timing, chunk=found)
    refusal = Refusal(Reason.MODEL, str(found)) if found else Refusal(Reason.UNAVAILABLE, "expired")
    return Answer(ask.session, ask.sequence, timing, refusal=refusal)


def _computed(answer: Answer) -> Computed:
    if answer.chunk is None:
        assert answer.refusal is not None
        is_void = answer.refusal.reason is Reason.UNAVAILABLE
        raise (VoidError if is_void else PolicyError)(answer.refusal.words)
    timing = answer.timing
    return Computed(answer.chunk, timing.queue_s, timing.infer_s, timing.batch)


def _deploy(settings: ModelSettings) -> list[DeploymentHandle]:
    """Start Ray where it does not run, then the copies; returns when they have loaded the model."""
    os.environ.update(QUIET)
    try:
        import ray
        from ray import serve
    except ImportError as error:
        remedy = "pip install 'noetra_ros[ray]', or 'ray[serve]'"
        raise single_fault("serve", "--engine ray", str(error), "Ray Serve", remedy) from error

    class Batching(Replica):
        """Ray gathers the requests of several robots."""

        @serve.batch(max_batch_size=settings.max_batch, batch_wait_timeout_s=GATHER_S)
        async def compute(self, requests: list[Request]) -> list[bytes]:
            return await super().compute(requests)

    if ADDRESS_VARIABLE not in os.environ:
        ray.init(include_dashboard=False, configure_logging=False)
    deployment = serve.deployment(
        max_ongoing_requests=2 * settings.max_batch,
        ray_actor_options={"num_gpus": 0 if settings.device == "cpu" else 1},
    )(Batching)
    bound = deployment.bind(dataclasses.asdict(settings))
    names = [f"{APPLICATION}-{number}" for number in range(settings.replicas)]
    return [serve.run(bound, name=name, route_prefix=None) for name in names]
