"""Laser scans by REP 117, in either direction of turning, from a scanner that is mounted askew."""

import math

import numpy as np
import pytest
from sensor_msgs.msg import LaserScan

from noetra_ros.robots.profile import Stream
from noetra_ros.ros.scan_messages import planar_scan_from_message

STREAM = Stream(topic="scan", rate_hz=10.0, max_age_s=0.3, position_m=(0.1, 0.0, 0.2), yaw_rad=math.pi)


def message(ranges, angle_min=-0.1, increment=0.1, range_min=0.2, range_max=5.0):
    return LaserScan(
        angle_min=angle_min,
        angle_increment=increment,
        range_min=range_min,
        range_max=range_max,
        ranges=ranges,
    )


def test_each_kind_of_range_is_taken_as_it_is_meant():
    scan = planar_scan_from_message(message([1.0, math.inf, -math.inf, math.nan, 0.1, 7.0]), STREAM)
    np.testing.assert_allclose(scan.ranges_m, [1.0, np.inf, 0.2, np.nan, np.nan, np.inf], rtol=1e-6)


def test_a_scanner_that_looks_back_sees_things_behind():
    scan = planar_scan_from_message(message([1.0], angle_min=0.0), STREAM)
    assert scan.points_m == pytest.approx(np.array([[-0.9, 0.0]]), abs=1e-6)


def test_a_scanner_that_turns_the_other_way_round_sees_the_same():
    one = planar_scan_from_message(message([1.0, 2.0, 3.0]), STREAM)
    other = planar_scan_from_message(message([3.0, 2.0, 1.0], angle_min=0.1, increment=-0.1), STREAM)
    np.testing.assert_allclose(other.points_m, one.points_m, atol=1e-6)


@pytest.mark.parametrize("changes", [{"range_min": math.nan}, {"range_max": 0.1}, {"increment": 0.0}])
def test_what_is_no_scan_is_refused(changes):
    with pytest.raises(ValueError, match="scan"):
        planar_scan_from_message(message([1.0], **changes), STREAM)
