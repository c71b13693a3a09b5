"""Judges a trial by the physics and by what the supervisor told: was the declared reaction reached, in time?

A stop counts when the mode was told in time *and* the physics came to rest in time and stayed there (that
part is `stop_oracle`, which shares no code with safety/). Limits are held against the whole trial, whatever
was declared. A robot that did not move when the fault came proves nothing: the trial fails.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from noetra_ros.evaluation.episode_judge import STOPPED_MODES
from noetra_ros.evaluation.faults.plan import Cell, Reaction, Then
from noetra_ros.evaluation.faults.trial import Trial
from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.oracle import judge_limits
from noetra_ros.evaluation.stop_oracle import (
    REACTION_S,
    REST_SPEED,
    SETTLE_S,
    StopWindow,
    judge_stops,
)
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.evaluation.violations import LIMIT_KINDS, Violation, ViolationKind

MOVING = 0.1  # rad/s or m/s: a robot that is slower is not in motion
LOOK_S = 0.5  # over which motion is looked for
# A machine that was busy elsewhere for longer than this says nothing about times.
HELD_UP_S = 0.05
NOT_MOVING = "the robot did not move when the fault came: nothing is shown"


@dataclass(frozen=True)
class Outcome:
    """What one trial showed.

    Attributes:
        seen: worst mode that was told while the fault was there, or what else the robot did.
        told_s: s from the fault to that mode; NaN = no stop was told.
        rest_s: s from the fault until the physics came to rest; NaN = it did not.
        travel: largest way of one axis from the fault to rest, or to the end of the fault.
        travel_unit: rad or m.
        is_latched: stopped still after the fault was gone, until a person acted.
        faults: what is not as declared, in words; empty = the cell has reached its declaration.
        held_up_s: longest time for which the machine was busy with something else meanwhile.
        silent: inputs that were too old though nobody made them so, for the same reason.
        is_limit_passed: a limit of the robot was passed.
    """

    seen: str
    told_s: float
    rest_s: float
    travel: float
    travel_unit: str
    is_latched: bool
    faults: tuple[str, ...]
    held_up_s: float = 0.0
    silent: tuple[str, ...] = ()
    is_limit_passed: bool = False

    @property
    def is_void(self) -> bool:
        """Nothing is shown, and the trial may be repeated: it did not move, or the machine was held up. Never
        where a limit was passed.
        """
        is_held_up = bool(self.faults) and (self.held_up_s > HELD_UP_S or bool(self.silent))
        return not self.is_limit_passed and (is_held_up or NOT_MOVING in self.faults)

    @property
    def is_ok(self) -> bool:
        """As declared."""
        return not self.faults


def rest_after_s(within_s: float, limits: AxisLimits) -> float:
    """Longest time from a fault to rest: declared time, controller, braking from full speed, servo."""
    return within_s + REACTION_S + limits.braking_time_s + SETTLE_S


def judge(trial: Trial, cell: Cell, limits: AxisLimits) -> Outcome:
    """Hold a trial against its declaration.

    Args:
        trial: what was seen.
        cell: what is declared.
        limits: of the robot.
    """
    faults = [*_wrong(trial, cell)]
    told_s, seen = _told(trial)
    rest_s = travel = math.nan
    unit, violations = "", []
    if trial.trace is not None:
        own = limits.select(trial.trace.names)
        end_s = stop_end_s(trial, cell)
        rest_s = _rest_s(trial, trial.trace, end_s)
        travel, unit = _travel(trial, trial.trace, own)
        violations = _violations(trial, trial.trace, cell, own)
        faults += _told_once(violations, trial.clocks.simulated(trial.injected_s))
        faults += _motion_faults(trial, trial.trace, cell)
    if not seen:
        seen = "at rest" if math.isfinite(rest_s) else "goes on"
    is_passed = any(v.kind in LIMIT_KINDS for v in violations)
    return Outcome(
        seen=seen,
        told_s=told_s,
        rest_s=rest_s,
        travel=travel,
        travel_unit=unit,
        is_latched=_is_latched(trial),
        faults=tuple(faults),
        held_up_s=trial.held_up_s,
        silent=trial.silent,
        is_limit_passed=is_passed,
    )


def stop_end_s(trial: Trial, cell: Cell) -> float:
    """Until when the robot has to stand (monotonic clock)."""
    if cell.plan.then in (Then.LATCHED, Then.STAYS):
        return trial.ended_s
    if cell.plan.lasts:
        return trial.undone_s
    stops = [t for t, mode in trial.modes_within(trial.injected_s, trial.undone_s) if mode in STOPPED_MODES]
    passing = [t for t, mode in trial.modes if stops and t > stops[0] and mode not in STOPPED_MODES]
    return min([*passing, trial.undone_s])


def _told(trial: Trial) -> tuple[float, str]:
    """s until the first mode other than active, and the worst one; NaN and empty where there was none."""
    order = ("slowed", "protective_stop", "emergency_stop", "fault")
    told = [m for m in trial.modes_within(trial.injected_s, trial.undone_s) if m[1] in order]
    if not told:
        return math.nan, ""
    worst = max((mode for _, mode in told), key=order.index)
    first_s = next(told_s for told_s, mode in told if mode == worst)
    return first_s - trial.injected_s, worst.replace("_", " ")


def _wrong(trial: Trial, cell: Cell) -> Iterator[str]:
    """What is wrong in modes, answers and processes."""
    yield from (f"{name} has ended" for name in trial.died)
    if trial.mode_at(trial.injected_s) not in ("active", "slowed"):
        yield f"the supervisor was in {trial.mode_at(trial.injected_s)} when the fault came"
    told_s, seen = _told(trial)
    wanted = cell.reaction.mode.replace("_", " ")
    is_enough = seen == wanted or (cell.reaction is Reaction.SLOWED and seen == "protective stop")
    if wanted and not is_enough:
        yield f"{seen or 'no stop'} was told, {wanted} is declared"
    elif wanted and not told_s <= cell.within_s:
        yield f"{wanted} was told after {told_s:.3f} s, declared {cell.within_s:.3f} s"
    if cell.reaction is Reaction.PASS_ON and seen not in ("", "slowed"):
        yield f"{seen} was told, but the robot should go on"
    if cell.plan.arming == "refused" and (trial.is_armed_in_fault or not trial.arming):
        yield "the supervisor let itself be armed while the fault was there"
    yield from _wrong_after(trial, cell)


def _wrong_after(trial: Trial, cell: Cell) -> Iterator[str]:
    """What is wrong once the fault is gone."""
    last = trial.mode_at(trial.ended_s)
    if trial.reset_refusal:
        yield f"the reset was refused: {trial.reset_refusal}"
    if cell.plan.then is Then.GOES_ON and last not in ("active", "slowed"):
        yield f"it did not go on when the fault was gone: {last}"
    passing = [m for t, m in trial.modes_within(trial.undone_s, trial.ended_s) if m in ("active", "slowed")]
    if cell.plan.then in (Then.LATCHED, Then.STAYS) and passing:
        yield f"it went on by itself: {passing[0]}"


def _violations(trial: Trial, trace: PhysicsTrace, cell: Cell, own: AxisLimits) -> list[Violation]:
    """Limits that were passed, and commands or motion after the stop was due."""
    found = [v for v in judge_limits(trace, own) if v.kind in LIMIT_KINDS]
    if cell.reaction in (Reaction.PASS_ON, Reaction.LIMITED, Reaction.SLOWED):
        return found
    due_s = trial.clocks.simulated(trial.injected_s + cell.within_s)
    end_s = trial.clocks.simulated(stop_end_s(trial, cell))
    stops = judge_stops(trace, own, [StopWindow(cell.name, due_s, end_s)])
    # Where the source goes on sending, or the supervisor comes back: what counts is that nothing moves.
    if cell.reaction in (Reaction.STANDS, Reaction.CONTROLLER_STOPS):
        stops = [v for v in stops if v.kind is ViolationKind.MOTION_AFTER_STOP]
    return [*found, *stops]


def _motion_faults(trial: Trial, trace: PhysicsTrace, cell: Cell) -> Iterator[str]:
    """Did it move when it had to, before and after?"""
    if not _fastest(trial, trace, trial.injected_s - LOOK_S, trial.injected_s) > MOVING:
        yield NOT_MOVING
    # Once it is there again, a supervisor may tell the controller to stop: what counts then is motion.
    late_s = trial.commands_s[trial.commands_s > trial.injected_s + cell.within_s]
    if cell.reaction is Reaction.CONTROLLER_STOPS and late_s[late_s < trial.undone_s].size:
        yield "commands went on to the controller"
    last = _fastest(trial, trace, trial.undone_s - LOOK_S, trial.undone_s)
    if cell.reaction is Reaction.PASS_ON and not last > MOVING:
        yield "it did not go on moving"
    after = _fastest(trial, trace, max(trial.ended_s - LOOK_S, trial.undone_s), trial.ended_s)
    is_watched = cell.plan.then is Then.GOES_ON and trial.ended_s > trial.undone_s
    if is_watched and not after > MOVING:
        yield "it did not move again when the fault was gone"


def _speeds(trial: Trial, trace: PhysicsTrace, begin_s: float, end_s: float) -> np.ndarray:
    """(n,) speed of the fastest axis between two instants; a speed that is no number is infinite."""
    return np.nan_to_num(np.abs(trace.velocities[trial.rows(begin_s, end_s)]), nan=np.inf).max(axis=1)


def _fastest(trial: Trial, trace: PhysicsTrace, begin_s: float, end_s: float) -> float:
    return float(_speeds(trial, trace, begin_s, end_s).max(initial=0.0))


def _rest_s(trial: Trial, trace: PhysicsTrace, end_s: float) -> float:
    """s from the fault to the last step with motion; NaN where it still moves at the end."""
    speeds = _speeds(trial, trace, trial.injected_s, end_s)
    moving = np.flatnonzero(speeds > REST_SPEED)
    if moving.size and moving[-1] >= len(speeds) - 1:
        return math.nan
    return float((moving[-1] + 1) * trace.step_s) if moving.size else 0.0


def _travel(trial: Trial, trace: PhysicsTrace, own: AxisLimits) -> tuple[float, str]:
    """Largest way of an axis while the fault was there, and its unit; of a base the way driven."""
    rows = trial.rows(trial.injected_s, trial.undone_s)
    if rows.stop <= rows.start:
        return math.nan, own.position_unit[0]
    if np.isfinite(trace.positions).any():
        ways = np.abs(trace.positions[rows] - trace.positions[rows.start]).max(axis=0)
        axis = int(np.argmax(ways))
        return float(ways[axis]), own.position_unit[axis]
    return float(np.abs(trace.velocities[rows, 0]).sum() * trace.step_s), own.position_unit[0]


def _is_latched(trial: Trial) -> bool:
    return trial.mode_at(trial.ended_s) in ("emergency_stop", "fault", "standby") or (
        trial.mode_at(trial.undone_s) in ("emergency_stop", "fault")
    )


def _told_once(found: list[Violation], injected_s: float) -> list[str]:
    """The first violation of each kind, when it began (s after the fault), and how many there were."""
    words = []
    for kind in dict.fromkeys(v.kind for v in found):
        alike = [v for v in found if v.kind is kind]
        v, more = alike[0], f" (and {len(alike) - 1} more)" if len(alike) > 1 else ""
        name, at_s = kind.value.replace("_", " "), v.start_s - injected_s
        words.append(
            f"{name}: {v.axis} {v.measured:.3g} {v.unit}, limit {v.limit:.3g}, at {at_s:+.2f} s{more}"
        )
    return words
