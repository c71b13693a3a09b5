"""Room before each kind of barrier in figures, on a robot whose links are plain boxes."""

import dataclasses
import math

import numpy as np
import pytest
from obstacles_around import obstacle, scene
from sliding_robot import slider
from supervised import SETTINGS, WATCHING

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.robots.keep_out import KeepOutBox, ToolTilt
from noetra_ros.safety.projection.barrier import Body, barrier_registry, build_barriers

HALF_M, MARGIN_M = 0.05, 0.003  # of the tool
PAIR = "base_link and tool"
BOX = KeepOutBox((0.4, -0.1, -0.1), (0.6, 0.1, 0.1))


@pytest.fixture(scope="module")
def robot(tmp_path_factory):
    return slider(tmp_path_factory.mktemp("slider"))


def made(name, robot, settings=SETTINGS, **changes):
    return barrier_registry.get(name)(Body(dataclasses.replace(robot, **changes), settings))


def at(x, y=0.0, z=0.0, turn=0.0):
    return np.array([x, y, z, turn])


def test_links_of_one_robot_keep_apart_by_the_margin(robot):
    pairs = made("self_collision", robot)
    assert pairs.names == ("base_link and tool", "carriage and tool")
    row = [pairs.names.index(PAIR)]
    for posture in (at(0.3), at(-0.3), at(0.0, 0.3), at(0.0, 0.0, -0.3)):
        assert pairs.room(posture, row)[0] == pytest.approx(0.3 - 0.1 - HALF_M - MARGIN_M, abs=1e-6)


def test_pairs_that_are_never_apart_are_told_and_not_watched(robot):
    """The cage is around the base: a robot that took this for a collision would never move."""
    assert made("self_collision", robot).left_out == ("base_link and cage", "cage and tool")


def test_a_joint_that_moves_both_links_does_not_move_them_apart(robot):
    pairs = made("self_collision", robot)
    posture = at(0.1, 0.0, 1.7)
    both = pairs.room(posture, [0, 1])
    gradient = pairs.gradient([0, 1])
    assert both[1] == pytest.approx(2.0 - 0.05 - 1.7 - HALF_M - MARGIN_M, abs=1e-6)
    assert gradient[0] == pytest.approx([0.0, 0.0, 1.0, 0.0], abs=1e-6)
    assert gradient[1] == pytest.approx([0.0, 0.0, -1.0, 0.0], abs=1e-6)
    assert (pairs.reach[0] >= [1.0, 1.0, 1.0, 0.05]).all()
    assert pairs.reach[1][0] == 0.0 and (pairs.reach[1][1:3] == 1.0).all()


def test_what_turns_into_another_link_has_its_gradient(robot):
    """The corner of the tool, turned by 30 degrees: half a degree on it is nearer."""
    pairs, posture, step = made("self_collision", robot), at(0.3, 0.0, 0.0, math.pi / 6), 1e-5
    pairs.room(posture, [0])
    gradient = pairs.gradient([0])[0]
    for joint in range(4):
        shift = step * np.eye(4)[joint]
        change = pairs.room(posture + shift, [0]) - pairs.room(posture - shift, [0])
        assert gradient[joint] == pytest.approx(change[0] / (2.0 * step), abs=1e-3)
    assert abs(gradient[3]) > 0.01


def test_of_two_branches_each_moves_its_own_link(tmp_path):
    """Two arms: one that draws back gives room as much as the other that does."""
    pairs = made("self_collision", slider(tmp_path, has_shutter=True))
    row = [k for k, name in enumerate(pairs.names) if "tool" in name and "shutter" in name]
    assert pairs.room(np.array([1.0, 0.0, 0.5, 0.0, -0.2]), row)[0] == pytest.approx(
        0.7 - 0.1 - 0.003, abs=1e-6
    )
    assert pairs.gradient(row)[0] == pytest.approx([0.0, 0.0, 1.0, 0.0, -1.0], abs=1e-6)
    assert (pairs.reach[row[0]] >= [1.0, 1.0, 1.0, 0.0, 1.0]).all()


def test_a_robot_that_cannot_reach_itself_or_has_no_shapes_has_no_pairs(tmp_path, robot):
    assert made("self_collision", robot, urdf="") is None
    text = robot.urdf_path.read_text()
    alone = tmp_path / "alone.urdf"
    base = text.index("<collision>")
    alone.write_text(text[:base] + text[text.index("</collision>") + len("</collision>") :])
    far = (
        alone.read_text().replace('xyz="0 0 2"', 'xyz="0 0 0"').replace('size="0.1 0.1 0.1"', 'size="9 9 9"')
    )
    alone.write_text(far)
    assert made("self_collision", robot, urdf=str(alone)) is None


def test_moving_links_keep_out_of_a_box_by_the_margin(robot):
    boxes = made("keep_out", robot, keep_out={"post": KeepOutBox(BOX.lower_m, BOX.upper_m, ("tool",))})
    assert boxes.names == ("tool and post",)
    assert boxes.room(at(0.2), [0])[0] == pytest.approx(0.2 - HALF_M - MARGIN_M, abs=1e-6)
    assert boxes.gradient([0])[0] == pytest.approx([-1.0, 0.0, 0.0, 0.0], abs=1e-6)
    assert boxes.room(at(0.8, 0.05), [0])[0] == pytest.approx(0.2 - HALF_M - MARGIN_M, abs=1e-6)


def test_without_names_all_links_that_move_and_none_that_stands_are_kept_out(robot):
    """The base may stand beside the box; it does not come nearer."""
    boxes = made("keep_out", robot, keep_out={"post": BOX, "door": BOX})
    links = ("carriage", "cage", "tool")
    assert boxes.names == (*(f"{link} and post" for link in links), *(f"{link} and door" for link in links))
    named = KeepOutBox(BOX.lower_m, BOX.upper_m, ("base_link", "tool"))
    assert made("keep_out", robot, keep_out={"post": named}).names == ("tool and post",)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("excess_m", [0.0, 0.1])
def test_a_box_without_inside_is_an_error(robot, axis, excess_m):
    """It would keep nothing out, and whoever drew it believes that it does."""
    lower = [0.1, 0.1, 0.1]
    lower[axis] = 0.2 + excess_m
    with pytest.raises(ConfigError, match=r"keep_out\.post: got .* lower_m below upper_m on each axis"):
        made("keep_out", robot, keep_out={"post": KeepOutBox(tuple(lower), (0.2, 0.2, 0.2))})


def test_each_face_of_the_workspace_is_kept_by_the_margin(robot):
    faces = made("workspace", robot)
    room = faces.room(at(0.1, 0.2, 0.3), list(range(6)))
    assert room == pytest.approx(np.array([0.6, 0.7, 0.8, 0.7, 1.0, 0.7]) - 0.001)
    assert faces.room(at(0.1, 0.2, 0.3), [3, 0]) == pytest.approx([0.699, 0.599])
    signs = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]])
    assert faces.gradient(list(range(6)))[:, :3] == pytest.approx(signs)
    assert faces.gradient([5])[0] == pytest.approx([0.0, 0.0, -1.0, 0.0])
    assert faces.names[3] == "the workspace (y, high)"


def test_a_robot_without_a_box_has_no_faces(robot):
    assert made("workspace", robot, workspace=None) is None
    assert made("keep_out", robot, keep_out={}) is None
    assert made("tool_tilt", robot, tool_tilt=None) is None


@pytest.mark.parametrize("length", [1.0, 3.0])
def test_a_tool_leans_by_no_more_than_it_may(robot, length):
    """A full cup; the axes are told with any length."""
    tilt = ToolTilt((length, 0.0, 0.0), (0.0, 0.5 * length, 0.0), 1.0)
    cone = made("tool_tilt", robot, tool_tilt=tilt)
    for turn, room in ((math.pi / 2, 1.0), (math.pi / 2 - 0.4, 0.6), (0.2, 1.0 - (math.pi / 2 - 0.2))):
        assert cone.room(at(0.0, turn=turn), [0])[0] == pytest.approx(room)
    assert cone.gradient([0])[0] == pytest.approx([0.0, 0.0, 0.0, 1.0])
    cone.room(at(0.0, turn=math.pi / 2 + 0.4), [0])
    assert cone.gradient([0])[0] == pytest.approx([0.0, 0.0, 0.0, -1.0])
    cone.room(at(0.0, turn=math.pi / 2), [0])
    assert np.isfinite(cone.gradient([0])).all(), "upright, no way is the way out"


SPHERE = {"shape": Shape.SPHERE, "size_m": (0.03, 0.5, 0.7)}
STANDING = {"shape": Shape.CAPSULE, "size_m": (0.03, 0.4, 0.9)}
CUBE = {"shape": Shape.BOX, "size_m": (0.06, 0.4, 0.4)}
NEAR_M = 0.2
AVOIDING = dataclasses.replace(WATCHING, obstacle_margin_m=0.02)


def thing(position_m, **changes):
    return obstacle(position_m, **{"kind": ObstacleKind.FIXTURE, "labels": ("vase",), **changes})


def seeing(robot, *things):
    barrier = made("obstacles", robot, AVOIDING)
    barrier.see(scene(*things))
    return barrier


def tool_row(barrier):
    return [barrier.names.index(next(name for name in barrier.names if name.startswith("tool and ")))]


@pytest.mark.parametrize("shape", [SPHERE, STANDING, CUBE], ids=["sphere", "capsule", "box"])
def test_room_to_what_is_seen_is_that_between_the_surfaces(robot, shape):
    """Each of them has half of 6 cm towards the tool."""
    barrier = seeing(robot, thing((NEAR_M, 0.0, 0.0), **shape))
    row = tool_row(barrier)
    assert barrier.room(at(0.0), row)[0] == pytest.approx(NEAR_M - 0.03 - HALF_M - 0.02, abs=1e-6)
    assert barrier.gradient(row)[0][:3] == pytest.approx([-1.0, 0.0, 0.0], abs=1e-4)


def test_a_capsule_stands_as_high_as_it_is_long(robot):
    """Half of its length and its radius above its middle: a post that the tool must clear."""
    barrier = seeing(robot, thing((0.0, 0.0, -0.45), **STANDING))
    row = tool_row(barrier)
    assert barrier.room(at(0.0), row)[0] == pytest.approx(0.45 - 0.2 - 0.03 - HALF_M - 0.02, abs=1e-6)


BALL_M = HALF_M * math.sqrt(3.0)  # around the tool
AROUND = {"sphere": (SPHERE, 0.03), "capsule": (STANDING, 0.23), "box": (CUBE, 0.5 * math.sqrt(0.3236))}


@pytest.mark.parametrize(("shape", "radius_m"), AROUND.values(), ids=AROUND)
def test_from_far_away_the_balls_around_both_count(robot, shape, radius_m):
    barrier = seeing(robot, thing((1.5, 0.0, 0.2), **shape))
    row = tool_row(barrier)
    apart_m = math.hypot(1.5, 0.2)
    assert barrier.room(at(0.0), row)[0] == pytest.approx(apart_m - BALL_M - radius_m - 0.02, abs=1e-6)
    assert barrier.gradient(row)[0] == pytest.approx([-1.5 / apart_m, 0.0, -0.2 / apart_m, 0.0], abs=1e-6)


def test_the_same_scene_is_taken_once_and_another_one_at_once(robot):
    barrier, seen = made("obstacles", robot, AVOIDING), scene(thing((NEAR_M, 0.0, 0.0), **SPHERE))
    assert barrier.see(seen) is True and barrier.see(seen) is False
    assert len(barrier.names) == 3 and barrier.names[2] == "tool and vase 7"
    assert barrier.see(None) is True and barrier.names == ()
    assert barrier.see(None) is False
    assert barrier.reach.shape == (0, 4)


def test_a_thing_without_a_label_is_told_by_its_kind(robot):
    barrier = seeing(robot, thing((NEAR_M, 0.0, 0.0), labels=(), **SPHERE))
    assert barrier.names[2] == "tool and fixture 7"


def test_without_perception_or_shapes_nothing_is_seen(robot):
    assert made("obstacles", robot, SETTINGS) is None
    assert made("obstacles", robot, AVOIDING, urdf="") is None


def test_barriers_of_one_robot_share_its_shapes(robot):
    two = build_barriers(
        ("self_collision", "keep_out"), dataclasses.replace(robot, keep_out={"b": BOX}), SETTINGS
    )
    assert two[0]._hulls is two[1]._hulls
