"""Two arms in world stand: targets for each tool, one reaches while the other holds still, mounts as told."""

import numpy as np
import pytest

from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.reach_targets import ReachTargets, nearest_tool
from noetra_ros.sim.scripted import make_expert
from noetra_ros.sim.task import TASKS
from noetra_ros.sim.world import home_positions, make_world

ROBOTS = ("aloha", "g1_upper_body")


@pytest.fixture(scope="module", params=ROBOTS)
def stand(request):
    world = make_world(load_robot(request.param))
    yield world
    world.close()


def reach(world, colour, rows=40):
    """Bring a tool to a cube by the scripted expert, as the graph does; (rows, n) joints on the way."""
    expert, way = make_expert(world.profile), []
    for _ in range(rows):
        now = world.joint_state().positions
        row = expert.action_chunk(world.truth(), now, "reach", colour, n=1)[0]
        for share in np.linspace(0.1, 1.0, 10):
            world.set_joint_targets(now + share * (row - now))
            world.step(5)
        way.append(world.joint_state().positions)
    return np.array(way)


def test_both_arms_neither_sag_nor_drift(stand):
    stand.reset(1)
    start = stand.joint_state().positions
    stand.set_joint_targets(start)
    stand.step(500)
    assert stand.joint_state().positions == pytest.approx(start, abs=1e-6)


@pytest.mark.parametrize(("colour", "arm"), [("red", 0), ("green", 1)])
def test_one_arm_reaches_while_the_other_holds_still(stand, colour, arm):
    stand.reset(3)
    assert not TASKS.get("reach").is_success(stand.truth(), colour)
    start, way = stand.joint_state().positions, reach(stand, colour)
    moved = np.abs(way - start).max(axis=0).reshape(2, -1).max(axis=1)
    assert moved[arm] > 0.1 and moved[1 - arm] < 1e-3
    assert TASKS.get("reach").is_success(stand.truth(), colour)
    assert not stand.physics_state().is_touching.any()


def test_targets_are_for_the_tools_in_turns_and_in_their_boxes(stand):
    profile = stand.profile
    home = np.array(list(home_positions(profile).values()))
    stand.reset(0)
    truth = stand.truth()
    homes_m = np.vstack([truth.tool_point_m, truth.further_tools_m])
    places_m = ReachTargets(profile, home).draw(np.random.default_rng(5), 6)
    for number, place_m in enumerate(places_m):
        assert nearest_tool(homes_m, place_m) == number % 2
        box = profile.tool_boxes[number % 2]
        assert (np.array(box.lower_m) < place_m).all() and (place_m < np.array(box.upper_m)).all()


def test_it_stands_on_what_its_profile_says(stand):
    model, _ = stand.model_and_data()
    names = [model.geom(number).name for number in range(model.ngeom)]
    assert "plinth" not in names
    for name, mount in stand.profile.sim.mounts.items():
        geom = model.geom(f"mount_{name}")
        assert geom.pos + geom.size == pytest.approx(mount.upper_m)
        assert geom.pos - geom.size == pytest.approx(mount.lower_m)


@pytest.mark.gl
def test_a_picture_shows_both_arms(stand):
    """The left and the right third of the first camera's picture hold something else than its rim."""
    stand.reset(0)
    for name in stand.profile.cameras:
        assert stand.render(name).rgb.std() > 10.0, name
