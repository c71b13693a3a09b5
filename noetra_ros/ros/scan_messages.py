"""Laser scans as messages, in the frame of the base: for the supervisor."""

from __future__ import annotations

import math

import numpy as np
from sensor_msgs.msg import LaserScan

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.robots.profile import Stream


def planar_scan_from_message(message: LaserScan, stream: Stream) -> PlanarScan:
    """A scan by REP 117: +inf = nothing within range, -inf = something nearer than the scanner measures, NaN
    and what is below `range_min` = not measured; what is beyond `range_max` counts as nothing within range.

    Args:
        message: beams in either direction of turning.
        stream: says where the scanner is.

    Raises:
        ValueError: no beams, or angles or ranges that are no numbers.
    """
    ranges = np.array(message.ranges, dtype=np.float64)
    low, high = float(message.range_min), float(message.range_max)
    if not (math.isfinite(low) and 0.0 <= low < high):
        raise ValueError(f"scan: measures from {low} m to {high} m, expected numbers, the second higher")
    is_too_near = np.isneginf(ranges)
    ranges[ranges < low] = np.nan
    ranges[is_too_near] = low
    ranges[ranges > high] = np.inf
    first, step = float(message.angle_min), float(message.angle_increment)
    if step < 0.0:
        first, step, ranges = first + step * (len(ranges) - 1), -step, ranges[::-1]
    return PlanarScan(stream.position_m[:2], first + stream.yaw_rad, step, ranges)
