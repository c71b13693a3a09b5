"""A thumbnail is a small JPEG of the same shape."""

import io

import numpy as np
import PIL.Image
import pytest

pytest.importorskip("rclpy")

from noetra_ros.ros.thumbnails import thumbnail


@pytest.mark.parametrize(
    ("height_px", "width_px", "size"), [(480, 640, (160, 120)), (96, 96, (96, 96)), (400, 100, (40, 160))]
)
def test_the_longer_side_is_bounded(height_px, width_px, size):
    data = thumbnail(np.full((height_px, width_px, 3), 200, np.uint8), 160, 75)
    picture = PIL.Image.open(io.BytesIO(data))
    assert (picture.format, picture.size) == ("JPEG", size)
    assert len(data) < 5000
