"""Any arms on a plinth or other mounts in an empty room, with targets in the air for each tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.robots.simulation import Mount as Block
from noetra_ros.sim.home import home_positions
from noetra_ros.sim.reach_targets import ReachTargets
from noetra_ros.sim.scene import CUBE_HALF_M, CUBES
from noetra_ros.sim.scene_description import (
    SCENES,
    Box,
    Cylinder,
    Ground,
    Lamp,
    Mark,
    Mount,
    Part,
    Pose,
    Scene,
    Seen,
    Sphere,
    Surface,
    Thing,
    View,
)
from noetra_ros.sim.tasks.reach import SPOT_ABOVE_TOP_M
from noetra_ros.sim.variation import (
    AMBIENT_LIGHT,
    BASE_COLOURS,
    FLOOR_COLOUR,
    LAMP_DIRECTION,
    LAMP_LIGHT,
)
from noetra_ros.sim.workplace import FLOOR_M

PHYSICS_STEP_S = 0.002
PLINTH = "plinth"
MOUNT_COLOUR = BASE_COLOURS["table"]
PLINTH_RADIUS_M = 0.16
GAP_M = 0.002  # from the plinth to the base link, which does not rub on it
FLOOR_HALF_M = 6.0
FLOORS = {"floor": Seen.AS_ENDLESS, "room_floor": Seen.AS_ROOM}
TOOL_MARK = "tool_mark"
TOOL_RADIUS_M = 0.008
TOOL_COLOUR = (0.95, 0.55, 0.05)
TARGET_HALF_M = (CUBE_HALF_M, CUBE_HALF_M, CUBE_HALF_M)
SPOT_ABOVE_M = np.array([0.0, 0.0, CUBE_HALF_M + SPOT_ABOVE_TOP_M])


@SCENES.register("stand")
def stand(seed: int | None, profile: RobotProfile) -> Scene:
    """The stand of a robot; a seed hangs the targets where an episode of it has them.

    Raises:
        ConfigError: no workspace; with a seed: no URDF, or the targets find no room.
    """
    lamp = Lamp((0.0, 0.0, 3.0), LAMP_DIRECTION, (LAMP_LIGHT,) * 3, (AMBIENT_LIGHT,) * 3)
    scene = Scene(
        name="stand",
        step_s=PHYSICS_STEP_S,
        mount=Mount.FIXED,
        fixed=(*_mounts(profile), *(_floor(name, seen) for name, seen in FLOORS.items())),
        things=tuple(target(name) for name in CUBES),
        lamp=lamp,
        view=View((0.2, 0.0, 0.3), extent_m=1.0, near_m=0.01, far_m=12.0),
        marks=marks_of(profile),
        mends_urdf=True,
    )
    return scene if seed is None else scene.placed(_poses(profile, seed))


def mount_names(profile: RobotProfile) -> tuple[str, ...]:
    """Names of what the robot stands on."""
    mounts = profile.sim.mounts if profile.sim is not None else {}
    return tuple(f"mount_{name}" for name in mounts) or (PLINTH,)


def _mounts(profile: RobotProfile) -> tuple[Part, ...]:
    """The blocks of the profile, or a round plinth from the floor to the base."""
    mounts = profile.sim.mounts if profile.sim is not None else {}
    if not mounts:
        half_m = (-FLOOR_M - GAP_M) / 2.0
        pose = Pose((0.0, 0.0, FLOOR_M + half_m))
        return (Part(PLINTH, Cylinder(PLINTH_RADIUS_M, half_m), MOUNT_COLOUR, pose),)
    return tuple(_block(n, mount) for n, mount in zip(mount_names(profile), mounts.values(), strict=True))


def _block(name: str, mount: Block) -> Part:
    ends_m = np.array([mount.lower_m, mount.upper_m])
    (x, y, z), (half_x, half_y, half_z) = ends_m.mean(axis=0).tolist(), (np.ptp(ends_m, axis=0) / 2).tolist()
    return Part(name, Box((half_x, half_y, half_z)), MOUNT_COLOUR, Pose((x, y, z)))


def _floor(name: str, seen: Seen) -> Part:
    """The same floor for each kind of camera; one of them is touched."""
    surface = Surface() if seen is Seen.AS_ENDLESS else None
    return Part(
        name,
        Ground((FLOOR_HALF_M, FLOOR_HALF_M)),
        FLOOR_COLOUR,
        Pose((0.0, 0.0, FLOOR_M)),
        surface=surface,
        seen=seen,
    )


def tool_marks(profile: RobotProfile) -> tuple[str, ...]:
    """Names of the marks at the tools, that of `workspace` first."""
    return (TOOL_MARK, *(f"{TOOL_MARK}_{name}" for name in profile.further_tools))


def marks_of(profile: RobotProfile) -> tuple[Mark, ...]:
    """A small ball at each tool.

    Raises:
        ConfigError: no workspace that names the tool.
    """
    if profile.workspace is None:
        raise single_fault(f"robot {profile.name}", "workspace", "nothing", "a workspace with the tool link")
    ball = Part(TOOL_MARK, Sphere(TOOL_RADIUS_M), TOOL_COLOUR, surface=None, mass_kg=0.0)
    links = [box.tool_link for box in profile.tool_boxes]
    names = tool_marks(profile)
    return tuple(Mark(link, replace(ball, name=name)) for link, name in zip(links, names, strict=True))


def target(name: str) -> Thing:
    """A small cube that hangs in the air: the arm passes through it."""
    part = Part(name, Box(TARGET_HALF_M), BASE_COLOURS[name], surface=None)
    return Thing(name, (part,), Pose(), is_free=False)


def draw_targets(places: ReachTargets, rng: np.random.Generator) -> FloatArray:
    """(k, 3) middles of the targets, m: the tool's places are above them."""
    return places.draw(rng, len(CUBES)) - SPOT_ABOVE_M


def _poses(profile: RobotProfile, seed: int) -> Mapping[str, Pose]:
    home = np.array(list(home_positions(profile).values()))
    places_m = draw_targets(ReachTargets(profile, home), np.random.default_rng(seed)).tolist()
    return {name: Pose((x, y, z)) for name, (x, y, z) in zip(CUBES, places_m, strict=True)}
