"""Shapes of a URDF: on their links, meshes by any form of name, only those of the part asked for."""

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.robots.urdf_shapes import urdf_shapes

STL = """solid s
facet normal 0 0 0
outer loop
vertex 0 0 0
vertex 1 0 0
vertex 0 1 0
endloop
endfacet
endsolid s
"""
URDF = """<robot name="r"><link name="base"/><link name="tip">
<visual><origin xyz="0 0 1"/><geometry><mesh filename="{visual}" scale="2 2 2"/></geometry>
<material name="red"><color rgba="1 0 0 1"/></material></visual>
<collision><origin xyz="0 0 2"/><geometry><box size="1 1 1"/></geometry></collision></link>
<joint name="weld" type="fixed"><origin xyz="5 0 0"/><parent link="base"/><child link="tip"/></joint>
</robot>"""


@pytest.fixture
def urdf(tmp_path):
    """A URDF whose visual mesh is named as it is called with."""
    (tmp_path / "my arm" / "meshes").mkdir(parents=True)
    (tmp_path / "my arm" / "meshes" / "leaf.stl").write_text(STL)

    def write(visual):
        path = tmp_path / "my arm" / "r.urdf"
        path.write_text(URDF.format(visual=visual.format(folder=path.parent)))
        return path

    return write


@pytest.mark.parametrize(
    "name", ["meshes/leaf.stl", "package://my arm/meshes/leaf.stl", "file://{folder}/meshes/leaf.stl"]
)
def test_a_mesh_lies_on_its_link_at_its_size(urdf, name):
    (shape,) = urdf_shapes(urdf(name), "visual")
    assert (shape.link, shape.rgb) == ("tip", (1.0, 0.0, 0.0))
    placed_m = shape.placed(shape.geometry.vertices())
    assert sorted(placed_m.tolist()) == [[0.0, 0.0, 1.0], [0.0, 2.0, 1.0], [2.0, 0.0, 1.0]]


def test_a_mesh_that_is_only_drawn_may_lack_where_solids_are_asked_for(urdf):
    (shape,) = urdf_shapes(urdf("nobody.stl"), "collision")
    assert shape.link_from_shape.translation.tolist() == [0.0, 0.0, 2.0]
    with pytest.raises(ConfigError, match=r"mesh: got 'nobody\.stl', expected a file"):
        urdf_shapes(urdf("nobody.stl"), "visual")


def test_a_file_that_is_no_mesh_is_told(urdf):
    path = urdf("meshes/leaf.stl")
    (path.parent / "meshes" / "leaf.stl").write_text("words")
    with pytest.raises(ConfigError, match="expected readable meshes"):
        urdf_shapes(path, "visual")
