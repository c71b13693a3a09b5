"""What a simulated world consists of, in plain data: MuJoCo's model and Gazebo's SDF come from it.

World frame: x forward, z up, m; the robot's base frame at the start of an episode.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from noetra_ros.core.registry import Registry
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile

Triple = tuple[float, float, float]
WHITE: Triple = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Pose:
    """Place (m) and turn in the parent's frame."""

    position_m: Triple = (0.0, 0.0, 0.0)
    quat_wxyz: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)


def pose_from(values: FloatArray) -> Pose:
    """A pose from (7,) x, y, z, quaternion wxyz."""
    x, y, z, *quat = (float(value) for value in values)
    return Pose((x, y, z), (quat[0], quat[1], quat[2], quat[3]))


def rgb_from(values: FloatArray) -> Triple:
    """A colour from (3,) red, green, blue, 0 to 1."""
    red, green, blue = (float(value) for value in values)
    return (red, green, blue)


def upright(x_m: float, y_m: float, z_m: float, yaw_rad: float) -> Pose:
    """A pose turned about the vertical only."""
    return pose_from(np.array([x_m, y_m, z_m, np.cos(yaw_rad / 2), 0, 0, np.sin(yaw_rad / 2)]))


@dataclass(frozen=True)
class Box:
    """Its half edges, m."""

    half_m: Triple


@dataclass(frozen=True)
class Cylinder:
    """Upright, along its z axis."""

    radius_m: float
    half_length_m: float


@dataclass(frozen=True)
class Sphere:
    """A ball."""

    radius_m: float


@dataclass(frozen=True)
class Capsule:
    """Along its z axis; the length is that between the centres of its round ends."""

    radius_m: float
    half_length_m: float


@dataclass(frozen=True)
class Ground:
    """A level plane without end for physics; seen as far as its half edges."""

    half_m: tuple[float, float]


Shape = Box | Cylinder | Sphere | Capsule | Ground


class Resistance(Enum):
    """Which motions of a contact friction resists."""

    SLIDING = 3
    AND_TWISTING = 4
    AND_ROLLING = 6


@dataclass(frozen=True)
class Surface:
    """How a part touches others. The defaults are MuJoCo's.

    Attributes:
        sliding: coefficient of friction.
        twisting_m: torsional friction, a length.
        rolling_m: rolling friction, a length.
        resists: which of these count.
        give_s: time constant in which a contact gives way; None = the simulator's own.
    """

    sliding: float = 1.0
    twisting_m: float = 0.005
    rolling_m: float = 0.0001
    resists: Resistance = Resistance.SLIDING
    give_s: float | None = None


class Seen(Enum):
    """Which cameras see a part; `Camera.sees_room` of the profile tells them apart."""

    BY_ALL = "all"
    AS_ENDLESS = "cameras that see a table without end"
    AS_ROOM = "cameras that see the room"


@dataclass(frozen=True)
class Part:
    """One solid shape.

    Attributes:
        name: unique in the scene.
        shape: its form.
        rgb: colour, 0 to 1; variations change it.
        pose: in the frame of the thing, or of the world.
        surface: None = for the eye only, nothing touches it.
        mass_kg: of a part of something that moves freely.
        seen: who sees it.
    """

    name: str
    shape: Shape
    rgb: Triple
    pose: Pose = Pose()
    surface: Surface | None = Surface()
    mass_kg: float | None = None
    seen: Seen = Seen.BY_ALL


@dataclass(frozen=True)
class Thing:
    """A body of parts.

    Attributes:
        name: unique in the scene.
        parts: what it consists of.
        pose: where it is at the start, world frame.
        is_free: it can be pushed and lifted; else it stays where it was put.
    """

    name: str
    parts: tuple[Part, ...]
    pose: Pose
    is_free: bool = True


@dataclass(frozen=True)
class Lamp:
    """Light from one direction.

    Attributes:
        position_m: where it hangs; of no account to the light.
        direction: in which it shines, any length.
        rgb: its light, 0 to 1.
        ambient_rgb: light that it gives from everywhere.
    """

    position_m: Triple
    direction: Triple
    rgb: Triple
    ambient_rgb: Triple = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class PersonPart:
    """One capsule of somebody, for the eye and for sensing touch; it makes no force."""

    name: str
    shape: Capsule
    pose: Pose
    rgb: Triple = (0.5, 0.5, 0.5)


@dataclass(frozen=True)
class Mark:
    """A part that shows a place of the robot.

    Attributes:
        link: that carries it.
        part: in the frame of the link; nothing touches it, and it weighs nothing.
    """

    link: str
    part: Part


class Mount(Enum):
    """How the robot stands in the scene, base frame = world frame at the start."""

    FIXED = "its base does not move: an arm"
    DRIVING = "it drives on the floor: a base"


@dataclass(frozen=True)
class View:
    """What cameras and viewers take for the middle and size of the scene, and how near and far they see."""

    centre_m: Triple
    extent_m: float
    near_m: float
    far_m: float


@dataclass(frozen=True)
class Scene:
    """Everything around the robot.

    Attributes:
        name: of the world.
        step_s: length of a physics step.
        mount: how the robot stands in it.
        fixed: parts of the world itself.
        things: bodies.
        lamp: the light.
        glow_rgb: light from the viewer's side; None = none.
        holds_grips: contacts are solved so exactly that held things do not slip.
        marks: for the eye, on links of the robot.
        mends_urdf: the robot is what its URDF has, mended: least inertia where a link lacks it; shapes that
            are drawn can be touched where it has no others; so can its base. Else the URDF has to be whole,
            and the base, which may stand in a table, is not touched.
        view: None = as the simulator chooses.
        person: parts of somebody; empty = people are not simulated.
    """

    name: str
    step_s: float
    mount: Mount
    fixed: tuple[Part, ...]
    things: tuple[Thing, ...]
    lamp: Lamp
    glow_rgb: Triple | None = None
    holds_grips: bool = False
    marks: tuple[Mark, ...] = ()
    mends_urdf: bool = False
    view: View | None = None
    person: tuple[PersonPart, ...] = ()

    def placed(self, poses: Mapping[str, Pose]) -> Scene:
        """The same with things where `poses` has them, world frame, by name.

        Raises:
            KeyError: no such thing.
        """
        unknown = poses.keys() - {thing.name for thing in self.things}
        if unknown:
            raise KeyError(f"scene {self.name}: no thing is called {', '.join(sorted(unknown))}")
        things = [dataclasses.replace(t, pose=poses.get(t.name, t.pose)) for t in self.things]
        return dataclasses.replace(self, things=tuple(things))


# By name of the world; called with the seed of an episode, or None for things where nobody has put them, and
# the robot that stands there.
SCENES: Registry[Callable[[int | None, RobotProfile], Scene]] = Registry("scene", "noetra_ros.sim.scenes")
