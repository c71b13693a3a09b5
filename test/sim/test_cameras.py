"""Where a point of the world falls in the picture, and how deep."""

import numpy as np
import pytest

from noetra_ros.robots.profile import Camera
from noetra_ros.sim.cameras import Intrinsics, intrinsics, look_at, project


def test_focal_length_follows_from_the_field_of_view():
    lens = Camera(topic="t", frame="f", width_px=200, height_px=100, rate_hz=10, fovy_rad=np.pi / 2)
    assert intrinsics(lens) == Intrinsics(200, 100, pytest.approx(50.0), pytest.approx(50.0), 99.5, 49.5)


def test_looking_down_the_x_axis():
    expected = [[0, 0, 1], [-1, 0, 0], [0, -1, 0]]  # right = -y, down = -z, forward = x
    assert look_at((0, 0, 0), (2, 0, 0), (0, 0, 1)) == pytest.approx(np.array(expected))


def test_up_along_the_line_of_sight_is_refused():
    with pytest.raises(ValueError, match="must not lie along the line of sight"):
        look_at((0, 0, 1), (0, 0, 0), (0, 0, 1))


def test_project_a_literal_point():
    lens = Intrinsics(96, 96, 100.0, 100.0, 47.5, 47.5)
    assert project(np.array([[0.1, -0.2, 2.0]]), lens)[0] == pytest.approx([52.5, 37.5])


@pytest.mark.gl
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("name", "channel"), [("red_cube", 0), ("green_cube", 1), ("blue_cube", 2)])
def test_a_cube_is_seen_where_geometry_says(arm_world, seed, name, channel):
    arm_world.reset(seed, "train")
    camera_from_world = np.linalg.inv(arm_world.camera_pose("front"))
    top_world = np.append(arm_world.truth().objects[name].position_m + np.array([0, 0, 0.014]), 1.0)
    top = (camera_from_world @ top_world)[:3]
    column, row = np.rint(project(top[None], arm_world.intrinsics("front"))[0]).astype(int)
    image = arm_world.render("front")
    assert int(np.argmax(image.rgb[row, column])) == channel
    assert image.depth_m[row, column] == pytest.approx(top[2], abs=0.01)
