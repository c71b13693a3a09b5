"""Scans and clouds as messages become points of their sensor, wherever the fields lie."""

import math

import numpy as np
import pytest
from sensor_msgs.msg import LaserScan, PointCloud2, PointField

from noetra_ros.robots.profile import Stream
from noetra_ros.ros.point_sensors import base_from_sensor, points_from_message, scan_from_message

pytestmark = pytest.mark.ros
POINTS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, np.nan]])
MOUNTED = Stream("scan", 10.0, 0.3, (0.1, 0.2, 0.3), math.pi / 2)


def cloud(kind="f4", datatype=PointField.FLOAT32, names="xyz", padding=4, row_padding=0):
    size = np.dtype(kind).itemsize
    step = padding + 3 * size
    data = bytearray()
    for point in POINTS:
        data += bytes(padding) + point.astype(kind).tobytes()
    message = PointCloud2(height=1, width=2, point_step=step, row_step=2 * step + row_padding)
    message.fields = [
        PointField(name=name, offset=padding + i * size, datatype=datatype, count=1)
        for i, name in enumerate(names)
    ]
    message.is_bigendian = kind.startswith(">")
    message.data = bytes(data) + bytes(row_padding)
    return message


@pytest.mark.parametrize(
    ("kind", "datatype"),
    [("f4", PointField.FLOAT32), ("f8", PointField.FLOAT64), (">f4", PointField.FLOAT32)],
)
@pytest.mark.parametrize("row_padding", [0, 6])
def test_points_of_every_layout(kind, datatype, row_padding):
    points = points_from_message(cloud(kind, datatype, row_padding=row_padding))
    assert np.array_equal(points, POINTS, equal_nan=True)


def test_a_cloud_without_z_is_refused():
    with pytest.raises(ValueError, match="expected x, y, z as float32 or float64"):
        points_from_message(cloud(names="xyw"))


def test_a_cloud_that_is_cut_short_is_refused():
    message = cloud()
    message.data = message.data[:-1]
    with pytest.raises(ValueError, match="has 31 bytes"):
        points_from_message(message)


def test_a_scan_knows_where_its_scanner_is():
    message = LaserScan(angle_min=-1.0, angle_increment=0.5, range_min=0.1, range_max=5.0, ranges=[1.0, 2.0])
    scan = scan_from_message(message, "scan", MOUNTED)
    assert (scan.sensor, scan.range_max_m, list(scan.ranges_m)) == ("scan", 5.0, [1.0, 2.0])
    ahead = base_from_sensor(MOUNTED) @ [1.0, 0.0, 0.0, 1.0]
    assert ahead[:3] == pytest.approx([0.1, 1.2, 0.3])
