"""A robot and its supervisor, moved a little by this program, so that an emergency stop can be measured."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np
import rclpy
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.signals import SignalHandlerOptions
from std_msgs.msg import Bool
from std_srvs.srv import Trigger

from noetra_ros.cli.graph import Graph, NodeDiedError
from noetra_ros.cli.graph_plan import NONE, GraphOptions
from noetra_ros.cli.graph_words import mode_name
from noetra_ros.core.errors import NoetraError, single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.estop_motion import EstopMotion
from noetra_ros.evaluation.estop_trial import Samples
from noetra_ros.msg import SafetyState
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.commands import CommandWriter, command_from_message
from noetra_ros.ros.conversions import joint_state_from_message
from noetra_ros.ros.spin import make_executor

READY_TIMEOUT_S, ANSWER_TIMEOUT_S, ARM_TIMEOUT_S = 60.0, 10.0, 3.0
ESTOP_MODE = "emergency_stop"
BASE_AXES = ("x", "y", "yaw")


class EstopRig:
    """Supervisor (and simulation, where asked for) as processes; this one is the command source. One thread.

    Args:
        robot: profile.
        channel: of the profile; empty = its default.
        sim: ``mujoco``, or ``none`` for a robot that runs already.

    Raises:
        ConfigError: unknown robot or channel, or the profile names no topic that shows whether it moves.
        NoetraError: the graph does not get ready, or somebody else sends commands.
    """

    def __init__(self, robot: str, channel: str = "", sim: str = "mujoco") -> None:
        self.profile: RobotProfile = load_robot(robot)
        self.channel = self.profile.channel(channel)
        self.period_s = 1.0 / self.channel.rate_hz
        self.is_simulated = sim != NONE
        self.axes = self.channel.joints or BASE_AXES
        self._stream = "joint_states" if self.channel.joints else "odom"
        if self._stream not in self.profile.streams:
            expected = "the topic that shows whether the robot moves"
            raise single_fault(f"robot {self.profile.name}", f"streams.{self._stream}", "nothing", expected)
        self.mode, self.told_s = "unknown", math.inf
        self._positions: list[tuple[float, FloatArray]] = []
        self._commands: list[tuple[float, FloatArray]] = []
        more = {"supervisor": {"channel": channel}} if channel else {}
        options = GraphOptions(
            robot=robot,
            policy=NONE,
            sim=sim,
            without=("streamer",),
            is_private=self.is_simulated,
            parameters=more,
        )
        self._graph = Graph(options)
        self._graph.start()
        try:
            self._graph.wait_ready(READY_TIMEOUT_S)
            self._wire()
        except BaseException:
            rclpy.try_shutdown()
            self._graph.stop()
            raise

    def _wire(self) -> None:
        rclpy.init(args=[], signal_handler_options=SignalHandlerOptions.NO)
        use_sim_time = Parameter("use_sim_time", value=self.is_simulated)
        self.node = node = Node("estop_test", parameter_overrides=[use_sim_time])
        self._executor = make_executor()
        self._executor.add_node(node)
        kind = interfaces.COMMAND_MESSAGES[self.channel.message]
        self._writer = CommandWriter(kind, self.channel.joints, self.period_s, self.profile.base_frame)
        self._command_in = interfaces.COMMAND_IN.publisher(node, message=kind)
        self._estop = interfaces.ESTOP.publisher(node)
        names = (interfaces.ARM, interfaces.DISARM, interfaces.RESET, interfaces.ESTOP_CALL)
        self._services = {s: node.create_client(Trigger, s.name) for s in names}
        interfaces.SAFETY_STATE.subscription(node, self._on_safety, every_message=True)
        interfaces.COMMAND_OUT.subscription(node, self._on_command, self.channel.topic, kind)
        topic = self.profile.streams[self._stream].topic
        if self.channel.joints:
            interfaces.JOINT_STATES.subscription(node, self._on_joints, topic)
        else:
            interfaces.ODOM.subscription(node, self._on_odom, topic)

    def __enter__(self) -> EstopRig:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown()
        self.node.destroy_node()
        rclpy.try_shutdown()
        self._graph.stop()

    def _on_safety(self, message: SafetyState) -> None:
        self.mode = mode_name(message.mode)
        if self.mode == ESTOP_MODE:
            self.told_s = min(self.told_s, time.monotonic())

    def _on_command(self, message: Any) -> None:
        self._commands.append((time.monotonic(), command_from_message(message, self.channel.kind, 0).values))

    def _on_joints(self, message: Any) -> None:
        try:
            state = joint_state_from_message(message, self.channel.joints)
        except ValueError:  # of other joints: a robot may have several publishers
            return
        self._positions.append((time.monotonic(), state.positions))

    def _on_odom(self, message: Any) -> None:
        pose = message.pose.pose
        yaw = 2.0 * math.atan2(pose.orientation.z, pose.orientation.w)
        self._positions.append((time.monotonic(), np.array([pose.position.x, pose.position.y, yaw])))

    def forget(self) -> None:
        """Begin new lists of positions and commands."""
        self._positions, self._commands, self.told_s = self._positions[-1:], [], math.inf

    @property
    def measured(self) -> Samples:
        """Positions since `forget`, unwrapped for a base that turns."""
        times_s, values = _stacked(self._positions, len(self.axes))
        if not self.channel.joints and len(values):
            values[:, 2] = np.unwrap(values[:, 2])
        return Samples(times_s, values)

    @property
    def commands(self) -> Samples:
        """What went to the controller since `forget`."""
        return Samples(*_stacked(self._commands, len(self.channel.joints) or 3))

    def wait_for(self, is_done: Callable[[], bool], timeout_s: float, what: str) -> None:
        """Serve the node until something has happened.

        Raises:
            NoetraError: it did not, or a node has ended.
        """
        end_s = time.monotonic() + timeout_s
        while not is_done():
            for ended in self._graph.died():
                raise NodeDiedError(ended)
            if time.monotonic() > end_s:
                raise NoetraError(f"estop-test: waited {timeout_s:g} s for {what}; supervisor {self.mode}")
            self._executor.spin_once(timeout_sec=min(self.period_s, 0.02))

    def watch(self, duration_s: float) -> None:
        """Serve the node for a while."""
        end_s = time.monotonic() + duration_s
        self.wait_for(lambda: time.monotonic() >= end_s, duration_s + 1.0, "the time")

    def refuse_other_sources(self) -> None:
        """Raises NoetraError where somebody else sends commands: they would be measured, not ours."""
        own = self.node.get_name()
        infos = self.node.get_publishers_info_by_topic(
            self.node.resolve_topic_name(interfaces.COMMAND_IN.name)
        )
        others = sorted({info.node_name for info in infos} - {own})
        if others:
            raise NoetraError(
                f"estop-test: {', '.join(others)} sends commands too -> stop it, then try again"
            )

    def call(self, service: interfaces.Service) -> tuple[bool, str]:
        """Call one of the supervisor's services: whether it agreed, and what it said."""
        client = self._services[service]
        self.wait_for(client.service_is_ready, ANSWER_TIMEOUT_S, service.name)
        future = client.call_async(Trigger.Request())
        self.wait_for(future.done, ANSWER_TIMEOUT_S, f"an answer of {service.name}")
        answer = future.result()
        return bool(answer.success), str(answer.message)

    def arm(self) -> None:
        """Arm the supervisor; asks again for a while, since a stream may just have been late.

        Raises:
            ConfigError: it refused to the end, with its own words.
        """
        end_s = time.monotonic() + ARM_TIMEOUT_S
        while not (answer := self.call(interfaces.ARM))[0]:
            if time.monotonic() > end_s:
                expected = "a supervisor that can be armed"
                raise single_fault("noetra estop-test", "safety/arm", answer[1], expected)
            self.watch(self.period_s)

    def call_unanswered(self, service: interfaces.Service) -> None:
        """Ask and go on: what it does is seen in the robot."""
        self._services[service].call_async(Trigger.Request())

    def press(self, is_pressed: bool) -> None:
        """The button of the topic."""
        self._estop.publish(Bool(data=is_pressed))

    def play(self, motion: EstopMotion, press: Callable[[], None], more_s: float) -> float:
        """Send the motion at the channel's rate, press when it is fastest, and go on sending for `more_s`.

        Returns:
            Instant of the press, monotonic clock, s.
        """
        begin_s = due_s = time.monotonic()
        pressed_s = math.inf
        while (now_s := time.monotonic()) - begin_s < motion.press_s + more_s:
            if now_s - begin_s >= motion.press_s and pressed_s > now_s:
                pressed_s = time.monotonic()
                press()
            values = motion.at(now_s - begin_s)
            self._command_in.publish(self._writer.message(values, self.node.get_clock().now().nanoseconds))
            due_s = max(due_s + self.period_s, now_s)
            while (left_s := due_s - time.monotonic()) > 0:
                self._executor.spin_once(timeout_sec=left_s)
        for ended in self._graph.died():
            raise NodeDiedError(ended)
        return pressed_s


def _stacked(rows: list[tuple[float, FloatArray]], width: int) -> tuple[FloatArray, FloatArray]:
    """Times and values; what is not whole or not a number was not measured."""
    whole = [row for row in rows if len(row[1]) == width and np.isfinite(row[1]).all()]
    times_s = np.array([at_s for at_s, _ in whole])
    return times_s, np.array([values for _, values in whole]).reshape(-1, width)
