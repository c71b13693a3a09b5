"""Pick: the named cube 5 cm higher than at the start."""

import pytest
from made_scenes import made_scene

from noetra_ros.sim.task import TASKS

PICK = TASKS.get("pick")


@pytest.mark.parametrize(("height_m", "is_picked"), [(0.0645, True), (0.0635, False), (0.014, False)])
def test_rise_decides(height_m, is_picked):
    assert PICK.is_success(made_scene(red_cube=(0.2, 0.0, height_m)), "red") == is_picked


@pytest.mark.parametrize(("height_m", "is_wrong"), [(0.0445, True), (0.0435, False)])
def test_another_cube_lifted_by_3_cm_is_wrong(height_m, is_wrong):
    scene = made_scene(green_cube=(0.18, 0.09, height_m))
    assert PICK.is_wrong_object(scene, "red") == is_wrong
    assert not PICK.is_success(scene, "red")
