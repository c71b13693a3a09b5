"""The driving base as a URDF: body, two driven wheels, two casters; alone, or under what a URDF has on it."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from xml.etree.ElementTree import Element

import numpy as np
import pinocchio

from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.simulation import Chassis
from noetra_ros.sim.gazebo.base_inertia import (
    WHEEL_ROLL_RAD,
    WHEELS,
    base_from_wheel,
    inertia_of,
    shared_out,
    solid,
    wheel_shape,
)
from noetra_ros.sim.gazebo.mended_urdf import MOMENTS, NO_MASS_KG, mass_of
from noetra_ros.sim.gazebo.robot_model import CASTER
from noetra_ros.sim.gazebo.writing import add, text_of
from noetra_ros.sim.scene_description import Cylinder

COLOURS = {"body": (0.15, 0.35, 0.6), "wheel": (0.1, 0.1, 0.1)}
SHAPES = ("visual", "collision")
MIDDLE = (0.0, 0.0, 0.0)


def chassis_urdf(profile: RobotProfile, chassis: Chassis) -> Element:
    """`robot` that is a base alone: base link at the floor, midway between the wheels (REP-105).

    Raises:
        ConfigError: no body has an inertia like that.
    """
    robot = Element("robot", name=profile.name)
    add(robot, "link", name=profile.base_frame)
    _put_on_wheels(robot, profile, chassis, solid(_body(chassis), chassis.mass_kg, _middle_m(chassis)))
    return robot


def urdf_on_chassis(urdf: Element, profile: RobotProfile, chassis: Chassis) -> Element:
    """A copy with the chassis in place of what the URDF draws at its base link; it weighs what it says there.

    Raises:
        ConfigError: no base link, one without mass, or with an inertia that no body has; a link or joint
            is called as those of the wheels are.
    """
    robot, source = deepcopy(urdf), f"URDF of {profile.name}"
    base = robot.find(f"link[@name='{profile.base_frame}']")
    if base is None or mass_of(base) < NO_MASS_KG:
        got, expected = ("nothing", "no mass")[base is not None], "a mass: without one it cannot move"
        raise single_fault(source, f"link {profile.base_frame}", got, expected)
    ours = {*WHEELS, *wheel_joints()}
    taken = [e for e in robot if e.tag in ("link", "joint") and e.get("name") in ours]
    if taken:
        expected = "another name: the wheels come from sim.chassis"
        raise ConfigError(source, [Fault(e.tag, e.get("name", ""), expected) for e in taken])
    whole = inertia_of(base)
    for part in [part for part in base if part.tag in (*SHAPES, "inertial")]:
        base.remove(part)
    _put_on_wheels(robot, profile, chassis, whole)
    return robot


def wheel_joints() -> tuple[str, ...]:
    """Joints of the left and the right wheel of a chassis."""
    return tuple(f"{wheel}_joint" for wheel in WHEELS)


def _body(chassis: Chassis) -> Cylinder:
    return Cylinder(chassis.radius_m, chassis.height_m / 2)


def _middle_m(chassis: Chassis) -> tuple[float, float, float]:
    """Of the body, base frame."""
    return (0.0, 0.0, chassis.clearance_m + chassis.height_m / 2)


def _put_on_wheels(robot: Element, profile: RobotProfile, chassis: Chassis, whole: pinocchio.Inertia) -> None:
    """Adds shapes of body and casters to the base link, and the wheels; all together weigh `whole`."""
    base = robot.find(f"link[@name='{profile.base_frame}']")
    assert base is not None, "the callers have it"
    for name, rgb in COLOURS.items():
        add(add(robot, "material", name=f"chassis_{name}"), "color", rgba=text_of([*rgb, 1.0]))
    body, wheel = shared_out(whole, chassis, profile.name)
    _add_inertial(base, body)
    for tag in SHAPES:
        _add_cylinder(base, tag, "body", _body(chassis), _middle_m(chassis))
    for sign, name in ((1.0, "front"), (-1.0, "back")):
        _add_caster(base, f"{CASTER}_{name}", chassis, sign)
    for (name, side), joint in zip(WHEELS.items(), wheel_joints(), strict=True):
        link = add(robot, "link", name=name)
        _add_inertial(link, wheel)
        for tag in SHAPES:
            _add_cylinder(link, tag, "wheel", wheel_shape(chassis), MIDDLE)
        middle_m = base_from_wheel(chassis, side).translation
        _add_wheel_joint(robot, joint, middle_m.tolist(), profile.base_frame, name)


def _add_inertial(link: Element, inertia: pinocchio.Inertia) -> None:
    inertial = add(link, "inertial")
    add(inertial, "origin", xyz=text_of(inertia.lever), rpy="0 0 0")
    add(inertial, "mass", value=text_of(float(inertia.mass)))
    values = dict(zip(np.ravel(MOMENTS).tolist(), inertia.inertia.ravel().tolist(), strict=True))
    add(inertial, "inertia", **{word: text_of(value) for word, value in values.items()})


def _add_cylinder(link: Element, tag: str, name: str, shape: Cylinder, middle_m: Iterable[float]) -> None:
    element = add(link, tag, name=name)
    add(element, "origin", xyz=text_of(middle_m), rpy="0 0 0")
    size = {"radius": text_of(shape.radius_m), "length": text_of(2 * shape.half_length_m)}
    add(add(element, "geometry"), "cylinder", **size)
    if tag == "visual":
        add(element, "material", name=f"chassis_{name}")


def _add_caster(base: Element, name: str, chassis: Chassis, sign: float) -> None:
    """A ball without friction that just touches the floor, as far out as the body reaches."""
    radius_m = chassis.wheel_radius_m / 2
    collision = add(base, "collision", name=name)
    x_m = sign * (chassis.radius_m - radius_m)
    add(collision, "origin", xyz=text_of((x_m, 0.0, radius_m)), rpy="0 0 0")
    add(add(collision, "geometry"), "sphere", radius=text_of(radius_m))


def _add_wheel_joint(
    robot: Element, name: str, middle_m: Iterable[float], base_frame: str, wheel: str
) -> None:
    joint = add(robot, "joint", name=name, type="continuous")
    add(joint, "origin", xyz=text_of(middle_m), rpy=f"{text_of(WHEEL_ROLL_RAD)} 0 0")
    add(joint, "parent", link=base_frame)
    add(joint, "child", link=wheel)
    add(joint, "axis", xyz="0 0 1")
