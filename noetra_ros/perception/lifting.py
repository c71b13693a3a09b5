"""From boxes and masks in a picture to things in the robot's frame, through depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.obstacles import DetectedObject
from noetra_ros.core.types import FloatArray
from noetra_ros.perception.detector import Detection
from noetra_ros.perception.frames import DepthFrame

NO_TURN_XYZW = np.array([0.0, 0.0, 0.0, 1.0])
UNKNOWN_M = np.full(3, np.nan)
DEVIATION_OF_MAD = 1.4826  # standard deviation over median absolute deviation of a normal distribution
KEPT_DEVIATIONS = 3.0
TRIMMED_PERCENT = 1.0  # at each end of each extent
TURN_STEPS = 36
MOST_MEASURED = 400  # points of one thing that its box is measured by, spread evenly over it


@dataclass(frozen=True)
class Lifter:
    """Puts detections into the base frame: an upright box around the points that the mask's depth gives.

    What a camera sees of a thing is its near side. Along each horizontal axis the box spans the points seen;
    downwards it ends at the support where the lowest point seen is near it, so that a cube seen from above
    has its full height.

    Attributes:
        support_m: height of the table in the base frame; None = boxes end where points end.
        most_gap_m: a thing whose lowest point seen is at most this far above the support stands on it.
        depth_tolerance_m: depths this near the mask's median always belong to the thing, however many pixels
            lie at the same depth.
        inner_share: of width and height of a box without a mask: in the middle of it the thing is looked for.
        least_pixels: with fewer pixels of valid depth the place is unknown.
    """

    support_m: float | None = None
    most_gap_m: float = 0.05
    depth_tolerance_m: float = 0.05
    inner_share: float = 0.6
    least_pixels: int = 2

    def lift(self, detection: Detection, frame: DepthFrame) -> DetectedObject:
        """One detection; position and size are NaN where depth has too little to say.

        Args:
            detection: in the picture of the same camera and size.
            frame: depth; NaN, infinity and what is not in front of the camera do not count.

        Raises:
            ValueError: mask and depth differ in size.
        """
        points = self._points(detection, frame)
        if len(points) < self.least_pixels:
            return unplaced(detection, frame.camera)
        pixel_m = self._pixel_m(points, frame)
        centre, size, yaw_rad = _upright_box(points, pixel_m)
        bottom, top = centre[2] - size[2] / 2, centre[2] + size[2] / 2
        if self.support_m is not None and self.support_m < top and bottom < self.support_m + self.most_gap_m:
            bottom = self.support_m
        centre[2], size[2] = (bottom + top) / 2, top - bottom
        turn = np.array([0.0, 0.0, np.sin(yaw_rad / 2), np.cos(yaw_rad / 2)])
        return DetectedObject(
            detection.label, detection.score, frame.camera, detection.box_px, centre, turn, size
        )

    def lift_all(
        self, detections: Sequence[Detection], camera: str, frame: DepthFrame | None
    ) -> list[DetectedObject]:
        """All detections of one picture; places are NaN where the camera has no depth (`frame` None)."""
        if frame is None:
            return [unplaced(detection, camera) for detection in detections]
        return [self.lift(detection, frame) for detection in detections]

    def _points(self, detection: Detection, frame: DepthFrame) -> FloatArray:
        """(n, 3) m, base frame: the thing's own points."""
        mask = detection.mask
        if mask is None:
            mask = _inner_box(detection.box_px, frame.depth_m.shape, self.inner_share)
        if mask.shape != frame.depth_m.shape:
            raise ValueError(f"mask of shape {mask.shape} on depth of shape {frame.depth_m.shape}")
        rows, columns = np.nonzero(mask & np.isfinite(frame.depth_m) & (frame.depth_m > 0.0))
        every = -(-len(rows) // MOST_MEASURED) or 1
        rows, columns = rows[::every], columns[::every]
        depth_m = frame.depth_m[rows, columns].astype(np.float64)
        if len(depth_m) == 0:
            return np.empty((0, 3))
        distance = np.abs(depth_m - np.median(depth_m))
        widest = max(self.depth_tolerance_m, KEPT_DEVIATIONS * DEVIATION_OF_MAD * float(np.median(distance)))
        keep = distance <= widest
        lens, z = frame.lens, depth_m[keep]
        x = (columns[keep] - lens.cx_px) / lens.fx_px * z
        y = (rows[keep] - lens.cy_px) / lens.fy_px * z
        pose = frame.base_from_optical
        return np.asarray(np.stack([x, y, z], axis=-1) @ pose[:3, :3].T + pose[:3, 3])

    @staticmethod
    def _pixel_m(points: FloatArray, frame: DepthFrame) -> float:
        """Width of a pixel at the thing: points stand for pixels' middles."""
        optical_axis = frame.base_from_optical[:3, 2]
        distance = float(np.median((points - frame.base_from_optical[:3, 3]) @ optical_axis))
        return distance / frame.lens.fx_px


def unplaced(detection: Detection, camera: str) -> DetectedObject:
    """What was seen by a camera whose depth says nothing: place and size are NaN."""
    box = detection.box_px
    return DetectedObject(
        detection.label, detection.score, camera, box, UNKNOWN_M.copy(), NO_TURN_XYZW.copy(), UNKNOWN_M.copy()
    )


def _inner_box(box_px: FloatArray, shape: tuple[int, ...], share: float) -> NDArray[np.bool_]:
    """(H, W) the middle of a box, at least its central pixel, as far as it lies in the picture."""
    middle, half = (box_px[:2] + box_px[2:]) / 2, (box_px[2:] - box_px[:2]) * share / 2
    left, top = np.floor(middle - half).astype(int).clip(0)
    right, bottom = np.maximum(np.ceil(middle + half).astype(int), (left + 1, top + 1))
    mask = np.zeros(shape, dtype=bool)
    mask[top:bottom, left:right] = True
    return mask


def _upright_box(points: FloatArray, pixel_m: float) -> tuple[FloatArray, FloatArray, float]:
    """Centre (3,), edge lengths (3,) and turn about the vertical of the least upright box around points.

    The turn is the one of least area among `TURN_STEPS` in a quarter circle, within 45 degrees of none.
    """
    turns_rad = np.linspace(-np.pi / 4, np.pi / 4, TURN_STEPS, endpoint=False)
    turns_rad = turns_rad[np.argsort(np.abs(turns_rad), kind="stable")]  # of equal areas the least turn
    along = np.stack([np.cos(turns_rad), np.sin(turns_rad)])
    across = np.stack([-np.sin(turns_rad), np.cos(turns_rad)])
    low_u, high_u = _extent(points[:, :2] @ along)
    low_v, high_v = _extent(points[:, :2] @ across)
    areas = (high_u - low_u + pixel_m) * (high_v - low_v + pixel_m)
    best = int(np.flatnonzero(areas <= areas.min() * (1.0 + 1e-6))[0])
    u, v = (low_u[best] + high_u[best]) / 2, (low_v[best] + high_v[best]) / 2
    low_z, high_z = _extent(points[:, 2:])
    middle = u * along[:, best] + v * across[:, best]
    centre = np.array([*middle, (low_z[0] + high_z[0]) / 2])
    size = np.array([high_u[best] - low_u[best] + pixel_m, high_v[best] - low_v[best] + pixel_m, 0.0])
    size[2] = high_z[0] - low_z[0]
    return centre, size, float(turns_rad[best])


def _extent(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(k,) lowest and highest of each column of (n, k), a few outliers left aside."""
    low, high = np.percentile(values, (TRIMMED_PERCENT, 100.0 - TRIMMED_PERCENT), axis=0)
    return low, high
