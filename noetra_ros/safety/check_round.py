"""One round of all checks: the instant as they see it, and what each of them says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import Command
from noetra_ros.safety.check import Check
from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.output import Output
from noetra_ros.safety.snapshot import Snapshot, Values
from noetra_ros.safety.snapshot_taking import take_snapshot
from noetra_ros.safety.surroundings import CycleTime, Surroundings
from noetra_ros.safety.verdict import Action, Verdict


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
        self.surroundings = Surroundings()
        self.asking = ""
        self._limits, self._inputs, self._output = limits, inputs, output
        self._cycle = CycleTime(limits.period_s)

    def snapshot(
        self,
        now_ns: int,
        *,
        is_armed: bool,
        is_speed_reduced: bool,
        is_command_awaited: bool,
        command: Command | None = None,
        wanted: Values | None = None,
        proposed: Values | None = None,
        lead_s: float = 0.0,
    ) -> Snapshot:
        """The instant `now_ns`; of the command see `take_snapshot`."""
        snapshot = take_snapshot(
            now_ns, self._limits, self._inputs, self._output, command, wanted, proposed, lead_s
        )
        self._cycle.count(snapshot.clock_step_s)
        return replace(
            snapshot,
            is_armed=is_armed,
            cycle_s=self._cycle.longest_s,
            scene=self.surroundings.scene,
            scene_age_s=self.surroundings.age_s(now_ns),
            scene_fault=self.surroundings.fault,
            is_speed_reduced=is_speed_reduced,
            is_command_awaited=is_command_awaited,
        )

    def evaluate(self, snapshot: Snapshot) -> list[Verdict]:
        """One verdict of each check.

        Raises:
            Exception: whatever a check raises.
            TypeError: a check gave something else than a verdict.
        """
        verdicts = []
        for name, check in self.checks.items():
            self.asking = name
            verdict = check.evaluate(snapshot)
            if not isinstance(verdict, Verdict):
                raise TypeError(f"evaluate() gave {type(verdict).__name__}, expected a Verdict")
            verdicts.append(verdict)
        self.asking = ""
        if snapshot.clock_step_s < 0.0:
            self._output.restart_pace()
        return verdicts

    def waits_for_motion(self, verdict: Verdict) -> bool:
        """A robot that is armed is held by it until its cause goes: no reason not to arm."""
        check = self.checks.get(verdict.check)
        return verdict.action is Action.STOP and getattr(check, "may_be_armed_against", False)
