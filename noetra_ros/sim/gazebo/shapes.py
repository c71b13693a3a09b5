"""Shapes, surfaces, colours and inertias of a scene's parts, in SDF."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from noetra_ros.sim.gazebo.writing import add, add_pose
from noetra_ros.sim.scene_description import (
    Box,
    Capsule,
    Cylinder,
    Ground,
    Part,
    Seen,
    Shape,
    Sphere,
    Surface,
    Triple,
)

# Bits of visibility: a camera sees a visual when its mask and the visual's flags share a bit.
ENDLESS_BIT, ROOM_BIT = 0x1, 0x2
CARRIER_BIT = 0x4  # what carries the scanner, which does not see it
FLAGS = {Seen.AS_ENDLESS: ENDLESS_BIT, Seen.AS_ROOM: ROOM_BIT}


def add_geometry(parent: Element, shape: Shape) -> None:
    """The element `geometry`."""
    geometry = add(parent, "geometry")
    match shape:
        case Box(half_m=half):
            add(add(geometry, "box"), "size", [2 * edge for edge in half])
        case Cylinder(radius_m=radius, half_length_m=half_length):
            _add_round(geometry, "cylinder", radius, half_length)
        case Capsule(radius_m=radius, half_length_m=half_length):
            _add_round(geometry, "capsule", radius, half_length)
        case Sphere(radius_m=radius):
            add(add(geometry, "sphere"), "radius", radius)
        case Ground(half_m=half):
            plane = add(geometry, "plane")
            add(plane, "normal", (0.0, 0.0, 1.0))
            add(plane, "size", [2 * edge for edge in half])


def _add_round(geometry: Element, tag: str, radius_m: float, half_length_m: float) -> None:
    shape = add(geometry, tag)
    add(shape, "radius", radius_m)
    add(shape, "length", 2 * half_length_m)


def visual_name(part: Part) -> str:
    """What a part is called for the eye; for touch it has its own name."""
    return f"{part.name}_visual"


def add_part(link: Element, part: Part) -> None:
    """A visual, and a collision where others touch it."""
    visual = add(link, "visual", name=visual_name(part))
    add_pose(visual, part.pose)
    add_geometry(visual, part.shape)
    add_material(visual, part.rgb)
    if part.seen in FLAGS:
        add(visual, "visibility_flags", FLAGS[part.seen])
    if part.surface is not None:
        collision = add(link, "collision", name=part.name)
        add_pose(collision, part.pose)
        add_geometry(collision, part.shape)
        add_friction(collision, part.surface)


def add_friction(collision: Element, surface: Surface) -> None:
    """Sliding friction; Gazebo's usual engine (DART) knows no other that this could be told it by."""
    ode = add(add(add(collision, "surface"), "friction"), "ode")
    add(ode, "mu", surface.sliding)
    add(ode, "mu2", surface.sliding)


def add_material(visual: Element, rgb: Triple) -> None:
    """A plain colour."""
    material = add(visual, "material")
    for tag in ("ambient", "diffuse"):
        add(material, tag, [*rgb, 1.0])


def add_inertial(link: Element, shape: Shape, mass_kg: float) -> None:
    """Mass and inertia of a solid shape about its middle."""
    inertial = add(link, "inertial")
    add(inertial, "mass", mass_kg)
    inertia = add(inertial, "inertia")
    moments = dict(zip(("ixx", "iyy", "izz"), solid_inertia(shape, mass_kg), strict=True))
    for tag in ("ixx", "ixy", "ixz", "iyy", "iyz", "izz"):
        add(inertia, tag, moments.get(tag, 0.0))


def solid_inertia(shape: Shape, mass_kg: float) -> Triple:
    """Principal moments (kg m2) of a homogeneous solid.

    Raises:
        ValueError: a plane, or a capsule: nothing of those moves freely here.
    """
    match shape:
        case Box(half_m=(x, y, z)):
            third = mass_kg / 3.0
            return (third * (y * y + z * z), third * (x * x + z * z), third * (x * x + y * y))
        case Cylinder(radius_m=radius, half_length_m=half):
            across = mass_kg * (radius**2 / 4.0 + half**2 / 3.0)
            return (across, across, mass_kg * radius**2 / 2.0)
        case Sphere(radius_m=radius):
            moment = 0.4 * mass_kg * radius**2
            return (moment, moment, moment)
    raise ValueError(f"inertia of {shape}: expected a box, a cylinder or a sphere")
