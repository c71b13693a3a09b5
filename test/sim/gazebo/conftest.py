"""Folders written once for all tests of Gazebo's files."""

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from noetra_ros.core.resources import config_names
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.folder import WORLD, scene_of, write_folder
from noetra_ros.sim.scene_description import SCENES

sys.path.insert(0, str(Path(__file__).parent))

from arm_on_table import write_profile

SEED = 5
# Of the world `stand`, an arm alone, there is no scene for Gazebo.
SIMULATED = [
    name
    for name in config_names("robots")
    if (sim := load_robot(name).sim) is not None and sim.world in SCENES.names()
]


@pytest.fixture(scope="session", params=[*SIMULATED, "made"])
def profile(request, tmp_path_factory):
    if request.param == "made":
        return load_robot(str(write_profile(tmp_path_factory.mktemp("made"))))
    return load_robot(request.param)


@pytest.fixture(scope="session")
def files(profile, tmp_path_factory):
    return write_folder(profile, scene_of(profile, SEED), tmp_path_factory.mktemp(f"gazebo_{profile.name}"))


@pytest.fixture(scope="session")
def sdf_world(files):
    return ElementTree.parse(files.path(WORLD)).getroot().find("world")
