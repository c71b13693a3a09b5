"""The stand takes any arm: it stands still, follows its setpoints, feels touch, hangs targets in reach."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.draft import draft_profile
from noetra_ros.robots.draft_text import profile_text
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.scripted import make_expert
from noetra_ros.sim.stand_model import carried_geoms
from noetra_ros.sim.world import make_world

sys.path.insert(0, str(Path(__file__).parents[2] / "robots"))
from made_arm import arm_urdf

ARMS = ("ur5e", "fr3")


@pytest.fixture(scope="module", params=ARMS)
def stand(request):
    world = make_world(load_robot(request.param))
    yield world
    world.close()


def test_an_arm_neither_sags_nor_drifts(stand):
    stand.reset(1)
    start = stand.joint_state().positions
    stand.set_joint_targets(start)
    stand.step(500)
    assert stand.joint_state().positions == pytest.approx(start, abs=1e-6)


def test_a_step_is_followed_without_overshoot(stand):
    stand.reset(1)
    start = stand.joint_state().positions
    goal = start + 0.02
    stand.set_joint_targets(goal)
    most = np.full(len(start), -np.inf)
    for _ in range(250):
        stand.step()
        most = np.maximum(most, stand.joint_state().positions - goal)
    assert most.max() < 1e-4
    assert stand.joint_state().positions == pytest.approx(goal, abs=1e-4)


def test_no_torque_beyond_the_urdf(stand):
    stand.reset(1)
    stand.set_joint_targets(stand.joint_state().positions + 1.0)
    stand.step(10)
    assert np.abs(stand.joint_state().efforts).max() <= 150.0


def test_a_seed_repeats_bit_for_bit(stand):
    places = []
    for seed in (7, 8, 7):
        stand.reset(seed, "train")
        places.append(np.concatenate([stand.object_poses().ravel(), stand.joint_state().positions]))
    assert np.array_equal(places[0], places[2])
    assert not np.array_equal(places[0], places[1])


def test_every_target_is_reached_by_the_expert_and_only_then(stand):
    expert = make_expert(stand.profile)
    columns = [stand.state_names.index(name) for name in stand.profile.channel().joints]
    stand.reset(3)
    for _ in range(40):
        now = stand.joint_state().positions
        row = now.copy()
        row[columns] = expert.action_chunk(stand.truth(), now, "reach", "green", n=1)[0]
        for share in np.linspace(0.1, 1.0, 10):
            stand.set_joint_targets(now + share * (row - now))
            stand.step(5)
    truth = stand.truth()
    assert truth.tool_point_m == pytest.approx(
        truth.cube("green").position_m + np.array([0, 0, 0.029]), abs=2e-3
    )
    assert not stand.physics_state().is_touching.any()


def test_a_touch_counts_for_the_joints_that_carry_the_link(stand):
    model, _ = stand.model_and_data()
    carried = carried_geoms(model, stand.profile)
    arm = np.isin(stand.state_names, stand.profile.channel().joints)
    assert carried[:, model.geom("tool_mark").id].tolist() == arm.tolist()
    assert not carried[:, model.geom("plinth").id].any()
    first = model.body(int(model.joint(stand.state_names[0]).bodyid[0])).id
    assert carried[:, np.flatnonzero(model.geom_bodyid == first)[0]].tolist() == [True] + [False] * (
        len(stand.state_names) - 1
    )


@pytest.mark.parametrize("targets", [np.nan, np.inf])
def test_targets_that_make_no_sense_are_refused(stand, targets):
    with pytest.raises(ValueError, match="finite numbers"):
        stand.set_joint_targets(np.full(len(stand.state_names), targets))


def test_nobody_walks_here(stand):
    with pytest.raises(ConfigError, match="nobody walks here"):
        stand.reset(1, person="random")


def test_only_reaching_is_known(stand):
    with pytest.raises(ConfigError, match="nothing to grip"):
        make_expert(stand.profile).action_chunk(stand.truth(), np.zeros(7), "pick", "red")


def finger_gap_m(world):
    """Between the pads, whose faces are the origins of the fingers' links."""
    model, data = world.model_and_data()
    left, right = (data.xpos[model.body(f"gripper_{side}_finger").id] for side in ("left", "right"))
    return float(np.linalg.norm(left - right))


@pytest.mark.parametrize("opening_m", [0.085, 0.03, 0.0])
def test_both_fingers_follow_the_one_joint_that_is_driven(opening_m):
    world = make_world(load_robot("ur5e"))
    start = world.joint_state().positions
    goal = start + np.array([0, 0, 0, 0.4, 0, 0.4, 0.7929 * (1.0 - opening_m / 0.085)])
    for share in np.linspace(0.0, 1.0, 60):
        world.set_joint_targets(start + share * (goal - start))
        world.step(5)
    world.step(100)
    assert finger_gap_m(world) == pytest.approx(opening_m, abs=2e-5)
    assert world.joint_state().positions == pytest.approx(goal, abs=1e-4)
    world.show(start, world.object_poses())
    assert finger_gap_m(world) == pytest.approx(0.085, abs=1e-6)
    world.close()


def test_the_fingers_give_way_no_further_than_their_mechanism():
    """One finger is pushed by 100 N: the other goes along, and the motor holds both with its torque."""
    world = make_world(load_robot("ur5e"))
    start = world.joint_state().positions
    world.set_joint_targets(start + np.array([0, 0, 0, 0, 0, 0, 0.4]))
    world.step(400)
    model, data = world.model_and_data()
    gap_m, left = finger_gap_m(world), model.body("gripper_left_finger").id
    data.xfrc_applied[left, :3] = 100.0 * data.xmat[left].reshape(3, 3)[:, 0]
    world.step(400)
    places_m = [
        data.qpos[model.joint(f"gripper_{side}_finger_joint").qposadr[0]] for side in ("left", "right")
    ]
    assert places_m[0] == pytest.approx(places_m[1], abs=2e-4)
    assert finger_gap_m(world) - gap_m > 1e-3
    assert world.joint_state().efforts[-1] == pytest.approx(100.0 * 0.0425 / 0.7929, rel=0.05)
    world.close()


@pytest.mark.gl
def test_a_picture_shows_the_arm(stand):
    stand.reset(0)
    assert stand.render("front").rgb.std() > 10.0


def test_an_arm_made_by_noetra_robot_new_moves_as_it_is(tmp_path):
    """Without inertias, on a world above its root, with a joint that turns without end."""
    weld = '<joint name="stand" type="fixed"><parent link="world"/><child link="base"/></joint>'
    text = arm_urdf(turn="continuous", extra=f'<link name="world"/>{weld}')
    bare = re.sub(r"<inertial>.*?</inertial>", "", text)
    (tmp_path / "made.urdf").write_text(bare)
    path = tmp_path / "made_arm.yaml"
    path.write_text(profile_text(draft_profile(tmp_path / "made.urdf")))
    world = make_world(load_robot(str(path)))
    start = world.joint_state().positions
    goal = start - 0.1 * np.sign(start) * np.array([1, 1, 1, 0])
    for share in np.linspace(0.0, 1.0, 50):
        world.set_joint_targets(start + share * (goal - start))
        world.step(5)
    world.step(100)
    assert world.joint_state().positions == pytest.approx(goal, abs=1e-4)
    world.close()
