"""640x480 depth to tracked obstacles: an arm at a table, a person reaching in; one core, also by steps."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.config import load, read_yaml
from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.resources import share_folder
from noetra_ros.core.types import FloatArray, JointState
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.perception.frames import DepthFrame, Pinhole
from noetra_ros.perception.pipeline import Pipeline
from noetra_ros.perception.settings import GeometrySettings
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.robots.profile import RobotProfile, load_robot

HEIGHT_PX, WIDTH_PX = 480, 640
FRAMES, WARM_UP = 40, 5
PERIOD_NS = 33_333_333
LENS = Pinhole(400.0, 400.0, 319.5, 239.5)


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Pictures are made beforehand; the arm stands still, a hand comes nearer by 0.5 m/s.

    Raises:
        ValueError: the hand was not found, or the arm itself was.
    """
    profile = load_robot("so101")
    pipeline = Pipeline(profile, settings())
    zeros = np.zeros(len(profile.joint_names))
    total_ms: list[float] = []
    processor_ms: list[float] = []
    steps_ms: dict[str, list[float]] = {}
    for index, picture in enumerate(pictures(profile, FRAMES + WARM_UP)):
        stamp_ns = index * PERIOD_NS
        pipeline.add_joints(JointState(stamp_ns, profile.joint_names, zeros, zeros, zeros))
        frame = DepthFrame(stamp_ns, "overhead", picture, LENS, camera_pose())
        begin_s, processor_s = time.perf_counter(), time.process_time()
        pipeline.add_depth(frame)
        scene = pipeline.scene(stamp_ns)
        if index >= WARM_UP:
            total_ms.append((time.perf_counter() - begin_s) * 1e3)
            processor_ms.append((time.process_time() - processor_s) * 1e3)
            for step, seconds in pipeline.times.seconds.items():
                steps_ms.setdefault(step, []).append(seconds * 1e3)
        say(f"{index + 1} of {FRAMES + WARM_UP}, {len(scene.obstacles)} obstacles")
    check(scene)
    against = ("a frame at 30 Hz, 33.3 ms", 1e3 / 30.0)
    records = [
        record_of("depth_to_obstacles", total_ms, "ms", *against),
        record_of(
            "depth_to_obstacles_processor", processor_ms, "ms", *against
        ),  # what a busy machine leaves alone
    ]
    return records + [record_of(f"depth_to_obstacles_{step}", ms, "ms") for step, ms in steps_ms.items()]


def settings() -> GeometrySettings:
    """Those of config/perception.yaml that are the geometry's."""
    (node,) = read_yaml(share_folder() / "config" / "perception.yaml").values()
    names = GeometrySettings.__dataclass_fields__
    values = {key: value for key, value in node["ros__parameters"].items() if key in names}
    return load(GeometrySettings, values, "config/perception.yaml")


def camera_pose() -> FloatArray:
    """base_from_optical: 1.5 m above the table, looking straight down, base at the lower edge."""
    return np.array(
        [[0.0, -1.0, 0.0, 0.3], [-1.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 1.5], [0.0, 0.0, 0.0, 1.0]]
    )


def pictures(profile: RobotProfile, count: int) -> list[NDArray[np.float32]]:
    """Table, six things on it, the arm as balls along its capsules, and a hand that comes nearer."""
    capsules = LinkCapsules(profile)
    segments = capsules.segments(np.zeros(len(profile.joint_names)))
    shares = np.linspace(0.0, 1.0, 4)[:, None]
    body = [
        (start + share * (end - start), radius)
        for (start, end), radius in zip(segments, capsules.radii_m, strict=True)
        for share in shares
    ]
    things = [(np.array([0.2 + 0.1 * (k % 3), -0.35 + 0.14 * k, 0.0]), 0.025) for k in range(6)]
    still = cast([*body, *things])
    return [np.minimum(still, cast(person(0.5 * k * PERIOD_NS * 1e-9))) for k in range(count)]


def person(reached_m: float) -> list[tuple[FloatArray, float]]:
    """Trunk, head, arm and hand as balls, seen from above; the hand has come nearer by `reached_m`."""
    hand = np.array([0.75 - reached_m, 0.2, 0.25])
    shoulder = np.array([0.95, 0.2, 0.35])
    arm = [(shoulder + share * (hand - shoulder), 0.045) for share in np.linspace(0.0, 1.0, 12)]
    trunk = [(np.array([1.0, 0.2 + 0.08 * k, 0.3]), 0.13) for k in range(-2, 3)]
    return [*arm, (hand, 0.06), *trunk, (np.array([1.0, 0.2, 0.55]), 0.1)]


def cast(balls: list[tuple[FloatArray, float]]) -> NDArray[np.float32]:
    """(height, width) depth, m, of balls (centre, radius) above the table at height 0."""
    pose = camera_pose()
    rows, columns = np.mgrid[:HEIGHT_PX, :WIDTH_PX]
    rays = np.stack([(columns - LENS.cx_px) / LENS.fx_px, (rows - LENS.cy_px) / LENS.fy_px], axis=-1)
    squares = np.square(rays).sum(axis=-1) + 1.0
    depth_m = np.full((HEIGHT_PX, WIDTH_PX), pose[2, 3])
    for centre, radius_m in balls:
        x, y, z = (centre - pose[:3, 3]) @ pose[:3, :3]
        towards = rays[..., 0] * x + rays[..., 1] * y + z
        inside = towards**2 - squares * (x * x + y * y + z * z - radius_m**2)
        hit_m = (towards - np.sqrt(np.maximum(inside, 0.0))) / squares
        depth_m = np.where(inside > 0.0, np.minimum(depth_m, hit_m), depth_m)
    return depth_m.astype(np.float32)


def check(scene: ObstacleScene) -> None:
    """The hand comes nearer, and nothing stands where only the arm is.

    Raises:
        ValueError: otherwise.
    """
    speeds_mps = [obstacle.velocity_mps[0] for obstacle in scene.obstacles]
    if not any(-0.7 < speed < -0.3 for speed in speeds_mps):
        raise ValueError(f"no obstacle moves at 0.5 m/s towards the robot: {np.round(speeds_mps, 2)}")
    if any(np.linalg.norm(obstacle.position_m[:2]) < 0.1 for obstacle in scene.obstacles):
        raise ValueError("the arm itself is taken for an obstacle")
