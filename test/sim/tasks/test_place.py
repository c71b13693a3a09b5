"""Place: the named cube in the bowl, let go, at rest."""

import pytest
from made_scenes import made_scene

from noetra_ros.sim.task import TASKS

PLACE = TASKS.get("place")
BOWL_M = (0.15, 0.17, 0.0)


@pytest.mark.parametrize(
    ("cube_m", "tool_m", "speed_mps", "is_placed"),
    [
        ((0.150, 0.17, 0.017), (0.15, 0.17, 0.10), 0.0, True),
        ((0.195, 0.17, 0.017), (0.15, 0.17, 0.10), 0.0, True),
        ((0.197, 0.17, 0.017), (0.15, 0.17, 0.10), 0.0, False),
        ((0.150, 0.17, 0.060), (0.15, 0.17, 0.10), 0.0, False),
        ((0.150, 0.17, 0.017), (0.15, 0.17, 0.03), 0.0, False),
        ((0.150, 0.17, 0.017), (0.15, 0.17, 0.10), 0.1, False),
    ],
    ids=["in", "at the wall", "outside", "above the rim", "still held", "moving"],
)
def test_in_the_bowl_released_and_at_rest(cube_m, tool_m, speed_mps, is_placed):
    scene = made_scene(tool_m=tool_m, speed_mps=speed_mps, bowl_m=BOWL_M, red_cube=cube_m)
    assert PLACE.is_success(scene, "red") == is_placed


def test_another_thing_in_the_bowl_is_wrong():
    scene = made_scene(bowl_m=BOWL_M, yellow_cylinder=(0.15, 0.17, 0.016))
    assert PLACE.is_wrong_object(scene, "red")
    assert not PLACE.is_wrong_object(made_scene(bowl_m=BOWL_M), "red")
