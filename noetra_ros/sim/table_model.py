"""What lies around the arm: table, cubes, bowl, distractors, lamp and cameras, added to the arm's model."""

from __future__ import annotations

import mujoco
import numpy as np

from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.arm_model import ARM_BIT, THING_BIT
from noetra_ros.sim.eyes import add_cameras
from noetra_ros.sim.person_body import add_person
from noetra_ros.sim.rendering import ENDLESS_GROUP, ROOM_GROUP
from noetra_ros.sim.scene import (
    BOWL_HEIGHT_M,
    BOWL_INNER_RADIUS_M,
    BOWL_OUTER_RADIUS_M,
    CUBE_HALF_M,
    CUBES,
    DISTRACTOR_HALF_M,
)
from noetra_ros.sim.workplace import FLOOR_M, TABLE_LOWER_M, TABLE_THICKNESS_M, TABLE_UPPER_M

PHYSICS_STEP_S = 0.002
CUBE_MASS_KG = 0.025
SLIDING_FRICTION = 0.5
BOWL_WALLS = 10
BOWL_FLOOR_M = 0.003


def furnish(spec: mujoco.MjSpec, profile: RobotProfile) -> None:
    """Adds the surroundings and the physics settings."""
    option = spec.option
    option.timestep = PHYSICS_STEP_S
    option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    option.impratio = 10.0
    option.noslip_iterations = 3
    _add_table(spec)
    for name in CUBES:
        _add_thing(spec, name, mujoco.mjtGeom.mjGEOM_BOX, [CUBE_HALF_M] * 3)
    half = DISTRACTOR_HALF_M
    _add_thing(spec, "yellow_cylinder", mujoco.mjtGeom.mjGEOM_CYLINDER, [half, half, 0.0])
    _add_thing(spec, "purple_ball", mujoco.mjtGeom.mjGEOM_SPHERE, [half, 0.0, 0.0])
    _add_bowl(spec)
    _add_room(spec)
    add_person(spec)
    add_cameras(spec, profile)


def _add_table(spec: mujoco.MjSpec) -> None:
    spec.worldbody.add_geom(
        name="table",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[1.2, 1.2, 0.1],
        friction=[SLIDING_FRICTION, 0.005, 0.0001],
        contype=THING_BIT,
        conaffinity=THING_BIT | ARM_BIT,
        group=ENDLESS_GROUP,
    )
    spec.worldbody.add_light(
        name="lamp",
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        pos=[0, 0, 1.5],
        dir=[0, 0, -1],
        castshadow=False,
    )
    spec.visual.headlight.active = 0
    spec.visual.quality.offsamples = 0
    spec.visual.quality.shadowsize = 0
    spec.stat.extent = 1.0
    spec.stat.center = [0.2, 0.0, 0.1]
    spec.visual.map.znear = 0.01
    spec.visual.map.zfar = 5.0


def _add_room(spec: mujoco.MjSpec) -> None:
    """What is seen of the room, for the eye only: physics knows a table without end."""
    lower, upper = np.array(TABLE_LOWER_M), np.array(TABLE_UPPER_M)
    common = {"contype": 0, "conaffinity": 0, "group": ROOM_GROUP}
    spec.worldbody.add_geom(
        name="table_top",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        pos=[*(upper + lower) / 2, -TABLE_THICKNESS_M / 2],
        size=[*(upper - lower) / 2, TABLE_THICKNESS_M / 2],
        **common,
    )
    spec.worldbody.add_geom(
        name="floor", type=mujoco.mjtGeom.mjGEOM_PLANE, pos=[0, 0, FLOOR_M], size=[5.0, 5.0, 0.1], **common
    )


def _add_thing(spec: mujoco.MjSpec, name: str, shape: mujoco.mjtGeom, size_m: list[float]) -> None:
    body = spec.worldbody.add_body(name=name, pos=[0.5, 0.0, size_m[0]])
    body.add_freejoint(name=name)
    body.add_geom(
        name=name,
        type=shape,
        size=size_m,
        mass=CUBE_MASS_KG,
        condim=6 if shape == mujoco.mjtGeom.mjGEOM_SPHERE else 4,
        friction=[SLIDING_FRICTION, 0.01, 0.002],
        solref=[0.008, 1.0],
        contype=THING_BIT,
        conaffinity=THING_BIT | ARM_BIT,
    )


def _add_bowl(spec: mujoco.MjSpec) -> None:
    """A round bowl of boxes, fixed to the table (it does not slide); its place is set at each reset."""
    bowl = spec.worldbody.add_body(name="bowl", pos=[0.2, 0.2, 0.0], mocap=True)
    common = {
        "contype": THING_BIT,
        "conaffinity": THING_BIT | ARM_BIT,
        "friction": [SLIDING_FRICTION, 0.01, 0.001],
    }
    floor = [BOWL_OUTER_RADIUS_M, BOWL_FLOOR_M / 2, 0.0]
    bowl.add_geom(
        name="bowl_floor",
        type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        size=floor,
        pos=[0, 0, BOWL_FLOOR_M / 2],
        **common,
    )
    thickness = (BOWL_OUTER_RADIUS_M - BOWL_INNER_RADIUS_M) / 2
    middle = (BOWL_OUTER_RADIUS_M + BOWL_INNER_RADIUS_M) / 2
    half_width = BOWL_OUTER_RADIUS_M * np.tan(np.pi / BOWL_WALLS)
    for k in range(BOWL_WALLS):
        angle = 2 * np.pi * k / BOWL_WALLS
        bowl.add_geom(
            name=f"bowl_wall_{k}",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=[thickness, half_width, BOWL_HEIGHT_M / 2],
            pos=[middle * np.cos(angle), middle * np.sin(angle), BOWL_HEIGHT_M / 2],
            quat=[np.cos(angle / 2), 0.0, 0.0, np.sin(angle / 2)],
            **common,
        )
