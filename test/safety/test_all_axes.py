"""Every axis at once: the same as one axis after the other, and no axis is left out."""

import dataclasses
from math import inf, nan
from random import Random

import pytest

from noetra_ros.safety import all_axes
from noetra_ros.safety.axis_limits import AxisLimits
from noetra_ros.safety.limiter import REST_STEP, AxisMotion, moved, next_position

DT_S = 0.01
AXES = (
    AxisLimits("first", "rad", -1.0, 1.0, 2.0, 20.0, 500.0, 0.1),
    AxisLimits("second", "rad", -2.0, 0.5, 1.0, 10.0, 800.0, 0.2),
)
NONE = (0.0, 0.0)


def test_rates_are_differences_by_the_period():
    assert all_axes.rates((1.0, 3.0), (0.5, 4.0), 0.5) == (1.0, -2.0)
    assert all_axes.rates((), (), 0.5) == ()


def test_positions_ask_for_more_differences_than_velocities():
    sent = ((1.0, 2.0), (1.0, 0.0), (2.0, 1.0))
    assert all_axes.differences((1.5, 1.0), sent, True, 0.5) == ((1.0, -2.0), (0.0, -4.0), (-4.0, -10.0))
    assert all_axes.differences((1.5, 1.0), sent, False, 0.5) == ((1.5, 1.0), (1.0, 2.0), (-2.0, 2.0))


def test_a_goal_that_jumps_counts_as_one_that_stands():
    assert all_axes.goal_speeds((0.5, -1.0), NONE, (1.0, 2.0), 0.5) == (1.0, -2.0)
    assert all_axes.goal_speeds((1.5, -2.0), (1.25, -1.5), (1.0, 2.0), 0.5) == (0.5, -1.0)
    assert all_axes.goal_speeds((0.51, -1.1), NONE, (1.0, 2.0), 0.5) == NONE
    assert all_axes.goal_speeds((nan, 1.0), NONE, (1.0, 2.0), 0.5) == (0.0, 2.0)


def test_motion_after_is_that_of_each_axis():
    positions, sent, velocity = (0.3, -0.2), (0.1, 0.1), (0.5, -0.4)
    motions = [AxisMotion(*row) for row in zip(sent, velocity, NONE, strict=True)]
    after = [moved(motion, value, DT_S) for motion, value in zip(motions, positions, strict=True)]
    velocities, accelerations = all_axes.motion_after(sent, velocity, positions, DT_S)
    assert list(zip(positions, velocities, accelerations, strict=True)) == after


def random_motion(random):
    """Within the limits or somewhat beyond them, at rest or not."""
    places = tuple(random.uniform(axis.lower - 0.1, axis.upper + 0.1) for axis in AXES)
    speeds = tuple(random.uniform(-axis.velocity, axis.velocity) * random.choice((0.0, 1.0)) for axis in AXES)
    return places, speeds, tuple(random.uniform(-3.0, 3.0) * (speed != 0.0) for speed in speeds)


@pytest.mark.parametrize("seed", range(5))
def test_next_positions_are_those_of_each_axis(seed):
    random, direct = Random(seed), 0
    for _ in range(200):
        sent = random_motion(random)
        wanted = tuple(
            place + DT_S * speed + random.choice((0.0, 0.02)) * random.uniform(-1.0, 1.0)
            for place, speed in zip(*sent[:2], strict=True)
        )
        speeds, scales = (0.2, -0.2), (random.random(), 1.0)
        found = all_axes.next_positions(sent, wanted, speeds, AXES, DT_S, scales)
        for i, axis in enumerate(AXES):
            motion = AxisMotion(*(column[i] for column in sent))
            if axis.lower <= motion.position <= axis.upper:
                assert found[i] == next_position(motion, wanted[i], speeds[i], axis, DT_S, scales[i])
                direct += found[i] == wanted[i]
            else:
                given = wanted[i], speeds[i], axis, DT_S, scales[i]
                assert found[i] == all_axes.from_anywhere(motion, *given)
    assert direct > 20, "some are passed as they are"


def test_a_position_on_its_limit_is_inside():
    """From there a goal in motion is met in motion; from outside it is approached as one that stands."""
    axis = AXES[0]
    for place, side in ((axis.lower, 1.0), (axis.upper, -1.0)):
        given = (place + side * 0.01, side * 1.0, axis, DT_S, 1.0)
        motion = AxisMotion(place)
        step = next_position(motion, *given)
        assert all_axes.from_anywhere(motion, *given) == step != place
        sent = ((place, 0.0), NONE, NONE)
        assert (
            all_axes.next_positions(sent, (given[0], 0.0), (given[1], 0.0), AXES, DT_S, (1.0, 1.0))[0] == step
        )


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_from_outside_only_the_way_back_is_open(side):
    axis = AXES[0]
    outside = AxisMotion(side * 1.05)
    for wanted in (side * 1.2, side * 1.05, side * 1.02):
        further = all_axes.from_anywhere(outside, wanted, 0.0, axis, DT_S, 1.0)
        assert 1.04 < side * further < 1.05, "it goes back, whatever it is asked for"
    assert side * all_axes.from_anywhere(outside, side * 2.0, side * 1.0, axis, DT_S, 1.0) < 1.05
    wider = dataclasses.replace(axis, lower=-1.05, upper=1.05)
    slow = AxisMotion(side * 1.0005, side * -0.02)
    still, moving = ((slow, side * 0.99, side * speed, axis, DT_S, 1.0) for speed in (0.0, 1.0))
    assert all_axes.from_anywhere(*moving) == all_axes.from_anywhere(*still), "a goal is one that stands"
    assert all_axes.from_anywhere(*still) == next_position(*still[:3], wider, DT_S, 1.0)
    assert all_axes.from_anywhere(*still) != next_position(*moving[:3], wider, DT_S, 1.0)
    back = outside
    for _ in range(100):
        back = moved(back, all_axes.from_anywhere(back, side * 0.2, 0.0, axis, DT_S, 1.0), DT_S)
    assert back.position == pytest.approx(side * 0.2, abs=1e-3)


def test_rest_is_that_of_every_axis():
    most_speed, most_change = REST_STEP / DT_S, 2.0 * REST_STEP / DT_S / DT_S
    assert all_axes.is_each_at_rest(NONE, NONE, DT_S)
    assert all_axes.is_each_at_rest((REST_STEP, 0.0), (2.0 * REST_STEP, 0.0), 1.0)
    assert all_axes.is_each_at_rest((0.99 * most_speed, -0.99 * most_speed), (0.99 * most_change, 0.0), DT_S)
    for moving in ((1.01 * most_speed, 0.0), (0.0, -1.01 * most_speed), (nan, 0.0)):
        assert not all_axes.is_each_at_rest(moving, NONE, DT_S)
    for moving in ((1.01 * most_change, 0.0), (0.0, -1.01 * most_change), (0.0, nan)):
        assert not all_axes.is_each_at_rest(NONE, moving, DT_S)


@pytest.mark.parametrize(
    ("values", "is_between"),
    [((0.0, 1.0), True), ((1.0, 2.0), True), ((-0.1, 1.5), False), ((0.5, 2.1), False), ((0.5, nan), False)],
)
def test_values_on_their_limits_are_between_them(values, is_between):
    assert all_axes.is_each_between(values, (0.0, 1.0), (1.0, 2.0)) is is_between


def test_shares_are_of_what_may_be():
    assert all_axes.shares_of((1.0, -2.0), (0.5, 2.0), (2.0, 8.0)) == (0.25, 0.5)
    assert all_axes.shares_of((1.0,), (5.0,), (inf,)) == (0.0,)


def test_a_share_that_is_no_number_is_not_within():
    assert all_axes.is_each_within((0.5, 1.0), 1.0)
    assert not all_axes.is_each_within((0.5, 1.1), 1.0) and not all_axes.is_each_within((nan, 0.5), 1.0)


def test_a_number_is_neither_infinite_nor_nan():
    assert all_axes.is_each_finite([-1e308, 0.0, 1e308]) and all_axes.is_each_finite([])
    assert not any(all_axes.is_each_finite([0.0, value]) for value in (inf, -inf, nan))


ONE, TWO = (0.1,), (0.1, 0.1)
SENT = (TWO, TWO, TWO)


@pytest.mark.parametrize(
    ("ask", "given"),
    [
        (all_axes.rates, (ONE, TWO, DT_S)),
        (all_axes.rates, (TWO, ONE, DT_S)),
        (all_axes.goal_speeds, (ONE, TWO, TWO, DT_S)),
        (all_axes.goal_speeds, (TWO, ONE, TWO, DT_S)),
        (all_axes.goal_speeds, (TWO, TWO, (*TWO, 1.0), DT_S)),
        (all_axes.motion_after, ((*TWO, 1.0), TWO, TWO, DT_S)),
        (all_axes.motion_after, (TWO, (*TWO, 1.0), TWO, DT_S)),
        (all_axes.next_positions, (((*TWO, 1.0), TWO, TWO), TWO, TWO, AXES, DT_S, TWO)),
        (all_axes.next_positions, ((TWO, (*TWO, 1.0), TWO), TWO, TWO, AXES, DT_S, TWO)),
        (all_axes.next_positions, ((TWO, TWO, (*TWO, 1.0)), TWO, TWO, AXES, DT_S, TWO)),
        (all_axes.next_positions, (SENT, (*TWO, 1.0), TWO, AXES, DT_S, TWO)),
        (all_axes.next_positions, (SENT, TWO, (*TWO, 1.0), AXES, DT_S, TWO)),
        (all_axes.next_positions, (SENT, TWO, TWO, AXES, DT_S, (*TWO, 1.0))),
        (all_axes.is_each_at_rest, (NONE, (*NONE, 0.0), DT_S)),
        (all_axes.is_each_between, (TWO, (0.0, 0.0, 0.0), TWO)),
        (all_axes.is_each_between, (TWO, NONE, (1.0, 1.0, 1.0))),
        (all_axes.shares_of, (TWO, (*TWO, 1.0), TWO)),
        (all_axes.shares_of, (TWO, TWO, (*TWO, 1.0))),
    ],
)
def test_what_is_not_one_for_each_axis_is_refused(ask, given):
    with pytest.raises(ValueError, match=r"\d values beside \d: one for each axis"):
        ask(*given)
