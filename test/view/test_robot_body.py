"""The robot as its URDF draws it."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.kinematics import tool_kinematics
from noetra_ros.robots.profile import load_robot
from noetra_ros.robots.triangles import convex_triangles
from noetra_ros.view.robot_body import RobotBody, box_points, capsule_points


@pytest.fixture(scope="module")
def body():
    return RobotBody(load_robot("so101"))


def test_every_visible_shape_is_a_mesh_with_a_colour(body):
    assert len(body.meshes) >= 10
    assert {mesh.link for mesh in body.meshes} >= {"base_link", "shoulder_link", "gripper_link"}
    assert (255, 209, 31) in {mesh.colour for mesh in body.meshes}
    for mesh in body.meshes:
        assert mesh.faces.max() < len(mesh.vertices_m)
        assert np.abs(mesh.vertices_m).max() < 0.5, "millimetres taken for metres"


def test_the_tool_is_where_the_kinematics_puts_it(body):
    profile = load_robot("so101")
    positions = np.array([0.3, -1.0, 0.9, 0.9, 0.2, 0.6])
    poses = body.poses(dict(zip(profile.joint_names, positions, strict=True)))
    expected = tool_kinematics(profile).tool_position(positions)
    assert poses[body.tool_links[0]].position_m == pytest.approx(expected)
    assert np.linalg.norm(poses[body.tool_links[0]].quat_wxyz) == pytest.approx(1.0)


def test_every_tool_has_a_pose():
    profile = load_robot("aloha")
    home = profile.sim.home
    body = RobotBody(profile)
    left, right = (body.poses(home)[tool].position_m for tool in body.tool_links)
    assert left == pytest.approx(right * [-1.0, 1.0, 1.0], abs=1e-4), "the arms stand opposite one another"


def test_joints_of_others_are_left_out(body):
    assert body.poses({"a_wheel": 1.0}).keys() == body.poses({}).keys()


def test_a_robot_without_a_urdf_is_refused():
    with pytest.raises(ConfigError, match="urdf"):
        RobotBody(load_robot("diffbot"))


@pytest.mark.parametrize("points", [box_points(np.array([0.2, 0.3, 0.4])), capsule_points(0.1, 0.5)])
def test_plain_bodies_are_closed_and_seen_from_outside(points):
    faces = convex_triangles(points)
    corners = points[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert ((normals * corners.mean(axis=1)).sum(axis=1) > 0.0).all()
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()


def test_a_capsule_is_as_long_as_it_says():
    points = capsule_points(0.1, 0.5)
    assert points[:, 2].max() == pytest.approx(0.35, abs=1e-3)
    assert np.hypot(points[:, 0], points[:, 1]).max() == pytest.approx(0.1, abs=1e-3)


def test_a_scaled_mesh_is_drawn_at_its_size(tmp_path):
    """A mesh in millimetres with scale 0.001: once, not twice."""
    shape = '<geometry><mesh filename="cube.stl" scale="0.001 0.001 0.001"/></geometry>'
    (tmp_path / "r.urdf").write_text(
        f'<robot name="r"><link name="base"><visual>{shape}</visual></link></robot>'
    )
    (tmp_path / "cube.stl").write_text(CUBE_STL)
    profile = dataclasses.replace(load_robot("diffbot"), urdf=str(tmp_path / "r.urdf"), base_frame="base")
    (mesh,) = RobotBody(profile).meshes
    assert np.ptp(mesh.vertices_m, axis=0) == pytest.approx([0.1, 0.1, 0.1])


def test_what_is_flat_is_not_drawn(tmp_path):
    links = '<visual><geometry><box size="1 1 0"/></geometry></visual>'
    (tmp_path / "r.urdf").write_text(f'<robot name="r"><link name="base">{links}</link></robot>')
    profile = dataclasses.replace(load_robot("diffbot"), urdf=str(tmp_path / "r.urdf"), base_frame="base")
    assert RobotBody(profile).meshes == ()


def stl(triangles):
    facets = "".join(
        "facet normal 0 0 0\nouter loop\n"
        + "".join(f"vertex {x} {y} {z}\n" for x, y, z in t)
        + "endloop\nendfacet\n"
        for t in triangles
    )
    return f"solid s\n{facets}endsolid s\n"


CUBE_STL = stl([((0, 0, 0), (100, 0, 0), (0, 100, 0)), ((0, 0, 0), (0, 100, 0), (100, 0, 100))])
