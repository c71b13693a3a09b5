"""Time from the last good command to the stop when the command source is killed, over 20 kills."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from noetra_ros.msg import SafetyState

from noetra_ros.cli.gate_rig import GateRig, source_program
from noetra_ros.cli.graph_words import mode_name
from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.ros import interfaces
from noetra_ros.safety.settings import shipped_settings

KILLS = 20
MOVING_COMMANDS = 80  # 0.8 s into its swing the arm is moving
STOP_MODES = ("protective_stop", "emergency_stop", "fault")


@dataclass
class _Kill:
    """Instants of one kill, ns on the monotonic clock."""

    received: int = 0
    last_good_ns: int = 0
    stop_ns: int = 0
    rest_ns: int = 0
    _last_out: FloatArray = field(default_factory=lambda: np.zeros(0))

    def on_in(self, values: FloatArray, now_ns: int) -> None:
        self.received += 1
        self.last_good_ns = now_ns

    def on_out(self, values: FloatArray, now_ns: int) -> None:
        if values.shape != self._last_out.shape or (np.abs(values - self._last_out) > 1e-6).any():
            self.rest_ns = now_ns
        self._last_out = values

    def on_safety(self, state: SafetyState, now_ns: int) -> None:
        if mode_name(state.mode) in STOP_MODES and not self.stop_ns:
            self.stop_ns = now_ns


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Kill the source while the arm moves, again and again."""
    kills = []
    with GateRig() as rig:
        bound_ms = 1e3 * (declared_timeout_s() + rig.period_s)
        for number in range(KILLS):
            say(f"kill {number + 1} of {KILLS}")
            kills.append(_one_kill(rig))
    stops = [(k.stop_ns - k.last_good_ns) * 1e-6 for k in kills]
    rests = [(k.rest_ns - k.last_good_ns) * 1e-6 for k in kills]
    against = f"one period + the declared time-out, {bound_ms:g} ms; worst {max(stops):.1f} ms"
    return [
        record_of("stop_after_kill", stops, "ms", against, bound_ms),
        record_of("stop_after_kill_worst", [max(stops)], "ms", against, bound_ms),
        record_of("rest_after_kill", rests, "ms", "none: last good command to last change of the target"),
    ]


def declared_timeout_s() -> float:
    """The supervisor's own setting, s."""
    return shipped_settings().command_timeout_s


def _one_kill(rig: GateRig) -> _Kill:
    kill = _Kill()
    rig.measured = rig.home.copy()
    rig.graph.processes.start(source_program())
    rig.on_in = kill.on_in
    rig.run_until(lambda: kill.received > 0, 20.0, "the source")
    rig.arm()
    rig.run_until(lambda: kill.received > MOVING_COMMANDS, 20.0, "the arm to move")
    if rig.mode != "active":
        raise NoetraError(f"supervisor is in {rig.mode} before the kill")
    rig.on_out, rig.on_safety = kill.on_out, kill.on_safety
    rig.graph.kill("source")
    rig.run_until(lambda: kill.stop_ns > 0, 10.0, "the stop")
    rig.call(interfaces.DISARM)
    rig.run_until(lambda: rig.mode == "standby", 10.0, "standby")
    rig.forget_callbacks()
    if math.isclose(kill.last_good_ns, 0):
        raise NoetraError("no good command was seen before the kill")
    return kill
