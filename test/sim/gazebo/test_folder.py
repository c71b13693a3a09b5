"""The folder for Gazebo: valid by sdformat itself and by the table of SDF 1.9, complete, repeatable."""

import dataclasses
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.gazebo.elements import unknown_in
from noetra_ros.sim.gazebo.folder import BRIDGES, CONTROLLERS, MODEL, URDF, WORLD, scene_of, write_folder
from noetra_ros.sim.gazebo.tool import check_file, find_library

BUMPY = '<sdf version="1.9"><world name="w"><model name="m"/></world></sdf>'


@pytest.fixture
def library():
    found = find_library()
    if found is None:
        pytest.skip("sdformat is not installed: apt install libsdformat12-12")
    return found


@pytest.mark.parametrize("name", [WORLD, MODEL])
def test_sdformat_itself_reads_every_world_and_model(files, library, name):
    assert check_file(files.path(name), library) == ""


def test_sdformat_refuses_a_model_without_links(tmp_path, library):
    path = tmp_path / "bumpy.sdf"
    path.write_text(BUMPY, encoding="utf-8")
    assert "must have at least one link" in check_file(path, library)


@pytest.mark.parametrize("name", [WORLD, MODEL])
def test_no_element_is_unknown_to_sdf(files, name):
    assert unknown_in(ElementTree.parse(files.path(name)).getroot()) == []


def test_somebody_stands_there_if_asked_for(tmp_path, library):
    arm = load_robot("so101")
    files = write_folder(arm, scene_of(arm, 3, "reach", 8.0), tmp_path)
    names = [m.get("name") for m in ElementTree.parse(files.path(WORLD)).getroot().iter("model")]
    assert len([name for name in names if name.startswith("person_")]) == 15
    assert check_file(files.path(WORLD), library) == ""


@pytest.mark.parametrize(("name", "world"), [("diffbot", "room"), ("ur5e", "stand")])
def test_nobody_comes_where_nobody_walks(name, world):
    with pytest.raises(ConfigError, match=rf"world {world}.*\n.*person: got 'reach', expected nobody"):
        scene_of(load_robot(name), 0, "reach")


def test_every_mesh_that_is_named_is_there(files):
    for name, tag, key in ((WORLD, "uri", None), (URDF, "mesh", "filename")):
        for element in ElementTree.parse(files.path(name)).getroot().iter(tag):
            given = element.text if key is None else element.get(key)
            assert (files.folder / given.removeprefix("file://")).is_file()


def test_the_same_seed_gives_the_same_files(profile, tmp_path):
    written = []
    for _ in range(2):
        files = write_folder(profile, scene_of(profile, 7), tmp_path)
        written.append(
            [files.path(name).read_text() for name in (WORLD, MODEL, URDF, CONTROLLERS, BRIDGES[0])]
        )
    assert written[0] == written[1]


def test_a_namespace_is_on_topics_and_controllers(tmp_path):
    arm = load_robot("so101")
    files = write_folder(arm, scene_of(arm, 0), tmp_path, "/left")
    rows = yaml.safe_load(files.path(BRIDGES[0]).read_text())
    assert {"ros_topic_name": "front/image_raw", "gz_topic_name": "/left/front/image"}.items() <= rows[
        1
    ].items()
    assert "/left/controller_manager" in yaml.safe_load(files.path(CONTROLLERS).read_text())
    assert ElementTree.parse(files.path(MODEL)).getroot().findtext("model/plugin/ros/namespace") == "/left"


def with_mesh_names(folder, change):
    """An SO-101 whose URDF lies in `folder`, its meshes beside it, named by `change` of their names."""
    arm = load_robot("so101")
    shutil.copytree(arm.urdf_path.parent, folder, dirs_exist_ok=True)
    path = folder / "so101.urdf"
    path.write_text(re.sub(r'filename="(.*?)"', lambda m: f'filename="{change(m[1])}"', path.read_text()))
    return dataclasses.replace(arm, urdf=str(path))


def test_meshes_of_a_package_are_found(tmp_path):
    arm = with_mesh_names(tmp_path / "my_arm", lambda name: f"package://my_arm/{name}")
    files = write_folder(arm, scene_of(arm, 0), tmp_path / "out")
    names = {mesh.get("filename") for mesh in ElementTree.parse(files.path(URDF)).getroot().iter("mesh")}
    assert {Path(name.removeprefix("file://")).parent for name in names} == {tmp_path / "out" / "meshes"}


def test_meshes_of_the_same_name_stay_apart(tmp_path):
    """The eye's and the touch's often are called alike, in folders of their own."""
    arm = with_mesh_names(tmp_path / "arm", lambda name: name)
    name = "upper_arm_so101_v1.stl"
    (tmp_path / "arm" / "solid").mkdir()
    (tmp_path / "arm" / "solid" / name).write_bytes(b"other")
    before, _, after = arm.urdf_path.read_text().rpartition(f"meshes/{name}")
    arm.urdf_path.write_text(f"{before}solid/{name}{after}")
    files = write_folder(arm, scene_of(arm, 0), tmp_path / "out")
    link = ElementTree.parse(files.path(MODEL)).getroot().find("model/link[@name='upper_arm_link']")
    seen, touched = (
        [uri.text for uri in link.iterfind(f"{part}/geometry/mesh/uri")] for part in ("visual", "collision")
    )
    assert f"meshes/{name}" in seen
    assert files.path("meshes/upper_arm_so101_v1_2.stl").read_bytes() == b"other"
    assert "meshes/upper_arm_so101_v1_2.stl" in touched
    assert f"meshes/{name}" not in touched


def test_a_mesh_that_is_not_there_is_told(tmp_path):
    arm = with_mesh_names(tmp_path / "arm", lambda name: name.replace("base_so101", "nobody"))
    with pytest.raises(ConfigError, match=r"got 'meshes/nobody_v2.stl', expected a file.*meshes beside"):
        write_folder(arm, scene_of(arm, 0), tmp_path / "out")


def test_a_base_without_body_is_refused(tmp_path):
    base = load_robot("diffbot")
    bare = dataclasses.replace(base, sim=dataclasses.replace(base.sim, chassis=None))
    with pytest.raises(ConfigError, match=r"urdf: got nothing, expected a URDF, or sim.chassis"):
        write_folder(bare, scene_of(base, 0), tmp_path)


def test_writing_needs_no_mujoco():
    code = Path(sys.modules["noetra_ros.sim.gazebo.folder"].__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in code.glob("*.py")]
    assert texts
    assert not any("import mujoco" in text for text in texts)
