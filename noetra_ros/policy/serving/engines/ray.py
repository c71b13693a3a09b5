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
from noetra_ros.policy.serving.batching import answers
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


class Replica:
    """One copy of the model, in a process of its own; Ray makes and feeds it.

    Args:
        settings: which model.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._worker = InferenceWorker("model")
        self._backend = self._worker.call(lambda: load_backend(ModelSettings(**settings))).result()

    async def compute(self, requests: list[tuple[bytes, float]]) -> list[bytes]:
        """An `Answer` for each `Ask`, as bytes; requests whose time is over are not computed.

        Args:
            requests: bytes of an `Ask` and when it came to the server, s since 1970.
        """
        began_s = time.time()
        asks = [unpack(Ask, data) for data, _ in requests]
        waits_s = [began_s - came_s for _, came_s in requests]
        fresh = [ask for ask, wait_s in zip(asks, waits_s, strict=True) if wait_s <= ask.answer_within_s]
        found = await asyncio.wrap_future(self._worker.call(lambda: answers(self._backend, fresh)))
        infer_s, remaining = time.time() - began_s, iter(found)
        results = []
        for ask, wait_s in zip(asks, waits_s, strict=True):
            timing = ServerTiming(queue_s=wait_s, infer_s=infer_s, batch=len(fresh))
            is_fresh = wait_s <= ask.answer_within_s
            results.append(pack(_answer(ask, timing, next(remaining) if is_fresh else None)))
        return results


@ENGINES.register("ray")
class RayEngine:
    """Each robot has one request under way: a newer one waits for it, and of those that wait only the last.

    Where `RAY_ADDRESS` is set, that cluster is used; else Ray starts on this machine, for it alone.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._handle: DeploymentHandle | None = None
        self._under_way: dict[str, asyncio.Task[Any]] = {}
        self._newest: dict[str, int] = {}
        self._began_s: dict[int, float] = {}

    async def start(self) -> EngineTraits:
        """Start the copies.

        Raises:
            ConfigError: Ray is missing, or what the model needs is missing or wrong.
        """
        traits = traits_of(build_backend(self._settings))
        if self._settings.replicas > 1 and not traits.is_shared:
            got = f"{self._settings.replicas} of {traits.spec.model}, which remembers its robot"
            raise single_fault("serve", "--replicas", got, "1")
        self._handle = await asyncio.to_thread(_deploy, self._settings)
        return traits

    async def compute(self, robot: str, ask: Ask) -> Computed:
        """Answer one request on the copy that has least to do.

        Raises:
            VoidError: replaced by a newer one, or its time was over before it was computed.
            PolicyError: the model refused or failed, or no copy answers.
        """
        came_s = time.time()
        self._newest[robot] = ask.sequence
        if (older := self._under_way.get(robot)) is not None:
            await asyncio.wait([older])
            if self._newest[robot] != ask.sequence:
                raise VoidError("replaced")
        task = asyncio.create_task(self._asked(ask, came_s))
        self._under_way[robot] = task
        try:
            return await task
        finally:
            if self._under_way.get(robot) is task:
                del self._under_way[robot], self._newest[robot]

    def busy_s(self) -> float:
        """S that the oldest request under way has taken; 0 = none is."""
        return time.monotonic() - min(self._began_s.values()) if self._began_s else 0.0

    async def stop(self) -> None:
        """End the copies; a cluster that was there before stays."""
        import ray
        from ray import serve

        if ray.is_initialized():
            await asyncio.to_thread(serve.delete, APPLICATION)
            if ADDRESS_VARIABLE not in os.environ:
                await asyncio.to_thread(serve.shutdown)
            await asyncio.to_thread(ray.shutdown)

    async def _asked(self, ask: Ask, came_s: float) -> Computed:
        assert self._handle is not None, "start() first"
        self._began_s[id(ask)] = time.monotonic()
        left_s = ask.answer_within_s - (time.time() - came_s)
        try:
            async with asyncio.timeout(left_s):
                data = await self._handle.compute.remote((pack(ask), came_s))
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


def _deploy(settings: ModelSettings) -> DeploymentHandle:
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
        async def compute(self, requests: list[tuple[bytes, float]]) -> list[bytes]:
            return await super().compute(requests)

    if ADDRESS_VARIABLE not in os.environ:
        ray.init(include_dashboard=False, log_to_driver=True, configure_logging=False)
    deployment = serve.deployment(
        num_replicas=settings.replicas,
        max_ongoing_requests=2 * settings.max_batch,
        ray_actor_options={"num_gpus": 0 if settings.device == "cpu" else 1},
    )(Batching)
    return serve.run(deployment.bind(dataclasses.asdict(settings)), name=APPLICATION, route_prefix=None)
