"""Depth to points: where they are, what is reduced, and which pixels do not count."""

import numpy as np
import pytest
from ray_pictures import LENS, LEVEL, cast, frame_of, with_settings

from noetra_ros.perception.cloud import block_size_px, cloud_of_depth, is_grazing, nearest_of_blocks
from noetra_ros.perception.frames import Pinhole

INF = np.inf


def test_a_pixel_lies_where_the_lens_says():
    depth_m = np.full((480, 640), INF, np.float32)
    depth_m[239, 429] = 2.0  # 110 px right of the centre, half a pixel up
    cloud = cloud_of_depth(frame_of(depth_m), with_settings(pixels_max=400_000))
    expected = [-1.0 + 2.0, -2.0 * 109.5 / 550.0, 0.5 + 2.0 * 0.5 / 550.0]
    assert cloud.points_base == pytest.approx(np.array([expected]), abs=1e-5)
    assert cloud.std_m == pytest.approx([0.002 + 0.001 * 4.0])


def test_a_reduced_picture_keeps_the_nearest_of_each_block():
    depth_m = np.array([[5, 4, 9], [np.nan, 6, 0], [7, INF, 8]], np.float32)
    assert nearest_of_blocks(depth_m, 2).tolist() == [[4, 9], [7, 8]]
    assert nearest_of_blocks(depth_m, 3).tolist() == [[4]]
    assert nearest_of_blocks(np.full((2, 2), np.nan, np.float32), 2).tolist() == [[INF]]


@pytest.mark.parametrize(
    ("shape", "block_px"), [((480, 640), 2), ((120, 160), 1), ((481, 641), 2), ((3, 2), 1)]
)
def test_block_size(shape, block_px):
    assert block_size_px(shape, 80_000) == block_px


def test_a_thin_rod_survives_the_reduction():
    rod = (np.array([0.5, 0.1, 0.2]), np.array([0.502, 0.103, 0.8]))  # 3 mm, one pixel wide
    cloud = cloud_of_depth(frame_of(cast(LEVEL, boxes=[rod])), with_settings(pixels_max=20_000))
    assert np.ptp(cloud.points_base[:, 2]) > 0.58


def test_points_of_a_reduced_picture_stay_on_the_surface():
    wall = (np.array([1.0, -2.0, -2.0]), np.array([1.1, 2.0, 2.0]))
    cloud = cloud_of_depth(frame_of(cast(LEVEL, boxes=[wall])), with_settings(pixels_max=20_000))
    assert len(cloud.points_base) == 120 * 160
    assert cloud.points_base[:, 0] == pytest.approx(1.0, abs=1e-5)
    assert cloud.points_base[:, 1].mean() == pytest.approx(0.0, abs=1e-4)


@pytest.mark.parametrize(
    ("row", "is_left_out"),
    [
        ([1.0, 1.5, 2.0], True),  # between two surfaces: mixed
        ([1.0, 1.5, INF], True),  # an edge against nothing
        ([2.0, 1.0, 2.0], False),  # a thin thing before a wall
        ([1.0, 1.02, 1.04], False),  # a slanted surface
        ([1.0, 2.0, 1.0], False),  # a gap
        ([INF, 1.0, INF], False),
        ([INF, INF, INF], False),
    ],
)
def test_grazing_rule(row, is_left_out):
    for picture in (np.array([row], np.float32), np.array([row], np.float32).T):
        assert is_grazing(picture, 0.05, 0.001).ravel()[1] == is_left_out


def test_the_jump_of_a_grazing_pixel_grows_with_the_noise():
    far = np.array([[5.0, 5.1, 5.2]], np.float32)
    assert is_grazing(far, 0.05, 0.0)[0, 1]
    assert not is_grazing(far, 0.05, 0.002)[0, 1]


def test_a_lens_off_the_middle_counts():
    lens = Pinhole(LENS.fx_px, LENS.fy_px, LENS.cx_px + 55.0, LENS.cy_px)
    depth_m = np.full((480, 640), INF, np.float32)
    depth_m[239, 320] = 1.0
    (point,) = cloud_of_depth(frame_of(depth_m, lens=lens), with_settings(pixels_max=400_000)).points_base
    assert point[1] == pytest.approx((319.5 + 55.0 - 320.0) / 550.0, abs=1e-5)
