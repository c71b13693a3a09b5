"""The table of worst stops against stops that are driven step by step; each on an axis of its own."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS

from noetra_ros.safety import stopping
from noetra_ros.safety.limiter import AxisMotion, accelerated, stop_velocity
from noetra_ros.safety.limits import AxisLimits
from noetra_ros.safety.stopping import ACCELERATIONS, SHARES, stopping_table, stopping_time_s

DT_S = 0.02


def axis(velocity=1.0, acceleration=5.0, jerk=50.0):
    return AxisLimits("made", "rad", -9.0, 9.0, velocity, acceleration, jerk)


def driven(velocity, acceleration, limits):
    """(s, way) of the stop that the limiter drives, and its highest speed."""
    motion, steps, way, peak = AxisMotion(0.0, velocity, acceleration), 0, 0.0, velocity
    while abs(motion.velocity) * DT_S > 1e-12:
        motion = accelerated(motion, stop_velocity(motion, limits, DT_S), DT_S)
        steps, way, peak = steps + 1, max(way, motion.position), max(peak, motion.velocity)
    return steps * DT_S, way, peak


def speed_before(peak, acceleration, limits):
    """From which speed an acceleration that runs out at full jerk just reaches `peak`."""
    gained, left = 0.0, acceleration - limits.jerk * DT_S
    while left > 0.0:
        gained, left = gained + left * DT_S, left - limits.jerk * DT_S
    return peak - gained


@pytest.mark.parametrize("scale", [1.0, 1.3, 0.7])
def test_each_row_is_the_longest_stop_that_never_passes_its_speed(scale):
    """A person stands at the end of it: a table that is too short runs them over."""
    limits = axis(velocity=scale, acceleration=5.01 * scale, jerk=50.02 * scale)
    table = stopping_table(dataclasses.replace(TWO_JOINTS, axes=(limits,), period_s=DT_S))
    assert table.speed[:, 0] == pytest.approx(SHARES * scale)
    for row in range(1, len(SHARES), 3):
        peak, times, ways = SHARES[row] * scale, [], []
        for acceleration in np.linspace(0.0, limits.acceleration, ACCELERATIONS):
            begin = speed_before(peak, acceleration, limits)
            if begin >= 0.0:
                time_s, way, highest = driven(begin, acceleration, limits)
                assert highest <= peak + 1e-9
                times, ways = [*times, time_s], [*ways, way]
        before = (table.time_s[row - 1], table.travel[row - 1, 0])
        assert table.time_s[row] == pytest.approx(max(*times, before[0]), abs=1e-9)
        assert table.travel[row, 0] == pytest.approx(max(*ways, before[1]), abs=1e-9)


def test_rows_never_fall_where_a_discrete_stop_of_a_faster_axis_is_shorter():
    for k in range(12):
        limits = axis(velocity=0.5 + 0.11 * k, jerk=400.0 + k)
        table = stopping_table(dataclasses.replace(TWO_JOINTS, axes=(limits,), period_s=DT_S))
        assert (np.diff(table.time_s) >= 0.0).all() and (np.diff(table.travel[:, 0]) >= 0.0).all()
        assert table.time_s[0] == table.travel[0, 0] == 0.0 and table.time_s[-1] > 0.0


def test_the_slowest_axis_tells_the_time_and_each_its_own_way():
    quick, slow = axis(acceleration=10.03), axis(acceleration=2.03)
    both = stopping_table(dataclasses.replace(TWO_JOINTS, axes=(quick, slow), period_s=DT_S))
    alone = [stopping_table(dataclasses.replace(TWO_JOINTS, axes=(a,), period_s=DT_S)) for a in (quick, slow)]
    assert np.array_equal(both.time_s, np.maximum(alone[0].time_s, alone[1].time_s))
    assert np.array_equal(both.travel, np.column_stack([one.travel[:, 0] for one in alone]))
    assert both.speed.shape == both.travel.shape == (len(SHARES), 2)


@pytest.mark.parametrize("velocity", [0.001, 0.3, 1.0, 2.5])
@pytest.mark.parametrize("acceleration", [0.0, 3.0, -5.0])
def test_the_time_of_one_stop_is_that_of_the_limiter(velocity, acceleration):
    limits = axis()
    expected_s, _, _ = driven(velocity, acceleration, limits)
    assert stopping_time_s(velocity, acceleration, limits, DT_S) == pytest.approx(expected_s)


def test_what_rests_needs_no_time_and_what_hardly_moves_one_period():
    limits = axis()
    assert stopping_time_s(0.0, 0.0, limits, DT_S) == 0.0
    assert stopping_time_s(0.9e-12 / DT_S, 0.0, limits, DT_S) == 0.0
    assert stopping_time_s(1.5e-12 / DT_S, 0.0, limits, DT_S) == DT_S
    assert stopping_time_s(-1.5e-12 / DT_S, 0.0, limits, DT_S) == DT_S


def test_a_stop_without_end_has_a_bound(monkeypatch):
    monkeypatch.setattr(stopping, "MAX_BRAKING_STEPS", 7)
    assert stopping_time_s(1e6, 0.0, axis(), DT_S) == pytest.approx(7 * DT_S)


def test_an_acceleration_that_is_not_reached_below_a_speed_is_left_out():
    """An axis of much acceleration and little speed: from rest it is over its speed at once."""
    limits = axis(velocity=0.05, acceleration=20.04, jerk=40.0)
    table = stopping_table(dataclasses.replace(TWO_JOINTS, axes=(limits,), period_s=DT_S))
    worst = max(
        driven(begin, a, limits)[1]
        for a in np.linspace(0.0, limits.acceleration, ACCELERATIONS)
        if (begin := speed_before(0.05, a, limits)) >= 0.0
    )
    assert table.travel[-1, 0] == pytest.approx(worst, abs=1e-9)


@pytest.mark.parametrize(("beside", "more"), [(0.0, 0), (0.9e-9, 0), (1.5e-9, 1), (-1e-4, 0)])
def test_shares_are_rounded_up_to_the_table_and_forgiven_a_billionth(beside, more):
    table = stopping_table(TWO_JOINTS)
    for row in np.flatnonzero(np.diff(table.time_s) > 0.0)[1:]:
        assert table.time_at(SHARES[row] + beside) == table.time_s[row + more]
    assert table.time_at(1.0) == table.time_s[-1] and table.time_at(math.nextafter(1.0, 2.0)) > 0.0


def test_beyond_the_limits_a_stop_is_as_much_longer():
    table = stopping_table(TWO_JOINTS)
    assert table.time_at(1.5) == 1.5 * table.time_s[-1]
