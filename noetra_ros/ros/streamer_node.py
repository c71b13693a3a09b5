"""The streamer node: action chunks in, one setpoint at each tick of the command channel out."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock, ClockType
from sensor_msgs.msg import JointState as JointStateMessage
from std_msgs.msg import Header

from noetra_ros.core.config import setting
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.msg import ActionChunk, PolicyStatus, SafetyState, StreamerStatus
from noetra_ros.robots import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.chunk_message import chunk_from_message
from noetra_ros.ros.commands import CommandWriter
from noetra_ros.ros.conversions import joint_state_from_message, ns_to_stamp, stamp_to_ns
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.parameters import NodeSettings
from noetra_ros.ros.safety_gate import GATE_CODES, LiveGate, SteppedGate
from noetra_ros.ros.setpoint_watch import SetpointWatch
from noetra_ros.ros.spin import run_node
from noetra_ros.streaming.inbox import Inbox
from noetra_ros.streaming.pacer import Pacer
from noetra_ros.streaming.streamer import Gate, Streamer, StreamOptions

STATUS_HZ = 10.0
HEARTBEAT_HZ = 20.0
DIAGNOSTICS_S = 1.0
# Lock-step: an answer of the supervisor that does not come within this time is no longer waited for, before
# its first one and after. A busy machine may be slow; only a dead supervisor does not answer.
FIRST_ANSWER_S, ANSWER_S = 0.2, 10.0


@dataclass(frozen=True, kw_only=True)
class StreamerSettings(StreamOptions, NodeSettings):
    """Parameters of the streamer node."""

    channel: str = setting(description="command channel of the profile; empty = its default", default="")
    supervisor_timeout_s: float = setting(
        "s",
        "a supervisor silent for longer lets nothing through: hold the measured position",
        minimum=0.05,
        maximum=10.0,
        default=0.5,
    )
    injected_latency_s: float = setting(
        "s",
        "for experiments: a chunk is followed no earlier than this after its observation",
        minimum=0.0,
        maximum=5.0,
        default=0.0,
    )


class StreamerNode(GraphNode[StreamerSettings]):
    """Wires `streaming.Streamer` to the graph.

    Args:
        **node_arguments: passed on to rclpy.
    """

    niceness = -6  # before the simulated robot: whoever draws for 100 ms must not hold the commands up
    is_kept_in_memory = True

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__("streamer", StreamerSettings, **node_arguments)

    def configure(self) -> None:
        """Build the streamer, wire the topics."""
        self.profile = load_robot(self.settings.robot)
        self.streamer = Streamer(self.profile, self.settings.channel, self.settings)
        channel = self.streamer.channel
        self.period_ns = round(self.streamer.period_s * 1e9)
        self.pacer = Pacer(self.period_ns)
        self.watch = SetpointWatch(self.streamer, self.get_fully_qualified_name())
        self.live_gate = LiveGate(round(self.settings.supervisor_timeout_s * 1e9))
        self.stepped_gate = SteppedGate()
        kind = interfaces.COMMAND_MESSAGES[channel.message]
        self.writer = CommandWriter(
            kind, self.streamer.limits.names, self.streamer.period_s, self.profile.base_frame
        )
        self.measured: FloatArray | None = None
        self.sent = 0
        self.ticks = 0
        self.inbox = Inbox(round(self.settings.injected_latency_s * 1e9), self.settings.lock_step)
        self.tick_ns = 0
        self.pending_ns: int | None = None
        self.reported_state: object = None
        self._wire(kind)

    def _wire(self, kind: type[Any]) -> None:
        every = self.settings.lock_step
        streams = self.profile.streams
        self.command = interfaces.COMMAND_IN.publisher(self, message=kind)
        self.status = interfaces.STREAMER_STATUS.publisher(self)
        self.heartbeat = interfaces.HEARTBEAT.publisher(self)
        self.diagnostics = interfaces.DIAGNOSTICS.publisher(self)
        self.inputs = [
            interfaces.POLICY_CHUNK.subscription(self, self.on_chunk, every_message=every),
            interfaces.POLICY_STATUS.subscription(self, self.on_policy, every_message=every),
            interfaces.SAFETY_STATE.subscription(self, self.on_safety, every_message=every),
        ]
        if not every:  # lock-step has no latency of its own to be measured
            topic = self.streamer.channel.topic
            self.inputs.append(interfaces.COMMAND_OUT.subscription(self, self.on_gated, topic, kind))
        if self.streamer.channel.kind is CommandKind.BASE_TWIST:
            if every:  # a base has no joint states: its odometry gives the beat
                name = streams["odom"].topic
                self.inputs.append(interfaces.ODOM.subscription(self, self.on_beat, name, every_message=True))
        else:
            name = streams["joint_states"].topic
            self.inputs.append(
                interfaces.JOINT_STATES.subscription(self, self.on_joint_states, name, every_message=every)
            )

    def activate(self) -> None:
        """Begin to tick."""
        self.steady = Clock(clock_type=ClockType.STEADY_TIME)
        is_stepped = self.settings.lock_step
        period_s, callback = (
            (FIRST_ANSWER_S, self.on_answer_overdue)
            if is_stepped
            else (self.streamer.period_s, self.on_timer)
        )
        periods = ((period_s, callback), (DIAGNOSTICS_S, self.on_diagnostics))
        self.timers_running = [self.create_timer(s, function, clock=self.steady) for s, function in periods]

    def deactivate(self) -> None:
        """Stop sending."""
        for timer in self.timers_running:
            self.destroy_timer(timer)

    def cleanup(self) -> None:
        """Take the wires off."""
        for subscription in self.inputs:
            self.destroy_subscription(subscription)
        for publisher in (self.command, self.status, self.heartbeat, self.diagnostics):
            self.destroy_publisher(publisher)

    def on_chunk(self, message: ActionChunk) -> None:
        """A chunk of the policy."""
        try:
            self.inbox.put(chunk_from_message(message))
        except ValueError as error:
            self.streamer.intake.refuse(str(error))
            self._report(self.tick_ns)
        if not self.settings.lock_step:
            self._take_chunks(self._clock_ns())
        elif self._take_chunks(self.tick_ns) or self.inbox.waiting_at(self.tick_ns):
            self._report(self.tick_ns)

    def on_policy(self, message: PolicyStatus) -> None:
        """What the policy is doing; one that has failed or lost its link has no plan to be carried out."""
        if message.state == PolicyStatus.STATE_FAULT and self.streamer.followed is not None:
            self.streamer.abandon(stamp_to_ns(message.header.stamp))

    def _take_chunks(self, now_ns: int) -> bool:
        """Hand on what has come and is due; true if any was."""
        ready = self.inbox.take(now_ns)
        for chunk in ready:
            if self.streamer.accept(chunk, now_ns):
                self.watch.accepted(chunk, now_ns, time.monotonic_ns())
        return bool(ready)

    def on_safety(self, message: SafetyState) -> None:
        """A report of the supervisor."""
        self.live_gate.take(message, time.monotonic_ns())
        if self.settings.lock_step:
            before = self.stepped_gate.newest
            self.stepped_gate.take(message)
            if self.stepped_gate.newest is not before:
                self._report(self.tick_ns)  # time is held until this is known
            self._step_if_settled()

    def on_joint_states(self, message: JointStateMessage) -> None:
        """Measured joints; in lock-step they are the beat."""
        try:
            state = joint_state_from_message(message, self.streamer.limits.names)
        except ValueError as error:
            self.get_logger().error(str(error), throttle_duration_sec=5.0)
            return
        self.measured = state.positions
        if self.settings.lock_step:
            self.on_beat(message)

    def on_beat(self, message: Any) -> None:
        """Lock-step: a new tick begins."""
        self.pending_ns = stamp_to_ns(message.header.stamp)
        self.pending_since_ns = time.monotonic_ns()
        self._step_if_settled()

    def on_gated(self, message: Any) -> None:
        """Real time: a command came out of the supervisor."""
        self.watch.gated(self._clock_ns(), time.monotonic_ns())

    def on_diagnostics(self) -> None:
        """/diagnostics."""
        message = DiagnosticArray(status=[self.watch.status()])
        message.header.stamp = ns_to_stamp(self._clock_ns())
        self.diagnostics.publish(message)

    def on_answer_overdue(self) -> None:
        """Lock-step: the supervisor has not answered the last command; go on without it."""
        patience_s = ANSWER_S if self.stepped_gate.has_answered else FIRST_ANSWER_S
        if self.pending_ns is None or time.monotonic_ns() - self.pending_since_ns < patience_s * 1e9:
            return
        self._take_pending()

    def on_timer(self) -> None:
        """Real time: one tick."""
        self.watch.ticked(time.monotonic_ns())
        self._tick(self.pacer.tick(self._clock_ns()), self.live_gate.gate(time.monotonic_ns()))

    def _step_if_settled(self) -> None:
        if self.pending_ns is not None and self.stepped_gate.is_settled():
            self._take_pending()

    def _take_pending(self) -> None:
        assert self.pending_ns is not None, "callers look first"
        tick_ns, self.pending_ns = self.pending_ns, None
        self._tick(tick_ns, self.stepped_gate.gate(tick_ns))

    def _tick(self, now_ns: int, gate: Gate) -> None:
        self.tick_ns = now_ns
        value = self.streamer.tick(now_ns, self.measured, gate)
        if value is not None:
            self.command.publish(self.writer.message(value, now_ns))
            self.watch.sent(time.monotonic_ns())
            self.sent += 1
        if self._is_due(HEARTBEAT_HZ):
            self.heartbeat.publish(Header(stamp=ns_to_stamp(now_ns), frame_id=self.get_name()))
        if self._is_due(STATUS_HZ) or self.streamer.state is not self.reported_state:
            self._report(now_ns)
        self.ticks += 1
        if self._take_chunks(now_ns) and self.settings.lock_step:
            self._report(now_ns)

    def _is_due(self, rate_hz: float) -> bool:
        """Every tick in lock-step, else at `rate_hz`."""
        every = max(1, round(self.streamer.channel.rate_hz / rate_hz))
        return self.settings.lock_step or self.ticks % every == 0

    def _clock_ns(self) -> int:
        return int(self.get_clock().now().nanoseconds)

    def _newest_gate(self) -> Gate:
        is_stepped = self.settings.lock_step
        return self.stepped_gate.newest if is_stepped else self.live_gate.gate(time.monotonic_ns())

    def _report(self, now_ns: int) -> None:
        intake = self.streamer.intake
        self.reported_state = self.streamer.state
        status = StreamerStatus(
            state=self.streamer.state.value,
            gate=GATE_CODES[self._newest_gate()],
            setpoints_sent=self.sent,
            chunks_dropped=intake.dropped,
            last_drop_reason=intake.last_reason,
            remaining_s=self.streamer.remaining_s(now_ns),
            splice_jump=self.streamer.splice_jump,
        )
        status.header.stamp = ns_to_stamp(now_ns)
        known = [*([intake.newest] if intake.newest else []), *self.inbox.waiting_at(now_ns)]
        if known:
            newest = max(known, key=lambda chunk: chunk.stamp_ns)
            status.chunk_sequence = newest.sequence
            status.chunk_stamp = ns_to_stamp(newest.stamp_ns)
        self.status.publish(status)


def main() -> int:
    """Run the node as a process."""
    return run_node(StreamerNode)


if __name__ == "__main__":
    sys.exit(main())
