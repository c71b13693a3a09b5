"""The body that kinematics expects is the one that the simulated depth camera sees."""

import numpy as np
import pytest

from noetra_ros.perception.body_view import BodyView
from noetra_ros.perception.frames import Pinhole
from noetra_ros.perception.health.moved import distances_m
from noetra_ros.robots.camera_mounts import CameraMounts
from noetra_ros.robots.link_surfaces import LinkSurfaces

pytestmark = pytest.mark.gl


@pytest.mark.parametrize(("shift_m", "low", "high"), [(0.0, 0.0, 0.03), (0.05, 0.14, 1.0)])
def test_body_lies_where_it_is_seen_and_not_where_a_moved_camera_would(
    so101, table_world, shift_m, low, high
):
    table_world.reset(3)
    positions = table_world.joint_state().positions
    seen = table_world.intrinsics("overhead")
    lens = Pinhole(seen.fx_px, seen.fy_px, seen.cx_px, seen.cy_px)
    pose = CameraMounts(so101).base_from_optical("overhead", positions)
    pose[1, 3] += shift_m
    depth_m = table_world.render("overhead").depth_m
    body_m = BodyView(LinkSurfaces(so101)).depth(depth_m.shape, lens, pose, positions)
    off_m = distances_m(depth_m, body_m)
    assert len(off_m) > 100
    assert low <= np.mean(np.abs(off_m) > 0.03) <= high
