import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.link_shapes import link_vertices


def urdf(tmp_path, geometry):
    path = tmp_path / "one.urdf"
    path.write_text(
        f'<robot name="one"><link name="base"><collision><origin xyz="1 0 0"/><geometry>{geometry}</geometry>'
        "</collision></link></robot>"
    )
    return path


@pytest.mark.parametrize(
    ("geometry", "half"),
    [
        ('<box size="0.2 0.4 0.6"/>', [0.1, 0.2, 0.3]),
        ('<sphere radius="0.1"/>', [0.1, 0.1, 0.1]),
        ('<cylinder radius="0.1" length="0.6"/>', [0.1, 0.1, 0.3]),
    ],
)
def test_primitives_are_held_where_they_lie(tmp_path, geometry, half):
    points = link_vertices(urdf(tmp_path, geometry))["base"]
    assert np.all(points.max(axis=0) >= np.array([1.0, 0.0, 0.0]) + half)
    assert points.max(axis=0) == pytest.approx(np.array([1.0, 0.0, 0.0]) + half, abs=0.001)


def test_a_mesh_that_is_missing_is_told(tmp_path):
    with pytest.raises(ConfigError, match=r"nothing\.stl"):
        link_vertices(urdf(tmp_path, '<mesh filename="nothing.stl"/>'))


def test_links_without_a_shape_are_left_out(tmp_path):
    path = tmp_path / "bare.urdf"
    path.write_text('<robot name="one"><link name="base"/></robot>')
    assert link_vertices(path) == {}
