"""Depth pictures of boxes and spheres by ray casting, settings and frames that the geometry's tests share."""

import dataclasses

import numpy as np

from noetra_ros.core.obstacles import DetectedObject
from noetra_ros.core.types import JointState
from noetra_ros.perception.frames import DepthFrame, Pinhole
from noetra_ros.perception.settings import GeometrySettings
from noetra_ros.robots.profile import load_robot

SETTINGS = GeometrySettings(
    region_lower_m=(-0.6, -1.2, -0.05),
    region_upper_m=(1.4, 1.2, 1.6),
    voxel_m=0.03,
    points_min=3,
    depth_noise_m=0.002,
    depth_noise_per_m=0.001,
    table="configured",
    table_clearance_m=0.01,
    body_margin_m=0.02,
    joints_gap_s=0.05,
    unseen_thickness_m=0.0,
    object_score_min=0.5,
    object_size_max_m=0.2,
    object_margin_m=0.02,
    object_hold_s=2.0,
    person_hold_s=1.0,
    acceleration_mps2=5.0,
    speed_max_mps=3.0,
    velocity_std_max_mps=0.5,
    keep_s=0.25,
    hidden_keep_s=2.0,
)
LENS = Pinhole(550.0, 550.0, 319.5, 239.5)
# At x = -1, 0.5 m high, looking along x: right = -y, down = -z, forward = x.
LEVEL = np.array([[0, 0, 1, -1.0], [-1, 0, 0, 0], [0, -1, 0, 0.5], [0, 0, 0, 1.0]])


def with_settings(**changes):
    return dataclasses.replace(SETTINGS, **changes)


def base_with_eye():
    """The mobile base, which has no links to remove, with a depth camera called eye."""
    eye = dataclasses.replace(load_robot("so101").cameras["overhead"], has_depth=True)
    return dataclasses.replace(load_robot("diffbot"), cameras={"eye": eye})


def cast(pose, lens=LENS, shape=(480, 640), boxes=(), spheres=()):
    """(height, width) float32 depth, m; boxes as (low, high), spheres as (centre, radius), base frame."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    right, down = (columns - lens.cx_px) / lens.fx_px, (rows - lens.cy_px) / lens.fy_px
    rays = np.stack([right, down, np.ones(shape)], -1)
    rays, origin = rays @ pose[:3, :3].T, pose[:3, 3]
    depth = np.full(shape, np.inf)
    for low, high in boxes:
        with np.errstate(divide="ignore", invalid="ignore"):
            first, second = (np.asarray(low) - origin) / rays, (np.asarray(high) - origin) / rays
        enter, leave = np.fmin(first, second).max(-1), np.fmax(first, second).min(-1)
        depth = np.where((enter <= leave) & (enter > 0), np.minimum(depth, enter), depth)
    for centre, radius in spheres:
        offset = origin - np.asarray(centre)
        a, b = (rays**2).sum(-1), rays @ offset
        inside = b**2 - a * (offset @ offset - radius**2)
        near = (-b - np.sqrt(np.maximum(inside, 0.0))) / a
        depth = np.where((inside > 0) & (near > 0), np.minimum(depth, near), depth)
    return depth.astype(np.float32)


def frame_of(depth_m, stamp_ns=0, pose=LEVEL, camera="eye", lens=LENS):
    return DepthFrame(stamp_ns, camera, depth_m, lens, np.asarray(pose, float))


def frame_from(world, camera="overhead"):
    """What a simulated depth camera gives now."""
    lens = world.intrinsics(camera)
    pinhole = Pinhole(lens.fx_px, lens.fy_px, lens.cx_px, lens.cy_px)
    depth_m = world.render(camera).depth_m
    return DepthFrame(world.time_ns, camera, depth_m, pinhole, world.camera_pose(camera))


def joints_at(profile, positions, stamp_ns):
    zeros = np.zeros(len(positions))
    return JointState(stamp_ns, profile.joint_names, np.asarray(positions, float), zeros, zeros)


def thing(label, position_m, size_m, score=0.9):
    upright = np.array([0.0, 0.0, 0.0, 1.0])
    return DetectedObject(label, score, "eye", np.zeros(4), np.array(position_m), upright, np.array(size_m))
