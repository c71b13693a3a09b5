"""A camera that was knocked out of its place stays there until it is put back; the room is seen by choice."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError

NOTHING = np.zeros(3)


def test_a_displaced_camera_stays_displaced_through_a_reset(arm_world):
    arm_world.reset(3, "train")
    before = {name: arm_world.camera_pose(name) for name in ("front", "overhead")}
    arm_world.displace_camera("overhead", np.array([0.05, 0.0, 0.0]), np.array([0.0, 0.0, 0.2]))
    arm_world.reset(3, "train")
    moved = arm_world.camera_pose("overhead")
    assert np.linalg.norm(moved[:3, 3] - before["overhead"][:3, 3]) == pytest.approx(0.05)
    turned = np.arccos((np.trace(before["overhead"][:3, :3].T @ moved[:3, :3]) - 1) / 2)
    assert turned == pytest.approx(0.2)
    assert np.array_equal(arm_world.camera_pose("front"), before["front"])
    arm_world.displace_camera("overhead", NOTHING, NOTHING)
    assert np.array_equal(arm_world.camera_pose("overhead"), before["overhead"])


def test_cameras_of_perception_are_where_the_profile_says(arm_world, arm_profile):
    arm_world.reset(3, "train")
    assert arm_world.camera_pose("overhead")[:3, 3] == pytest.approx(
        arm_profile.cameras["overhead"].position_m
    )
    assert arm_world.camera_pose("front")[:3, 3] != pytest.approx(arm_profile.cameras["front"].position_m)


def test_an_unknown_camera_cannot_be_displaced(arm_world):
    with pytest.raises(ConfigError, match="front, wrist, overhead"):
        arm_world.displace_camera("left", NOTHING, NOTHING)


@pytest.mark.gl
def test_overhead_sees_where_people_come_from(arm_world):
    """Points at table height 1.2 m before the base and to both sides are in the picture."""
    arm_world.reset(3)
    camera_from_world = np.linalg.inv(arm_world.camera_pose("overhead"))
    lens = arm_world.intrinsics("overhead")
    for x, y in ((1.2, 0.0), (0.0, 1.2), (0.0, -1.2), (1.2, 1.2), (1.2, -1.2), (-0.3, 0.0)):
        point = (camera_from_world @ np.array([x, y, 0.0, 1.0]))[:3]
        column, row = point[:2] / point[2] * [lens.fx_px, lens.fy_px] + [lens.cx_px, lens.cy_px]
        assert 0 <= column < lens.width_px and 0 <= row < lens.height_px, (x, y)
    depth_m = arm_world.render("overhead").depth_m
    assert np.isfinite(depth_m).all() and depth_m.max() == pytest.approx(2.54, abs=0.01)
