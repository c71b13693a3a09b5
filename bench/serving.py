"""A model on another machine, here on loopback: what the way costs, and what batching saves."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from noetra_ros.cli.serve import command as serve
from noetra_ros.core.types import CameraFrame, JointState, Observation
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.policy.backend import BackendOptions, PolicyBackend, create_backend
from noetra_ros.policy.errors import LinkError
from noetra_ros.policy.several_robots import RobotRequest, ServesSeveral
from noetra_ros.robots.profile import RobotProfile, load_robot

REQUESTS, WARM_UP = 200, 20
ROBOTS = 4
SIZES = {"96x96": (96, 96), "640x480": (480, 640)}


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Two pictures to `hold`, which computes nothing; a batch of noetra_nano against one by one."""
    profile = load_robot("so101")
    say(f"{ROBOTS} robots in a batch")
    alone_ms, ratios = _batch_times(profile)
    usual_ms = float(np.median(alone_ms))
    records = [record_of("serving_batch_ratio", ratios, "1", f"{ROBOTS} robots one by one, 1", 1.0)]
    with tempfile.TemporaryDirectory(prefix="noetra_bench_") as folder, _server(Path(folder)) as link:
        backend = create_backend("remote", BackendOptions(profile, checkpoint=link))
        backend.load()
        for name, (height_px, width_px) in SIZES.items():
            say(f"{REQUESTS} requests with two pictures of {name}")
            times_ms = _round_trips_ms(backend, _observation(profile, height_px, width_px))
            against = f"one inference of noetra_nano, {usual_ms:.1f} ms"
            records.append(record_of(f"serving_{name}", times_ms, "ms", against, usual_ms))
    return records


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[Path]:
    """`noetra serve` with `hold` in a process of its own; gives the robot's link file."""
    tokens = folder / "tokens.yaml"
    serve(tokens=tokens, invite="bench")
    command = [sys.executable, "-m", "noetra_ros.cli.main", "serve", "--policy", "hold", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--tokens", str(tokens)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        lines = (re.search(r"http://127\.0\.0\.1:(\d+)/", line) for line in process.stdout)
        port = next(found[1] for found in lines if found is not None)
        link = folder / "bench.link.yaml"
        link.write_text(link.read_text().replace("8765", port), encoding="utf-8")
        yield link
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _observation(profile: RobotProfile, height_px: int, width_px: int) -> Observation:
    rng = np.random.default_rng(0)
    still = np.zeros(len(profile.joint_names))
    frames = {
        name: CameraFrame(1, name, rng.integers(0, 255, (height_px, width_px, 3), dtype=np.uint8))
        for name in ("front", "wrist")
    }
    return Observation(
        1, "pick up the red cube", JointState(1, profile.joint_names, still, still, still), frames
    )


def _round_trips_ms(backend: PolicyBackend, observation: Observation) -> list[float]:
    times_ms = []
    for _ in range(WARM_UP + REQUESTS):
        began_s = time.perf_counter()
        with contextlib.suppress(LinkError):  # too late on a busy machine: it counts as long as it took
            backend.infer(observation)
        times_ms.append(1e3 * (time.perf_counter() - began_s))
    return times_ms[WARM_UP:]


def _batch_times(profile: RobotProfile) -> tuple[list[float], list[float]]:
    """ms of one inference, and time of a batch over that of its requests one by one, taken in turns."""
    backend = create_backend("noetra_nano", BackendOptions(profile))
    assert isinstance(backend, ServesSeveral)
    backend.load()
    seen = _observation(profile, 96, 96)
    requests = [RobotRequest(str(robot), seen) for robot in range(ROBOTS)]
    alone_ms, ratios = [], []
    for _ in range(50):
        began_s = time.perf_counter()
        backend.infer_batch(requests)
        together_s = time.perf_counter()
        for request in requests:
            backend.infer_batch([request])
        ended_s = time.perf_counter()
        alone_ms.append(1e3 * (ended_s - together_s) / ROBOTS)
        ratios.append((together_s - began_s) / (ended_s - together_s))
    return alone_ms[5:], ratios[5:]
