"""Trajectories are run through by time."""

import numpy as np
import pytest

from noetra_ros.sim.trajectory_execution import TrajectoryExecution

START = np.array([0.0, 1.0])
POINTS = np.array([[1.0, 1.0], [1.0, 3.0]])


def test_points_are_met_and_the_last_one_is_kept():
    execution = TrajectoryExecution(START, np.array([1.0, 3.0]), POINTS)
    assert execution.at(0.5).tolist() == [0.5, 1.0]
    assert execution.at(2.0).tolist() == [1.0, 2.0]
    assert execution.at(9.0).tolist() == [1.0, 3.0]
    assert not execution.is_over(2.9) and execution.is_over(3.0)


def test_a_first_point_at_zero_replaces_the_start():
    execution = TrajectoryExecution(START, np.array([0.0, 2.0]), POINTS)
    assert execution.at(0.0).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("times_s", "points", "words"),
    [
        ([], np.zeros((0, 2)), "expected one or more points of 2 joints"),
        ([1.0], np.zeros((1, 3)), "expected one or more points of 2 joints"),
        ([1.0, 1.0], POINTS, "must increase"),
        ([-1.0, 1.0], POINTS, "must increase"),
        ([1.0, 2.0], POINTS * np.nan, "NaN"),
    ],
)
def test_what_cannot_be_run_is_refused(times_s, points, words):
    with pytest.raises(ValueError, match=words):
        TrajectoryExecution(START, np.array(times_s), points)
