"""What the supervisor node tells: the command first, then events, audit log, state, diagnostics."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.node import Node

from noetra_ros.core.types import FloatArray
from noetra_ros.msg import SafetyState, SeparationState
from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.audit_wiring import AuditWiring
from noetra_ros.ros.commands import CommandWriter
from noetra_ros.ros.conversions import ns_to_stamp
from noetra_ros.ros.phase_wiring import PhaseWiring
from noetra_ros.ros.safety_messages import (
    diagnostic_status,
    event_message,
    fill_state,
)
from noetra_ros.safety import KERNEL
from noetra_ros.safety.attributes import changed
from noetra_ros.safety.events import Event
from noetra_ros.safety.modes import LATCHED, Mode
from noetra_ros.safety.report import Decision, SafetyReport
from noetra_ros.safety.verdict import Action, Verdict

STOPPED = (Mode.PROTECTIVE_STOP, *LATCHED)
GATE_TIMES = 2000  # newest, for the percentiles
LATE_S = 0.05  # controllers have held their last setpoint for some periods then
SEPARATION_FIELDS = {
    "required": "total_m",
    "human": "human_m",
    "reaction": "reaction_m",
    "stopping": "stopping_m",
    "intrusion": "intrusion_m",
    "sensor_uncertainty": "sensor_m",
    "robot_uncertainty": "robot_m",
}


class SupervisorOutputs:
    """Publishers and audit log of the supervisor node. Use it from the executor's thread.

    Args:
        node: the supervisor node.
        profile: the robot.
        channel_name: command channel that is gated.
        channel: the same.
        ros_now_ns: ROS time, in lock-step the tick.
        is_lock_step: every report is told: somebody waits for it.
        is_watching: people are watched.
        audit: the audit log; None = there is none.
        recording_words: how the recording for replay goes.
        phase: of the bring-up.
        sector: sectors in force, for people; empty = none.
    """

    def __init__(
        self,
        node: Node,
        profile: RobotProfile,
        channel_name: str,
        channel: Channel,
        *,
        ros_now_ns: Callable[[], int],
        is_lock_step: bool,
        is_watching: bool,
        audit: AuditWiring | None,
        recording_words: Callable[[], str],
        phase: PhaseWiring,
        sector: str = "",
    ) -> None:
        self._node, self._ros_now_ns, self._is_lock_step = node, ros_now_ns, is_lock_step
        self._phase = phase
        shown = "" if phase.sends else interfaces.SHOWN.name
        self._outlets = {
            name: Outlet(node, profile, profile.channels[name], f"{shown}/{name}" if shown else "")
            for name in profile.gated_with(channel_name)[1:]
        }
        self._main = self._outlets[channel_name] = Outlet(node, profile, channel, shown)
        self._states = interfaces.SAFETY_STATE.publisher(node)
        self._events = interfaces.SAFETY_EVENT.publisher(node)
        self._separations = interfaces.SEPARATION.publisher(node)
        self._diagnostics = interfaces.DIAGNOSTICS.publisher(node)
        clock = "simulated" if is_lock_step else "steady"
        self._state = SafetyState(channel=channel_name, phase=phase.name, clock=clock)
        self._separation = SeparationState(is_watching=is_watching)
        self._separation.header.frame_id = profile.base_frame
        self._audit, self._recording_words = audit, recording_words
        self._sector = sector or "none"
        self._event_sequence = 0
        self._told: tuple[Any, ...] = ()
        self._judged_before = 0
        self.gate_us: deque[float] = deque(maxlen=GATE_TIMES)

    def other_writers(self) -> tuple[str, ...]:
        """Names of the nodes that publish on a controller's topic beside this one."""
        node, others = self._node, []
        for topic in {outlet.topic for outlet in self._outlets.values()}:
            infos = node.get_publishers_info_by_topic(topic)
            found = [f"{info.node_namespace.rstrip('/')}/{info.node_name}" for info in infos]
            own = node.get_fully_qualified_name()
            if own in found:
                found.remove(own)  # once: a second one of the same name is another program
            others += found
        return tuple(sorted(others))

    def answer(self, decision: Decision, judged_ns: int | None = None) -> None:
        """Send what was decided: the command first, everything else may wait.

        Args:
            decision: it.
            judged_ns: instant for which it was, on the clock of the time-outs; None = now. A process that
                hung since has judged nothing of what came meanwhile: its command is not sent any more.
        """
        if judged_ns is not None and not self._is_lock_step:
            decision = unless_late(decision, (time.monotonic_ns() - judged_ns) / 1e9)
        if decision.values is not None:
            self._main.send(decision.values, decision.effort, self._ros_now_ns)
            self._phase.compare(decision.values)
        for part in decision.parts:
            outlet = self._outlets[part.channel]
            outlet.send(part.values, part.effort, self._ros_now_ns)
            if outlet is self._main:
                self._phase.compare(part.values)
        ros_now_ns = self._ros_now_ns()
        for event in decision.events:
            self._event_sequence += 1
            self._events.publish(event_message(event, self._event_sequence, ros_now_ns))
        if self._audit is not None:
            self._audit.tell(decision, ros_now_ns)
        report = decision.report
        told = (report.mode, report.is_armed, report.is_estop_pressed, report.is_speed_reduced)
        if self._is_lock_step or told != self._told:
            self._told = told
            self.tell_state(report)

    def tell_state(self, report: SafetyReport) -> None:
        """Publish state and separation as last judged."""
        stamp_ns = self._ros_now_ns()
        fill_state(self._state, report, stamp_ns)
        if (warning := self._phase.warning) and report.mode not in STOPPED:  # a stop's reason stays its own
            self._state.reason = f"{warning}; {report.reason}" if report.reason else warning
        self._states.publish(self._state)
        fill_separation(self._separation, report)
        self._separation.header.stamp = ns_to_stamp(stamp_ns)
        self._separations.publish(self._separation)

    def tell_diagnostics(self, report: SafetyReport, period_s: float) -> None:
        """Publish /diagnostics.

        Args:
            report: state now.
            period_s: since the last time.
        """
        judged_before, self._judged_before = self._judged_before, report.commands_judged
        values = {
            "mode": report.mode.name,
            "command rate (Hz)": f"{(report.commands_judged - judged_before) / period_s:.0f}",
            "gate time p50 (us)": percentile(self.gate_us, 0.50),
            "gate time p99 (us)": percentile(self.gate_us, 0.99),
            "commands judged": str(report.commands_judged),
            "commands sent": str(report.commands_sent),
            "interventions": str(report.interventions),
            "recording for replay": self._recording_words(),
            "kernel": KERNEL.words(),
            "sectors": self._sector,
            "phase": self._phase.words(),
        }
        name = self._node.get_fully_qualified_name()
        message = DiagnosticArray(status=[diagnostic_status(name, report, values)])
        message.header.stamp = ns_to_stamp(self._ros_now_ns())
        self._diagnostics.publish(message)

    def tell_phase(self, event: Event | None) -> None:
        """Publish and write down what there is to say of the phase; None = nothing."""
        if event is None:
            return
        self._event_sequence += 1
        ros_now_ns = self._ros_now_ns()
        self._events.publish(event_message(event, self._event_sequence, ros_now_ns))
        if self._audit is not None:
            self._audit.tell_event(event, ros_now_ns)

    def close(self) -> None:
        """Close the audit log."""
        if self._audit is not None:
            self._audit.close()


def unless_late(decision: Decision, late_s: float) -> Decision:
    """The decision with nothing to send, and an event that says so, where it comes too late; else as it is.

    Args:
        decision: it.
        late_s: s since the instant for which it was.
    """
    if late_s <= LATE_S or (decision.values is None and not decision.parts):
        return decision
    reason = f"the supervisor was held up for {late_s:.3f} s over a command: it is not sent"
    verdict = Verdict("clock", Action.CLAMP, reason, 0.0, "sending", late_s, LATE_S, "s")
    told = (*decision.events, Event(verdict, decision.report.mode))
    return changed(decision, values=None, parts=(), events=told)


class Outlet:
    """The way to the controller of a channel; where nothing is to be sent, there is no publisher that could.

    Args:
        node: the supervisor node.
        profile: the robot.
        channel: of it.
        shown_as: topic on which commands are shown in place of being sent; empty = they are sent.
    """

    def __init__(self, node: Node, profile: RobotProfile, channel: Channel, shown_as: str) -> None:
        command_type = interfaces.COMMAND_MESSAGES[channel.message]
        if not shown_as:
            self._publisher = interfaces.COMMAND_OUT.publisher(node, channel.topic, command_type)
        else:
            self._publisher = interfaces.SHOWN.publisher(node, shown_as, command_type)
        frame = profile.frame_of(channel)
        self._writer = CommandWriter(command_type, channel.joints, 1.0 / channel.rate_hz, frame)
        self._is_stamped = hasattr(command_type, "header")

    @property
    def topic(self) -> str:
        """Its full name."""
        return str(self._publisher.topic_name)

    def send(self, values: FloatArray, effort: float, ros_now_ns: Callable[[], int]) -> None:
        """Publish (d,) values."""
        stamp_ns = ros_now_ns() if self._is_stamped else 0
        self._publisher.publish(self._writer.message(values, stamp_ns, effort))


def fill_separation(message: SeparationState, report: SafetyReport) -> None:
    """Write the judged pair of a report into a message that is kept."""
    judged = report.separation
    message.scale = report.scale
    message.has_person = judged is not None
    message.link = judged.link if judged is not None else ""
    message.track_id = judged.track_id if judged is not None else 0
    terms = judged.terms if judged is not None else None
    for field, term in SEPARATION_FIELDS.items():
        setattr(message, field, float(getattr(terms, term)) if terms is not None else math.nan)
    message.distance = judged.distance_m if judged is not None else math.nan
    message.allowed_speed = judged.allowed_mps if judged is not None else math.nan
    message.directed_speed = judged.directed_mps if judged is not None else math.nan


def percentile(values_us: Iterable[float], share: float) -> str:
    """Percentile for diagnostics; "none" without values."""
    ordered = sorted(values_us)
    if not ordered:
        return "none"
    return f"{ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.0f}"
