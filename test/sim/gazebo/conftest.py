"""Folders written once for all tests of Gazebo's files."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import mujoco
import pytest

from noetra_ros.core.resources import config_names
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.folder import WORLD, scene_of, write_folder
from noetra_ros.sim.world import make_world

sys.path.insert(0, str(Path(__file__).parent))

import arm_as_it_comes
import arm_on_table
from sdf_reading import ModelFrames, models_of

SEED = 5
SIMULATED = [name for name in config_names("robots") if load_robot(name).sim is not None]
MADE = {"made": arm_on_table, "as it comes": arm_as_it_comes}


@pytest.fixture(scope="session", params=[*SIMULATED, *MADE])
def profile(request, tmp_path_factory):
    if request.param in MADE:
        return load_robot(str(MADE[request.param].write_profile(tmp_path_factory.mktemp("made"))))
    return load_robot(request.param)


@pytest.fixture(scope="session")
def scene(profile):
    return scene_of(profile, SEED)


@pytest.fixture(scope="session")
def files(profile, scene, tmp_path_factory):
    return write_folder(profile, scene, tmp_path_factory.mktemp(f"gazebo_{profile.name}"))


@pytest.fixture(scope="session")
def sdf_world(files):
    return ElementTree.parse(files.path(WORLD)).getroot().find("world")


@pytest.fixture(scope="session")
def robot(profile, sdf_world):
    return ModelFrames(models_of(sdf_world)[profile.name])


@pytest.fixture(scope="session")
def arm(profile):
    if not profile.joint_names:
        pytest.skip("a base without an arm: its wheels are not in MuJoCo's world")
    return profile


@pytest.fixture(scope="module")
def world(profile):
    world = make_world(profile)
    world.reset(SEED)
    yield world
    world.close()


@pytest.fixture(scope="module")
def zero(world):
    """MuJoCo's model and a state of it in which every joint of the robot is at zero."""
    model, _ = world.model_and_data()
    data = mujoco.MjData(model)
    mujoco.mj_resetData(model, data)
    data.qpos[:] = model.qpos0
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    mujoco.mj_camlight(model, data)
    return model, data
