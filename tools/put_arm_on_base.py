"""Makes the URDF of a mobile manipulator: an arm of robots/assets on a cylinder, its meshes used in place.

    python tools/put_arm_on_base.py noetra_ros/robots/assets/ur5e/ur5e.urdf \
        noetra_ros/robots/assets/mobile_ur5e/mobile_ur5e.urdf

The root link of the arm is called arm_base_link in the result; base_link is on the floor, between the wheels.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

RADIUS_M, HEIGHT_M, CLEARANCE_M = 0.38, 0.50, 0.03
MASS_KG = 90.0
BASE, ARM_BASE = "base_link", "arm_base_link"


def put_on_base(arm: Element, name: str, meshes: str) -> Element:
    """The robot; `meshes` is the way from the new file's folder to the arm's."""
    robot = Element("robot", name=name)
    _add_base(robot)
    mount = SubElement(robot, "joint", name="arm_mount", type="fixed")
    SubElement(mount, "origin", xyz=f"0 0 {CLEARANCE_M + HEIGHT_M}", rpy="0 0 0")
    SubElement(mount, "parent", link=BASE)
    SubElement(mount, "child", link=ARM_BASE)
    for element in arm:
        for part in element.iter():
            for key in ("name", "link"):
                if part.get(key) == BASE:
                    part.set(key, ARM_BASE)
            if part.tag == "mesh":
                part.set("filename", f"{meshes}/{part.get('filename')}")
        robot.append(element)
    return robot


def _add_base(robot: Element) -> None:
    link = SubElement(robot, "link", name=BASE)
    middle = f"0 0 {CLEARANCE_M + HEIGHT_M / 2}"
    for tag in ("visual", "collision"):
        shape = SubElement(link, tag)
        SubElement(shape, "origin", xyz=middle, rpy="0 0 0")
        SubElement(SubElement(shape, "geometry"), "cylinder", radius=str(RADIUS_M), length=str(HEIGHT_M))
    inertial = SubElement(link, "inertial")
    SubElement(inertial, "origin", xyz=middle, rpy="0 0 0")
    SubElement(inertial, "mass", value=str(MASS_KG))
    across = MASS_KG * (3.0 * RADIUS_M**2 + HEIGHT_M**2) / 12.0
    upright = MASS_KG * RADIUS_M**2 / 2.0
    moments = {"ixx": across, "iyy": across, "izz": upright}
    SubElement(inertial, "inertia", ixy="0", ixz="0", iyz="0", **{k: f"{v:.4f}" for k, v in moments.items()})


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arm", type=Path, help="URDF of the arm, its root link called base_link")
    parser.add_argument("target", type=Path, help="URDF that is written")
    given = parser.parse_args()
    meshes = Path("..") / given.arm.parent.name
    robot = put_on_base(ElementTree.parse(given.arm).getroot(), given.target.stem, str(meshes))
    ElementTree.indent(robot)
    given.target.parent.mkdir(parents=True, exist_ok=True)
    given.target.write_text(
        '<?xml version="1.0"?>\n' + ElementTree.tostring(robot, encoding="unicode") + "\n"
    )


if __name__ == "__main__":
    main()
