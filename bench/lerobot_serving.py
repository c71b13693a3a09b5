"""The same ACT, served by `noetra serve` and by LeRobot's async server on loopback: overhead and reaction."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import ActionChunk, CameraFrame, JointState, Observation
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.policy.backend import BackendOptions, PolicyBackend, create_backend
from noetra_ros.policy.errors import PolicyError
from noetra_ros.policy.lerobot.environment import find_python
from noetra_ros.policy.lerobot.host import OFFLINE
from noetra_ros.policy.lerobot.link import NOT_INHERITED
from noetra_ros.policy.session import PolicySession
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.streaming.streamer import Gate, Streamer, StreamOptions

RIG = Path(__file__).with_name("lerobot_rig.py")
REQUESTS = int(os.environ.get("NOETRA_BENCH_REQUESTS", "60"))
WARM_UP = 3
LOOP_S, FPS, CHUNK_S = 20.0, 30.0, 2.0
EVENT_STEP_S = 0.01
# How often a new chunk is asked for: by half a chunk (what LeRobot's guide shows), or as often as it can be.
CADENCES = (("half_chunk", 0.5, CHUNK_S / 2), ("fastest", 1.0, 1 / FPS))
TOKEN = "a-token-of-the-bench-alone"
SWING_RAD, SWING_HZ = np.deg2rad(40.0), 0.5


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Requests of both take turns, so that whatever else the machine does falls on both."""
    try:
        python = find_python()
    except ConfigError as error:
        print(f"lerobot_serving: not measured. {error}", file=sys.stderr)
        return []
    profile = load_robot("so101")
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        say("LeRobot writes the checkpoint")
        folder = _checkpoint(python, place, profile)
        say("starting both servers")
        theirs = stack.enter_context(_Theirs(python, place, folder))
        ours = stack.enter_context(_Ours(place, folder, profile))
        theirs.connect()
        ours.connect()
        records = _overheads(ours, theirs, say)
        for name, threshold, replan_s in CADENCES:
            say(f"control loops, {name}")
            records += _reactions(name, ours.loop(LOOP_S, replan_s), theirs.loop(LOOP_S, threshold))
    return records


def _overheads(ours: _Ours, theirs: _Theirs, say: Callable[[str], None]) -> list[BenchRecord]:
    """ms of a request that are not the network's."""
    pairs = []
    for index in range(WARM_UP + REQUESTS):
        say(f"request {index} of {REQUESTS}")
        pairs.append((*ours.request(), *theirs.request()))
    ours_s, our_model_s, theirs_s, their_model_s = np.array(pairs[WARM_UP:]).T * 1e3
    lerobot = record_of("lerobot_request_overhead", theirs_s - their_model_s, "ms")
    against = f"LeRobot's async server in the same run, {lerobot.value:.3g} ms"
    noetra = record_of("noetra_request_overhead", ours_s - our_model_s, "ms", against, lerobot.value)
    models = [
        record_of("act_in_noetra", our_model_s, "ms"),
        record_of("act_in_lerobot", their_model_s, "ms"),
    ]
    return [lerobot, noetra, *models]


def _reactions(
    name: str, ours: list[tuple[float, float]], theirs: list[tuple[float, float]]
) -> list[BenchRecord]:
    """From something that a picture shows to the first command that has seen it."""
    their_ms, our_ms = (reaction_ms(ticks) for ticks in (theirs, ours))
    lerobot = record_of(f"lerobot_reaction_{name}", their_ms, "ms")
    against = f"LeRobot's robot client in the same run, {lerobot.value:.3g} ms"
    return [lerobot, record_of(f"noetra_reaction_{name}", our_ms, "ms", against, lerobot.value)]


def reaction_ms(ticks: list[tuple[float, float]]) -> list[float]:
    """Of events spread over the loop, its beginning left out.

    Args:
        ticks: (time of a command, time of the observation that it answers), s.
    """
    if len(ticks) < 2:
        return []
    first_s, last_s = ticks[0][0] + CHUNK_S, ticks[-1][0] - CHUNK_S
    found = []
    for event_s in np.arange(first_s, last_s, EVENT_STEP_S):
        reacted_s = next((tick_s for tick_s, seen_s in ticks if seen_s >= event_s), None)
        if reacted_s is not None:
            found.append((reacted_s - event_s) * 1e3)
    return found


class _Theirs(contextlib.ExitStack):
    """LeRobot's server and client, each a process."""

    def __init__(self, python: Path, place: Path, folder: Path) -> None:
        port = _free_port()
        super().__init__()
        self._server = self.enter_context(_process([python, RIG, "serve", port], place))
        self._client = self.enter_context(_process([python, RIG, "client", port, folder], place))

    def connect(self) -> None:
        """Wait for the server, then let the client look for it."""
        _wait_for(self._server.stdout, "ready")
        if self._ask("connect") != "ready":
            raise OSError("LeRobot's client is not ready")

    def request(self) -> tuple[float, float]:
        """s in all, s of the network."""
        total_s = self._ask("request")
        return total_s, _model_s(self._server.stdout)

    def loop(self, duration_s: float, threshold: float) -> list[tuple[float, float]]:
        """What LeRobot's control loop has done."""
        return self._ask(f"loop {duration_s} {threshold}")

    def _ask(self, line: str) -> Any:
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._client.stdin.write(line + "\n")
        self._client.stdin.flush()
        answer = self._client.stdout.readline()
        if not answer:
            raise OSError(f"LeRobot's client has ended at {line!r}")
        return json.loads(answer)


class _Ours(contextlib.ExitStack):
    """`noetra serve` in a process; here what the policy node and the streamer do, without their topics."""

    def __init__(self, place: Path, folder: Path, profile: RobotProfile) -> None:
        port = _free_port()
        self._profile = profile
        super().__init__()
        command = [Path(sys.executable), Path(__file__), folder, port]
        self._server = self.enter_context(_process(command, place, is_ours=True))
        self._link = place / "bench.link.yaml"
        text = f"url: ws://127.0.0.1:{port}\nreply_within_s: 1.9\nplain_text: true\ntoken: {TOKEN}\n"
        self._link.touch(mode=0o600)
        self._link.write_text(text, encoding="utf-8")

    def connect(self) -> None:
        """Wait for the server and connect."""
        _wait_for(self._server.stdout, "ready")
        options = BackendOptions(self._profile, checkpoint=self._link)
        self.backend: PolicyBackend = create_backend("remote", options)
        self.backend.load()
        rng = np.random.default_rng(0)
        self._pictures = {
            need.name: rng.integers(0, 256, (need.height_px, need.width_px, 3), dtype=np.uint8)
            for need in self.backend.spec.cameras
        }

    def request(self) -> tuple[float, float]:
        """s in all, s of the network."""
        began_s = time.perf_counter()
        self.backend.infer(self.observation())
        total_s = time.perf_counter() - began_s
        return total_s, _model_s(self._server.stdout)

    def observation(self) -> Observation:
        """Of a robot that moves."""
        stamp_ns = time.time_ns()
        angle_rad = SWING_RAD * np.sin(2 * np.pi * SWING_HZ * stamp_ns * 1e-9)
        names, still = self._profile.joint_names, np.zeros(6)
        joints = JointState(stamp_ns, names, np.full(6, angle_rad), still, still)
        frames = {name: CameraFrame(stamp_ns, name, rgb) for name, rgb in self._pictures.items()}
        return Observation(stamp_ns, "pick up the red cube", joints, frames)

    def loop(self, duration_s: float, replan_s: float) -> list[tuple[float, float]]:
        """(time of a command, time of the observation that it answers), s, at LeRobot's rate."""
        worker, session = InferenceWorker(), PolicySession(replan_s, needs_instruction=False)
        streamer = Streamer(self._profile, "", StreamOptions())
        answers: deque[ActionChunk] = deque()

        def ask(seen: Observation) -> None:
            with contextlib.suppress(PolicyError):  # too late: no chunk, the old plan goes on
                answers.append(self.backend.infer(seen))

        session.follow("pick up the red cube")
        ticks, begin_s = [], time.time()
        due_s, seen_s = begin_s, 0.0
        while time.time() < begin_s + duration_s:
            seen = self.observation()
            while answers:
                chunk = answers.popleft()
                if streamer.accept(chunk, time.time_ns()):
                    seen_s = chunk.stamp_ns * 1e-9
            streamer.tick(time.time_ns(), seen.joints.positions, Gate.OPEN)
            if seen_s:
                ticks.append((time.time(), seen_s))
            if session.look(seen).is_due:
                worker.submit(functools.partial(ask, seen))
            due_s = max(due_s + 1 / FPS, time.time())
            time.sleep(max(0.0, due_s - time.time()))  # the control loop's own clock
        worker.close()
        return ticks


def _checkpoint(python: Path, place: Path, profile: RobotProfile) -> Path:
    folder = place / "act"
    with _process([python, RIG, "make", folder], place) as made:
        if made.wait() != 0:
            raise OSError("LeRobot could not write the checkpoint")
    sheet = f"unit: deg\nrate_hz: {FPS}\njoints: [{', '.join(profile.joint_names)}]\n"
    (folder / "noetra.yaml").write_text(sheet, encoding="utf-8")
    return folder


@contextlib.contextmanager
def _process(command: list[Any], place: Path, is_ours: bool = False) -> Iterator[subprocess.Popen[str]]:
    """A process that is ended with the block; it writes its files into `place`."""
    plain = {key: value for key, value in os.environ.items() if is_ours or key not in NOT_INHERITED}
    words = [str(word) for word in command]
    pipe = subprocess.PIPE
    with (place / f"{random.randrange(10**9)}.log").open("w") as log:
        process = subprocess.Popen(
            words, env={**plain, **OFFLINE}, cwd=place, stdin=pipe, stdout=pipe, stderr=log, text=True
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(lines: IO[str] | None, word: str) -> None:
    assert lines is not None
    for line in lines:
        if line.strip() == word:
            return
    raise OSError(f"a process has ended before it said {word}")


def _model_s(lines: IO[str] | None) -> float:
    """What a server has printed of its last request."""
    assert lines is not None
    return next(float(line.split()[1]) for line in lines if line.startswith("model_s"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _serve(folder: Path, port: int) -> None:
    """`noetra serve` for a checkpoint of LeRobot; prints how long the network itself took."""
    from noetra_ros.policy.serving.engine import ModelSettings
    from noetra_ros.policy.serving.engines.local import LocalEngine
    from noetra_ros.policy.serving.model import load_backend
    from noetra_ros.policy.serving.server import PolicyServer
    from noetra_ros.policy.serving.settings import ServerSettings
    from noetra_ros.policy.serving.tokens import Tokens

    def load(settings: ModelSettings) -> PolicyBackend:
        backend: Any = load_backend(settings)
        plain = backend.infer

        def timed(observation: Observation) -> ActionChunk:
            chunk: ActionChunk = plain(observation)
            print(f"model_s {backend.stages_s['model_s']:.6f}", flush=True)
            return chunk

        backend.infer = timed
        return backend

    settings = ModelSettings(policy="lerobot", robot="so101", checkpoint=str(folder))
    server = PolicyServer(LocalEngine(settings, load), ServerSettings(port=port), Tokens({"bench": TOKEN}))
    await server.start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
