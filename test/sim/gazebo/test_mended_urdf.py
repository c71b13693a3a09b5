"""Mending a URDF: least inertia, shapes to touch; what is whole stays as it is written."""

from xml.etree import ElementTree

import pytest
from arm_as_it_comes import urdf_text

from noetra_ros.sim.gazebo.mended_urdf import is_bare, mass_of, mended


@pytest.fixture
def given():
    return ElementTree.fromstring(urdf_text())


@pytest.fixture
def links(given):
    return {link.get("name"): link for link in mended(given).findall("link")}


def test_a_link_without_inertia_weighs_a_gram(links):
    assert mass_of(links["upper"]) == 1e-3
    assert [float(links["upper"].find("inertial/inertia").get(f"i{a}{a}")) for a in "xyz"] == [1e-6] * 3


def test_unsound_moments_are_replaced_by_their_mean(links):
    inertia = links["hand"].find("inertial/inertia")
    assert [float(inertia.get(f"i{a}{a}")) for a in "xyz"] == pytest.approx([0.0103 / 3] * 3)
    assert mass_of(links["hand"]) == 1.0


def test_what_is_whole_stays_as_it_is_written(given, links):
    before = given.find("link[@name='fore']/inertial")
    assert ElementTree.tostring(links["fore"].find("inertial")) == ElementTree.tostring(before)


def test_what_is_drawn_can_be_touched_where_nothing_else_can(given, links):
    drawn, solid = links["fore"].find("visual/geometry/box"), links["fore"].find("collision/geometry/box")
    assert solid.attrib == drawn.attrib
    assert links["fore"].find("collision/origin").attrib == {"xyz": "0 0 0.1"}
    assert len(links["hand"].findall("collision")) == 1
    assert given.find("link[@name='fore']/collision") is None  # the URDF itself is not changed


def test_frames_stay_frames(links):
    assert is_bare(links["world"])
    assert is_bare(links["tool0"])
    assert not is_bare(links["upper"])
