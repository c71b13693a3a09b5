"""A whole graph whose inputs run through relays of ours, its robot in motion; told what it did and when."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from rclpy.clock import Clock as NodeClock
from rclpy.clock import ClockType
from rosgraph_msgs.msg import Clock

from noetra_ros.cli.fault_campaign.inputs import ESTOP_TOPIC, Input, inputs_of, remaps_of
from noetra_ros.cli.fault_campaign.played_perception import PlayedPerception
from noetra_ros.cli.fault_campaign.relay import Relay
from noetra_ros.cli.graph import Graph
from noetra_ros.cli.graph_plan import GraphOptions
from noetra_ros.cli.graph_session import GraphError, GraphSession
from noetra_ros.cli.graph_words import mode_name
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.faults.plan import Station
from noetra_ros.evaluation.faults.trial import Clocks
from noetra_ros.evaluation.limits import limits_of
from noetra_ros.msg import SafetyState
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.node_parameters import Value
from noetra_ros.ros.urgency import raise_process

READY_TIMEOUT_S = 90.0
ESTOP_PERIOD_S = 0.05
SILENT_SHARE = 0.8  # of the age at which an input counts as old
BRAKED_S = 0.1  # more than braking takes
JOINED_S = 1.0  # until shared memory is open between all
URGENCY = -5  # relays are as urgent as what they stand between
ESTOP_SOURCE = f"topic:{ESTOP_TOPIC}"


class FaultRig:
    """A context manager, used from the main thread.

    Args:
        station: what graph.
        folder: for traces and the audit log, absolute.
        supervisor: further parameters of the supervisor.

    Raises:
        NoetraError: the graph does not get ready.
    """

    def __init__(self, station: Station, folder: Path, supervisor: dict[str, Value] | None = None) -> None:
        self.station, self.folder = station, folder
        self.profile = load_robot(station.robot)
        self.inputs = inputs_of(self.profile, station)
        self.braking_s = limits_of(self.profile).braking_time_s + BRAKED_S
        self.tolerated: set[str] = set()
        self.relays: dict[str, Relay] = {}
        self._modes: list[tuple[float, str]] = []
        self.forget()
        self.audit_folder = folder / f"audit_{os.getpid()}_{time.monotonic_ns()}"
        options = GraphOptions(
            robot=station.robot,
            policy="swing",
            perception=station.perception,
            blackbox=folder / "blackbox" if station.blackbox else None,
            instruction="swing",
            is_private=True,
            parameters=self._parameters(supervisor or {}),
        )
        self.graph = Graph(replace(options, remaps=remaps_of(self.inputs, options.nodes)))
        self.graph.start()
        try:
            self.session = GraphSession(self.what_died, "fault_campaign")
        except BaseException:
            self.graph.stop()
            raise

    def _parameters(self, supervisor: dict[str, Value]) -> dict[str, dict[str, Value]]:
        given: dict[str, Value] = {"estop_sources": [ESTOP_SOURCE], "audit_path": str(self.audit_folder)}
        if self.station.played_perception:
            given |= {"watch_people": True, "heartbeat_sources": ["policy", "streamer", "perception"]}
        parameters: dict[str, dict[str, Value]] = {"supervisor": {**given, **supervisor}}
        if self.station.perception:
            parameters["sim"] = {"cameras": list(self.profile.cameras_for("perception", "recognition"))}
        else:
            parameters["sim"] = {"render": False}
        return parameters

    def __enter__(self) -> FaultRig:
        try:
            self._wire()
            self.session.wait_ready(READY_TIMEOUT_S)
            self._wait_for_all()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self.graph.pids:  # a node that stands still cannot end
            with contextlib.suppress(ProcessLookupError, KeyError):
                os.kill(self.graph.pids[name], signal.SIGCONT)
        self.session.__exit__(kind, error, trace)
        self.graph.stop()

    def _wait_for_all(self) -> None:
        """Also for those whom nobody asks anything: whoever joins later holds senders up for a moment."""
        node, wanted = self.session.node, set(self.graph.pids)
        self.session.wait_until(
            lambda: wanted <= set(node.get_node_names()), READY_TIMEOUT_S, "every node to join the graph"
        )
        self.watch(JOINED_S)

    def _wire(self) -> None:
        raise_process(URGENCY)
        node = self.session.node
        for one in self.inputs.values():
            if one.wire.name not in self.relays:
                self.relays[one.wire.name] = Relay(node, one.wire)
        channel = self.profile.channel()
        kind = interfaces.COMMAND_MESSAGES[channel.message]
        interfaces.CLOCK.subscription(node, self._on_clock)
        interfaces.COMMAND_OUT.subscription(node, self._on_command, channel.topic, kind)
        interfaces.SAFETY_STATE.subscription(node, self._on_safety, every_message=True)
        self._estop = interfaces.ESTOP.publisher(node, ESTOP_TOPIC)
        if self.station.played_perception:
            sensor = self.profile.cameras_for("perception")[0]
            self._perception = PlayedPerception(node, self.profile.base_frame, sensor)
        steady = NodeClock(clock_type=ClockType.STEADY_TIME)
        self._timer = node.create_timer(ESTOP_PERIOD_S, self._tell_released, clock=steady)

    def _tell_released(self) -> None:
        self._estop.publish(interfaces.ESTOP.message(data=False))  # type: ignore[misc]

    def _on_clock(self, message: Clock) -> None:
        self._clocks.append((time.monotonic(), stamp_to_ns(message.clock) * 1e-9))

    def _on_command(self, message: Any) -> None:
        self._commands_s.append(time.monotonic())

    def _on_safety(self, message: SafetyState) -> None:
        mode = mode_name(message.mode)
        if not self._modes or self._modes[-1][1] != mode:
            self._modes.append((time.monotonic(), mode))

    def forget(self) -> None:
        """Begin new lists; what is in force stays."""
        self._modes = [(time.monotonic(), mode) for _, mode in self._modes[-1:]]
        self._clocks: list[tuple[float, float]] = []
        self._commands_s: list[float] = []
        for relay in self.relays.values():
            relay.forget()

    def silent_inputs(self, limits_s: Mapping[str, float], subject: str) -> tuple[str, ...]:
        """Inputs whose giver was silent since `forget` for longer than the taker bears, though nobody made it
        so: the machine was busy with something else.

        Args:
            limits_s: by input.
            subject: what the fault was about: an input, or a node, whose own silence is meant.
        """
        return tuple(
            name
            for name, one in self.inputs.items()
            if subject not in (name, one.giver)
            and self.relays[one.wire.name].silence_s(one.source) > SILENT_SHARE * limits_s.get(name, math.inf)
        )

    @property
    def modes(self) -> tuple[tuple[float, str], ...]:
        """Instant (monotonic clock) and mode since `forget`, first the one in force then."""
        return tuple(self._modes)

    @property
    def mode(self) -> str:
        """Mode that was told last."""
        return self._modes[-1][1] if self._modes else "unknown"

    @property
    def clocks(self) -> Clocks:
        """What /clock said when, since `forget`."""
        pairs = np.array(self._clocks).reshape(-1, 2)
        return Clocks(pairs[:, 0], np.maximum.accumulate(pairs[:, 1]) if len(pairs) else pairs[:, 1])

    @property
    def commands_s(self) -> FloatArray:
        """Instants at which something was sent to the controller, since `forget`."""
        return np.array(self._commands_s)

    def what_died(self) -> str:
        """Nodes that have ended against the plan, in words."""
        return "; ".join(str(e) for e in self.graph.died() if e.name not in self.tolerated)

    def input(self, name: str) -> tuple[Input, Relay]:
        """An input and its relay."""
        one = self.inputs[name]
        return one, self.relays[one.wire.name]

    def pid(self, node: str) -> int:
        """Process of a node."""
        return self.graph.pids[node]

    def watch(self, duration_s: float) -> None:
        """Serve relays and listeners for a while."""
        end_s = time.monotonic() + duration_s
        self.session.wait_until(lambda: time.monotonic() >= end_s, duration_s + 5.0, "the time")

    def wait_mode(self, modes: tuple[str, ...], timeout_s: float) -> bool:
        """Wait until one of `modes` was told; false where it was not in time."""
        try:
            self.session.wait_until(lambda: self.mode in modes, timeout_s, f"mode {' or '.join(modes)}")
        except GraphError:
            if self.what_died():
                raise
            return False
        return True

    def call(self, service: interfaces.Service) -> tuple[bool, str]:
        """Ask the supervisor: whether it agreed, and its words.

        Raises:
            GraphError: no answer.
        """
        answer = self.session.trigger(service)
        return bool(answer.success), str(answer.message)
