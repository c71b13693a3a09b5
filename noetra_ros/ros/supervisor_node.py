"""The safety supervisor as a node: gates one command channel, or those that the profile gates together."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from rclpy.clock import Clock, ClockType
from std_msgs.msg import Float64, Header
from std_srvs.srv import Trigger

from noetra_ros.core.config import setting
from noetra_ros.core.errors import single_fault
from noetra_ros.core.resources import share_folder
from noetra_ros.robots.profile import load_robot, require_filled_in
from noetra_ros.ros import interfaces
from noetra_ros.ros.audit_wiring import AuditSettings, AuditWiring
from noetra_ros.ros.command_intake import CommandIntake
from noetra_ros.ros.deadline_timer import DeadlineTimer
from noetra_ros.ros.estop_source import open_sources
from noetra_ros.ros.gate_building import build_gate
from noetra_ros.ros.gate_clock import GateClock
from noetra_ros.ros.language_settings import LanguageSettings
from noetra_ros.ros.late_look import LateLook
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.parameters import NodeSettings
from noetra_ros.ros.people_wiring import PeopleWiring
from noetra_ros.ros.phase_wiring import PhaseWiring
from noetra_ros.ros.recording_wiring import RecordingSettings, open_recording, words_of
from noetra_ros.ros.reset_key import ResetKey, ResetSettings
from noetra_ros.ros.spin import run_node
from noetra_ros.ros.stream_wiring import StreamWiring
from noetra_ros.ros.supervisor_outputs import SupervisorOutputs
from noetra_ros.ros.urgency import at_ease
from noetra_ros.safety import KERNEL
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.phases import PhaseSettings, in_phase
from noetra_ros.safety.replay.recorded import Gate, RecordedSupervisor
from noetra_ros.safety.report import Decision
from noetra_ros.safety.settings import SupervisorSettings, without_blanks

NODE_NAME = "supervisor"
STATE_PERIOD_S = 0.1
DIAGNOSTICS_PERIOD_S = 1.0
WRITERS_PERIOD_S = 0.5
ESTOP_TOPIC = "on topic estop"
# In lock-step exactly one command belongs to a tick.
LOCK_STEP_LEAD_PERIODS = 0.5


@dataclass(frozen=True, kw_only=True)
class SupervisorNodeSettings(
    SupervisorSettings,
    PhaseSettings,
    ResetSettings,
    AuditSettings,
    RecordingSettings,
    LanguageSettings,
    NodeSettings,
):
    """Parameters of the node."""

    channel: str = setting(description="command channel of the profile; empty = its default one", default="")
    arm_at_start: bool = setting(
        description="arm as soon as everything is ready; only with a simulated robot (use_sim_time)",
        default=False,
    )


class SupervisorNode(GraphNode[SupervisorNodeSettings]):
    """Subscribes `command_in`, publishes on the channel's topic; both have the channel's message type. The
    further channels of the profile's `together` come in on `command_in/<channel>`.
    """

    niceness = -10  # before all others of the graph
    is_kept_in_memory = True

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__(NODE_NAME, SupervisorNodeSettings, **node_arguments)
        self._is_active = False

    def configure(self) -> None:
        """Build the core from the profile, wire the topics."""
        settings = self.settings
        self._profile = at_ease(lambda: load_robot(settings.robot))
        self._channel = self._profile.channel(settings.channel)
        self._require_simulation()
        self._phase = self._choose_phase()
        self._in_force = in_phase(settings, self._phase.name)
        self._supervisor = self._build_supervisor()
        self._command_type = interfaces.COMMAND_MESSAGES[self._channel.message]
        self._clocks = GateClock(self, settings.lock_step)
        self._now_ns = self._clocks.now_ns
        self._is_tick_open = False
        self._queued: Any = None
        self._is_armed_once = False
        self._wire_outputs()
        self._wire_inputs()

    def activate(self) -> None:
        """Start the watchdog."""
        self._is_active = True
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._watch_timers = [
            self.create_timer(STATE_PERIOD_S, self._on_state_timer, clock=steady),
            self.create_timer(DIAGNOSTICS_PERIOD_S, self._on_diagnostics_timer, clock=steady),
            self.create_timer(WRITERS_PERIOD_S, self._look_for_writers, clock=steady),
        ]
        if not self.settings.lock_step:
            period_s = self._supervisor.period_s
            self._watch_timers.append(self.create_timer(period_s, self._on_watch, clock=steady))
            self._late_look = LateLook(period_s)
            self._deadline = DeadlineTimer(self, self._look, period_s)
        self._look_for_writers()
        if self._phase.warning:
            self.get_logger().warning(self._phase.warning)
            self._outputs.tell_phase(self._phase.event(self._supervisor.mode))
        self._on_state_timer()

    def deactivate(self) -> None:
        """Bring the robot to a controlled stop, then end."""
        for timer in self._watch_timers:
            self.destroy_timer(timer)
        if not self.settings.lock_step:
            self._deadline.cancel()
        self._answer(self._supervisor.disarm(self._now_ns()))
        while not self._supervisor.report(self._now_ns()).is_at_rest and not self.settings.lock_step:
            time.sleep(self._supervisor.period_s)
            self._answer(self._supervisor.tick(self._now_ns()))
        self._outputs.tell_phase(self._phase.comparison(self._supervisor.mode))
        self._is_active = False

    def cleanup(self) -> None:
        """Let go of the e-stop sources, close the audit log and the recording."""
        for source in self._estops:
            source.close()
        self._outputs.close()
        if self._recording is not None:
            self._recording.close()

    def _choose_phase(self) -> PhaseWiring:
        is_simulated = bool(self.get_parameter("use_sim_time").value)
        settings = self.settings
        phase = PhaseWiring(self._profile, self._channel, settings.phase, is_simulated, settings.lock_step)
        if phase.sends and not is_simulated:
            require_filled_in(self._profile)
        return phase

    def _build_supervisor(self) -> Gate:
        settings = self._in_force
        if settings.lock_step:
            settings = replace(settings, max_lead_periods=LOCK_STEP_LEAD_PERIODS)
        self.get_logger().info(f"kernel: {KERNEL.words()}")
        supervisor = build_gate(self, self._profile, settings.channel, settings)
        self._recording = open_recording(settings, settings.robot, self._profile, settings.channel, settings)
        if self._recording is None:
            return supervisor
        return RecordedSupervisor(supervisor, self._recording)

    def _require_simulation(self) -> None:
        is_simulated = bool(self.get_parameter("use_sim_time").value)
        if self.settings.arm_at_start and not is_simulated:
            remedy = "call the service safety/arm"
            raise single_fault(
                "supervisor", "arm_at_start", "true on a real robot", "use_sim_time true", remedy
            )

    def _wire_outputs(self) -> None:
        settings = self.settings
        self._audit = None
        if settings.audit_path:
            told = {**asdict(self._in_force), "phase": self._phase.name}
            self._audit = AuditWiring(self, settings, settings.robot, told)
        self._outputs = SupervisorOutputs(
            self,
            self._profile,
            settings.channel or self._profile.default_channel,
            self._channel,
            ros_now_ns=self._clocks.ros_now_ns,
            is_lock_step=settings.lock_step,
            is_watching=settings.watch_people,
            audit=self._audit,
            recording_words=lambda: words_of(self._recording),
            phase=self._phase,
            sector=settings.sector,
        )
        self._answer = self._outputs.answer

    def _wire_inputs(self) -> None:
        self._intake = CommandIntake(self._supervisor, self._clocks)
        self._streams = StreamWiring(
            self,
            self._profile,
            self._supervisor,
            self._clocks,
            lambda: self._is_active,
            self._phase.hear_joints,
            self._lock_step_tick,
        )
        interfaces.COMMAND_IN.subscription(self, self._on_command, message=self._command_type)
        for name in self._profile.gated_with(self.settings.channel)[1:]:
            kind = interfaces.COMMAND_MESSAGES[self._profile.channels[name].message]
            topic = f"{interfaces.COMMAND_IN.name}/{name}"
            interfaces.COMMAND_IN_OTHER.subscription(self, self._other_callback(name), topic, kind)
        interfaces.HEARTBEAT.subscription(self, self._on_heartbeat)
        interfaces.POLICY_TRUST.subscription(self, self._on_trust)
        interfaces.ESTOP.subscription(self, lambda message: self._on_estop(ESTOP_TOPIC, message.data))
        self._estops = open_sources(self, without_blanks(self.settings.estop_sources), self._on_estop)
        self._people = PeopleWiring(
            self,
            self._supervisor,
            self.settings.watch_people or self.settings.watch_obstacles,
            self._clocks,
            self._answer,
            stays_reduced=self._in_force.reduced_speed_stays,
        )
        self._reset_key = ResetKey(self, self.settings)
        requests = {
            interfaces.ARM: self._arm,
            interfaces.DISARM: lambda: self._supervisor.disarm(self._now_ns()),
            interfaces.RESET: self._reset,
            interfaces.ESTOP_CALL: lambda: self._supervisor.estop(self._now_ns(), "safety/estop was called"),
        }
        for service, request in requests.items():
            self.create_service(service.kind, service.name, self._service_callback(request))

    def _on_command(self, message: Any) -> None:
        if not self._is_active:
            return
        begin_ns = time.perf_counter_ns()
        if self.settings.lock_step and not self._is_tick_open and self._queued is None:
            self._queued = message  # came before its tick
            return
        self._judge(message)
        self._outputs.gate_us.append((time.perf_counter_ns() - begin_ns) / 1e3)

    def _other_callback(self, name: str) -> Callable[[Any], None]:
        """Takes the commands of a channel that is gated together with the first one."""
        kind = self._profile.channels[name].kind

        def hear(message: Any) -> None:
            if self._is_active:
                now_ns = self._now_ns()
                self._answer(self._intake.judge(message, kind, now_ns, name), now_ns)

        return hear

    def _judge(self, message: Any) -> None:
        self._is_tick_open = False
        now_ns = self._now_ns()
        self._answer(self._intake.judge(message, self._channel.kind, now_ns), now_ns)

    def _on_watch(self) -> None:
        self._look()
        self._late_look.beat(self._now_ns())

    def _look(self) -> None:
        """A tick, unless this comes late and commands that are on their way have to be read first."""
        now_ns = self._now_ns()
        wait_s = self._late_look.wait_s(now_ns, self._supervisor.is_command_overdue(now_ns))
        if wait_s > 0.0:
            self._deadline.set(wait_s)
            return
        self._on_tick()
        now_ns = self._now_ns()
        remaining_s = self._supervisor.next_timeout_s(now_ns)
        self._deadline.set(remaining_s)
        self._late_look.expect(now_ns, remaining_s)

    def _on_tick(self) -> None:
        self._supervisor.on_ros_clock(self.get_clock().now().nanoseconds)
        now_ns = self._now_ns()
        self._answer(self._supervisor.tick(now_ns), now_ns)
        if self.settings.arm_at_start and not self._is_armed_once and self._supervisor.mode is Mode.STANDBY:
            self._is_armed_once = True
            self._answer(self._supervisor.arm(now_ns))

    def _arm(self) -> Decision:
        self._judge_queued()  # it was given before arming; else each tick after would judge the one before's
        return self._supervisor.arm(self._now_ns())

    def _reset(self) -> Decision:
        refusal = self._reset_key.refusal()
        if refusal:
            self.get_logger().warning(f"safety/reset was refused: {refusal}")
        self._supervisor.hinder_resetting(refusal)
        return self._supervisor.reset(self._now_ns())

    def _lock_step_tick(self, tick_ns: int) -> None:
        """The newest joint state is the tick; then the one command that belongs to it."""
        self._clocks.go_to(tick_ns)
        self._people.begin_tick()
        self._is_tick_open = True
        self._on_tick()
        self._judge_queued()

    def _judge_queued(self) -> None:
        queued, self._queued = self._queued, None
        if queued is not None:
            self._judge(queued)

    def _on_heartbeat(self, message: Header) -> None:
        self._supervisor.on_heartbeat(message.frame_id, self._now_ns())

    def _on_trust(self, message: Float64) -> None:
        self._supervisor.on_trust(message.data, self._now_ns())

    def _on_estop(self, source: str, is_pressed: bool) -> None:
        if self._is_active:
            self._answer(self._supervisor.on_estop(source, is_pressed, self._now_ns()))

    def _service_callback(self, request: Callable[[], Decision]) -> Callable[[Any, Any], Any]:
        def serve(_: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
            if not self._is_active:
                response.success, response.message = False, "the supervisor is not active"
                return response
            decision = request()
            self._answer(decision)
            response.success = not decision.refusal
            response.message = decision.refusal or decision.report.mode.name
            return response

        return serve

    def _look_for_writers(self) -> None:
        self._supervisor.on_other_writers(self._outputs.other_writers())

    def _on_state_timer(self) -> None:
        if self._audit is not None:
            fault = self._audit.fault
            if fault:
                self.get_logger().error(fault, throttle_duration_sec=5.0)
            self._supervisor.hinder_arming(fault)
        if self._recording is not None and self._recording.fault:
            self.get_logger().error(self._recording.fault, throttle_duration_sec=5.0)
        self._outputs.tell_state(self._supervisor.report(self._now_ns()))

    def _on_diagnostics_timer(self) -> None:
        self._outputs.tell_diagnostics(self._supervisor.report(self._now_ns()), DIAGNOSTICS_PERIOD_S)


def main() -> int:
    """Entry point: the thresholds that the package ships come first, the caller's parameters override."""
    shipped = share_folder() / "config" / "supervisor.yaml"
    return run_node(
        SupervisorNode, [sys.argv[0], "--ros-args", "--params-file", str(shipped), "--", *sys.argv[1:]]
    )


if __name__ == "__main__":
    sys.exit(main())
