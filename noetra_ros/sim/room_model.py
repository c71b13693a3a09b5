"""The room of the driving base as a MuJoCo model: walls, loose boxes, a round chassis in the plane."""

from __future__ import annotations

from collections.abc import Mapping

import mujoco
import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.eyes import add_cameras

PHYSICS_STEP_S = 0.002
ROOM_HALF_M = 2.5
WALL_HEIGHT_M = 0.5
CHASSIS_RADIUS_M = 0.18
CHASSIS_HEIGHT_M = 0.16
CHASSIS_MASS_KG = 8.0
SCANNER_HEIGHT_M = 0.22
BOXES = ("box_1", "box_2", "box_3", "box_4")
BOX_HALF_M = (0.15, 0.20, 0.20)
BOX_MASS_KG = 6.0
BOX_COLOUR = (0.72, 0.52, 0.32, 1.0)
FREE_AROUND_START_M = 0.9
BOX_GAP_M = 0.7
ATTEMPTS = 10_000


def room_spec(profile: RobotProfile) -> mujoco.MjSpec:
    """Room, boxes, chassis and the profile's cameras."""
    spec = mujoco.MjSpec()
    spec.option.timestep = PHYSICS_STEP_S
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.visual.headlight.ambient = [0.35, 0.35, 0.35]
    spec.visual.quality.offsamples = 0
    spec.visual.quality.shadowsize = 0
    world = spec.worldbody
    world.add_light(
        name="lamp",
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        pos=[0, 0, 3],
        dir=[0, 0, -1],
        castshadow=False,
    )
    world.add_geom(
        name="floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[4, 4, 0.1],
        rgba=[0.5, 0.5, 0.52, 1.0],
        friction=[0.6, 0.005, 0.0001],
    )
    _add_walls(world)
    _add_chassis(spec)
    for name in BOXES:
        body = world.add_body(name=name)
        body.add_freejoint(name=name)
        body.add_geom(
            name=name,
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=BOX_HALF_M,
            mass=BOX_MASS_KG,
            rgba=BOX_COLOUR,
            friction=[0.6, 0.005, 0.0001],
        )
    add_cameras(spec, profile)
    return spec


def _add_walls(world: mujoco.MjsBody) -> None:
    thickness = 0.05
    for name, x, y in (("east", 1, 0), ("north", 0, 1), ("west", -1, 0), ("south", 0, -1)):
        along = ROOM_HALF_M + thickness
        world.add_geom(
            name=f"wall_{name}",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            pos=[x * ROOM_HALF_M, y * ROOM_HALF_M, WALL_HEIGHT_M / 2],
            size=[thickness if x else along, thickness if y else along, WALL_HEIGHT_M / 2],
            rgba=[0.8, 0.8, 0.78, 1.0],
        )


def _add_chassis(spec: mujoco.MjSpec) -> None:
    """A cylinder on two sliders and a hinge, driven by forces; it does not touch the floor."""
    base = spec.worldbody.add_body(name="base", pos=[0, 0, 0.03 + CHASSIS_HEIGHT_M / 2])
    slide, hinge = mujoco.mjtJoint.mjJNT_SLIDE, mujoco.mjtJoint.mjJNT_HINGE
    for name, kind, axis in (("x", slide, [1, 0, 0]), ("y", slide, [0, 1, 0]), ("yaw", hinge, [0, 0, 1])):
        base.add_joint(name=name, type=kind, axis=axis)
        motor = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        motor.gainprm[0] = 1.0
    base.add_geom(
        name="chassis",
        type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        size=[CHASSIS_RADIUS_M, CHASSIS_HEIGHT_M / 2, 0],
        mass=CHASSIS_MASS_KG,
        rgba=[0.15, 0.35, 0.6, 1.0],
    )
    base.add_site(name="scanner", pos=[0, 0, SCANNER_HEIGHT_M - 0.03 - CHASSIS_HEIGHT_M / 2])


def sample_boxes(rng: np.random.Generator) -> Mapping[str, FloatArray]:
    """(7,) pose of each box: on the floor, apart, away from the start and reachable around.

    Raises:
        NoetraError: no draw fitted; the numbers at the top of this file leave too little room.
    """
    for _ in range(ATTEMPTS):
        spots = rng.uniform(-ROOM_HALF_M + 0.5, ROOM_HALF_M - 0.5, (len(BOXES), 2))
        gaps = np.linalg.norm(spots[:, None] - spots[None], axis=-1) + 10.0 * np.eye(len(BOXES))
        if gaps.min() > BOX_GAP_M and np.linalg.norm(spots, axis=1).min() > FREE_AROUND_START_M:
            yaws = rng.uniform(-np.pi, np.pi, len(BOXES))
            return {
                name: np.array([*spot, BOX_HALF_M[2], np.cos(yaw / 2), 0.0, 0.0, np.sin(yaw / 2)])
                for name, spot, yaw in zip(BOXES, spots, yaws, strict=True)
            }
    raise NoetraError(
        f"room: none of {ATTEMPTS} draws fitted, expected one -> lower BOX_GAP_M in sim/room_model.py"
    )
