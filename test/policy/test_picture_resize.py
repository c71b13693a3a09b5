"""Pictures are resized as stated, and lie where the preflight takes them to lie."""

from dataclasses import replace

import numpy as np
import pytest

from noetra_ros.core.picture_path import placement
from noetra_ros.policy.picture_resize import as_given, resized, ways_of
from noetra_ros.robots.profile import load_robot
from noetra_ros.robots.sensors import PolicyPicture

WIDE = np.zeros((90, 160, 3), np.uint8)
WIDE[:, :80] = (200, 0, 0)  # left half red, right half green
WIDE[:, 80:] = (0, 200, 0)


@pytest.mark.parametrize(
    ("resize", "rows"),
    [
        ("letterbox", (14, 50)),
        ("letterbox_start", (0, 36)),
        ("letterbox_end", (28, 64)),
        ("stretch", (0, 64)),
    ],
)
def test_the_picture_lies_where_the_preflight_says_and_the_rest_is_black(resize, rows):
    got = resized(WIDE, PolicyPicture(64, 64, resize))
    place = placement((160, 90), resize, (64, 64))
    assert (round(place.top_px), round(place.top_px + place.height_px)) == rows
    lit = np.flatnonzero(got.sum(axis=(1, 2)))
    assert got.shape == (64, 64, 3) and (lit[0], lit[-1] + 1) == rows
    assert (got[rows[0] : rows[1], :31] == (200, 0, 0)).all() and (
        got[rows[0] : rows[1], 33:] == (0, 200, 0)
    ).all()


def test_a_crop_keeps_shapes_and_cuts_both_sides_alike():
    marked = WIDE.copy()
    marked[:, :35] = marked[:, 125:] = 255  # beyond the middle 90 columns
    got = resized(marked, PolicyPicture(64, 64, "crop"))
    assert (got[:, 1:31] == (200, 0, 0)).all() and (got[:, 33:63] == (0, 200, 0)).all()


def test_only_cameras_with_a_stated_way_are_resized_and_videos_with_them(observation):
    front = observation.frames["front"]
    seen = replace(observation, videos={"front": (front, front)})
    robot = load_robot("so101")
    assert as_given(seen, ways_of(robot.cameras)) is seen
    small = replace(robot.cameras["front"], for_policy=PolicyPicture(48, 48, "stretch"))
    got = as_given(seen, ways_of({**robot.cameras, "front": small}))
    assert got.frames["front"].rgb.shape == (48, 48, 3) and got.frames["front"].stamp_ns == front.stamp_ns
    assert got.frames["wrist"] is observation.frames["wrist"]
    assert [frame.rgb.shape for frame in got.videos["front"]] == [(48, 48, 3)] * 2


def test_a_picture_of_the_size_itself_is_left_as_it_is():
    np.testing.assert_array_equal(resized(WIDE, PolicyPicture(160, 90, "letterbox")), WIDE)


def test_a_view_that_is_read_backwards_is_resized_too():
    assert (resized(WIDE[:, :, ::-1], PolicyPicture(80, 45, "stretch"))[:, :39] == (0, 0, 200)).all()
