"""What many URDFs lack, made up as MuJoCo's stand makes it up: mass and inertia of links, shapes to touch."""

from __future__ import annotations

from copy import deepcopy
from xml.etree.ElementTree import Element

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.gazebo.writing import add, text_of
from noetra_ros.sim.least_inertia import LEAST_MASS_KG, sound_inertia

NO_MASS_KG = 1e-6  # what is fixed and weighs less is a mark on its parent
MOMENTS = (("ixx", "ixy", "ixz"), ("ixy", "iyy", "iyz"), ("ixz", "iyz", "izz"))


def mended(urdf: Element) -> Element:
    """A copy in which every link that moves or has a shape has sound inertia, and every shape can be touched.

    What is fixed, without mass and without shapes stays as it is: a frame.
    """
    copy = deepcopy(urdf)
    moving = {
        child.get("link") for joint in copy.findall("joint") if joint.get("type") != "fixed"
        for child in joint.findall("child")
    }  # fmt: skip
    for link in copy.findall("link"):
        if link.get("name") not in moving and is_bare(link):
            continue
        _mend_inertia(link)
        _mend_shapes(link)
    return copy


def mass_of(link: Element) -> float:
    """Mass of a link, kg; 0 where the URDF says none."""
    mass = link.find("inertial/mass")
    return 0.0 if mass is None else float(mass.get("value", 0.0))


def is_bare(link: Element) -> bool:
    """The link has neither mass nor shapes."""
    return mass_of(link) < NO_MASS_KG and link.find("visual") is None and link.find("collision") is None


def _mend_inertia(link: Element) -> None:
    """Mass and principal moments are raised to the least ones, and balanced; sound numbers stay untouched."""
    inertial = link.find("inertial")
    if inertial is None:
        inertial = add(link, "inertial")
    if (given := mass_of(link)) < LEAST_MASS_KG:
        _child(inertial, "mass").set("value", text_of(max(given, LEAST_MASS_KG)))
    inertia = _child(inertial, "inertia")
    tensor = np.array([[float(inertia.get(word, 0.0)) for word in row] for row in MOMENTS])
    sound = sound_inertia(tensor)
    if sound is not tensor:
        _write(inertia, sound)


def _child(parent: Element, tag: str) -> Element:
    found = parent.find(tag)
    return add(parent, tag) if found is None else found


def _write(inertia: Element, tensor: FloatArray) -> None:
    for words, row in zip(MOMENTS, tensor.tolist(), strict=True):
        for word, value in zip(words, row, strict=True):
            inertia.set(word, text_of(value))


def _mend_shapes(link: Element) -> None:
    if link.find("collision") is not None:
        return
    for number, visual in enumerate(link.findall("visual")):
        collision = add(link, "collision", name=f"solid_{number}")
        collision.extend(deepcopy(part) for part in visual if part.tag in ("origin", "geometry"))
