"""Meshes of a URDF are found however they are named; what is not there is told, all at once."""

from xml.etree import ElementTree

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.mesh_files import mesh_file, mesh_files


@pytest.fixture
def arm(tmp_path):
    """Path of a URDF that is not there; meshes of its package `my_arm` are, and one of another package."""
    for name in ("my_arm/meshes/upper arm.stl", "my_arm/urdf/beside.stl", "hands/meshes/jaw.stl"):
        (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src" / name).touch()
    return tmp_path / "src" / "my_arm" / "urdf" / "arm.urdf"


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("beside.stl", "my_arm/urdf/beside.stl"),
        ("../meshes/upper arm.stl", "my_arm/urdf/../meshes/upper arm.stl"),
        ("meshes/upper arm.stl", "my_arm/meshes/upper arm.stl"),
        ("package://my_arm/meshes/upper arm.stl", "my_arm/meshes/upper arm.stl"),
        ("package://my_arm/meshes/upper%20arm.stl", "my_arm/meshes/upper arm.stl"),
        ("model://hands/meshes/jaw.stl", "hands/meshes/jaw.stl"),
        ("file://{src}/hands/meshes/jaw.stl", "hands/meshes/jaw.stl"),
        ("file://{src}/my_arm/meshes/upper%20arm.stl", "my_arm/meshes/upper arm.stl"),
        ("{src}/hands/meshes/jaw.stl", "hands/meshes/jaw.stl"),
    ],
)
def test_each_form_of_a_name(arm, filename, expected):
    src = arm.parents[2]
    assert mesh_file(arm, filename.format(src=src)) == src / expected


def test_a_package_elsewhere_is_found_by_ros(arm, tmp_path, monkeypatch):
    monkeypatch.setenv("AMENT_PREFIX_PATH", "")
    (tmp_path / "ros" / "share" / "tools").mkdir(parents=True)
    (tmp_path / "ros" / "share" / "tools" / "cup.stl").touch()
    with pytest.raises(ConfigError, match=r"mesh: got 'package://tools/cup\.stl', expected a file"):
        mesh_file(arm, "package://tools/cup.stl")
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path / "ros"))
    assert mesh_file(arm, "package://tools/cup.stl") == tmp_path / "ros" / "share" / "tools" / "cup.stl"


def test_a_name_of_a_relative_urdf_is_found(arm, monkeypatch):
    monkeypatch.chdir(arm.parent)
    assert mesh_file(arm.relative_to(arm.parent), "beside.stl") == arm.parent / "beside.stl"


@pytest.mark.parametrize("filename", ["none.stl", "package://x/none.stl", "file:///none.stl", "", ".."])
def test_a_file_that_is_not_there_is_told_with_folders_and_remedy(arm, filename):
    with pytest.raises(ConfigError) as error:
        mesh_file(arm, filename)
    assert f"mesh: got {filename!r}" in str(error.value)
    assert f"below one of {arm.parent}, {arm.parent.parent}" in str(error.value)
    assert "ROS_PACKAGE_PATH" in str(error.value)


LINK = """<robot name="r"><link name="a"><visual><geometry><mesh filename="{visual}"/></geometry></visual>
<collision><geometry><mesh filename="{collision}"/></geometry></collision></link></robot>"""


def test_every_missing_file_is_told_at_once_of_the_parts_asked_for(arm):
    root = ElementTree.fromstring(LINK.format(visual="red.stl", collision="blue.stl"))
    with pytest.raises(ConfigError) as error:
        mesh_files(root, arm)
    assert "'red.stl'" in str(error.value)
    assert "'blue.stl'" in str(error.value)
    root = ElementTree.fromstring(LINK.format(visual="red.stl", collision="beside.stl"))
    ((mesh, path),) = mesh_files(root, arm, ("collision",))
    assert (mesh.get("filename"), path) == ("beside.stl", arm.parent / "beside.stl")
