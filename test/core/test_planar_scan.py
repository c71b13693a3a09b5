"""A scan says where things are and where it looks; beams that were not measured count as not seen."""

import math

import numpy as np
import pytest

from noetra_ros.core.planar_scan import PlanarScan

QUARTER = math.pi / 2


def test_points_are_in_the_frame_of_the_base():
    scan = PlanarScan((0.2, 0.1), -QUARTER, QUARTER, np.array([1.0, 2.0, np.inf]))
    assert scan.points_m == pytest.approx(np.array([[0.2, -0.9], [2.2, 0.1]]))


def test_a_full_turn_sees_all_round_and_half_a_turn_does_not():
    assert PlanarScan((0.0, 0.0), -math.pi, math.pi / 180, np.full(360, np.inf)).is_all_round
    half = PlanarScan((0.0, 0.0), -QUARTER, math.pi / 180, np.full(181, np.inf))
    assert not half.is_all_round
    assert half.sees(np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.1], [-1.0, 0.0]])).tolist() == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(("lost", "is_seen"), [(1, True), (2, True), (3, False)])
def test_single_lost_beams_hide_nothing_and_gaps_do(lost, is_seen):
    ranges = np.full(360, 3.0)
    ranges[180 : 180 + lost] = np.nan
    scan = PlanarScan((0.0, 0.0), -math.pi, math.pi / 180, ranges)
    middle = math.radians((lost - 1) / 2)
    assert scan.sees(np.array([[math.cos(middle), math.sin(middle)]]))[0] == is_seen
    assert scan.is_all_round == is_seen


@pytest.mark.parametrize(
    ("angle_min", "step", "ranges"),
    [(np.nan, 0.1, [1.0]), (0.0, 0.0, [1.0]), (0.0, 7.0, [1.0]), (0.0, 0.1, [])],
)
def test_a_scan_that_is_none_is_refused(angle_min, step, ranges):
    with pytest.raises(ValueError, match="scan:"):
        PlanarScan((0.0, 0.0), angle_min, step, np.array(ranges))


def test_of_many_beams_one_point_stands_for_neighbours_that_are_about_as_far():
    """From no place is anything nearer than the points say, less what they stand for."""
    rng, angles = np.random.default_rng(3), np.linspace(-math.pi, math.pi, 24_000, endpoint=False)
    wall = np.minimum(0.5 / np.abs(np.sin(angles)), 6.0)
    ranges = np.where(rng.random(24_000) < 0.02, rng.uniform(0.3, 3.0, 24_000), wall)
    ranges[5000:5400] = np.nan
    scan = PlanarScan((0.1, -0.2), -math.pi, 2 * math.pi / 24_000, ranges)
    points, beside = scan.few_points
    assert len(points) < 0.8 * len(scan.points_m) and beside.max() < 0.05
    for place in rng.uniform(-0.6, 0.6, (200, 2)):
        every = np.hypot(*(scan.points_m - place).T).min()
        assert (np.hypot(*(points - place).T) - beside).min() <= every + 1e-9
    few = PlanarScan((0.0, 0.0), -math.pi, math.pi / 180, ranges[:360])
    assert few.few_points[0] is few.points_m and not few.few_points[1].any()
