"""Time from a press on the live page to the last new command to the robot, over 20 presses while it moves."""

from __future__ import annotations

import importlib.metadata
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from noetra_ros.msg import SafetyState

from noetra_ros.cli.gate_rig import ROBOT, GateRig, source_program
from noetra_ros.cli.graph_words import mode_name
from noetra_ros.cli.processes import Program
from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.ros import interfaces
from noetra_ros.ros.node_parameters import ros_arguments
from noetra_ros.view.page_client import PageClient
from noetra_ros.view.server import require_viser
from noetra_ros.view.wording import words_of

PRESSES = 20
MOVING_COMMANDS = 80  # 0.8 s into its swing the arm is moving
REST_S = 0.6  # without a new target the robot rests
HOST, LANGUAGE = "127.0.0.1", "en"


@dataclass
class _Press:
    """Instants of one press, ns on the monotonic clock."""

    received: int = 0
    pressed_ns: int = 0
    latched_ns: int = 0
    rest_ns: int = 0
    _last_out: FloatArray = field(default_factory=lambda: np.zeros(0))

    def on_in(self, values: FloatArray, now_ns: int) -> None:
        self.received += 1

    def on_out(self, values: FloatArray, now_ns: int) -> None:
        if values.shape != self._last_out.shape or (np.abs(values - self._last_out) > 1e-6).any():
            self.rest_ns = now_ns
        self._last_out = values

    def on_safety(self, state: SafetyState, now_ns: int) -> None:
        if mode_name(state.mode) == "emergency_stop" and not self.latched_ns:
            self.latched_ns = now_ns

    def is_over(self) -> bool:
        """Latched, and no new target for a while."""
        quiet_s = (time.monotonic_ns() - max(self.rest_ns, self.latched_ns)) * 1e-9
        return bool(self.latched_ns) and quiet_s > REST_S


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Press on the page while the arm moves, again and again.

    Presses go over the page's own connection, as a browser sends them; what a browser adds between the finger
    and its first byte is not in here.
    """
    require_viser()
    port = _free_port()
    with GateRig([_page(port)]) as rig:
        version = importlib.metadata.version("viser")
        with _patient(lambda: PageClient(HOST, port, version), rig) as page:
            button = page.wait_button(words_of(LANGUAGE).label("estop"))
            presses = []
            for number in range(PRESSES):
                say(f"press {number + 1} of {PRESSES}")
                presses.append(_one_press(rig, page, button))
    latched = [(p.latched_ns - p.pressed_ns) * 1e-6 for p in presses]
    rests = [(p.rest_ns - p.pressed_ns) * 1e-6 for p in presses]
    words = "press to last change of the target, braking included"
    return [
        record_of("view_estop_latched", latched, "ms", f"none; worst {max(latched):.1f} ms"),
        record_of("view_estop_rest", rests, "ms", f"none; worst {max(rests):.1f} ms: {words}"),
    ]


def _one_press(rig: GateRig, page: PageClient, button: str) -> _Press:
    press = _Press()
    rig.measured = rig.home.copy()
    rig.graph.processes.start(source_program())
    rig.on_in, rig.on_out = press.on_in, press.on_out
    rig.run_until(lambda: press.received > 0, 20.0, "the source")
    rig.arm()
    rig.run_until(lambda: press.received > MOVING_COMMANDS, 20.0, "the arm to move")
    if rig.mode != "active":
        raise NoetraError(f"supervisor is in {rig.mode} before the press")
    rig.on_safety = press.on_safety
    press.pressed_ns = time.monotonic_ns()
    page.press(button)
    rig.run_until(press.is_over, 10.0, "the stop")
    rig.graph.kill("source")
    rig.call(interfaces.RESET)
    rig.run_until(lambda: rig.mode == "standby", 10.0, "standby")
    rig.forget_callbacks()
    return press


def _patient(make: Callable[[], PageClient], rig: GateRig) -> PageClient:
    """A connection, once the page is there."""
    found: list[PageClient] = []

    def is_there() -> bool:
        try:
            found.append(make())
        except OSError:
            return False
        return True

    rig.run_until(is_there, 60.0, "the page")
    return found[0]


def _page(port: int) -> Program:
    values = {"robot": ROBOT, "host": HOST, "port": port, "language": LANGUAGE}
    return Program("view", "noetra_ros.ros.view_node", ros_arguments("view", values))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
