"""Camera pictures side by side."""

import numpy as np

from noetra_ros.view.pictures import side_by_side


def filled(height, width, shade):
    return np.full((height, width, 3), shade, dtype=np.uint8)


def test_two_in_a_row_in_one_width():
    sheet = side_by_side({"a": filled(96, 96, 10), "b": filled(48, 96, 200), "c": filled(96, 96, 90)})
    assert sheet.shape == (320 + 6 + 320, 646, 3)
    assert sheet[300, 300].tolist() == [10, 10, 10]
    assert sheet[100, 600].tolist() == [200, 200, 200]
    assert sheet[600, 300].tolist() == [90, 90, 90]


def test_one_takes_the_whole_width():
    assert side_by_side({"front": filled(480, 640, 0)}).shape == (480, 640, 3)
