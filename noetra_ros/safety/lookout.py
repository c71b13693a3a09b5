"""The half of the supervisor that sends nothing: hears inputs, asks the checks, keeps the mode, reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command, FloatArray
from noetra_ros.safety.check import Check
from noetra_ros.safety.check_round import CheckRound
from noetra_ros.safety.events import Event, EventLog
from noetra_ros.safety.explanations import speeding_up
from noetra_ros.safety.inputs import NS_PER_S, Inputs
from noetra_ros.safety.judged_separation import SeparationJudgement
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.modes import Mode, ModeMachine
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.output import Output
from noetra_ros.safety.projection.projection import Projection
from noetra_ros.safety.report import Decision, SafetyReport
from noetra_ros.safety.scale_ramp import ScaleRamp
from noetra_ros.safety.settings import SupervisorSettings
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.trajectory.execution import Execution
from noetra_ros.safety.verdict import Action, Verdict

SLOWING: Final = (Action.SLOW, Action.STOP)
SILENCE: Final = ("stale", "command")  # check and subject of commands that no longer come
TOGETHER: Final = "together"  # the check that goes along with other channels


@dataclass
class Counters:
    """Counts since activation."""

    judged: int = 0
    interventions: int = 0


class Lookout:
    """What is known of one command channel: heard, judged, told.

    Its arguments are those of `Supervisor`, which adds what is sent.

    Attributes:
        limits: limits of the channel.
        inputs: what was heard.
        output: what was sent.
        counters: counts.
        own_stop: why this channel has to stop, by a cause of its own; empty = it has not to.
        own_scale: share of its speed limits that its own causes leave.
        moved_ns: when what was sent was last no rest; None = never.
    """

    def __init__(
        self,
        limits: ChannelLimits,
        checks: Mapping[str, Check],
        settings: SupervisorSettings,
        projection: Projection | None = None,
    ) -> None:
        self.limits = limits
        self.inputs = Inputs(limits)
        self.output = Output(limits, settings.max_lead_periods)
        self.counters = Counters()
        self._round = CheckRound(checks, limits, self.inputs, self.output)
        self._settings = settings
        self._projection = projection
        self._execution = Execution(limits, self.motion, projection)
        self._modes = ModeMachine(round(settings.resume_after_s * NS_PER_S), settings.resumes_by_itself)
        self._ramp = ScaleRamp(settings.scale_rise_per_s)
        self._is_speed_reduced = settings.reduced_speed
        self._separation: SeparationJudgement | None = None
        self._log = EventLog()
        self._active_checks: tuple[str, ...] = ()
        self._hindrance = ""
        self._reset_hindrance = ""
        self.own_stop, self.own_scale = "", 1.0
        self.moved_ns: int | None = None
        self._owes_commands = False

    @property
    def motion(self) -> ChannelMotion:
        """What was last sent."""
        return self.output.motion

    @property
    def mode(self) -> Mode:
        """Mode now."""
        return self._modes.mode

    @property
    def period_s(self) -> float:
        """s between ticks."""
        return self.limits.period_s

    def on_joint_state(self, positions: FloatArray, now_ns: int, delay_s: float = 0.0) -> None:
        """Measured joint positions (n,) in profile order; `delay_s` = age on arrival by their stamp."""
        self.inputs.hear_joint_state(positions, now_ns, delay_s)

    def on_stream(self, stream: str, now_ns: int, delay_s: float = 0.0) -> None:
        """A message of another stream of the profile."""
        self.inputs.hear_stream(stream, now_ns, delay_s)

    def on_scan(self, stream: str, scan: PlanarScan, now_ns: int, delay_s: float = 0.0) -> None:
        """A laser scan of the stream of that name."""
        self.inputs.hear_scan(stream, scan, now_ns, delay_s)

    def on_scene(self, scene: ObstacleScene, now_ns: int, delay_s: float) -> None:
        """What perception sees; `delay_s` = age of its sensor data on arrival, below 0 = stamped ahead."""
        self._round.surroundings.hear(scene, now_ns, delay_s)

    def on_unreadable_scene(self, reason: str) -> None:
        """A message of perception that cannot be read."""
        self._round.surroundings.hear_unreadable(reason)

    def on_heartbeat(self, source: str, now_ns: int) -> None:
        """A sign of life of `source`."""
        self.inputs.hear_heartbeat(source, now_ns)

    def on_trust(self, trust: float, now_ns: int) -> None:
        """How far the policy says that it is to be trusted, 0..1, content unchecked."""
        self.inputs.hear_trust(trust, now_ns)

    def on_other_writers(self, names: tuple[str, ...]) -> None:
        """Programs that publish on the controller's topic beside this one; empty = none."""
        self.inputs.other_writers = names

    def on_ros_clock(self, ros_now_ns: int) -> None:
        """The ROS clock at this moment; going backwards is a fault."""
        self.inputs.hear_ros_clock(ros_now_ns)

    def hinder_arming(self, reason: str) -> None:
        """Refuse to arm for a reason that no check sees; empty = no more. What is armed already goes on."""
        self._hindrance = reason

    def hinder_resetting(self, reason: str) -> None:
        """Refuse to leave a latched mode for a reason that no check sees; empty = no more."""
        self._reset_hindrance = reason

    def report(self, now_ns: int) -> SafetyReport:
        """State now."""
        modes, counters = self._modes, self.counters
        return SafetyReport(
            mode=modes.mode,
            reason=modes.reason,
            active_checks=self._active_checks,
            scale=modes.scale,
            is_armed=modes.is_armed,
            is_estop_pressed=self.inputs.is_estop_pressed,
            is_at_rest=not self.output.is_stopping,
            commands_judged=counters.judged,
            commands_sent=self.output.count,
            interventions=counters.interventions,
            command_age_s=self.inputs.command_age_s(now_ns),
            is_speed_reduced=self._is_speed_reduced,
            separation=self._separation,
        )

    def next_timeout_s(self, now_ns: int) -> float:
        """s until the next input becomes too old: a watchdog that looks then loses no time."""
        settings = self._settings
        return self.inputs.next_timeout_s(
            now_ns, settings.command_timeout_s, settings.heartbeat_timeout_s, settings.estop_timeout_s
        )

    def is_command_overdue(self, now_ns: int) -> bool:
        """Commands pass, and none came for so long that a look now ends that."""
        left_s = self.inputs.command_left_s(now_ns, self._settings.command_timeout_s)
        return self._modes.is_passing and self._is_command_awaited(now_ns) and left_s < 0.0

    def _snapshot(
        self,
        now_ns: int,
        command: Command | None = None,
        wanted: Values | None = None,
        proposed: Values | None = None,
        lead_s: float = 0.0,
    ) -> Snapshot:
        """This instant; the rest as `CheckRound.snapshot` takes it."""
        return self._round.snapshot(
            now_ns,
            self._modes.is_armed,
            self._is_speed_reduced,
            self._is_command_awaited(now_ns),
            command,
            wanted,
            proposed,
            lead_s,
        )

    def _is_command_awaited(self, now_ns: int) -> bool:
        return self._execution.is_command_awaited and not self._may_be_silent(now_ns)

    def _may_be_silent(self, now_ns: int) -> bool:
        """Of channels that take turns, one that rests need not be told so all the time."""
        together = self.limits.together
        if together is None or self._owes_commands:
            return False
        return self.moved_ns is None or now_ns - self.moved_ns >= together.rest_s * NS_PER_S

    def is_resume_due(self, now_ns: int) -> bool:
        """A protective stop of this channel may end: it rests, and the cause has been gone long enough."""
        return not self.output.is_stopping and self._modes.is_resume_due(now_ns)

    def _may_resume(self) -> bool:
        """The robot rests, and the channels that are gated with this one may go on, too."""
        others = self.inputs.others
        return not self.output.is_stopping and (others is None or others.may_resume)

    def _look(self, now_ns: int) -> list[Verdict]:
        """What the checks say of this instant, without a command."""
        return self._round.evaluate(self._snapshot(now_ns))

    def _hinders_arming(self, verdict: Verdict) -> bool:
        return verdict.action >= Action.STOP and not self._round.waits_for_motion(verdict)

    def _take(self, verdicts: list[Verdict], now_ns: int) -> None:
        """Hand the worst verdict to the modes; adds one where the scale still rises."""
        asked = min([v.scale for v in verdicts if v.action in SLOWING], default=1.0) if verdicts else 1.0
        scale = self._ramp.follow(asked, self._modes.is_passing, now_ns)
        if scale < asked and self._modes.is_passing:
            verdicts.append(speeding_up(scale))
        worst = None
        if verdicts:
            worst = self._worst_of(verdicts)
        else:
            self._note_nothing()
        self._modes.judge(worst, scale, now_ns)

    def _note_nothing(self) -> None:
        """As of most commands: what `_worst_of` comes to without verdicts, in a fifth of its time."""
        self.own_stop, self.own_scale = "", 1.0
        self._owes_commands = self._owes_commands and self.mode is Mode.PROTECTIVE_STOP
        self._active_checks, self._separation = (), None

    def _worst_of(self, verdicts: list[Verdict]) -> Verdict | None:
        """The worst verdict that counts now; None = none does."""
        acting = [verdict for verdict in verdicts if verdict.action is not Action.PASS]
        self._note_own(acting)
        self._active_checks = tuple([verdict.check for verdict in acting])
        details = [v.details for v in verdicts if isinstance(v.details, SeparationJudgement)]
        self._separation = details[0] if details else None
        judged = (
            acting if self._modes.is_armed else [v for v in acting if not self._round.waits_for_motion(v)]
        )
        return max(judged, key=lambda verdict: verdict.action, default=None)

    def _note_own(self, acting: list[Verdict]) -> None:
        """For the channels that are gated with this one: what it has to do for itself."""
        own = [verdict for verdict in acting if verdict.check != TOGETHER]
        stops = [verdict for verdict in own if verdict.action >= Action.STOP]
        self.own_stop = max(stops, key=lambda verdict: verdict.action).reason if stops else ""
        self.own_scale = min([v.scale for v in own if v.action is Action.SLOW], default=1.0)
        # Silence in motion is not made good by having come to rest: the source has to speak again.
        is_silent = self._modes.is_armed and any((v.check, v.subject) == SILENCE for v in stops)
        self._owes_commands = is_silent or (self._owes_commands and self.mode is Mode.PROTECTIVE_STOP)

    def _decide(
        self, values: FloatArray | None, events: list[Event], now_ns: int, refusal: str = ""
    ) -> Decision:
        """The answer: what is sent, what is told, and how things stand after it."""
        if not self.motion.is_at_rest:
            self.moved_ns = now_ns
        if not self._modes.is_passing:
            self._execution.stop(self._modes.reason)
        if of_trajectory := self._execution.take_verdicts():
            events = [*events, *self._log.tell(of_trajectory, self.mode, now_ns)]
        transitions, report = self._modes.take_transitions(), self.report(now_ns)
        return Decision(
            values=values,
            events=tuple(events),
            transitions=transitions,
            report=report,
            refusal=refusal,
            effort=self.output.effort,
            parts=(),
        )
