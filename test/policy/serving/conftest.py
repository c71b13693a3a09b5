"""A server in a thread of its own, with a model that remembers what it was asked."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
import pytest

from noetra_ros.core.types import ActionChunk, CommandKind
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.serving.engine import ModelSettings
from noetra_ros.policy.serving.engines.local import LocalEngine
from noetra_ros.policy.serving.link_settings import LinkSettings
from noetra_ros.policy.serving.server import PolicyServer
from noetra_ros.policy.serving.settings import ServerSettings
from noetra_ros.policy.serving.tokens import Tokens
from noetra_ros.policy.spec import CameraNeed, PolicySpec
from noetra_ros.policy.worker import InferenceWorker

TOKENS = Tokens({"left": "l" * 24, "right": "r" * 24, "third": "t" * 24})
SPEC = PolicySpec(
    model="echo 1",
    kind=CommandKind.JOINT_POSITION,
    joints=("shoulder_pan", "gripper"),
    actions=("shoulder_pan", "gripper"),
    unit="rad",
    rows=3,
    step_s=2.0,  # answers may take long: the machine may be busy
    start_offset_s=0.1,
    replan_s=0.1,
    cameras=(CameraNeed("front", 96, 96),),
    needs_instruction=False,
)


class Echo:
    """Answers with the joints that it was shown; `gate` holds every inference back while it is not set."""

    def __init__(self) -> None:
        self.spec = SPEC
        self.asked: list[int] = []
        self.resets = 0
        self.gate = threading.Event()
        self.gate.set()
        self.has_begun = threading.Event()
        self._sequence = itertools.count(1)

    def load(self) -> None:
        pass

    def reset(self) -> None:
        self.resets += 1

    def infer(self, observation) -> ActionChunk:
        self.has_begun.set()
        assert self.gate.wait(10)
        self.asked.append(observation.stamp_ns)
        if observation.instruction == "fail":
            raise PolicyError("asked to fail")
        rows = np.tile(observation.joints.positions[[0, 5]], (3, 1))
        spec = self.spec
        return ActionChunk(
            observation.stamp_ns, next(self._sequence), "arm", spec.kind, spec.actions, 0.1, 2.0, rows
        )


class BatchEcho(Echo):
    """The same for several robots at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []
        self.forgotten: list[str] = []

    def infer_batch(self, requests) -> list[ActionChunk]:
        self.batches.append(len(requests))
        return [self.infer(request.observation) for request in requests]

    def forget(self, robot: str) -> None:
        self.forgotten.append(robot)


class Served:
    """A running server.

    Args:
        backend: what it serves.
        engine: computes the answers; None = the local one.
        starts_within_s: s that loading may take.
        **settings: of `ServerSettings`.
    """

    def __init__(
        self, backend: Any, engine: Any = None, starts_within_s: float = 20.0, **settings: Any
    ) -> None:
        self.backend = backend
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.server = self.run(self._start(engine, {"port": 0, **settings}), starts_within_s)
        scheme = "wss" if settings.get("certificate") else "ws"
        self.url = f"{scheme}://localhost:{self.server.port}"

    async def _start(self, engine: Any, settings: dict[str, Any]) -> PolicyServer:
        model = ModelSettings(policy="echo", robot="so101", max_batch=4)
        engine = engine or LocalEngine(model, load=lambda _: self.backend)
        server = PolicyServer(engine, ServerSettings(**settings), TOKENS)
        await server.start()
        return server

    def run(self, work: Coroutine[Any, Any, Any], within_s: float = 20.0) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within_s)

    def counts(self) -> dict[str, int]:
        async def read() -> dict[str, int]:
            return dict(self.server.record.counts)

        return self.run(read())

    async def rest(self) -> None:
        """Until no connection is open or just ending."""
        while any("conn_handler" in repr(task.get_coro()) for task in asyncio.all_tasks()):
            await asyncio.sleep(0.01)

    def link(self, robot: str = "left", **settings: Any) -> LinkSettings:
        defaults = {"url": self.url, "token": TOKENS.robots[robot], "reply_within_s": 5.0}
        return LinkSettings(**{**defaults, **settings})

    def close(self) -> None:
        if isinstance(self.backend, Echo):
            self.backend.gate.set()
        self.run(self.server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@pytest.fixture
def serve():
    """Starts servers; they end with the test."""
    running: list[Served] = []

    def start(backend: Any = None, **settings: Any) -> Served:
        running.append(Served(backend or Echo(), **settings))
        return running[-1]

    yield start
    for served in running:
        served.close()


@pytest.fixture
def remote(so101, tmp_path):
    """Makes `remote` backends from link settings; they end with the test."""
    import dataclasses

    import yaml

    from noetra_ros.policy.backend import BackendOptions, create_backend

    made: list[Any] = []

    def make(link: LinkSettings) -> Any:
        path = tmp_path / f"link{len(made)}.yaml"
        path.write_text(yaml.safe_dump(dataclasses.asdict(link)))
        path.chmod(0o600)
        made.append(create_backend("remote", BackendOptions(so101, checkpoint=path)))
        return made[-1]

    yield make
    for backend in made:
        backend.close()


@pytest.fixture
def in_thread():
    """Runs functions beside the test; gives futures."""
    workers: list[InferenceWorker] = []

    def start(function: Callable[[], Any]) -> Any:
        workers.append(InferenceWorker("test"))
        return workers[-1].call(function)

    yield start
    for worker in workers:
        assert worker.close()
