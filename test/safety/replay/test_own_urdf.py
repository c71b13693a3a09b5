"""A profile with its URDF beside it is replayed from a recording that lies elsewhere."""

import shutil

import yaml
from supervised import SETTINGS

from noetra_ros.core.config import read_yaml
from noetra_ros.core.resources import config_file
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.replay.header import set_up


def test_the_urdf_beside_the_profile_is_found_again(tmp_path):
    shutil.copy(load_robot("so101").urdf_path, tmp_path / "arm.urdf")
    shutil.copytree(load_robot("so101").urdf_path.parent / "meshes", tmp_path / "meshes")
    path = tmp_path / "so101.yaml"
    path.write_text(yaml.safe_dump({**read_yaml(config_file("robots", "so101")), "urdf": "arm.urdf"}))
    recorded = set_up(str(path), load_robot(str(path)), "", SETTINGS)
    assert recorded.load_profile().urdf_path == tmp_path / "arm.urdf"


def test_the_text_of_a_shipped_profile_stays_as_it_is():
    recorded = set_up("so101", load_robot("so101"), "", SETTINGS)
    assert recorded.profile == config_file("robots", "so101").read_text(encoding="utf-8")
