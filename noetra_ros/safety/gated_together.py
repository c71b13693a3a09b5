"""One supervisor for several channels of a robot: one mode, one e-stop; what stops one of them stops all.

Each channel keeps its own limits and checks. This class hears everything for all of them, tells each how the
others stand before it judges (check `together`), and carries what one has come to on to the others at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.trajectory import Trajectory
from noetra_ros.core.types import Command, CommandKind, FloatArray
from noetra_ros.safety.attributes import changed
from noetra_ros.safety.events import Event
from noetra_ros.safety.inputs import NS_PER_S
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.modes import LATCHED, PASSING, Mode, Transition
from noetra_ros.safety.others import STANDING, Others, Twist
from noetra_ros.safety.report import Decision, Part, SafetyReport
from noetra_ros.safety.supervisor import Supervisor

# The worst of all channels is the mode of the robot.
WORST_FIRST = (
    Mode.FAULT,
    Mode.EMERGENCY_STOP,
    Mode.PROTECTIVE_STOP,
    Mode.STARTUP,
    Mode.STANDBY,
    Mode.SLOWED,
    Mode.ACTIVE,
)
Parts = list[tuple[str, Decision]]
Ask = Callable[[Supervisor], Decision]


class GatedTogether:
    """What a `Supervisor` is for one channel.

    Args:
        gates: a supervisor for each channel; commands without a name are for the first one.
    """

    def __init__(self, gates: Mapping[str, Supervisor]) -> None:
        self._gates = dict(gates)
        self._main = next(iter(self._gates))
        self._mode = self._worst_mode()

    @property
    def limits(self) -> ChannelLimits:
        """Limits of the first channel."""
        return self._gates[self._main].limits

    @property
    def channels(self) -> Mapping[str, ChannelLimits]:
        """Limits of each channel, the first one's first."""
        return {name: gate.limits for name, gate in self._gates.items()}

    @property
    def period_s(self) -> float:
        """s between ticks: those of the fastest channel, whose stops must not be driven late."""
        return min(gate.limits.period_s for gate in self._gates.values())

    @property
    def mode(self) -> Mode:
        """The worst mode of all."""
        return self._worst_mode()

    def on_command(self, command: Command, delay_s: float = 0.0, channel: str = "") -> Decision:
        """Judge a command of one channel; see `Supervisor.on_command`."""
        now_ns = command.arrival_ns
        return self._one(channel, lambda gate: gate.on_command(command, delay_s), now_ns)

    def on_trajectory(self, trajectory: Trajectory, delay_s: float = 0.0, channel: str = "") -> Decision:
        """Take a whole trajectory for one channel."""
        now_ns = trajectory.arrival_ns
        return self._one(channel, lambda gate: gate.on_trajectory(trajectory, delay_s), now_ns)

    def tick(self, now_ns: int) -> Decision:
        """Watchdog of all."""
        return self._each(lambda gate: gate.tick(now_ns), now_ns)

    def on_joint_state(self, positions: FloatArray, now_ns: int, delay_s: float = 0.0) -> None:
        """Measured joints."""
        for gate in self._gates.values():
            gate.on_joint_state(positions, now_ns, delay_s)

    def on_stream(self, stream: str, now_ns: int, delay_s: float = 0.0) -> None:
        """A message of another stream."""
        for gate in self._gates.values():
            gate.on_stream(stream, now_ns, delay_s)

    def on_scan(self, stream: str, scan: PlanarScan, now_ns: int, delay_s: float = 0.0) -> None:
        """A laser scan."""
        for gate in self._gates.values():
            gate.on_scan(stream, scan, now_ns, delay_s)

    def on_scene(self, scene: ObstacleScene, now_ns: int, delay_s: float) -> None:
        """What perception sees."""
        for gate in self._gates.values():
            gate.on_scene(scene, now_ns, delay_s)

    def on_unreadable_scene(self, reason: str) -> None:
        """A message of perception that cannot be read."""
        for gate in self._gates.values():
            gate.on_unreadable_scene(reason)

    def on_heartbeat(self, source: str, now_ns: int) -> None:
        """A sign of life."""
        for gate in self._gates.values():
            gate.on_heartbeat(source, now_ns)

    def on_trust(self, trust: float, now_ns: int) -> None:
        """How far the policy is to be trusted."""
        for gate in self._gates.values():
            gate.on_trust(trust, now_ns)

    def on_other_writers(self, names: tuple[str, ...]) -> None:
        """Programs that publish on one of the controllers' topics beside this one."""
        for gate in self._gates.values():
            gate.on_other_writers(names)

    def on_ros_clock(self, ros_now_ns: int) -> None:
        """The ROS clock."""
        for gate in self._gates.values():
            gate.on_ros_clock(ros_now_ns)

    def hinder_arming(self, reason: str) -> None:
        """Refuse to arm."""
        for gate in self._gates.values():
            gate.hinder_arming(reason)

    def hinder_resetting(self, reason: str) -> None:
        """Refuse to leave a latched mode."""
        for gate in self._gates.values():
            gate.hinder_resetting(reason)

    def reduce_speed(self, is_on: bool, now_ns: int) -> Decision:
        """Reduced speed is turned on or off."""
        return self._each(lambda gate: gate.reduce_speed(is_on, now_ns), now_ns)

    def on_estop(self, source: str, is_pressed: bool, now_ns: int) -> Decision:
        """State of an e-stop source."""
        return self._each(lambda gate: gate.on_estop(source, is_pressed, now_ns), now_ns)

    def estop(self, now_ns: int, reason: str) -> Decision:
        """Emergency stop of all."""
        return self._each(lambda gate: gate.estop(now_ns, reason), now_ns)

    def disarm(self, now_ns: int) -> Decision:
        """Controlled stop of all, then STANDBY; refused where none is armed."""
        return self._each(lambda gate: gate.disarm(now_ns), now_ns)

    def arm(self, now_ns: int) -> Decision:
        """Let commands pass on all channels, or on none."""
        parts: Parts = []
        for name, gate in self._gates.items():
            self._tell(name, now_ns)
            parts.append((name, gate.arm(now_ns)))
            if refusal := parts[-1][1].refusal:
                armed = [(other, self._gates[other]) for other, _ in parts[:-1]]
                undone = [(other, gate.disarm(now_ns)) for other, gate in armed]
                return changed(self._joined([parts[-1], *undone], now_ns), refusal=f"{name}: {refusal}")
        return self._joined(parts, now_ns)

    def reset(self, now_ns: int) -> Decision:
        """Leave the latched mode on all channels; where one refuses, the others latch again."""
        latched = {name: gate for name, gate in self._gates.items() if gate.mode in LATCHED}
        asked: Parts = []
        for name, gate in (latched or self._gates).items():
            self._tell(name, now_ns)
            asked.append((name, gate.reset(now_ns)))
        refused = [f"{name}: {decision.refusal}" for name, decision in asked if decision.refusal]
        if refused and latched:
            asked += self._spread(now_ns)
        return changed(self._joined(asked, now_ns), refusal="; ".join(refused))

    def report(self, now_ns: int) -> SafetyReport:
        """State of all: the worst mode with its reason, the smallest scale, counts added up."""
        reports = {name: gate.report(now_ns) for name, gate in self._gates.items()}
        worst = min(reports, key=lambda name: WORST_FIRST.index(reports[name].mode))
        first = reports[worst]
        ages_s = [r.command_age_s for r in reports.values() if not math.isnan(r.command_age_s)]
        checks = dict.fromkeys(check for r in reports.values() for check in r.active_checks)
        separations = [r.separation for r in reports.values() if r.separation is not None]
        return SafetyReport(
            mode=first.mode,
            reason=f"{worst}: {first.reason}"
            if first.mode in (*LATCHED, Mode.PROTECTIVE_STOP)
            else first.reason,
            active_checks=tuple(checks),
            scale=min(r.scale for r in reports.values()),
            is_armed=all(r.is_armed for r in reports.values()),
            is_estop_pressed=any(r.is_estop_pressed for r in reports.values()),
            is_at_rest=all(r.is_at_rest for r in reports.values()),
            commands_judged=sum(r.commands_judged for r in reports.values()),
            commands_sent=sum(r.commands_sent for r in reports.values()),
            interventions=sum(r.interventions for r in reports.values()),
            command_age_s=min(ages_s, default=math.nan),
            is_speed_reduced=any(r.is_speed_reduced for r in reports.values()),
            separation=separations[0] if separations else None,
        )

    def next_timeout_s(self, now_ns: int) -> float:
        """s until the next input of any channel becomes too old."""
        return min(gate.next_timeout_s(now_ns) for gate in self._gates.values())

    def is_command_overdue(self, now_ns: int) -> bool:
        """Of any channel."""
        return any(gate.is_command_overdue(now_ns) for gate in self._gates.values())

    def _one(self, channel: str, ask: Ask, now_ns: int) -> Decision:
        """Ask one channel, then let the others know."""
        name = channel or self._main
        self._tell(name, now_ns)
        parts = [(name, ask(self._gates[name]))]
        return self._joined([*parts, *self._spread(now_ns)], now_ns)

    def _each(self, ask: Ask, now_ns: int) -> Decision:
        """Ask all, then let each know what the others have come to."""
        parts: Parts = []
        for name, gate in self._gates.items():
            self._tell(name, now_ns)
            parts.append((name, ask(gate)))
        return self._joined([*parts, *self._spread(now_ns)], now_ns)

    def _spread(self, now_ns: int) -> Parts:
        """What one channel has come to, the others come to now: an emergency stop or fault latches all, and a
        stop is begun on all.
        """
        parts: Parts = []
        latched = [name for name, gate in self._gates.items() if gate.mode in LATCHED]
        for name, gate in self._gates.items():
            if latched and gate.mode not in LATCHED:
                reason = self._gates[latched[0]].report(now_ns).reason
                parts.append((name, gate.estop(now_ns, f"{latched[0]}: {reason}")))
            elif gate.mode in PASSING:
                self._tell(name, now_ns)
                if gate.inputs.others is not None and gate.inputs.others.stop:
                    parts.append((name, gate.tick(now_ns)))
        return parts

    def _tell(self, name: str, now_ns: int) -> None:
        """Tell a channel how the others stand."""
        others = {other: gate for other, gate in self._gates.items() if other != name}
        stops = [f"{other}: {reason}" for other, gate in others.items() if (reason := _stop_of(gate))]
        moving = [other for other, gate in others.items() if _is_moving(gate, now_ns)]
        self._gates[name].inputs.others = Others(
            stop=stops[0] if stops else "",
            scale=min(gate.own_scale for gate in others.values()),
            moving=moving[0] if moving else "",
            may_resume=all(g.mode in PASSING or g.is_resume_due(now_ns) for g in others.values()),
            twist=next((_twist_of(gate) for gate in others.values() if _is_base(gate)), STANDING),
        )

    def _worst_mode(self) -> Mode:
        return min((gate.mode for gate in self._gates.values()), key=WORST_FIRST.index)

    def _joined(self, parts: Parts, now_ns: int) -> Decision:
        """One decision of several: everything that is to be sent, and one story of it."""
        before, self._mode = self._mode, self._worst_mode()
        report = self.report(now_ns)
        changed = (Transition(before, self._mode, report.reason),) if before is not self._mode else ()
        refusals = [decision.refusal for _, decision in parts]
        return Decision(
            values=None,
            events=_once(event for _, decision in parts for event in decision.events),
            transitions=changed,
            report=report,
            refusal=refusals[0] if refusals and all(refusals) else "",
            parts=tuple(Part(name, d.values, d.effort) for name, d in parts if d.values is not None),
        )


def _stop_of(gate: Supervisor) -> str:
    """Why a channel has to stop; empty = it has not to."""
    if gate.mode is Mode.STARTUP:
        return ""  # none is armed before all have left it; what it waits for is its own reason
    if gate.mode in LATCHED:
        return gate.own_stop or gate.mode.name
    return gate.own_stop


def _is_moving(gate: Supervisor, now_ns: int) -> bool:
    together = gate.limits.together
    rest_s = together.rest_s if together is not None else math.inf
    return gate.moved_ns is not None and now_ns - gate.moved_ns < rest_s * NS_PER_S


def _is_base(gate: Supervisor) -> bool:
    return gate.limits.kind is CommandKind.BASE_TWIST


def _twist_of(gate: Supervisor) -> Twist:
    vx, vy, wz = gate.motion.sent()
    return (vx, vy, wz)


def _once(events: Iterable[Event]) -> tuple[Event, ...]:
    """Each explanation once: all channels tell of an e-stop in the same words."""
    told: dict[tuple[object, ...], Event] = {}
    for event in events:
        verdict = event.verdict
        told.setdefault((verdict.check, verdict.action, verdict.subject, verdict.reason), event)
    return tuple(told.values())
