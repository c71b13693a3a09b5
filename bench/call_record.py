"""What recording the supervisor's calls for replay adds to each call, and what a state costs."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.recording_thread import RecordingThread
from noetra_ros.safety.assembly import assemble
from noetra_ros.safety.replay.header import SetUp, set_up
from noetra_ros.safety.replay.recorded import RecordedSupervisor
from noetra_ros.safety.replay.state import capture
from noetra_ros.safety.settings import shipped_settings
from noetra_ros.safety.supervisor import Supervisor

COMMANDS = 4000
PERIOD_S = 0.001  # ten times the rate of the commands
STATES = 500
BEAMS = 720
BAR_US = 20.0  # that of a record of the audit log


class TimedRecording(RecordedSupervisor):
    """Notes how long each record took, by call."""

    def __init__(self, supervisor: Supervisor, tape: RecordingThread) -> None:
        super().__init__(supervisor, tape)
        self.us: dict[str, list[float]] = {}

    def _record(self, call: str, arguments: tuple[Any, ...], answer: Any) -> None:
        begin_ns = time.perf_counter_ns()
        super()._record(call, arguments, answer)
        self.us.setdefault(call, []).append((time.perf_counter_ns() - begin_ns) / 1e3)


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """A slow swing of an arm at ten times its rate, while the thread packs and writes the calls."""
    supervisor, made_of, home = _arm()
    with tempfile.TemporaryDirectory() as name:
        thread = RecordingThread(Path(name), made_of, 1_000_000_000)
        recorded = TimedRecording(supervisor, thread)
        _swing(recorded, home, say)
        states_us = []
        for _ in range(STATES):
            begin_ns = time.perf_counter_ns()
            capture(supervisor)
            states_us.append((time.perf_counter_ns() - begin_ns) / 1e3)
        fault = thread.fault
        thread.close()
        size = sum(path.stat().st_size for path in Path(name).iterdir())
        if fault or thread.lost:
            raise NoetraError(f"{thread.lost} calls were not recorded: {fault}")
    bar = f"the bar, {BAR_US:g} us"
    return [
        *(
            record_of(f"call_recorded_{name}", us, "us", bar, BAR_US)
            for name, us in recorded.us.items()
            if len(us) >= COMMANDS
        ),
        record_of("call_state_taken", states_us, "us"),
        record_of("call_size", [size / thread.calls], "byte"),
    ]


def _swing(recorded: RecordedSupervisor, home: np.ndarray, say: Callable[[str], None]) -> None:  # type: ignore[type-arg]
    period_ns = round(recorded.limits.period_s * 1e9)
    recorded.on_joint_state(home, 0)
    recorded.tick(0)
    recorded.arm(0)
    for index in range(COMMANDS):
        now_ns = (index + 1) * period_ns
        values = home + 0.2 * (1.0 - np.cos(0.01 * index)) * np.eye(len(home))[0]
        recorded.on_joint_state(values, now_ns)
        recorded.on_command(Command(recorded.limits.kind, values, now_ns))
        recorded.tick(now_ns)
        ranges_m = np.full(BEAMS, 3.0 + 1e-3 * math.sin(index))
        recorded.on_scan("scan", PlanarScan((0.1, 0.0), -math.pi, 2 * math.pi / BEAMS, ranges_m), now_ns)
        time.sleep(PERIOD_S)
        if index % 1000 == 0:
            say(f"{index} of {COMMANDS} commands, mode {recorded.mode.name}")
    if recorded.mode.name != "ACTIVE":
        raise NoetraError(f"the supervisor went into {recorded.mode.name}: good commands were refused")


def _arm() -> tuple[Supervisor, SetUp, np.ndarray]:  # type: ignore[type-arg]
    profile = load_robot("so101")
    settings = shipped_settings()
    supervisor = assemble(profile, profile.channel(), settings).supervisor
    start = profile.sim.home if profile.sim else {}
    home = np.array([start.get(name, 0.0) for name in profile.joint_names])
    return supervisor, set_up("so101", profile, "", settings), home
