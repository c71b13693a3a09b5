"""What the supervisor answers: values to send, explanations, and its state."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.attributes import written
from noetra_ros.safety.events import Event
from noetra_ros.safety.judged_separation import SeparationJudgement
from noetra_ros.safety.modes import Mode, Transition


class SafetyReport:
    """State of the supervisor.

    Attributes:
        mode: mode now.
        reason: for a person: why this mode; empty in ACTIVE.
        active_checks: names of the checks that hold or changed the last command.
        scale: speed scale in force, 0..1.
        is_armed: armed.
        is_estop_pressed: an e-stop source is pressed.
        is_at_rest: what was last sent is a standstill.
        commands_judged: commands judged so far.
        commands_sent: commands sent so far, own stop commands included.
        interventions: commands changed or refused so far.
        command_age_s: s since the last command came; NaN = none yet.
        is_speed_reduced: the mode reduced speed is on.
        separation: nearest pair of link and person as it was last judged; None = nobody near, or not watched.
    """

    mode: Final[Mode]
    reason: Final[str]
    active_checks: Final[tuple[str, ...]]
    scale: Final[float]
    is_armed: Final[bool]
    is_estop_pressed: Final[bool]
    is_at_rest: Final[bool]
    commands_judged: Final[int]
    commands_sent: Final[int]
    interventions: Final[int]
    command_age_s: Final[float]
    is_speed_reduced: Final[bool]
    separation: Final[SeparationJudgement | None]

    def __init__(
        self,
        mode: Mode, reason: str, active_checks: tuple[str, ...], scale: float, is_armed: bool,
        is_estop_pressed: bool, is_at_rest: bool, commands_judged: int, commands_sent: int,
        interventions: int, command_age_s: float, is_speed_reduced: bool = False,
        separation: SeparationJudgement | None = None,
    ) -> None:  # fmt: skip
        self.mode, self.reason, self.active_checks, self.scale = mode, reason, active_checks, scale
        self.is_armed, self.is_estop_pressed, self.is_at_rest = is_armed, is_estop_pressed, is_at_rest
        self.commands_judged, self.commands_sent = commands_judged, commands_sent
        self.interventions, self.command_age_s = interventions, command_age_s
        self.is_speed_reduced, self.separation = is_speed_reduced, separation

    def __repr__(self) -> str:
        return written(self)


class Part(NamedTuple):
    """What is sent on one of several channels: its name, (d,) values, effort as in `Decision`."""

    channel: str
    values: FloatArray
    effort: float


class Decision:
    """Answer to one command, tick or request.

    Attributes:
        values: (d,) to send to the controller now; None = send nothing.
        effort: N or Nm to send with them; NaN = the channel carries none.
        events: explanations due.
        transitions: changes of mode.
        report: state after this.
        refusal: for requests of a person: why it was not done; empty = done.
        parts: of channels that are gated together: what to send to each, in this order; `values` is None.
    """

    values: Final[FloatArray | None]
    events: Final[tuple[Event, ...]]
    transitions: Final[tuple[Transition, ...]]
    report: Final[SafetyReport]
    refusal: Final[str]
    effort: Final[float]
    parts: Final[tuple[Part, ...]]

    def __init__(
        self,
        values: FloatArray | None, events: tuple[Event, ...], transitions: tuple[Transition, ...],
        report: SafetyReport, refusal: str = "", effort: float = math.nan, parts: tuple[Part, ...] = (),
    ) -> None:  # fmt: skip
        self.values, self.events, self.transitions, self.report = values, events, transitions, report
        self.refusal, self.effort, self.parts = refusal, effort, parts

    def __repr__(self) -> str:
        return written(self)
