"""The oracle finds each seeded violation, its axis, value and time; and none in a clean trace."""

import dataclasses
import math

import numpy as np
import pytest
from made_traces import LIMITS, STEP_S, clean_trace, make_trace, still_trace

from noetra_ros.evaluation.limits import AxisLimits
from noetra_ros.evaluation.oracle import judge_limits, peaks
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.evaluation.violations import ViolationKind


def test_clean_trace_has_no_violation():
    assert judge_limits(clean_trace(), LIMITS) == []


def test_exactly_on_the_limit_is_inside():
    trace = still_trace()
    trace.positions[:, 0] = 1.0
    trace.velocities[:, 1] = 2.5
    assert judge_limits(trace, LIMITS) == []


@pytest.mark.parametrize(("position", "limit"), [(1.01, 1.0), (-1.02, -1.0)])
def test_position_beyond_either_end_is_found(position, limit):
    trace = still_trace()
    trace.positions[100:150, 0] = position
    (violation,) = judge_limits(trace, LIMITS)
    assert violation.kind is ViolationKind.POSITION
    assert (violation.axis, violation.measured, violation.limit) == ("shoulder", position, limit)
    assert violation.start_s == pytest.approx(0.2)
    assert violation.duration_s == pytest.approx(0.098)
    assert violation.unit == "rad"


def test_each_excursion_counts_once():
    trace = still_trace()
    trace.positions[100:110, 0] = 1.1
    trace.positions[300:310, 0] = 1.2
    assert [v.measured for v in judge_limits(trace, LIMITS)] == [1.1, 1.2]


@pytest.mark.parametrize("speed", [2.6, -2.6])
def test_velocity_beyond_the_limit_is_found(speed):
    trace = still_trace()
    trace.velocities[:, 1] = speed
    (violation,) = judge_limits(trace, LIMITS)
    assert violation.kind is ViolationKind.VELOCITY
    assert (violation.axis, violation.measured, violation.unit) == ("gripper", speed, "rad/s")


def velocity_step(step_radps):
    """Standing, then moving at once."""
    trace = still_trace()
    trace.velocities[500:, 0] = step_radps
    return trace


def test_acceleration_is_judged_over_twenty_milliseconds():
    assert judge_limits(velocity_step(0.40), LIMITS) == []  # 0.40 rad/s in 20 ms: 20 rad/s2, the limit
    (violation,) = judge_limits(velocity_step(0.44), LIMITS)
    assert violation.kind is ViolationKind.ACCELERATION
    assert violation.measured == pytest.approx(22.0)
    assert violation.unit == "rad/s2"


def braking_trace(touches):
    trace = still_trace()
    trace.velocities[:500, 0] = 1.0
    trace.is_touching[500:505, 0] = touches
    return trace


def test_deceleration_in_contact_is_an_impact_and_counted_apart():
    kinds = {v.kind for v in judge_limits(braking_trace(touches=True), LIMITS)}
    assert kinds == {ViolationKind.CONTACT_IMPACT}


def test_deceleration_without_contact_is_a_violation():
    kinds = {v.kind for v in judge_limits(braking_trace(touches=False), LIMITS)}
    assert kinds == {ViolationKind.ACCELERATION}


def test_a_jolt_just_after_contact_is_an_impact():
    trace = velocity_step(1.0)
    trace.is_touching[485:490, 0] = True  # let go 20 ms before
    assert {v.kind for v in judge_limits(trace, LIMITS)} == {ViolationKind.CONTACT_IMPACT}


def test_contact_long_ago_excuses_nothing():
    trace = velocity_step(1.0)
    trace.is_touching[400:450, 0] = True
    assert {v.kind for v in judge_limits(trace, LIMITS)} == {ViolationKind.ACCELERATION}


def test_contact_excuses_nothing_where_the_target_itself_jumped():
    trace = velocity_step(1.0)
    trace.is_touching[:, :] = True
    trace.targets[500:, 0] += 0.02  # 1 rad/s within one window
    assert {v.kind for v in judge_limits(trace, LIMITS)} == {ViolationKind.ACCELERATION}


@pytest.mark.parametrize("field", ["positions", "velocities"])
def test_physics_that_is_not_finite_passes_its_limit(field):
    trace = still_trace()
    getattr(trace, field)[200, 0] = math.nan
    found = judge_limits(trace, LIMITS)
    assert found
    assert all(math.isnan(v.measured) for v in found)


def test_an_axis_without_position_limit_is_not_judged_by_position():
    unlimited = dataclasses.replace(LIMITS, lower=np.full(2, -np.inf), upper=np.full(2, np.inf))
    trace = still_trace()
    trace.positions[:] = math.nan
    assert judge_limits(trace, unlimited) == []


def test_peaks_are_shares_of_the_limits():
    largest = peaks(clean_trace(), LIMITS)
    assert largest.position == pytest.approx(0.9, abs=1e-3)
    assert largest.velocity == pytest.approx(0.9, abs=1e-3)
    assert largest.acceleration == pytest.approx(0.18, abs=1e-3)


def test_trace_refuses_time_that_does_not_increase():
    with pytest.raises(ValueError, match="time_s"):
        make_trace(np.zeros(3), np.zeros((3, 2)), np.zeros((3, 2)))


BASE = AxisLimits(("vx",), *(np.array([v]) for v in (-np.inf, np.inf, 0.6, 1.0, 20.0)), position_unit=("m",))


def told_base(told_mps):
    """A base that is told speeds and follows slowly: its own acceleration is never beyond the limit."""
    time_s = np.arange(len(told_mps)) * STEP_S
    nothing = np.full((len(told_mps), 1), np.nan)
    speed = np.linspace(0.0, 0.5, len(told_mps))[:, None]
    untouched = np.zeros((len(told_mps), 1), dtype=bool)
    return PhysicsTrace(("vx",), time_s, nothing, speed, np.asarray(told_mps)[:, None], untouched)


def test_a_base_that_is_told_to_jump_is_found_though_its_drive_follows_slowly():
    told = np.concatenate([np.full(500, np.nan), np.full(500, 0.3)])
    (found,) = judge_limits(told_base(told), BASE)
    assert (found.kind, found.axis, found.unit) == (ViolationKind.TOLD_ACCELERATION, "vx", "m/s2")
    assert found.measured == pytest.approx(0.3 / 0.15)


@pytest.mark.parametrize("jitter_s", [0.0, 0.016])
def test_a_stream_of_speeds_that_jitters_within_a_period_is_inside(jitter_s):
    """A ramp at the limit, 50 Hz; every second command comes late."""
    period, late = round(0.020 / STEP_S), round(jitter_s / STEP_S)
    told, speed = np.zeros(1000), 0.0
    for k in range(20):
        speed += 0.020
        told[(k + 1) * period + late * (k % 2) :] = speed
    assert judge_limits(told_base(told), BASE) == []


def test_a_base_that_its_own_controller_has_stopped_may_be_told_to_stand():
    """The supervisor froze and comes back: what it told last is long over."""
    trace = told_base(np.concatenate([np.full(500, 0.3), np.zeros(500)]))
    assert judge_limits(dataclasses.replace(trace, velocities=np.zeros((1000, 1))), BASE) == []
    moving = dataclasses.replace(trace, velocities=np.full((1000, 1), 0.3))
    assert any(v.kind is ViolationKind.TOLD_ACCELERATION for v in judge_limits(moving, BASE))
