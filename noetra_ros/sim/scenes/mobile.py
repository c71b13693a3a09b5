"""The walled room with targets in the air besides, for an arm on a base that drives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.sim.arm_on_base import as_arm, require_arm_on_base
from noetra_ros.sim.home import home_positions
from noetra_ros.sim.reach_targets import ReachTargets
from noetra_ros.sim.scene import CUBES
from noetra_ros.sim.scene_description import SCENES, Pose, Scene, pose_from
from noetra_ros.sim.scenes.room import room, sample_boxes, sample_marks
from noetra_ros.sim.scenes.stand import draw_targets, marks_of, target
from noetra_ros.sim.variation import Variation, sample_variation


@dataclass(frozen=True)
class Drawn:
    """What chance makes of an episode.

    Attributes:
        boxes: (7,) pose of each box, world frame.
        marks: (7,) pose of each mark on the floor.
        targets_m: (k, 3) middles of the targets in the air, m.
        variation: light, shades and cameras.
    """

    boxes: Mapping[str, FloatArray]
    marks: Mapping[str, FloatArray]
    targets_m: FloatArray
    variation: Variation


@SCENES.register("mobile")
def mobile(seed: int | None, profile: RobotProfile) -> Scene:
    """The room of a robot; a seed puts boxes, marks and targets where an episode of it has them.

    Raises:
        ConfigError: no URDF, workspace, base or chassis; with a seed: the targets find no room.
    """
    require_arm_on_base(profile)
    walled = room(None)
    scene = replace(
        walled,
        name="mobile",
        things=(*walled.things, *(target(name) for name in CUBES)),
        marks=marks_of(profile),
        mends_urdf=True,
    )
    return scene if seed is None else scene.placed(_poses(draw(profile, places_of(profile), seed)))


def places_of(profile: RobotProfile) -> ReachTargets:
    """Where targets may hang: the arm reaches them before the base has moved.

    Raises:
        ConfigError: no URDF, workspace or channel of joints.
    """
    return ReachTargets(as_arm(profile), np.array(list(home_positions(profile).values())))


def draw(profile: RobotProfile, places: ReachTargets, seed: int, variation: str = "none") -> Drawn:
    """Draws an episode: MuJoCo's world and the scene both take it from here.

    Raises:
        ConfigError: the targets find no room, or there is no such variation.
    """
    rng = np.random.default_rng(seed)
    boxes = sample_boxes(rng)
    drawn = sample_variation(variation, rng, tuple(profile.cameras), len(profile.joint_names))
    return Drawn(boxes, sample_marks(seed, boxes), draw_targets(places, rng), drawn)


def _poses(drawn: Drawn) -> dict[str, Pose]:
    poses = {name: pose_from(pose) for name, pose in {**drawn.boxes, **drawn.marks}.items()}
    hanging = zip(CUBES, drawn.targets_m.tolist(), strict=True)
    return {**poses, **{name: Pose((x, y, z)) for name, (x, y, z) in hanging}}
