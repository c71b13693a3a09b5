"""A bench for the gate alone: a perfect robot, a plain relay beside the supervisor, a killable source."""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType, TracebackType

import numpy as np
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.signals import SignalHandlerOptions
from rclpy.subscription import MessageInfo
from std_msgs.msg import Float64MultiArray
from std_srvs.srv import Trigger

from noetra_ros.cli.graph import Graph, NodeDiedError
from noetra_ros.cli.graph_plan import NONE, GraphOptions
from noetra_ros.cli.graph_words import mode_name
from noetra_ros.cli.processes import Program
from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray, JointState
from noetra_ros.msg import SafetyState
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_state_to_message
from noetra_ros.ros.kept_in_memory import lock_memory
from noetra_ros.ros.node_parameters import Value
from noetra_ros.ros.streamer_node import StreamerNode
from noetra_ros.ros.urgency import raise_process, settle_memory

ROBOT = "so101"
RELAY_IN, RELAY_OUT = "relay_in", "relay_out"
SWING_RAD, SWING_HZ = 0.3, 0.2
READY_TIMEOUT_S = 30.0
NO_SETTINGS: Mapping[str, Value] = MappingProxyType({})


class GateRig:
    """A robot that does what it is told at once, the supervisor before it. A context manager, one thread.

    Args:
        more: further programs to start beside the supervisor.
        settings: of the supervisor, over its parameter file.

    Attributes:
        sent_ns: when the newest command was sent, on the clock of the day, by its sender.
    """

    def __init__(self, more: Sequence[Program] = (), settings: Mapping[str, Value] = NO_SETTINGS) -> None:
        self.profile = load_robot(ROBOT)
        self.channel = self.profile.channel()
        self.period_s = 1.0 / self.channel.rate_hz
        home = self.profile.sim.home if self.profile.sim else {}
        self.home: FloatArray = np.array([home.get(name, 0.0) for name in self.profile.joint_names])
        self.measured = self.home.copy()
        self.safety: SafetyState | None = None
        self.reasons: Counter[str] = Counter()
        self.sent_ns = 0
        self.forget_callbacks()
        options = GraphOptions(
            robot=ROBOT,
            policy=NONE,
            sim=NONE,
            without=("streamer",),
            is_private=True,
            parameters={"supervisor": settings},
        )
        self.graph = Graph(options)
        self.graph.start()
        for program in more:
            self.graph.processes.start(program)
        rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
        self.node = Node("gate_rig")
        self.executor = SingleThreadedExecutor()
        self.executor.add_node(self.node)
        self._wire()

    def _wire(self) -> None:
        node = self.node
        topic = self.profile.streams["joint_states"].topic
        self._joint_states = interfaces.JOINT_STATES.publisher(node, topic)
        self.command_in = interfaces.COMMAND_IN.publisher(node, message=Float64MultiArray)
        self.relay_in = interfaces.COMMAND_IN.publisher(node, RELAY_IN, Float64MultiArray)
        interfaces.COMMAND_IN.subscription(node, self._take_in, message=Float64MultiArray)
        interfaces.COMMAND_OUT.subscription(node, self._take_out, self.channel.topic, Float64MultiArray)
        interfaces.COMMAND_OUT.subscription(node, self._take_relayed, RELAY_OUT, Float64MultiArray)
        interfaces.SAFETY_STATE.subscription(node, self._take_safety)
        interfaces.SAFETY_EVENT.subscription(node, lambda m: self.reasons.update([f"{m.check}: {m.reason}"]))
        asked = (interfaces.ARM, interfaces.DISARM, interfaces.RESET)
        self._services = {s: node.create_client(Trigger, s.name) for s in asked}

    def forget_callbacks(self) -> None:
        """What comes in is told to nobody from now on."""
        self.on_out: Callable[[FloatArray, int], None] = lambda values, now_ns: None
        self.on_in: Callable[[FloatArray, int], None] = lambda values, now_ns: None
        self.on_relayed: Callable[[FloatArray, int], None] = lambda values, now_ns: None
        self.on_safety: Callable[[SafetyState, int], None] = lambda state, now_ns: None

    def __enter__(self) -> GateRig:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.executor.shutdown()
        self.node.destroy_node()
        rclpy.try_shutdown()
        self.graph.stop()

    def _take_in(self, message: Float64MultiArray, info: MessageInfo) -> None:
        self.sent_ns = info["source_timestamp"]
        self.on_in(np.array(message.data), time.monotonic_ns())

    def _take_relayed(self, message: Float64MultiArray) -> None:
        self.on_relayed(np.array(message.data), time.monotonic_ns())

    def _take_out(self, message: Float64MultiArray) -> None:
        now_ns = time.monotonic_ns()
        self.measured = np.array(message.data)
        self.on_out(self.measured, now_ns)

    def _take_safety(self, message: SafetyState) -> None:
        self.safety = message
        self.on_safety(message, time.monotonic_ns())

    @property
    def mode(self) -> str:
        """Mode of the supervisor."""
        return mode_name(self.safety.mode) if self.safety else "unknown"

    def publish_joints(self) -> None:
        """The robot stands where it was told to be."""
        unknown = np.full(len(self.measured), math.nan)
        state = JointState(
            time.time_ns(), self.profile.joint_names, self.measured, np.zeros_like(unknown), unknown
        )
        self._joint_states.publish(joint_state_to_message(state))

    def spin_until(self, end_s: float) -> None:
        """Serve the node until an instant of the monotonic clock."""
        while (left_s := end_s - time.monotonic()) > 0:
            self.executor.spin_once(timeout_sec=left_s)

    def run_until(self, is_done: Callable[[], bool], timeout_s: float, what: str) -> None:
        """Let the robot publish at its rate until something has happened.

        Raises:
            NoetraError: it did not within `timeout_s`, or the supervisor ended.
        """
        due_s = time.monotonic()
        end_s = due_s + timeout_s
        while not is_done():
            for ended in self.graph.died():
                if ended.name == "supervisor":
                    raise NodeDiedError(ended)
            if time.monotonic() > end_s:
                raise NoetraError(f"gate rig: waited {timeout_s:g} s for {what}; supervisor {self.mode}")
            self.publish_joints()
            due_s = max(due_s + self.period_s, time.monotonic())
            self.spin_until(due_s)

    def arm(self) -> None:
        """Wait until the supervisor is ready and arm it; the source must send within its time-out.

        Raises:
            NoetraError: it refused, or did not get ready.
        """
        self.run_until(lambda: self.mode == "standby", READY_TIMEOUT_S, "standby")
        self.call(interfaces.ARM)

    def call(self, service: interfaces.Service) -> None:
        """Call one of the supervisor's services, the robot alive meanwhile.

        Raises:
            NoetraError: it refused or did not answer.
        """
        client = self._services[service]
        self.run_until(client.service_is_ready, READY_TIMEOUT_S, service.name)
        future = client.call_async(Trigger.Request())
        self.run_until(future.done, READY_TIMEOUT_S, f"an answer of {service.name}")
        if not future.result().success:
            raise NoetraError(f"gate rig: {service.name} refused: {future.result().message}")


def relay_program() -> Program:
    """The plain relay that the supervisor is compared with."""
    return Program("relay", "noetra_ros.cli.gate_rig", ("relay",))


def source_program() -> Program:
    """A source of good commands in a process of its own."""
    return Program("source", "noetra_ros.cli.gate_rig", ("source",))


def swing(home: FloatArray, index: int, period_s: float) -> FloatArray:
    """Good command number `index`: the first joint swings slowly, from rest; no two neighbours are equal."""
    values = home.copy()
    values[0] += SWING_RAD * (1.0 - math.cos(2.0 * math.pi * SWING_HZ * index * period_s)) + 1e-9 * index
    return values


def hold(home: FloatArray, index: int) -> FloatArray:
    """Good command number `index` of a robot at rest; told apart by a nanoradian."""
    values = home.copy()
    values[0] += 1e-9 * index
    return values


def relay() -> None:
    """Gives on what comes in: the least that a process between two others can do."""
    from rclpy.experimental import EventsExecutor

    rclpy.init(args=[])
    node = Node("relay")
    out = interfaces.COMMAND_OUT.publisher(node, RELAY_OUT, Float64MultiArray)
    interfaces.COMMAND_IN.subscription(node, out.publish, RELAY_IN, Float64MultiArray)
    executor = EventsExecutor()
    executor.add_node(node)
    while rclpy.ok():
        executor.spin_once(timeout_sec=0.1)


def source() -> None:
    """Sends good commands at the channel's rate until it is killed, as urgent as a streamer."""
    rclpy.init(args=[])
    node = Node("source")
    raise_process(StreamerNode.niceness)
    profile = load_robot(ROBOT)
    home = np.array([(profile.sim.home if profile.sim else {}).get(n, 0.0) for n in profile.joint_names])
    publisher = interfaces.COMMAND_IN.publisher(node, message=Float64MultiArray)
    period_s = 1.0 / profile.channel().rate_hz
    while publisher.get_subscription_count() < 2:  # the supervisor and the rig
        rclpy.spin_once(node, timeout_sec=0.02)
    lock_memory()
    settle_memory()
    due_s, index = time.monotonic(), 0
    while True:
        publisher.publish(Float64MultiArray(data=swing(home, index, period_s).tolist()))
        index += 1
        due_s += period_s
        time.sleep(max(0.0, due_s - time.monotonic()))  # the source's own clock


if __name__ == "__main__":
    {"relay": relay, "source": source}[sys.argv[1]]()
