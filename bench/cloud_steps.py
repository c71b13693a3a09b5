"""Steps from depth to clusters at 640x480: ours beside open3d's legacy and tensor API, on one core.

Each implementation gets the same input and has to give the same answer, within its tolerance. Without open3d
(`pip install open3d-cpu`) only ours is measured.
"""

from __future__ import annotations

import dataclasses
import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from scipy import ndimage

from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.perception.cloud import cloud_of_depth, optical_points
from noetra_ros.perception.clusters import cluster_labels, voxel_keys
from noetra_ros.perception.frames import DepthFrame, Pinhole
from noetra_ros.perception.obstacle_fit import fit_box
from noetra_ros.perception.settings import GeometrySettings
from noetra_ros.perception.table_plane import fitted_plane

ROUNDS = 15
LENS = Pinhole(400.0, 400.0, 319.5, 239.5)
LOOKING_DOWN = np.array([[0, -1, 0, 0.3], [-1, 0, 0, 0], [0, 0, -1, 1.5], [0, 0, 0, 1.0]])
VOXEL_M, PLANE_M = 0.01, 0.008
SETTINGS = GeometrySettings(
    region_lower_m=(-1.0, -1.5, -0.1), region_upper_m=(1.5, 1.5, 1.4), voxel_m=0.03, points_min=3,
    pixels_max=400_000, depth_noise_m=0.001, depth_noise_per_m=0.0, table="fitted", table_clearance_m=0.01,
    body_margin_m=0.02, joints_gap_s=0.05, unseen_thickness_m=0.0, object_score_min=0.5,
    object_size_max_m=0.2, object_margin_m=0.02, object_hold_s=2.0, person_hold_s=1.0, acceleration_mps2=5.0,
    speed_max_mps=3.0, velocity_std_max_mps=0.5, keep_s=0.25, hidden_keep_s=2.0,
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step and its ways.

    Attributes:
        name: of the step.
        ways: what to time, by implementation; ours first.
        answer: turns a result into a number that has to agree.
        tolerance: by how much it may differ from ours, as a share.
    """

    name: str
    ways: dict[str, Callable[[], Any]]
    answer: Callable[[Any], float]
    tolerance: float


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """All ways of each step in turn, so that a busy machine slows all of them.

    Raises:
        ValueError: an implementation gives another answer than ours.
    """
    frame = DepthFrame(0, "bench", picture(), LENS, LOOKING_DOWN)
    records: list[BenchRecord] = []
    for step in steps(frame, _open3d(say)):
        say(step.name)
        _check(step)
        times_ms: dict[str, list[float]] = {name: [] for name in step.ways}
        for _ in range(ROUNDS):
            for name, work in step.ways.items():
                begin_s = time.perf_counter()
                work()
                times_ms[name].append((time.perf_counter() - begin_s) * 1e3)
        ours = float(np.median(next(iter(times_ms.values()))))
        against = f"ours in the same run, {ours:.2f} ms"
        for index, (name, sample) in enumerate(times_ms.items()):
            reference = (against, ours) if index else ()
            records.append(record_of(f"cloud_{step.name}_{name}", sample, "ms", *reference))
    return records


def steps(frame: DepthFrame, open3d: ModuleType | None) -> list[Step]:
    """Points, voxels, plane, clusters and boxes, each from the same input."""
    cloud = cloud_of_depth(frame, SETTINGS).points_base
    reduced = cloud_of_depth(frame, dataclasses.replace(SETTINGS, pixels_max=80_000)).points_base
    above = reduced[reduced[:, 2] > SETTINGS.table_clearance_m]  # what the pipeline has left to cluster
    room = above * np.float32(4.0)  # as of a mobile base: many more voxels, most of them empty
    thin = cloud[:: max(1, len(cloud) // 57_000)]  # what a plane is looked for in
    labels = cluster_labels(above, SETTINGS.voxel_m)
    largest = above[labels == np.argmax(np.bincount(labels))]
    theirs = open3d_ways(open3d, frame, cloud, above, thin, largest) if open3d else {}
    ours: list[tuple[str, dict[str, Callable[[], Any]], Callable[[Any], float], float]] = [
        ("points", {"ours": lambda: plain_points(frame)}, count_points, 0.05),
        ("voxels", {"numpy": lambda: np.unique(voxel_keys(cloud, VOXEL_M)[0])}, count_points, 0.1),
        ("plane", {"ours": lambda: fitted_plane(thin, SETTINGS)}, plane_tilt, 0.01),
        ("clusters", {"ours": lambda: cluster_labels(above, SETTINGS.voxel_m),
                      "ndimage": lambda: grid_labels(above)}, count_labels, 0.0),
        ("clusters_room", {"ours": lambda: cluster_labels(room, SETTINGS.voxel_m),
                           "ndimage": lambda: grid_labels(room)}, count_labels, 0.0),
        ("box", {"ours": lambda: fit_box(largest.astype(float), 0.0)}, box_volume, 0.5),
    ]  # fmt: skip
    return [Step(name, {**ways, **theirs.get(name, {})}, *rest) for name, ways, *rest in ours]


def plain_points(frame: DepthFrame) -> Any:
    """What open3d does with a picture: all finite pixels, base frame; no grazing rule, no blocks."""
    points = optical_points(frame.depth_m, np.isfinite(frame.depth_m), frame.lens, 1)
    pose = frame.base_from_optical.astype(np.float32)
    return points.T @ pose[:3, :3].T + pose[:3, 3]


def open3d_ways(
    o3d: Any, frame: DepthFrame, cloud: Any, above: Any, thin: Any, largest: Any
) -> dict[str, dict[str, Callable[[], Any]]]:
    """The same steps by open3d's two interfaces; their inputs are made beforehand where they can be."""

    def to_legacy(points: Any) -> Any:
        return o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points.astype(float)))

    def to_tensor(points: Any) -> Any:
        return o3d.t.geometry.PointCloud(o3d.core.Tensor(np.ascontiguousarray(points)))

    height, width = frame.depth_m.shape
    pinhole = (LENS.fx_px, LENS.fy_px, LENS.cx_px, LENS.cy_px)
    lens = o3d.camera.PinholeCameraIntrinsic(width, height, *pinhole)
    matrix, extrinsic = o3d.core.Tensor(lens.intrinsic_matrix), np.linalg.inv(frame.base_from_optical)
    image, tensor_image = o3d.geometry.Image(frame.depth_m), o3d.t.geometry.Image(frame.depth_m)
    legacy = {"cloud": to_legacy(cloud), "above": to_legacy(above), "thin": to_legacy(thin)}
    tensor = {"cloud": to_tensor(cloud), "above": to_tensor(above), "thin": to_tensor(thin)}
    near, ways = SETTINGS.voxel_m, 200
    return {
        "points": {
            "open3d": lambda: o3d.geometry.PointCloud.create_from_depth_image(
                image, lens, extrinsic, depth_scale=1.0, depth_trunc=5.0),
            "open3d_tensor": lambda: o3d.t.geometry.PointCloud.create_from_depth_image(
                tensor_image, matrix, o3d.core.Tensor(extrinsic), depth_scale=1.0, depth_max=5.0),
        },
        "voxels": {
            "open3d": lambda: legacy["cloud"].voxel_down_sample(VOXEL_M),
            "open3d_tensor": lambda: tensor["cloud"].voxel_down_sample(VOXEL_M),
        },
        "plane": {
            "open3d": lambda: legacy["thin"].segment_plane(PLANE_M, 3, ways),
            "open3d_tensor": lambda: tensor["thin"].segment_plane(PLANE_M, 3, ways),
        },
        "clusters": {
            "open3d": lambda: legacy["above"].cluster_dbscan(near, 1),
            "open3d_tensor": lambda: tensor["above"].cluster_dbscan(near, 1),
        },
        "box": {"open3d": lambda: to_legacy(largest).get_minimal_oriented_bounding_box()},
    }  # fmt: skip


def grid_labels(points: Any) -> Any:
    """The same clusters by labels of the full voxel grid."""
    cells = np.floor(points * np.float32(1.0 / SETTINGS.voxel_m)).astype(np.int64)
    cells -= cells.min(axis=0)
    grid = np.zeros(cells.max(axis=0) + 1, dtype=bool)
    grid[tuple(cells.T)] = True
    return ndimage.label(grid, np.ones((3, 3, 3)))[0][tuple(cells.T)]


def picture() -> Any:
    """A table with 40 balls of 3 to 8 cm on it, one high above it, and a millimetre of noise."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:480, :640]
    x, y = (columns - LENS.cx_px) / LENS.fx_px, (rows - LENS.cy_px) / LENS.fy_px
    squares = x * x + y * y + 1.0
    floor_m = LOOKING_DOWN[2, 3]
    depth_m = np.full((480, 640), floor_m)
    places = [(0.28 * k, 0.3 * m) for k in range(-4, 4) for m in range(-2, 3)]  # gaps that no method bridges
    radii_m = rng.uniform(0.03, 0.08, len(places))
    balls = [(x_m, y_m, floor_m - r, r) for (x_m, y_m), r in zip(places, radii_m, strict=True)]
    for *centre, radius_m in [*balls, (0.55, 0.42, 0.65, 0.06)]:  # the last one as high as a head
        towards = x * centre[0] + y * centre[1] + centre[2]
        inside = towards**2 - squares * (np.dot(centre, centre) - radius_m**2)
        hit_m = (towards - np.sqrt(np.maximum(inside, 0.0))) / squares
        depth_m = np.where(inside > 0.0, np.minimum(depth_m, hit_m), depth_m)
    return (depth_m + rng.normal(0.0, 0.001, depth_m.shape)).astype(np.float32)


def count_points(result: Any) -> float:
    """Points of an array or a cloud."""
    if isinstance(result, np.ndarray):
        return float(len(result))
    points = result.points if hasattr(result, "points") else result.point.positions
    return float(len(points))


def plane_tilt(result: Any) -> float:
    """Share of the normal that points up."""
    if hasattr(result, "normal"):
        return float(result.normal[2])
    coefficients = result[0].numpy() if hasattr(result[0], "numpy") else np.asarray(result[0])
    return abs(float(coefficients[2]))


def count_labels(result: Any) -> float:
    """Number of clusters."""
    labels = result.numpy() if hasattr(result, "numpy") else np.asarray(result)
    return float(len(np.unique(labels)))


def box_volume(result: Any) -> float:
    """Volume of a box, m3."""
    return float(np.prod(result.size_m) if hasattr(result, "size_m") else result.volume())


def _check(step: Step) -> None:
    answers = {name: step.answer(work()) for name, work in step.ways.items()}
    ours = next(iter(answers.values()))
    wrong = {name: value for name, value in answers.items() if abs(value - ours) > step.tolerance * abs(ours)}
    if wrong:
        raise ValueError(f"{step.name}: ours gives {ours}, {wrong}")


def _open3d(say: Callable[[str], None]) -> ModuleType | None:
    try:
        return importlib.import_module("open3d")
    except ImportError:
        say("open3d is not installed: ours alone")
        return None
