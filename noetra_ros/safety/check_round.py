"""One round of all checks: the instant as they see it, a snapshot, and what each of them says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import Command, CommandKind
from noetra_ros.safety.check import Check
from noetra_ros.safety.inputs import NS_PER_S, Inputs
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.output import Output
from noetra_ros.safety.reckoning import Pose, Reckoning
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.surroundings import CycleTime, Surroundings
from noetra_ros.safety.verdict import Action, Verdict, passed


class CheckRound:
    """Takes snapshots and asks every check.

    Args:
        checks: the checks that run, by name; at least one.
        limits: limits of the channel.
        inputs: what was heard.
        output: what was sent.

    Raises:
        ConfigError: no check.

    Attributes:
        checks: by name.
        surroundings: what perception sees.
        asking: the check that is being asked; empty = none. After an exception, the one that raised it.
    """

    def __init__(
        self, checks: Mapping[str, Check], limits: ChannelLimits, inputs: Inputs, output: Output
    ) -> None:
        if not checks:
            raise single_fault("safety supervisor", "checks", "an empty list", "at least one check")
        self.checks = dict(checks)
        self._silences = {name: passed(name) for name in checks}
        self.surroundings = Surroundings()
        self.asking = ""
        self._limits, self._inputs, self._output = limits, inputs, output
        self._cycle = CycleTime(limits.period_s)
        self._is_base = limits.kind is CommandKind.BASE_TWIST
        self._has_rest = limits.is_position and limits.tool is not None

    def snapshot(
        self,
        now_ns: int,
        is_armed: bool,
        is_speed_reduced: bool,
        is_command_awaited: bool,
        command: Command | None = None,
        wanted: Values | None = None,
        proposed: Values | None = None,
        lead_s: float = 0.0,
    ) -> Snapshot:
        """The instant `now_ns`.

        Args:
            now_ns: it; the clock of the inputs goes on to there.
            is_armed: commands may pass.
            is_speed_reduced: the mode reduced speed is on.
            is_command_awaited: commands are to keep coming.
            command: the command to judge; None = a tick.
            wanted: (d) its usable values; None = none.
            proposed: (d) what would be sent for it; None = nothing.
            lead_s: s by which commands run ahead of real time.
        """
        limits, inputs, output, around = self._limits, self._inputs, self._output, self.surroundings
        motion, trail, reckoning = output.motion, output.trail, output.reckoning
        sent, sent_velocity, sent_acceleration = motion.differences()
        clock_step_s, ros_clock_step_s = inputs.step_clock(now_ns)
        self._cycle.count(clock_step_s)
        return Snapshot(
            now_ns=now_ns, limits=limits, clock_step_s=clock_step_s, ros_clock_step_s=ros_clock_step_s,
            is_armed=is_armed, is_speed_reduced=is_speed_reduced, is_command_awaited=is_command_awaited,
            command=command.values if command is not None else None,
            command_names=command.names if command is not None else (),
            command_kind=command.kind if command is not None else None,
            command_efforts=command.efforts if command is not None else None,
            command_frame=command.frame if command is not None else "",
            command_age_s=inputs.command_age_s(now_ns, since_armed=True),
            lead_s=lead_s, wanted=wanted, proposed=proposed,
            proposed_rest=motion.rest_after(proposed) if self._has_rest and proposed is not None else None,
            stop_rest=motion.rest_now if limits.is_position else None,
            sent=sent, sent_velocity=sent_velocity, sent_acceleration=sent_acceleration,
            sent_since=None if trail is None else lambda span_s: trail.since(now_ns, span_s),
            is_moving=output.is_stopping,
            measured=inputs.measured(), joint_positions=inputs.joint_positions,
            stream_age_s=inputs.stream_ages_s(now_ns),
            heartbeat_age_s=inputs.heartbeat_ages_s(now_ns),
            is_estop_pressed=inputs.is_estop_pressed, estop_age_s=inputs.estop_silences_s(now_ns),
            scans=inputs.scans_seen(now_ns, reckoning),
            moved_within=partial(_moved_within, reckoning, now_ns) if self._is_base else None,
            other_writers=inputs.other_writers,
            policy_trust=inputs.policy_trust, policy_trust_age_s=inputs.trust_age_s(now_ns),
            cycle_s=self._cycle.longest_s, others=inputs.others,
            scene=around.scene, scene_age_s=around.age_s(now_ns), scene_fault=around.fault,
        )  # fmt: skip

    def evaluate(self, snapshot: Snapshot) -> list[Verdict]:
        """Asks each check.

        Returns:
            The verdicts in the order of the checks; those that pass and have no details are left out.

        Raises:
            Exception: whatever a check raises.
            TypeError: a check gave something else than a verdict.
        """
        verdicts = []
        for name, check in self.checks.items():
            self.asking = name
            verdict = check.evaluate(snapshot)
            if verdict is self._silences[name]:
                continue  # as most are
            if not isinstance(verdict, Verdict):
                raise TypeError(f"evaluate() gave {type(verdict).__name__}, expected a Verdict")
            if verdict.action is not Action.PASS or verdict.details is not None:
                verdicts.append(verdict)
        self.asking = ""
        if snapshot.clock_step_s < 0.0:
            self._output.restart_pace()
        return verdicts

    def waits_for_motion(self, verdict: Verdict) -> bool:
        """A robot that is armed is held by it until its cause goes: no reason not to arm."""
        check = self.checks.get(verdict.check)
        return verdict.action is Action.STOP and getattr(check, "may_be_armed_against", False)


def _moved_within(reckoning: Reckoning, now_ns: int, span_s: float) -> Pose:
    return reckoning.moved_since(now_ns - round(span_s * NS_PER_S), now_ns)
