"""What a laser scanner meets, as points around the robot, while it is young."""

from __future__ import annotations

from typing import Any

import numpy as np

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.evaluation.report.palette import MEASURED, rgb

POINT_M = 0.03


class ScanPoints:
    """One cloud of points that changes with each sweep.

    Args:
        scene: of viser.
        name: in the scene, below the frame of the base.
        height_m: of the scanner above the ground.
    """

    def __init__(self, scene: Any, name: str, height_m: float) -> None:
        self._height_m = height_m
        self._shown: PlanarScan | None = None
        self._cloud = scene.add_point_cloud(
            name, np.zeros((1, 3), np.float32), rgb(MEASURED), point_size=POINT_M, point_shape="circle",
            point_shading="flat", visible=False,
        )  # fmt: skip

    def update(self, scan: PlanarScan | None) -> None:
        """Show this sweep; None = none that is young enough."""
        if scan is self._shown:
            return
        self._shown = scan
        points_m = scan.points_m if scan is not None else np.zeros((0, 2))
        self._cloud.visible = len(points_m) > 0
        if len(points_m):
            heights_m = np.full(len(points_m), self._height_m)
            self._cloud.points = np.column_stack([points_m, heights_m]).astype(np.float32)
