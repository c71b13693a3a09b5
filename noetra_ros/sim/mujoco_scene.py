"""Writes a scene into a MuJoCo model, around the robot that is already there."""

from __future__ import annotations

from typing import Any

import mujoco

from noetra_ros.sim.arm_model import ARM_BIT, THING_BIT
from noetra_ros.sim.person_body import add_person
from noetra_ros.sim.rendering import ENDLESS_GROUP, ROOM_GROUP
from noetra_ros.sim.scene_description import (
    Box,
    Capsule,
    Cylinder,
    Ground,
    Lamp,
    Mount,
    Part,
    Scene,
    Seen,
    Shape,
    Sphere,
)

GROUPS = {Seen.BY_ALL: 0, Seen.AS_ENDLESS: ENDLESS_GROUP, Seen.AS_ROOM: ROOM_GROUP}
GROUND_GRID_M = 0.1  # spacing of MuJoCo's grid on a plane; drawn nowhere


def furnish(spec: mujoco.MjSpec, scene: Scene) -> None:
    """Adds the surroundings and the physics settings to a model that holds the robot."""
    _set_physics(spec, scene)
    _set_light(spec, scene)
    met_by = _met_by(scene)
    for part in scene.fixed:
        _add_part(spec.worldbody, part, met_by)
    for thing in scene.things:
        place = {"pos": thing.pose.position_m, "quat": thing.pose.quat_wxyz}
        body = spec.worldbody.add_body(name=thing.name, mocap=not thing.is_free, **place)
        if thing.is_free:
            body.add_freejoint(name=thing.name)
        for part in thing.parts:
            _add_part(body, part, met_by)
    for mark in scene.marks:
        carrier = spec.body(mark.link) or spec.worldbody  # MuJoCo takes the root link for the world
        _add_part(carrier, mark.part, met_by)
    add_person(spec, scene.person)


def _met_by(scene: Scene) -> int:
    """Bits of all that comes upon the parts of a scene."""
    has_solid_things = any(part.surface is not None for thing in scene.things for part in thing.parts)
    return (THING_BIT if has_solid_things else 0) | (ARM_BIT if scene.mount is Mount.FIXED else 0)


def _set_physics(spec: mujoco.MjSpec, scene: Scene) -> None:
    option = spec.option
    option.timestep = scene.step_s
    option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    if scene.holds_grips:
        option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
        option.impratio = 10.0
        option.noslip_iterations = 3


def _set_light(spec: mujoco.MjSpec, scene: Scene) -> None:
    _add_lamp(spec, scene.lamp)
    if scene.glow_rgb is None:
        spec.visual.headlight.active = 0
    else:
        spec.visual.headlight.ambient = scene.glow_rgb
    spec.visual.quality.offsamples = 0
    spec.visual.quality.shadowsize = 0
    if scene.view is not None:
        spec.stat.extent, spec.stat.center = scene.view.extent_m, scene.view.centre_m
        spec.visual.map.znear, spec.visual.map.zfar = scene.view.near_m, scene.view.far_m


def _add_lamp(spec: mujoco.MjSpec, lamp: Lamp) -> None:
    spec.worldbody.add_light(
        name="lamp",
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        pos=lamp.position_m,
        dir=lamp.direction,
        diffuse=lamp.rgb,
        ambient=lamp.ambient_rgb,
        castshadow=False,
    )


def _add_part(body: mujoco.MjsBody, part: Part, met_by: int) -> None:
    kind, size = _geometry(part.shape)
    values: dict[str, Any] = {"contype": 0, "conaffinity": 0}
    if part.surface is not None:
        surface = part.surface
        values = {
            "contype": THING_BIT,
            "conaffinity": met_by,
            "friction": [surface.sliding, surface.twisting_m, surface.rolling_m],
            "condim": surface.resists.value,
        }
        if surface.give_s is not None:
            values["solref"] = [surface.give_s, 1.0]
    if part.mass_kg is not None:
        values["mass"] = part.mass_kg
    body.add_geom(
        name=part.name,
        type=kind,
        size=size,
        pos=part.pose.position_m,
        quat=part.pose.quat_wxyz,
        rgba=[*part.rgb, 1.0],
        group=GROUPS[part.seen],
        **values,
    )


def _geometry(shape: Shape) -> tuple[mujoco.mjtGeom, list[float]]:
    """MuJoCo's type and (3,) sizes."""
    match shape:
        case Box(half_m=half):
            return mujoco.mjtGeom.mjGEOM_BOX, [*half]
        case Cylinder(radius_m=radius, half_length_m=half_length):
            return mujoco.mjtGeom.mjGEOM_CYLINDER, [radius, half_length, 0.0]
        case Sphere(radius_m=radius):
            return mujoco.mjtGeom.mjGEOM_SPHERE, [radius, 0.0, 0.0]
        case Capsule(radius_m=radius, half_length_m=half_length):
            return mujoco.mjtGeom.mjGEOM_CAPSULE, [radius, half_length, 0.0]
        case Ground(half_m=half):
            return mujoco.mjtGeom.mjGEOM_PLANE, [*half, GROUND_GRID_M]
