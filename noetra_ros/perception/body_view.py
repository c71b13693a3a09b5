"""What a depth camera must see of the robot: its body, where kinematics puts it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.frames import Pinhole
from noetra_ros.robots.link_surfaces import LinkSurfaces

COARSE_PX = 256  # points of the surface are dense enough for a picture of this width


class BodyView:
    """Renders the body's surface points as a sparse depth picture.

    Args:
        surfaces: the robot's body.
    """

    def __init__(self, surfaces: LinkSurfaces) -> None:
        self._surfaces = surfaces

    def depth(
        self, size_px: tuple[int, int], lens: Pinhole, base_from_optical: FloatArray, positions: FloatArray
    ) -> NDArray[np.float32]:
        """Expected depth of the body.

        Args:
            size_px: height, width.
            lens: intrinsics.
            base_from_optical: (4, 4) pose of the camera.
            positions: (n,) joints, profile order.

        Returns:
            (height, width) float32, m along the optical axis; infinity where no body is expected and, in
            pictures wider than 256 px, between the pixels that were worked out (every second, third, ...).
        """
        height, width = size_px
        step = grid_step_px(width)
        coarse = np.full((height // step, width // step), np.inf, dtype=np.float32)
        rows, columns, depths = self._projected(lens, base_from_optical, positions)
        rows, columns = rows // step, columns // step
        is_in = (rows >= 0) & (rows < coarse.shape[0]) & (columns >= 0) & (columns < coarse.shape[1])
        np.minimum.at(coarse, (rows[is_in], columns[is_in]), depths[is_in])
        depth = np.full((height, width), np.inf, dtype=np.float32)
        middles = depth[step // 2 :: step, step // 2 :: step]
        middles[: coarse.shape[0], : coarse.shape[1]] = coarse[: middles.shape[0], : middles.shape[1]]
        return depth

    def _projected(
        self, lens: Pinhole, base_from_optical: FloatArray, positions: FloatArray
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
        """Row, column and depth of each point in front of the camera."""
        pose = base_from_optical.astype(np.float32)
        points = (self._surfaces.points(positions) - pose[:3, 3]) @ pose[:3, :3]
        points = points[points[:, 2] > 0.01]
        depths = points[:, 2]
        columns = np.round(points[:, 0] / depths * lens.fx_px + lens.cx_px).astype(np.intp)
        rows = np.round(points[:, 1] / depths * lens.fy_px + lens.cy_px).astype(np.intp)
        return rows, columns, depths


def grid_step_px(width_px: int) -> int:
    """Distance of the pixels that are worked out, so that each gets several points of the surface."""
    return max(1, round(width_px / COARSE_PX))
