"""Mass and inertia of a base, shared out between its body and the two wheels that Gazebo alone simulates."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import numpy as np
import pinocchio

from noetra_ros.core.errors import single_fault
from noetra_ros.robots.simulation import Chassis
from noetra_ros.sim.gazebo.frames import place
from noetra_ros.sim.gazebo.mended_urdf import MOMENTS, mass_of
from noetra_ros.sim.gazebo.shapes import solid_inertia
from noetra_ros.sim.least_inertia import sound_inertia
from noetra_ros.sim.scene_description import Cylinder

WHEELS = {"left_wheel": 1.0, "right_wheel": -1.0}
WHEEL_SHARE = 0.04  # of the mass of all, each
WHEEL_HALF_WIDTH_M = 0.015
WHEEL_ROLL_RAD = -float(np.pi) / 2  # its axis is the y axis of the base: the cylinder along z is laid over


def wheel_shape(chassis: Chassis) -> Cylinder:
    """Of each wheel."""
    return Cylinder(chassis.wheel_radius_m, WHEEL_HALF_WIDTH_M)


def base_from_wheel(chassis: Chassis, side: float) -> pinocchio.SE3:
    """Frame of a wheel in the base's; `side` 1 = left, -1 = right."""
    middle_m = np.array([0.0, side * chassis.wheel_gap_m / 2, chassis.wheel_radius_m])
    return pinocchio.SE3(pinocchio.rpy.rpyToMatrix(WHEEL_ROLL_RAD, 0.0, 0.0), middle_m)


def solid(shape: Cylinder, mass_kg: float, middle_m: tuple[float, float, float]) -> pinocchio.Inertia:
    """Of an upright cylinder whose middle is there."""
    return pinocchio.Inertia(mass_kg, np.array(middle_m), np.diag(solid_inertia(shape, mass_kg)))


def inertia_of(link: Element) -> pinocchio.Inertia:
    """What a URDF says of a link, made sound as in MuJoCo, frame of the link; the caller has seen a mass."""
    inertial, inertia = link.find("inertial"), link.find("inertial/inertia")
    assert inertial is not None, "a link with a mass has one"
    says = {} if inertia is None else dict(inertia.items())
    tensor = np.array([[float(says.get(word, 0.0)) for word in row] for row in MOMENTS])
    numbers = [float(word) for word in place(inertial).split()]
    frame = pinocchio.SE3(pinocchio.rpy.rpyToMatrix(*numbers[3:]), np.array(numbers[:3]))
    return frame.act(pinocchio.Inertia(mass_of(link), np.zeros(3), sound_inertia(tensor)))


def shared_out(
    whole: pinocchio.Inertia, chassis: Chassis, robot: str
) -> tuple[pinocchio.Inertia, pinocchio.Inertia]:
    """The body's in the frame of the base, and one wheel's in its own; at rest all are `whole` together.

    Args:
        whole: in the frame of the base.
        chassis: where the wheels are.
        robot: name, for the error.

    Raises:
        ConfigError: what is left no body can have.
    """
    wheel = solid(wheel_shape(chassis), WHEEL_SHARE * whole.mass, (0.0, 0.0, 0.0))
    rest = whole.toDynamicParameters()  # linear in the masses
    for side in WHEELS.values():
        rest = rest - base_from_wheel(chassis, side).act(wheel).toDynamicParameters()
    body = pinocchio.Inertia.FromDynamicParameters(rest)
    tensor = body.inertia
    if sound_inertia(tensor) is not tensor:
        moments = np.linalg.eigvalsh(tensor).round(6).tolist()
        expected = "moments of a body between its wheels, none above the two others together"
        remedy = "a smaller sim.chassis.wheel_gap_m, or more inertia of the base in the URDF"
        raise single_fault(f"robot {robot}", "sim.chassis.wheel_gap_m", f"{moments} kg m2", expected, remedy)
    return body, wheel
