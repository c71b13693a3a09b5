"""Robots made by hand, one joint each: those that do not do as declared must fail."""

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.evaluation.faults.oracle import NOT_MOVING, judge, rest_after_s
from noetra_ros.evaluation.faults.plan import Cell, CellPlan, Reaction, Then
from noetra_ros.evaluation.faults.trial import Clocks, Trial
from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.trace import PhysicsTrace

STEP_S, OFFSET_S = 0.002, 1000.0  # the monotonic clock is that much ahead of simulated time
INJECTED_S, UNDONE_S, ENDED_S = 1002.0, 1004.0, 1006.0
SPEED, DECELERATION = 0.5, 10.0
LIMITS = AxisLimits(
    ("pan",), *(np.array([v]) for v in (-9.0, 9.0, 2.0, 20.0, 1000.0)), ("rad",)
)  # fmt: skip


def trace_of(stop_s, again_s=np.inf, late_command=False, speed=SPEED):
    """Moves at `speed`, brakes from `stop_s` of simulated time on, moves again from `again_s` on."""
    time_s = np.arange(STEP_S, ENDED_S - OFFSET_S, STEP_S)
    braking = np.maximum(speed - DECELERATION * (time_s - stop_s), 0.0)
    restart = np.clip(DECELERATION * (time_s - again_s), 0.0, speed)
    velocity = np.where(time_s < stop_s, speed, np.where(time_s < again_s, braking, restart))
    position = np.cumsum(velocity) * STEP_S - 1.0
    target = position.copy()
    if late_command:
        target[np.searchsorted(time_s, stop_s + 1.0) :] += 0.1
    column = [a[:, None] for a in (position, velocity, target)]
    return PhysicsTrace(("pan",), time_s, *column, np.zeros((len(time_s), 1), bool))


def trial_of(trace, modes, **fields):
    edges = np.arange(OFFSET_S, ENDED_S + 1.0, 0.01)
    given = {
        "trace": trace,
        "clocks": Clocks(edges, edges - OFFSET_S),
        "injected_s": INJECTED_S,
        "undone_s": UNDONE_S,
        "ended_s": ENDED_S,
        "modes": ((1000.0, "active"), *modes),
    }
    return Trial(**{**given, **fields})


def cell_of(reaction=Reaction.PROTECTIVE_STOP, **fields):
    plan = CellPlan(reaction=reaction, **fields)
    return Cell("arm", "joint_states", "off", True, plan, "blind_to_itself", 0.21, 0.1)


STOPPED = (1002.1, "protective_stop")
GOES_ON = (1004.5, "active")
GOOD = trial_of(trace_of(2.1, 4.6), (STOPPED, GOES_ON))


def test_a_robot_that_stops_and_goes_on_is_as_declared():
    outcome = judge(GOOD, cell_of(), LIMITS)
    assert outcome.is_ok, outcome.faults
    assert outcome.told_s == pytest.approx(0.1) and outcome.rest_s == pytest.approx(0.15, abs=0.01)
    assert outcome.travel == pytest.approx(0.5 * 0.1 + 0.0125, abs=0.002) and outcome.travel_unit == "rad"
    assert (outcome.seen, outcome.is_latched) == ("protective stop", False)


BAD = {
    "the mode is told, the robot does not stop": (
        replace(GOOD, trace=trace_of(9.0)), cell_of(), "motion after stop",
    ),
    "it stops too late": (replace(GOOD, trace=trace_of(3.5, 4.6)), cell_of(), "motion after stop"),
    "a command comes after the stop": (
        replace(GOOD, trace=trace_of(2.1, 4.6, late_command=True)), cell_of(), "command after stop",
    ),
    "it stops, nothing is told": (replace(GOOD, modes=((1000.0, "active"),)), cell_of(), "no stop was told"),
    "it is told late": (
        replace(GOOD, modes=((1000.0, "active"), (1002.3, "protective_stop"), GOES_ON)),
        cell_of(), "told after 0.300 s, declared 0.210 s",
    ),
    "another mode is told": (
        GOOD, cell_of(Reaction.EMERGENCY_STOP, then=Then.GOES_ON), "emergency stop is declared",
    ),
    "it stays when it should go on": (
        trial_of(trace_of(2.1), (STOPPED,)), cell_of(), "did not go on when the fault was gone",
    ),
    "it says active and does not move": (
        trial_of(trace_of(2.1), (STOPPED, GOES_ON)), cell_of(), "did not move again",
    ),
    "it goes on when it should be latched": (GOOD, cell_of(then=Then.LATCHED), "went on by itself"),
    "it moves before the fault is gone": (
        replace(GOOD, trace=trace_of(2.1, 3.3)), cell_of(), "motion after stop",
    ),
    "it stops when it should go on": (GOOD, cell_of(Reaction.PASS_ON), "should go on"),
    "it stands where it should pass on": (
        trial_of(trace_of(2.1, 4.6), ()), cell_of(Reaction.PASS_ON), "did not go on moving",
    ),
    "it stood before": (trial_of(trace_of(0.5, 4.6), (STOPPED, GOES_ON)), cell_of(), NOT_MOVING),
    "a limit is passed": (
        replace(GOOD, trace=trace_of(2.1, 4.6, speed=2.2)), cell_of(Reaction.LIMITED), "velocity: pan",
    ),
    "it lets itself be armed": (
        replace(GOOD, is_armed_in_fault=True), cell_of(arming="refused"), "let itself be armed",
    ),
    "the reset is refused": (
        replace(GOOD, reset_refusal="no"), cell_of(then=Then.LATCHED), "reset was refused",
    ),
    "another node has died": (replace(GOOD, died=("sim",)), cell_of(), "sim has ended"),
    "commands go on past a dead gate": (
        trial_of(trace_of(2.1), (), commands_s=np.array([1003.0])),
        cell_of(Reaction.CONTROLLER_STOPS, then=Then.GONE), "commands went on",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_robot_that_does_otherwise_fails(name):
    trial, cell, words = BAD[name]
    outcome = judge(trial, cell, LIMITS)
    assert any(words in fault for fault in outcome.faults), outcome.faults


def test_a_source_that_goes_on_does_not_spoil_standing():
    trial = trial_of(trace_of(2.1, 4.6, late_command=True), ((1004.5, "active"),))
    assert judge(trial, cell_of(Reaction.STANDS), LIMITS).is_ok


def test_a_stop_that_is_declared_to_end_early_is_judged_until_it_ends():
    early = trial_of(trace_of(2.1, 3.4), (STOPPED, (1003.3, "active")))
    assert judge(early, cell_of(lasts=False), LIMITS).is_ok
    assert not judge(early, cell_of(), LIMITS).is_ok


def test_a_machine_that_was_held_up_shows_nothing_but_a_passed_limit():
    gap = np.array([1002.0, 1002.01, 1002.2, 1002.21, 1006.0])
    late = replace(GOOD, modes=((1000.0, "active"), (1002.3, "protective_stop"), GOES_ON))
    held_up = replace(late, clocks=Clocks(gap, gap - OFFSET_S))
    assert judge(held_up, cell_of(), LIMITS).is_void and not judge(late, cell_of(), LIMITS).is_void
    assert judge(replace(late, silent=("heartbeat_policy",)), cell_of(), LIMITS).is_void
    too_fast = replace(held_up, trace=trace_of(2.1, 4.6, speed=2.2))
    assert not judge(too_fast, cell_of(), LIMITS).is_void


def test_physics_that_died_is_judged_by_what_was_told():
    assert judge(replace(GOOD, trace=None), cell_of(), LIMITS).is_ok


def test_rest_is_due_after_controller_braking_and_servo():
    assert rest_after_s(0.2, LIMITS) == pytest.approx(0.2 + 0.11 + 2.0 / 20.0 + 20.0 / 1000.0 + 0.5)
