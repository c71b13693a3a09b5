"""Inertias of solids by the book; shapes in the words of SDF."""

from xml.etree.ElementTree import Element

import pytest

from noetra_ros.sim.gazebo.shapes import add_geometry, solid_inertia
from noetra_ros.sim.scene_description import Box, Capsule, Cylinder, Ground, Sphere


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Box((0.5, 1.0, 1.5)), (13.0, 10.0, 5.0)),  # m / 12 (edges^2), edges 1, 2, 3 m
        (Cylinder(1.0, 1.5), (12.0, 12.0, 6.0)),  # m / 12 (3 r^2 + h^2), m r^2 / 2
        (Sphere(0.5), (1.2, 1.2, 1.2)),  # 2 / 5 m r^2
    ],
)
def test_inertia_of_twelve_kilograms(shape, expected):
    assert solid_inertia(shape, 12.0) == pytest.approx(expected)


@pytest.mark.parametrize("shape", [Ground((1.0, 1.0)), Capsule(0.1, 0.2)])
def test_what_never_moves_freely_has_none(shape):
    with pytest.raises(ValueError, match="expected a box, a cylinder or a sphere"):
        solid_inertia(shape, 1.0)


@pytest.mark.parametrize(
    ("shape", "tag", "values"),
    [
        (Box((0.5, 1.0, 1.5)), "box", {"size": "1.0 2.0 3.0"}),
        (Capsule(0.1, 0.2), "capsule", {"radius": "0.1", "length": "0.4"}),
        (Ground((1.2, 1.0)), "plane", {"normal": "0.0 0.0 1.0", "size": "2.4 2.0"}),
    ],
)
def test_shapes_in_words(shape, tag, values):
    parent = Element("visual")
    add_geometry(parent, shape)
    (written,) = parent.findall("geometry/*")
    assert written.tag == tag
    assert {child.tag: child.text for child in written} == values
