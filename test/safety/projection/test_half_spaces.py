"""Half spaces of the next speeds, by hand: how far axes go until they rest, per speed."""

import numpy as np
import pytest
from linear_walls import JOINTS, SPEEDS

from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.projection.half_spaces import HalfSpaces, travel

FULL = np.array(JOINTS.column("velocity"))
GRADIENTS = np.array([[-1.0, 0.0], [0.5, -2.0]])
LEAST = np.array([-0.1, 0.0])


def way(share, axis):
    """By hand: one period, and the stop after it."""
    speed = share * FULL[axis]
    return 0.01 * speed + braking_travel(speed, 0.0, JOINTS.axes[axis], 0.01)[2]


@pytest.mark.parametrize("limits", [JOINTS, SPEEDS])
def test_what_an_axis_travels_is_one_period_and_its_stop(limits):
    assert travel(limits, np.array([0.5, 0.0])) == pytest.approx([way(0.5, 0), 0.0])
    assert travel(limits, np.array([0.1, 1.0])) == pytest.approx([way(0.1, 0), way(1.0, 1)])


@pytest.mark.parametrize(
    ("wanted", "most", "told"),
    [
        ((0.8, -0.6), (1.0, 1.0), (0.8, 0.6)),  # as fast as is asked for
        ((0.0, 0.0), (1.0, 0.3), (0.25, 0.25)),  # an axis at rest that may be asked to give way: a quarter
        ((0.0, 0.1), (0.04, 0.04), (0.04, 0.1)),  # no more than it can come to within the period
        ((0.0, 0.0), (0.0, 0.001), (0.01, 0.01)),
    ],
)
def test_rows_tell_what_a_share_of_a_speed_wins_until_rest(wanted, most, told):
    spaces = HalfSpaces(JOINTS, GRADIENTS, LEAST, np.array(wanted), np.array(most))
    per_share = [way(share, axis) / share for axis, share in enumerate(told)]
    assert spaces.rows == pytest.approx(GRADIENTS * per_share)
    assert spaces.least.tolist() == LEAST.tolist()


def test_more_is_asked_for_than_was_missing_and_nothing_where_nothing_was():
    spaces = HalfSpaces(JOINTS, GRADIENTS, LEAST, np.ones(2), np.ones(2))
    spaces.ask_for(np.array([-0.3, 0.01]))
    assert spaces.least == pytest.approx([-0.1, 0.012])
    spaces.ask_for(np.array([0.02, -0.01]))
    assert spaces.least == pytest.approx([-0.076, 0.012])
