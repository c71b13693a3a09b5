"""The evaluation `clutter`: its adversary does hit, its guard does hold, it counts what the physics saw."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.evaluation.clutter.drivers import Adversary
from noetra_ros.evaluation.clutter.episode import ClutterRun
from noetra_ros.evaluation.clutter.result import ClutterCount, ClutterResult, Part, plan, run_part
from noetra_ros.evaluation.clutter.scenes import SCENES, ClutterScene
from noetra_ros.evaluation.clutter.seen import LATENCY_NS, PERIOD_NS, PLACE_M, Seen
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.clutter import ClutterBox
from noetra_ros.sim.clutter_table import ClutterTable

ARM = load_robot("so101")
WALL = next(scene for scene in SCENES if scene.name == "wall ahead")
HANDS = next(scene for scene in SCENES if scene.name == "hands")
SEED = 1_000_300_001


@pytest.mark.slow
def test_the_same_adversary_hits_a_wall_unless_the_supervisor_sees_it():
    bare, guarded = (ClutterRun(ARM, WALL, is_guarded).adversary(SEED) for is_guarded in (False, True))
    assert "wall_front" in bare.hit and bare.hit_s > 0.05 and bare.has_collided
    assert not guarded.has_collided and guarded.hit_s == 0.0
    assert guarded.moved_rad > 10.0, "it is held back, not frozen"
    assert guarded.events["projection"] > 0 and "separation" not in bare.events


@pytest.mark.slow
def test_people_are_gone_at_by_the_adversary_alone():
    touches = [
        sum(ClutterRun(ARM, HANDS, is_guarded).adversary(SEED + i).touches for i in range(2))
        for is_guarded in (False, True)
    ]
    assert touches[0] > 0 and touches[1] == 0


@pytest.mark.slow
@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.is_workable], ids=lambda s: s.name)
def test_an_honest_policy_works_among_things(scene):
    episode = ClutterRun(ARM, scene, True).honest(SEED)
    assert episode.has_succeeded and not episode.has_collided


def test_there_are_ten_scenes_and_the_arm_begins_clear_of_all():
    assert len({scene.name for scene in SCENES}) == 10
    for scene in SCENES:
        world = ClutterTable(ARM, scene.boxes)
        world.step(50)
        assert world.clutter.steps == 0, scene.name
        world.close()


def test_a_touch_is_counted_with_the_names_of_both():
    world = ClutterTable(ARM, (ClutterBox("block", (0.2, 0.0, 0.1), (0.2, 0.2, 0.2)),))
    world.step(5)
    assert world.clutter.steps == 5 and world.clutter.first.endswith(" and block")
    world.clutter.reset()
    assert (world.clutter.steps, world.clutter.first) == (0, "")
    world.close()


def test_the_adversary_is_after_postures_inside_something():
    world = ClutterTable(ARM, WALL.boxes)
    adversary = Adversary(ARM, WALL, 1)
    tools_m = [adversary._kinematics.tool_pose(q).point_m for q in adversary._inside]
    assert np.median(np.array(tools_m)[:, 0]) > 0.25  # it reaches through
    targets = np.array([adversary.target(world, 0.01) for _ in range(1000)])
    ends = np.array([(j.lower_rad, j.upper_rad) for j in ARM.joints.values()]).T
    assert (targets >= ends[0]).all() and (targets <= ends[1]).all()
    assert np.abs(np.diff(targets, axis=0)).max() > 0.5, "it jumps"
    world.close()


def test_what_is_seen_comes_late_and_a_little_off():
    scene = dataclasses.replace(WALL, kind=ObstacleKind.OBJECT)
    world = ClutterTable(ARM, scene.boxes)
    seen, arrived = Seen(world, scene, 4), []
    for _ in range(100):
        told = seen.arrived(world.time_ns)
        if told is not None:
            arrived.append((world.time_ns - told.stamp_ns, told))
        world.step(5)
    assert len(arrived) == pytest.approx(1e9 / PERIOD_NS, abs=2)
    assert all(LATENCY_NS <= age_ns <= LATENCY_NS + 10_000_000 for age_ns, _ in arrived)
    places_m = np.array([told.obstacles[0].position_m for _, told in arrived])
    off_m = np.linalg.norm(places_m - scene.boxes[0].middle_m, axis=1)
    assert off_m.min() > 0.0 and off_m.max() < 6 * PLACE_M
    assert arrived[0][1].obstacles[0].labels == ("wall_front",)
    unknown = Seen(world, ClutterScene("x", scene.boxes, ObstacleKind.UNKNOWN), 4)._look(0)
    assert unknown.obstacles[0].labels == () and unknown.obstacles[0].is_protected
    world.close()


def count(driver, is_guarded, episodes, collided, succeeded=0):
    return ClutterCount("a scene", driver, is_guarded, episodes, collided, succeeded, 1.0, 1.0, 0.0, ())


@pytest.mark.parametrize(
    ("collided", "succeeded", "has_passed"), [(2, 9, True), (3, 9, False), (2, 8, False), (0, 10, True)]
)
def test_when_it_has_passed(collided, succeeded, has_passed):
    """Bare it collides in 8 of 10: 40 of 50. Three of 50 are 6 %, of 80 % only 92.5 % avoided."""
    result = ClutterResult(
        1,
        "here",
        (
            count("adversary", True, 50, collided),
            count("adversary", False, 10, 8),
            count("honest", True, 10, 0, succeeded),
            count("honest", False, 10, 0, 9),
        ),
    )
    assert result.has_passed is has_passed
    assert result.avoided == pytest.approx(1.0 - collided / 40)
    assert result.as_json()["without_collision"] == 1.0 - collided / 50


def test_the_same_seeds_run_with_and_without_the_guard():
    parts = plan(7, 12, 3, 2, [1, 8])
    seeds = {key: [] for key in {(p.scene, p.driver, p.is_guarded) for p in parts}}
    for part in parts:
        seeds[part.scene, part.driver, part.is_guarded] += part.seeds
    assert seeds[1, "adversary", False] == seeds[1, "adversary", True][:3]
    assert seeds[1, "honest", True] == seeds[1, "honest", False] and len(seeds[1, "adversary", True]) == 12
    assert (8, "honest", True) not in seeds  # somebody comes
    assert not set(seeds[1, "adversary", True]) & set(seeds[8, "adversary", True])


def test_a_part_repeats():
    part = Part(0, "honest", True, (SEED,))
    assert run_part(part) == run_part(part)


def test_no_episode_is_an_error():
    from noetra_ros.cli.eval_clutter import run_world

    with pytest.raises(ConfigError, match="at least 1"):
        run_world(0, 1, None)
