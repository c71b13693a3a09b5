"""A small arm as a URDF, made for tests: three joints in a row, two fingers, boxes as shapes."""

from __future__ import annotations

LINKS = ("base", "upper", "fore", "hand", "left", "right")


def link(name):
    """A box of 4 x 4 x 20 cm above the link's origin."""
    shape = '<origin xyz="0 0 0.1"/><geometry><box size="0.04 0.04 0.2"/></geometry>'
    inertia = '<inertia ixx="0.004" ixy="0" ixz="0" iyy="0.004" iyz="0" izz="0.001"/>'
    inertial = f'<inertial><origin xyz="0 0 0.1"/><mass value="1"/>{inertia}</inertial>'
    return f'<link name="{name}">{inertial}<collision>{shape}</collision></link>'


def joint(name, parent, child, kind="revolute", axis="0 1 0", limit="", more=""):
    """A joint at the top of its parent."""
    words = limit or 'lower="-2" upper="2" velocity="3" effort="50"'
    bare = f'<parent link="{parent}"/><child link="{child}"/><origin xyz="0 0 0.2"/>'
    return f'<joint name="{name}" type="{kind}">{bare}<axis xyz="{axis}"/><limit {words}/>{more}</joint>'


FINGER = 'lower="0" upper="0.04" velocity="0.1" effort="10"'


def arm_urdf(elbow='lower="-2" upper="2" velocity="3" effort="50"', turn="revolute", extra=""):
    """The URDF.

    Args:
        elbow: limits of the elbow.
        turn: type of the first joint.
        extra: further elements.
    """
    parts = [link(name) for name in LINKS]
    parts += [
        joint("turn", "base", "upper", turn, "0 0 1"),
        joint("shoulder", "upper", "fore"),
        joint("elbow", "fore", "hand", limit=elbow),
        joint("finger_left", "hand", "left", "prismatic", "1 0 0", FINGER),
        joint("finger_right", "hand", "right", "prismatic", "1 0 0", FINGER, '<mimic joint="finger_left"/>'),
    ]
    tool = '<link name="tool0"/><joint name="weld" type="fixed"><parent link="hand"/><child link="tool0"/>'
    tool += '<origin xyz="0 0 0.2"/></joint>'
    return f'<robot name="Made-Arm">{"".join(parts)}{tool}{extra}</robot>'
