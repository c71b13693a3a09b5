"""Points of all sensors at one instant to measurements: what clusters are, and shapes around their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from noetra_ros.perception.clusters import Indices
from noetra_ros.perception.explanation import Explanations
from noetra_ros.perception.frames import Cloud, Points
from noetra_ros.perception.obstacle_fit import fit_obstacle
from noetra_ros.perception.parts import cut_into_parts
from noetra_ros.perception.settings import GeometrySettings
from noetra_ros.perception.table_plane import Plane
from noetra_ros.perception.tracking import Measurement


class Gathered:
    """The points of several clouds in one list, each with what its own sensor knows of it.

    Args:
        clouds: newest cloud of each sensor, base frame.
        plane: of the table or floor, which ends what lies behind a point; None = nothing does.
        thickness_m: how far unknown things reach behind their points.

    Attributes:
        points_base: (N, 3) m.
        behind_base: (N, 3) m, the same points moved on along the line of sight, to the plane at most.
        std_m: (N,) along the line of sight.
        stamps: (N,) ns.
    """

    def __init__(self, clouds: Sequence[Cloud], plane: Plane | None, thickness_m: float) -> None:
        self.points_base = np.concatenate([cloud.points_base for cloud in clouds])
        self.behind_base = np.concatenate([_behind(cloud, plane, thickness_m) for cloud in clouds])
        self.std_m = np.concatenate([cloud.std_m for cloud in clouds])
        sizes = [len(cloud.points_base) for cloud in clouds]
        self.stamps = np.repeat(np.array([cloud.stamp_ns for cloud in clouds], dtype=np.int64), sizes)


def measure_clusters(
    gathered: Gathered, labels: Indices, explanations: Explanations, settings: GeometrySettings
) -> Iterator[Measurement]:
    """Measurements of all clusters that are no noise.

    Args:
        gathered: the points.
        labels: (N,) number of the cluster of each point.
        explanations: tells what a cluster is.
        settings: points_min, part_m and voxel_m count here.
    """
    for members in groups(labels, settings.points_min):
        points = gathered.points_base[members]
        what = explanations.judge(points)
        parts = cut_into_parts(points, settings.part_m, np.zeros(3))
        cut_m = settings.part_m / 4.0 if len(parts) > 1 else 0.0  # where the cut runs changes
        for part in parts:
            rows = members[part]
            filled = np.concatenate([points[part], gathered.behind_base[rows]])
            fitted = fit_obstacle(filled, settings.voxel_m)
            noise_m2 = float(np.mean(np.square(gathered.std_m[rows])))
            spread_m = float(np.sqrt(noise_m2 + settings.voxel_m**2 / 12.0 + cut_m**2))
            yield Measurement(
                fitted, spread_m, what.kind, what.score, int(gathered.stamps[rows].max()), what.labels
            )


def groups(labels: Indices, size_min: int) -> Iterator[NDArray[np.intp]]:
    """Indices of the members of each label that has at least `size_min` of them."""
    order = np.argsort(labels, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if len(members) >= max(1, size_min):
            yield members


def _behind(cloud: Cloud, plane: Plane | None, thickness_m: float) -> Points:
    """(N, 3) the points moved on along their lines of sight by the thickness, to the plane at most."""
    rays = cloud.points_base - cloud.origin_base.astype(np.float32)
    rays /= np.maximum(np.linalg.norm(rays, axis=1, keepdims=True), 1e-9)
    way_m = np.full(len(rays), thickness_m, dtype=np.float32)
    if plane is not None:
        falling = -(rays @ plane.normal.astype(np.float32))
        height_m = cloud.points_base @ plane.normal.astype(np.float32) - np.float32(plane.offset_m)
        reach_m = np.where(falling > 1e-6, height_m / np.maximum(falling, 1e-6), thickness_m)
        way_m = np.clip(reach_m, 0.0, thickness_m).astype(np.float32)
    moved: Points = cloud.points_base + way_m[:, None] * rays
    return moved
