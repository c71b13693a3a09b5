"""The physics reports touches of robot and person, with speeds that geometry confirms, and no force."""

import numpy as np
import pytest

from noetra_ros.sim.person_watch import PersonWatch

WATCHED_S = 5.0


def swing(world, seed, person, seconds=WATCHED_S):
    """The arm swings by itself while a person reaches in; joint positions at every control period."""
    world.reset(seed, "none", person)
    start, rows = world.joint_state().positions, []
    while world.episode_s < seconds:
        t = world.episode_s
        world.set_joint_targets(
            start + np.array([0.8 * np.sin(1.5 * t), 0.5 + 0.4 * np.sin(t), -0.3, 0, 0, 0])
        )
        world.step(5)
        rows.append(world.joint_state().positions)
    return np.array(rows)


def test_a_person_changes_nothing_in_the_robots_motion(arm_world):
    alone = swing(arm_world, 8, "")
    assert arm_world.person() is None
    assert np.array_equal(swing(arm_world, 8, "reach"), alone)
    assert arm_world.person().touches  # although they touched


def test_an_episode_with_a_person_repeats_exactly(arm_world):
    runs = []
    for _ in range(2):
        swing(arm_world, 9, "random")
        runs.append((arm_world.person().segments_m.copy(), arm_world.person().touches))
        arm_world.reset(4, "train", "walk")
    assert np.array_equal(runs[0][0], runs[1][0])
    assert [(t.link, t.part, t.speed_mps, t.closing_mps) for t in runs[0][1]] == [
        (t.link, t.part, t.speed_mps, t.closing_mps) for t in runs[1][1]
    ]


def test_speed_towards_the_person_is_that_of_the_touched_point(arm_world):
    """The distance at which robot and person close in just before a touch tells the same closing speed."""
    arm_world.reset(8, "none", "reach")
    start, watch, distances = arm_world.joint_state().positions, arm_world.person(), []
    while not watch.touches and arm_world.episode_s < WATCHED_S:
        t = arm_world.episode_s
        swung = np.array([0.8 * np.sin(1.5 * t), 0.5 + 0.4 * np.sin(t), -0.3, 0, 0, 0])
        arm_world.set_joint_targets(start + swung)
        arm_world.step(1)
        distances.append(watch.distance_m())
    closed_mps = (distances[-6] - distances[-3]) / (3 * arm_world.step_s)
    assert watch.touches[0].closing_mps == pytest.approx(closed_mps, rel=0.25)
    assert watch.touches[0].speed_mps <= watch.touches[0].highest_mps


def test_nobody_far_or_gone_touches_nothing(arm_world):
    arm_world.reset(8, "none", "reach")
    watch: PersonWatch = arm_world.person()
    assert not watch.is_present and watch.distance_m() == np.inf and watch.touches == ()
    arm_world.show(arm_world.joint_state().positions, arm_world.object_poses(), 1.0)
    assert watch.is_present and 0.0 < watch.distance_m() < 4.0
    arm_world.show(arm_world.joint_state().positions, arm_world.object_poses(), 99.0)
    assert not watch.is_present
