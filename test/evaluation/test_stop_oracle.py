"""Commands and motion after a declared stop are found; braking within the limits is not blamed."""

import math

import numpy as np
import pytest
from made_traces import LIMITS, still_trace

from noetra_ros.evaluation.stop_oracle import REACTION_S, StopWindow, judge_stops
from noetra_ros.evaluation.violations import ViolationKind

STOP = StopWindow("e-stop pressed", 0.5, 2.0)
STILL_S = 0.5 + REACTION_S + 0.12  # braking: 2.0 / 20 + 20 / 1000 s


def trace_with_target_change(at_s):
    trace = still_trace()
    trace.targets[trace.time_s >= at_s, 0] = 0.25
    return trace


def test_a_robot_at_rest_obeys():
    assert judge_stops(still_trace(), LIMITS, [STOP]) == []


@pytest.mark.parametrize("at_s", [0.3, STILL_S - 0.01])
def test_a_change_before_the_braking_time_is_over_is_allowed(at_s):
    assert judge_stops(trace_with_target_change(at_s), LIMITS, [STOP]) == []


def test_a_later_change_is_a_command_after_the_stop():
    (violation,) = judge_stops(trace_with_target_change(STILL_S + 0.01), LIMITS, [STOP])
    assert violation.kind is ViolationKind.COMMAND_AFTER_STOP
    assert (violation.axis, violation.measured, violation.unit) == ("shoulder", 0.25, "rad")


def test_every_changed_step_counts():
    trace = still_trace()
    trace.targets[600:650, 1] = np.arange(50) * 0.01
    assert len(judge_stops(trace, LIMITS, [STOP])) == 50


def test_a_target_that_becomes_nan_is_a_command():
    trace = still_trace()
    trace.targets[600:, 0] = math.nan
    (violation,) = judge_stops(trace, LIMITS, [STOP])
    assert violation.kind is ViolationKind.COMMAND_AFTER_STOP


def test_no_target_at_all_is_no_command():
    trace = still_trace()
    trace.targets[:] = math.nan
    assert judge_stops(trace, LIMITS, [STOP]) == []


def test_motion_after_settling_is_found():
    trace = still_trace()
    trace.velocities[800:, 0] = 0.2
    (violation,) = judge_stops(trace, LIMITS, [STOP])
    assert violation.kind is ViolationKind.MOTION_AFTER_STOP
    assert violation.measured == pytest.approx(0.2)


def test_what_trembles_in_the_gripper_for_some_milliseconds_does_not_move():
    trace = still_trace()
    step_s = float(trace.time_s[1] - trace.time_s[0])
    for begin in (800, 850, 900):
        trace.velocities[begin : begin + round(0.004 / step_s), 0] = 0.09
    assert len(judge_stops(trace, LIMITS, [STOP])) == 3, "nothing is touched: the axis itself moves"
    trace.is_touching[:, 0] = True
    assert judge_stops(trace, LIMITS, [STOP]) == []
    trace.velocities[800 : 800 + round(0.03 / step_s), 0] = 0.09
    assert [v.kind for v in judge_stops(trace, LIMITS, [STOP])] == [ViolationKind.MOTION_AFTER_STOP]


def test_outside_the_window_nothing_is_judged():
    assert judge_stops(trace_with_target_change(1.0), LIMITS, [StopWindow("stop", 0.1, 0.9)]) == []
