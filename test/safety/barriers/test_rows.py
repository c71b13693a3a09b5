"""Every registered barrier: its room changes as its gradient says, and never faster than its reach."""

import dataclasses

import numpy as np
import pytest
from obstacles_around import obstacle, scene
from supervised import SETTINGS, WATCHING

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.robots.keep_out import KeepOutBox, ToolTilt
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.barriers import obstacles
from noetra_ros.safety.projection.barrier import Body, BoundedBarrier, barrier_registry, build_barriers

ARM = dataclasses.replace(
    load_robot("so101"),
    keep_out={"post": KeepOutBox((0.18, -0.03, 0.0), (0.24, 0.03, 0.30))},
    tool_tilt=ToolTilt((0.0, 0.0, 1.0), (0.0, 0.2, -1.0), 0.5),
)
ENDS = np.array([(joint.lower_rad, joint.upper_rad) for joint in ARM.joints.values()]).T
NAMES = barrier_registry.names()
ROOMS = [name for name in NAMES if name != "tool_speed"]  # that one says nothing of postures
TURNED = (0.1, 0.2, 0.3, 0.9)
THINGS = scene(
    obstacle((0.2, 0.1, 0.1), kind=ObstacleKind.FIXTURE, size_m=(0.03, 0.2, 0.0), quat_xyzw=TURNED),
    obstacle((0.3, -0.1, 0.2), kind=ObstacleKind.OBJECT, shape=Shape.SPHERE, size_m=(0.05, 0.0, 0.0)),
    obstacle((0.1, 0.3, 0.1), kind=ObstacleKind.OBJECT, shape=Shape.BOX, size_m=(0.05, 0.1, 0.2)),
    obstacle((1.5, 0.3, 0.1), kind=ObstacleKind.OBJECT, shape=Shape.BOX, size_m=(0.05, 0.1, 0.2)),
)


@pytest.fixture(scope="module")
def barriers():
    body = Body(ARM, WATCHING)
    made = {name: barrier_registry.get(name)(body) for name in ROOMS}
    made["obstacles"].see(THINGS)
    with pytest.MonkeyPatch.context() as exact:
        exact.setattr(obstacles, "FAR_M", np.inf)
        yield made


@pytest.mark.parametrize("name", ROOMS)
def test_the_gradient_is_the_change_of_the_room(barriers, name):
    barrier, draw, step = barriers[name], np.random.default_rng(1), 1e-6
    rows = list(range(len(barrier.names)))
    for _ in range(5):
        here = draw.uniform(*ENDS)
        room = barrier.room(here, rows)
        gradient = barrier.gradient(rows)
        shifts = step * np.eye(len(here))
        changes = [(barrier.room(here + d, rows) - barrier.room(here - d, rows)) / (2 * step) for d in shifts]
        is_smooth = np.abs(room) > 1e-3  # hulls that just touch change their nearest corners
        # Of polyhedra the nearest corner may change within a step: most rows have to agree, not each.
        apart = np.abs(gradient - np.array(changes).T).max(axis=1)[is_smooth]
        assert np.median(apart) < 1e-4 and (apart < 0.02).mean() > 0.9, (name, apart.max())


@pytest.mark.parametrize("name", ROOMS)
def test_the_room_never_changes_faster_than_its_reach(barriers, name):
    barrier, draw = barriers[name], np.random.default_rng(2)
    rows = list(range(len(barrier.names)))
    for _ in range(40):
        one, other = draw.uniform(*ENDS), draw.uniform(*ENDS)
        room, then = barrier.room(one, rows).copy(), barrier.room(other, rows)
        outside = np.maximum(room, 0.0) - np.maximum(then, 0.0)  # depths inside have no such bound
        assert (np.abs(outside) <= barrier.reach @ np.abs(one - other) + 1e-6).all()


def test_what_the_profile_says_nothing_of_is_left_out():
    bare = load_robot("so101")
    assert [len(barrier.names) > 1 for barrier in build_barriers(ROOMS, bare, SETTINGS)] == [True, True]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"keep_out": {"post": KeepOutBox((0.2, 0.0, 0.0), (0.1, 1.0, 1.0))}}, "keep_out.post"),
        ({"keep_out": {"post": KeepOutBox((0, 0, 0), (1, 1, 1), ("elbow",))}}, "keep_out.post.links"),
        ({"tool_tilt": ToolTilt((0.0, 0.0, 0.0), (0, 0, 1), 0.5)}, "tool_tilt.tool_axis"),
    ],
)
def test_what_makes_no_sense_is_named(change, key):
    with pytest.raises(ConfigError, match=key):
        build_barriers(NAMES, dataclasses.replace(ARM, **change), SETTINGS)


def test_unknown_and_repeated_names_are_errors():
    with pytest.raises(ConfigError, match="forcefield"):
        build_barriers(["forcefield"], ARM, SETTINGS)
    with pytest.raises(ConfigError, match="each name once"):
        build_barriers(["workspace", "workspace"], ARM, SETTINGS)


@pytest.mark.parametrize("name", ["so101", "aloha", "g1_upper_body"])
def test_balls_around_links_never_tell_more_room_between_them_than_there_is(name):
    """Else a pair of links would not be measured that is about to meet."""
    profile = load_robot(name)
    (pairs,) = build_barriers(("self_collision",), profile, SETTINGS)
    assert isinstance(pairs, BoundedBarrier)
    ends = np.array([(joint.lower_rad, joint.upper_rad) for joint in profile.joints.values()]).T
    draw, rows, told = np.random.default_rng(5), list(range(len(pairs.names))), []
    for _ in range(10):
        posture = draw.uniform(*ends)
        bound, room = pairs.bound(posture, rows), pairs.room(posture, rows)
        assert (bound <= room + 1e-9).all()
        told.append(float((bound > 0.02).mean()))
    assert max(told) > 0.1, "of some it tells that they are far"
