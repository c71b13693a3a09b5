"""The body as triangles: in the link's frame, closed hulls of plain shapes, else what is drawn."""

import numpy as np
import pytest
from made_arm import arm_urdf

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.link_meshes import link_meshes


def test_a_box_lies_where_its_link_has_it(tmp_path):
    path = tmp_path / "arm.urdf"
    path.write_text(arm_urdf())
    meshes = {mesh.link: mesh for mesh in link_meshes(path)}
    assert set(meshes) == {"base", "upper", "fore", "hand", "left", "right"}
    assert meshes["fore"].vertices_m.min(axis=0) == pytest.approx([-0.02, -0.02, 0.0])
    assert len(meshes["fore"].faces) == 12


def test_hulls_are_seen_from_outside(tmp_path):
    path = tmp_path / "arm.urdf"
    path.write_text(arm_urdf())
    mesh = link_meshes(path)[0]
    a, b, c = (mesh.vertices_m[mesh.faces[:, k]] for k in range(3))
    volume_m3 = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0
    assert volume_m3 == pytest.approx(0.04 * 0.04 * 0.2)


def test_what_is_only_drawn_counts_too(tmp_path):
    path = tmp_path / "arm.urdf"
    path.write_text(arm_urdf().replace("collision", "visual"))
    assert len(link_meshes(path)) == 6


def test_a_mesh_that_is_not_there_is_told_with_the_remedy(tmp_path):
    path = tmp_path / "arm.urdf"
    path.write_text(arm_urdf().replace('<box size="0.04 0.04 0.2"/>', '<mesh filename="package://x/y.stl"/>'))
    with pytest.raises(ConfigError, match="ROS_PACKAGE_PATH"):
        link_meshes(path)
