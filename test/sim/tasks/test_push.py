"""Push: the named cube 4 cm farther from the base, on the table, and nothing else moved."""

import pytest
from made_scenes import made_scene

from noetra_ros.sim.task import TASKS

PUSH = TASKS.get("push")


@pytest.mark.parametrize(
    ("cube_m", "is_pushed"),
    [
        ((0.241, 0.0, 0.014), True),
        ((0.239, 0.0, 0.014), False),
        ((0.150, 0.0, 0.014), False),
        ((0.200, 0.1, 0.014), False),
        ((0.250, 0.0, 0.040), False),
    ],
)
def test_outward_on_the_table_decides(cube_m, is_pushed):
    assert PUSH.is_success(made_scene(red_cube=cube_m), "red") == is_pushed


@pytest.mark.parametrize(("shift_m", "is_wrong"), [(0.019, False), (0.021, True)])
def test_another_thing_moved_by_2_cm_is_wrong(shift_m, is_wrong):
    scene = made_scene(purple_ball=(0.32, -0.05 - shift_m, 0.0125))
    assert PUSH.is_wrong_object(scene, "red") == is_wrong


def test_moving_the_named_cube_is_not_wrong():
    assert not PUSH.is_wrong_object(made_scene(red_cube=(0.26, 0.0, 0.014)), "red")
