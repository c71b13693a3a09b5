"""A URDF for a base whose profile names none: its chassis, two driven wheels, two casters."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.simulation import Chassis
from noetra_ros.sim.gazebo.robot_model import CASTER
from noetra_ros.sim.gazebo.shapes import solid_inertia
from noetra_ros.sim.gazebo.writing import add, text_of
from noetra_ros.sim.scene_description import Cylinder

WHEELS = {"left_wheel": 1.0, "right_wheel": -1.0}
WHEEL_SHARE = 0.04  # of the mass of all, each
WHEEL_HALF_WIDTH_M = 0.015
COLOURS = {"body": (0.15, 0.35, 0.6), "wheel": (0.1, 0.1, 0.1)}


def chassis_urdf(profile: RobotProfile, chassis: Chassis) -> Element:
    """`robot`: base link at the floor, midway between the wheels (REP-105)."""
    robot = Element("robot", name=profile.name)
    for name, rgb in COLOURS.items():
        add(add(robot, "material", name=name), "color", rgba=text_of([*rgb, 1.0]))
    base = add(robot, "link", name=profile.base_frame)
    body = Cylinder(chassis.radius_m, chassis.height_m / 2)
    middle = (0.0, 0.0, chassis.clearance_m + chassis.height_m / 2)
    _add_inertial(base, body, (1.0 - 2 * WHEEL_SHARE) * chassis.mass_kg, middle)
    for tag in ("visual", "collision"):
        _add_cylinder(base, tag, "body", body, middle)
    for sign, name in ((1.0, "front"), (-1.0, "back")):
        _add_caster(base, f"{CASTER}_{name}", chassis, sign)
    for name, side in WHEELS.items():
        _add_wheel(robot, name, chassis, side, profile.base_frame)
    return robot


def _add_inertial(link: Element, shape: Cylinder, mass_kg: float, middle: tuple[float, ...]) -> None:
    inertial = add(link, "inertial")
    add(inertial, "origin", xyz=text_of(middle), rpy="0 0 0")
    add(inertial, "mass", value=text_of(mass_kg))
    moments = dict(zip(("ixx", "iyy", "izz"), map(text_of, solid_inertia(shape, mass_kg)), strict=True))
    add(inertial, "inertia", **{"ixy": "0", "ixz": "0", "iyz": "0", **moments})


def _add_cylinder(link: Element, tag: str, name: str, shape: Cylinder, middle: tuple[float, ...]) -> None:
    element = add(link, tag, name=name)
    add(element, "origin", xyz=text_of(middle), rpy="0 0 0")
    size = {"radius": text_of(shape.radius_m), "length": text_of(2 * shape.half_length_m)}
    add(add(element, "geometry"), "cylinder", **size)
    if tag == "visual":
        add(element, "material", name=name)


def _add_caster(base: Element, name: str, chassis: Chassis, sign: float) -> None:
    """A ball without friction that just touches the floor, as far out as the body reaches."""
    radius_m = chassis.wheel_radius_m / 2
    collision = add(base, "collision", name=name)
    x_m = sign * (chassis.radius_m - radius_m)
    add(collision, "origin", xyz=text_of((x_m, 0.0, radius_m)), rpy="0 0 0")
    add(add(collision, "geometry"), "sphere", radius=text_of(radius_m))


def _add_wheel(robot: Element, name: str, chassis: Chassis, side: float, base_frame: str) -> None:
    """Its axis is the y axis of the base: the cylinder along z is laid over."""
    wheel = add(robot, "link", name=name)
    shape = Cylinder(chassis.wheel_radius_m, WHEEL_HALF_WIDTH_M)
    _add_inertial(wheel, shape, WHEEL_SHARE * chassis.mass_kg, (0.0, 0.0, 0.0))
    for tag in ("visual", "collision"):
        _add_cylinder(wheel, tag, "wheel", shape, (0.0, 0.0, 0.0))
    joint = add(robot, "joint", name=f"{name}_joint", type="continuous")
    place = (0.0, side * chassis.wheel_gap_m / 2, chassis.wheel_radius_m)
    add(joint, "origin", xyz=text_of(place), rpy="-1.5707963267948966 0 0")
    add(joint, "parent", link=base_frame)
    add(joint, "child", link=name)
    add(joint, "axis", xyz="0 0 1")
