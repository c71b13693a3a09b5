"""ALOHA's grippers in world stand: each is one joint, both of its fingers slide, the other arm's do not."""

import numpy as np
import pytest

from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world

CLOSED_M, OPEN_M = 0.01844, 0.058  # off the middle, each finger: 0 and 1 of the data sets
HOME_M = 0.02239
SIDES = ("left", "right")


@pytest.fixture(scope="module")
def stand():
    world = make_world(load_robot("aloha"))
    yield world
    world.close()


def column(world, side):
    return world.profile.joint_names.index(f"{side}_gripper")


def bring(world, **places_m):
    """Drives grippers to their places within half a second, the arms turn at the wrists."""
    start = world.joint_state().positions
    goal = start.copy()
    for side, place_m in places_m.items():
        goal[column(world, side)] = place_m
        goal[column(world, side) - 1] += 0.5
    for share in np.linspace(0.0, 1.0, 50):
        world.set_joint_targets(start + share * (goal - start))
        world.step(5)
    world.step(100)
    return goal


def fingers_m(world, side):
    """(2, 3) of the left and the right finger, frame of the gripper they slide on."""
    model, data = world.model_and_data()
    palm = model.body(f"{side}_gripper_link").id
    bodies = [model.body(f"{side}_{finger}_finger_link").id for finger in SIDES]
    return (data.xpos[bodies] - data.xpos[palm]) @ data.xmat[palm].reshape(3, 3)


@pytest.mark.parametrize("place_m", [CLOSED_M, 0.04, OPEN_M])
@pytest.mark.parametrize("side", SIDES)
def test_both_fingers_of_a_gripper_follow_its_joint_and_no_other(stand, side, place_m):
    stand.reset(1)
    goal = bring(stand, **{side: place_m})
    assert stand.joint_state().positions == pytest.approx(goal, abs=1e-4)
    other = SIDES[1 - SIDES.index(side)]
    for gripper, expected_m in ((side, place_m), (other, HOME_M)):
        left_m, right_m = fingers_m(stand, gripper)
        assert left_m == pytest.approx([0.0687, expected_m, 0.0], abs=1e-4)
        assert right_m == pytest.approx(left_m * [1.0, -1.0, 1.0], abs=1e-4)


def test_the_tips_touch_at_home_and_leave_seven_centimetres_when_open(stand):
    """Between the meshes that ship. Closed is 4 mm further in for each: real fingers bend, these do not."""
    gaps_m = []
    for place_m in (HOME_M, OPEN_M):
        stand.reset(1)
        bring(stand, left=place_m)
        gaps_m.append(pads_apart_m(stand, "left"))
    assert gaps_m == pytest.approx([0.0, 2.0 * (OPEN_M - HOME_M)], abs=1e-3)


def pads_apart_m(world, side):
    """Between the innermost corners of both fingers, across the gripper; below 0 = inside one another."""
    model, data = world.model_and_data()
    palm = model.body(f"{side}_gripper_link").id
    across = data.xmat[palm].reshape(3, 3)[:, 1]
    ends_m = []
    for finger in SIDES:
        (geom,) = np.flatnonzero(model.geom_bodyid == model.body(f"{side}_{finger}_finger_link").id)
        mesh = model.geom_dataid[geom]
        first = model.mesh_vertadr[mesh]
        corners = model.mesh_vert[first : first + model.mesh_vertnum[mesh]]
        ends_m.append((corners @ data.geom_xmat[geom].reshape(3, 3).T + data.geom_xpos[geom]) @ across)
    return float(ends_m[0].min() - ends_m[1].max())


def test_a_finger_that_is_held_gives_way_by_the_motors_force_alone(stand):
    """5 N hold against 4 N; 8 N push the gripper open, and the other finger goes along."""
    stand.reset(1)
    bring(stand, left=0.03)
    model, data = stand.model_and_data()
    finger, palm = (model.body(f"left_{name}_link").id for name in ("left_finger", "gripper"))
    places_m = []
    for force_n in (4.0, 8.0):
        data.xfrc_applied[finger, :3] = force_n * data.xmat[palm].reshape(3, 3)[:, 1]
        stand.step(200)
        places_m.append(fingers_m(stand, "left")[:, 1])
    data.xfrc_applied[:] = 0.0
    assert places_m[0] == pytest.approx([0.03, -0.03], abs=8e-3)
    assert places_m[1][0] > 0.057 and places_m[1][1] < -0.057


def test_the_tool_stays_in_the_middle_between_the_tips(stand):
    for place_m in (CLOSED_M, OPEN_M):
        stand.reset(1)
        bring(stand, right=place_m)
        model, data = stand.model_and_data()
        palm, tool = (model.body(f"right_{name}").id for name in ("gripper_link", "tool0"))
        place = (data.xpos[tool] - data.xpos[palm]) @ data.xmat[palm].reshape(3, 3)
        assert place == pytest.approx([0.15, 0.0, 0.0], abs=1e-6)
        assert fingers_m(stand, "right").mean(axis=0) == pytest.approx([0.0687, 0.0, 0.0], abs=1e-4)


def test_a_varied_posture_leaves_the_grippers_where_commands_can_reach(stand):
    """By the angles that the other joints are put off, in m, they would have begun at their stops."""
    columns = [column(stand, side) for side in SIDES]
    seen_m = []
    for seed in range(10):
        stand.reset(seed, "train")
        seen_m.append(stand.joint_state().positions[columns])
    assert np.ptp(seen_m) > 0.0 and np.abs(np.array(seen_m) - HOME_M).max() < 1e-3
