"""Reach: the tool within 3 cm of the spot 1.5 cm above the named cube's top (0.043 m above the table)."""

import pytest
from made_scenes import made_scene

from noetra_ros.sim.task import TASKS

REACH = TASKS.get("reach")


@pytest.mark.parametrize(
    ("tool_m", "is_reached"),
    [
        ((0.200, 0.0, 0.043), True),
        ((0.229, 0.0, 0.043), True),
        ((0.231, 0.0, 0.043), False),
        ((0.200, 0.0, 0.072), True),
        ((0.200, 0.0, 0.074), False),
        ((0.200, 0.0, 0.014), True),
    ],
)
def test_distance_to_the_spot_decides(tool_m, is_reached):
    assert REACH.is_success(made_scene(tool_m=tool_m), "red") == is_reached


def test_over_another_cube_is_wrong_and_no_success():
    scene = made_scene(tool_m=(0.18, 0.09, 0.043))
    assert REACH.is_wrong_object(scene, "red")
    assert not REACH.is_success(scene, "red")
    assert not REACH.is_wrong_object(scene, "green")
