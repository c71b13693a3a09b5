"""The arm's world repeats by seed, refuses what a drive would refuse, and feels touch."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.simulation import Hand
from noetra_ros.sim.kinematics import ArmKinematics
from noetra_ros.sim.world import make_world


def run(world, seed, variation="train"):
    world.reset(seed, variation)
    start = world.joint_state().positions
    for k in range(60):
        world.set_joint_targets(start + np.array([0.01, 0.02, 0.0, 0.0, 0.01, -0.01]) * k)
        world.step(5)
    return np.concatenate([world.joint_state().positions, world.object_poses().ravel()])


def test_a_seed_repeats_bit_for_bit(arm_world):
    first = run(arm_world, 7)
    run(arm_world, 8)
    assert np.array_equal(run(arm_world, 7), first)


@pytest.mark.gl
def test_pictures_repeat_and_differ_by_variation(arm_world):
    pictures = []
    for seed, variation in ((7, "train"), (7, "train"), (7, "none")):
        arm_world.reset(seed, variation)
        pictures.append(arm_world.render("wrist").rgb)
    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


def test_time_never_jumps_back(arm_world):
    before = arm_world.time_ns
    arm_world.step(3)
    arm_world.reset(1)
    assert arm_world.time_ns == before + 6_000_000


@pytest.mark.parametrize("targets", [np.full(6, np.nan), np.zeros(5), np.array([0, 0, np.inf, 0, 0, 0])])
def test_targets_that_make_no_sense_are_refused(arm_world, targets):
    arm_world.reset(1)
    with pytest.raises(ValueError, match="expected 6 finite numbers"):
        arm_world.set_joint_targets(targets)
    assert np.isnan(arm_world.physics_state().targets).all()


def test_a_twist_is_refused(arm_world):
    with pytest.raises(ConfigError, match="this robot is fixed"):
        arm_world.set_twist(0.1, 0.0)


def test_things_rest_where_the_layout_says(arm_world):
    arm_world.reset(3)
    arm_world.step(500)
    for name, thing in arm_world.truth().objects.items():
        assert thing.position_m[:2] == pytest.approx(arm_world.layout.positions_m[name], abs=2e-3)
        assert thing.speed_mps < 1e-2


def test_touch_is_felt_by_every_joint_that_carries_it(arm_world):
    arm_world.reset(0)
    assert not arm_world.physics_state().is_touching.any()
    start = arm_world.joint_state().positions
    for k in range(200):  # lower the fingers onto the table
        arm_world.set_joint_targets(start + np.array([0, 0.9, 0, 0, 0, 0]) * k / 200)
        arm_world.step(5)
    assert arm_world.physics_state().is_touching[:5].all()
    assert np.linalg.norm(arm_world.wrench()[:3]) > 2.0


def test_the_wrist_weighs_the_gripper(arm_world):
    arm_world.reset(0)
    arm_world.step(200)
    assert np.linalg.norm(arm_world.wrench()[:3]) == pytest.approx(0.099 * 9.81, rel=0.05)


def test_mark_start_is_the_new_reference(arm_world):
    arm_world.reset(0)
    moved = arm_world.object_poses()
    moved[0, 0] += 0.05
    arm_world.show(arm_world.joint_state().positions, moved)
    red = arm_world.truth().objects["red_cube"]
    assert red.position_m[0] - red.start_position_m[0] == pytest.approx(0.05, abs=1e-3)
    arm_world.mark_start()
    red = arm_world.truth().objects["red_cube"]
    assert np.array_equal(red.position_m, red.start_position_m)


@pytest.mark.gl
def test_every_cube_is_visible_at_the_start(arm_world):
    for seed in range(5):
        arm_world.reset(seed, "train")
        rgb = arm_world.render("front").rgb.astype(int)
        others = np.sort(rgb, axis=-1)[..., 1]
        for channel in range(3):
            is_hue = (rgb.argmax(-1) == channel) & (rgb.max(-1) > 1.6 * others) & (rgb.max(-1) > 40)
            assert is_hue.sum() >= 12, f"seed {seed}, channel {channel}"


def test_an_unknown_camera_lists_the_known(arm_world):
    with pytest.raises(ConfigError, match="front, wrist"):
        arm_world.render("left")


def test_another_hand_can_stand_at_the_table(arm_profile):
    """A tool without jaw, fingers and joint of its own: its profile is all that the world asks for."""
    tool = Hand(link="gripper_link", point_m=(0.0, 0.0, -0.12))
    sim = dataclasses.replace(arm_profile.sim, hand=tool)
    world = make_world(dataclasses.replace(arm_profile, sim=sim))
    world.reset(2)
    world.step(10)
    truth = world.truth()
    assert truth.gripper_rad == 0.0
    model, data = world.model_and_data()
    hand = model.body("gripper_link").id
    expected = data.xpos[hand] + data.xmat[hand].reshape(3, 3) @ [0.0, 0.0, -0.12]
    assert truth.tool_point_m == pytest.approx(expected)
    world.close()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hand": None}, "sim.hand: got nothing, expected the hand"),
        ({"servos": {}}, "sim.servos.shoulder_pan: got nothing, expected kp, kv, torque_nm"),
        ({"hand": Hand(link="hook")}, "sim.hand.link: got 'hook', expected one of"),
    ],
)
def test_what_the_table_needs_of_an_arm_is_named(arm_profile, changes, said):
    sim = dataclasses.replace(arm_profile.sim, **changes)
    with pytest.raises(ConfigError, match=said):
        make_world(dataclasses.replace(arm_profile, sim=sim))


def test_the_scripted_expert_asks_for_a_jaw(arm_profile):
    sim = dataclasses.replace(arm_profile.sim, hand=Hand(link="gripper_link"))
    with pytest.raises(ConfigError, match=r"sim.hand: got another arm, expected a hand with a jaw"):
        ArmKinematics(dataclasses.replace(arm_profile, sim=sim))
