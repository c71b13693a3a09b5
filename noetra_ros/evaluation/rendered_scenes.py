"""Random scenes of the arm's table and what the cameras see of them, to train recognition and to judge it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import mujoco
import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.cameras import CameraImage, Intrinsics
from noetra_ros.sim.labels import Labels
from noetra_ros.sim.person_paths import PersonPath
from noetra_ros.sim.scene import CUBES, SceneTruth
from noetra_ros.sim.variation import LEVELS
from noetra_ros.sim.world import World

STREAM = 0x5CE7E  # apart from the layout's, the variation's and the person's chance
VIEWS = 3  # instants of one scene: light, colours and person stay, all else is drawn anew
AWAY_M = (0.0, 0.0, -3.0)  # below the floor: seen by nobody
PERSON_SHARES = {"reach": 0.45, "random": 0.25, "walk": 0.10, "": 0.20}
REACHING_SHARE = 0.6  # of the views with a person: one with a hand above the table
REACHING_M = 0.55  # from the base
HOME_SHARE = 0.3
BARE_SHARE = 0.06
ABSENT_SHARE = 0.12
LAID_OUT_SHARE = 0.45  # of the things: where the layout has put them
IN_BOWL_SHARE = 0.12
HELD_SHARE = 0.20  # of the views: a cube between the fingers
SCATTER_LOWER_M, SCATTER_UPPER_M = (0.08, -0.42), (0.52, 0.42)
BASE_RADIUS_M = 0.13
THING_GAP_M = 0.034
LOWEST_LINK_M = 0.012
ATTEMPTS = 200


@dataclass(frozen=True)
class View:
    """What one camera sees at one instant, and what is true.

    Attributes:
        camera: name in the robot profile.
        image: colour and depth.
        labels: what each pixel shows.
        intrinsics: of the camera.
        world_from_optical: (4, 4) its pose, m; the world is the robot's base.
        truth: where the things are.
    """

    camera: str
    image: CameraImage
    labels: Labels
    intrinsics: Intrinsics
    world_from_optical: FloatArray
    truth: SceneTruth


def views(world: World, seed: int, variation: str, cameras: tuple[str, ...]) -> Iterator[View]:
    """All views of one scene: `VIEWS` instants, each by all `cameras`; the same seed gives the same views.

    Args:
        world: of the arm's table.
        seed: of the scene.
        variation: level of domain randomisation.
        cameras: names in the profile.
    """
    rng = np.random.default_rng([seed, STREAM])
    kind = str(rng.choice(list(PERSON_SHARES), p=list(PERSON_SHARES.values())))
    world.reset(seed, variation, kind)
    _turn_still_cameras(world, variation, rng)
    path = PersonPath(seed, kind) if kind else None
    home, laid_out = world.joint_state().positions, world.object_poses()
    for _ in range(VIEWS):
        time_s = -1.0 if path is None else _instant(path, rng)
        joints = _arm(world, home, laid_out, rng)
        world.show(joints, _things(world, laid_out, rng), time_s)
        truth = world.truth()
        assert truth is not None, "the arm's table has tasks"
        for camera in cameras:
            pose = world.camera_pose(camera)
            image, labels = world.render(camera), world.render_labels(camera)
            yield View(camera, image, labels, world.intrinsics(camera), pose, truth)


def _turn_still_cameras(world: World, variation: str, rng: np.random.Generator) -> None:
    """Moves the cameras that a reset leaves alone, as far as it moves the others."""
    model, _ = world.model_and_data()
    ranges = LEVELS[variation]
    for name in set(world.profile.cameras) - set(world.profile.cameras_for("policy")):
        camera = model.camera(name)
        turn_rad = rng.uniform(-1, 1, 3) * ranges.camera_angle_rad
        camera.pos[:] += rng.uniform(-1, 1, 3) * ranges.camera_position_m
        turned = camera.quat.copy()
        mujoco.mju_quatIntegrate(turned, turn_rad, 1.0)
        camera.quat[:] = turned


def _instant(path: PersonPath, rng: np.random.Generator) -> float:
    """Seconds since the reset: any instant of the visit, or one with a hand above the table."""
    times_s = np.sort(rng.uniform(path.start_s, path.duration_s, 40))
    if rng.random() > REACHING_SHARE:
        return float(times_s[rng.integers(len(times_s))])
    hands = [index for index, region in enumerate(path.regions) if region == "hand"]
    tips_m = path.segments(times_s)[:, hands, 1, :2]
    is_reaching = (np.linalg.norm(tips_m, axis=-1) < REACHING_M).any(axis=1)
    chosen = np.flatnonzero(is_reaching) if is_reaching.any() else np.arange(len(times_s))
    return float(times_s[rng.choice(chosen)])


def _arm(world: World, home: FloatArray, objects: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(n,) rad: near home, or anywhere above the table."""
    if rng.random() < HOME_SHARE:
        return home
    limits = [(j.lower_rad, j.upper_rad) for j in world.profile.joints.values()]
    model, data = world.model_and_data()
    links = np.flatnonzero(model.geom_group == 3)
    for _ in range(ATTEMPTS):
        joints = rng.uniform(*np.array(limits).T)
        world.show(joints, objects)
        if data.geom_xpos[links, 2].min() > LOWEST_LINK_M:
            return np.asarray(joints)
    return home


def _things(world: World, laid_out: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(k, 7) poses: laid out, scattered, in the bowl, in the gripper or away. The arm is where it will be."""
    names, poses = world.object_names, laid_out.copy()
    model, data = world.model_and_data()
    is_bare = rng.random() < BARE_SHARE
    if is_bare:
        data.mocap_pos[model.body("bowl").mocapid[0]] = AWAY_M
    bowl_m = data.mocap_pos[model.body("bowl").mocapid[0]]
    for row, _ in enumerate(names):
        chance = rng.random()
        if is_bare or chance < ABSENT_SHARE:
            poses[row, :3] = AWAY_M
        elif chance < ABSENT_SHARE + IN_BOWL_SHARE:
            poses[row, :2] = bowl_m[:2] + rng.uniform(-0.02, 0.02, 2)
            poses[row, 3:] = _yawed(rng)
        elif chance > ABSENT_SHARE + IN_BOWL_SHARE + LAID_OUT_SHARE:
            poses[row, :2] = _free_spot(np.delete(poses[:, :2], row, axis=0), rng)
            poses[row, 3:] = _yawed(rng)
    if not is_bare and rng.random() < HELD_SHARE:
        truth = world.truth()
        assert truth is not None, "the arm's table has tasks"
        held = names.index(str(rng.choice(CUBES)))
        poses[held, :3], poses[held, 3:] = truth.tool_point_m, rng.normal(size=4)
        poses[held, 3:] /= np.linalg.norm(poses[held, 3:])
    return poses


def _free_spot(others_m: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(2,) a place on the table that no other thing takes."""
    spot = rng.uniform(SCATTER_LOWER_M, SCATTER_UPPER_M)
    for _ in range(ATTEMPTS):
        gaps = np.linalg.norm(others_m - spot, axis=1)
        if gaps.min() > THING_GAP_M and np.linalg.norm(spot) > BASE_RADIUS_M:
            break
        spot = rng.uniform(SCATTER_LOWER_M, SCATTER_UPPER_M)
    return np.asarray(spot)


def _yawed(rng: np.random.Generator) -> FloatArray:
    """(4,) wxyz, any turn about the vertical."""
    half_rad = rng.uniform(0.0, np.pi)
    return np.array([np.cos(half_rad), 0.0, 0.0, np.sin(half_rad)])
