"""Paths through points: lines, cubics and quintics, as the points say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.core.spline import Spline

TIMES = np.array([0.0, 1.0, 3.0])
POINTS = np.array([[0.0, 1.0], [1.0, 1.0], [1.0, 3.0]])
STEP_S = 1e-4
numbers = st.floats(-3.0, 3.0)
NAN = np.full((3, 2), np.nan)


def rates(spline, time_s):
    """Velocity and acceleration by differences."""
    before, now, after = (spline.at(time_s + step) for step in (-STEP_S, 0.0, STEP_S))
    return (after - before) / (2 * STEP_S), (after - 2 * now + before) / STEP_S**2


def test_positions_alone_are_joined_by_lines():
    spline = Spline(TIMES, POINTS)
    assert spline.at(0.25).tolist() == [0.25, 1.0]
    assert spline.at(2.0).tolist() == [1.0, 2.0]


def test_outside_its_time_it_rests_at_the_first_and_the_last_point():
    spline = Spline(TIMES + 1.0, POINTS)
    assert spline.at(0.0).tolist() == [0.0, 1.0]
    assert spline.at(9.0).tolist() == [1.0, 3.0]
    assert spline.end_s == 4.0


def test_with_velocities_it_is_the_cubic():
    """From 0 to 1 in 1 s, at rest at both ends: 3 t^2 - 2 t^3."""
    spline = Spline(TIMES[:2], POINTS[:2], np.zeros((2, 2)))
    assert spline.at(0.25)[0] == pytest.approx(3 * 0.25**2 - 2 * 0.25**3)


def test_with_accelerations_too_it_is_the_quintic():
    """At rest without acceleration at both ends: 10 t^3 - 15 t^4 + 6 t^5."""
    spline = Spline(TIMES[:2], POINTS[:2], np.zeros((2, 2)), np.zeros((2, 2)))
    assert spline.at(0.25)[0] == pytest.approx(10 * 0.25**3 - 15 * 0.25**4 + 6 * 0.25**5)


def test_a_point_that_says_no_velocity_makes_lines_on_both_sides_of_it():
    speeds = np.array([[0.0, 0.0], [np.nan, np.nan], [0.0, 0.0]])
    assert np.array_equal(Spline(TIMES, POINTS, speeds).at(0.25), Spline(TIMES, POINTS).at(0.25))


@given(numbers, numbers, numbers, numbers, numbers, numbers, st.floats(1.0, 4.0))
def test_what_the_ends_say_is_met(p0, p1, v0, v1, a0, a1, duration_s):
    spline = Spline(
        np.array([0.0, duration_s]), *(np.array([[x], [y]]) for x, y in ((p0, p1), (v0, v1), (a0, a1)))
    )
    assert spline.at(duration_s)[0] == p1
    for time_s, v, a in ((2 * STEP_S, v0, a0), (duration_s - 2 * STEP_S, v1, a1)):
        velocity, acceleration = rates(spline, time_s)
        assert velocity[0] == pytest.approx(v, abs=0.3)
        assert acceleration[0] == pytest.approx(a, abs=3.0)


def test_many_times_at_once_are_the_same_as_one_by_one():
    spline = Spline(TIMES, POINTS, np.ones((3, 2)), NAN)
    times_s = np.array([-1.0, 0.0, 0.3, 1.0, 2.2, 3.0, 4.0])
    assert np.allclose(spline.sampled(times_s), [spline.at(t) for t in times_s], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("times_s", "points", "words"),
    [
        ([], np.zeros((0, 2)), "at least one"),
        ([0.0], POINTS, "as many points as times"),
        ([0.0, 1.0, 1.0], POINTS, "must ascend"),
        ([0.0, 1.0, np.nan], POINTS, "NaN"),
        ([0.0, 1.0, 2.0], NAN, "NaN"),
    ],
)
def test_what_is_no_path_is_refused(times_s, points, words):
    with pytest.raises(ValueError, match=words):
        Spline(np.array(times_s), points)
