"""Pictures for people: what perception found, drawn where it is seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from noetra_ros.core.obstacles import (
    DetectedObject,
    Obstacle,
    ObstacleKind,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.core.types import FloatArray, ImageArray
from noetra_ros.perception.frames import Pinhole

WIDTH_PX = 768  # smaller pictures are enlarged: words have to be read
SLOWEST_TOLD_MPS = 0.05
NEAREST_M = 0.05  # what is nearer to the lens than that is not drawn
COLOURS = {
    ObstacleKind.UNKNOWN: (255, 150, 0),
    ObstacleKind.PERSON: (235, 30, 30),
    ObstacleKind.OBJECT: (60, 200, 60),
    ObstacleKind.FIXTURE: (150, 150, 150),
}
RECOGNISED, ALARM, PAPER = (80, 170, 255), (200, 0, 0), (0, 0, 0)
CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64)
RING = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)


class Annotator:
    """Draws on one picture.

    Args:
        rgb: (height, width, 3) uint8; it stays as it is.
        lens: intrinsics; None = obstacles cannot be drawn.
        base_from_optical: (4, 4) pose of the camera; None = as for `lens`.
    """

    def __init__(self, rgb: ImageArray, lens: Pinhole | None, base_from_optical: FloatArray | None) -> None:
        self._scale = max(1, -(-WIDTH_PX // rgb.shape[1]))
        size = (rgb.shape[1] * self._scale, rgb.shape[0] * self._scale)
        self._picture = Image.fromarray(rgb).resize(size, Image.Resampling.NEAREST)
        self._draw = ImageDraw.Draw(self._picture)
        self._lens, self._pose = lens, base_from_optical
        self._written: list[tuple[float, float, float, float]] = []

    @property
    def rgb(self) -> ImageArray:
        """(height, width, 3) uint8, at least as wide as `WIDTH_PX`."""
        return np.asarray(self._picture)

    def draw_obstacle(self, obstacle: Obstacle) -> None:
        """Outline, kind, number and speed."""
        pixels = self._project(outline(obstacle))
        if pixels is None:
            return
        colour = COLOURS[obstacle.kind]
        hull = _hull(pixels)
        self._draw.polygon([tuple(point) for point in hull], outline=colour, width=2)
        speed_mps = float(np.linalg.norm(obstacle.velocity_mps))
        speed = f" {speed_mps:.1f} m/s" if speed_mps >= SLOWEST_TOLD_MPS else ""
        self._words(
            pixels[:, 0].min(),
            pixels[:, 1].max(),
            f"{obstacle.kind.name.lower()} {obstacle.track_id}{speed}",
            colour,
        )

    def draw_object(self, thing: DetectedObject) -> None:
        """Box and label of something recognised."""
        left, top, right, bottom = (float(edge) * self._scale for edge in thing.box_px)
        self._draw.rectangle((left, top, max(left, right), max(top, bottom)), outline=RECOGNISED)
        self._words(left, top - 12, f"{thing.label} {thing.score:.2f}", RECOGNISED)

    def draw_report(self, report: SensorReport) -> None:
        """A red frame and the reason where the sensor cannot be believed."""
        if report.verdict is SensorVerdict.OK:
            return
        width, height = self._picture.size
        self._draw.rectangle((0, 0, width - 1, height - 1), outline=ALARM, width=6)
        self._words(8, 8, f"{report.verdict.name}: {report.detail}", (255, 255, 255), ALARM)

    def _project(self, points_base: FloatArray) -> FloatArray | None:
        """(N, 2) px in the enlarged picture; None where a point lies behind the lens."""
        if self._lens is None or self._pose is None:
            return None
        points = (points_base - self._pose[:3, 3]) @ self._pose[:3, :3]
        if (points[:, 2] < NEAREST_M).any():
            return None
        lens = self._lens
        columns = points[:, 0] / points[:, 2] * lens.fx_px + lens.cx_px
        rows = points[:, 1] / points[:, 2] * lens.fy_px + lens.cy_px
        pixels: FloatArray = (np.column_stack([columns, rows]) + 0.5) * self._scale
        return pixels

    def _words(
        self,
        left: float,
        top: float,
        words: str,
        colour: tuple[int, int, int],
        paper: tuple[int, int, int] = PAPER,
    ) -> None:
        width, height = self._picture.size
        left, top = min(max(left, 0.0), width - 60.0), min(max(top, 0.0), height - 12.0)
        box = self._draw.textbbox((left, top), words)
        if any(_overlap(box, other) for other in self._written):
            return  # one word over the other tells nothing
        self._written.append(box)
        self._draw.rectangle(box, fill=paper)
        self._draw.text((left, top), words, fill=colour)


def annotated(
    annotator: Annotator,
    obstacles: Sequence[Obstacle],
    objects: Sequence[DetectedObject],
    report: SensorReport | None,
) -> ImageArray:
    """Everything drawn; where there is no room for all words, the most important ones.

    Args:
        annotator: of the picture.
        obstacles: around the robot.
        objects: recognised in this picture.
        report: on the camera of this picture.
    """
    if report is not None:
        annotator.draw_report(report)
    for obstacle in sorted(obstacles, key=lambda o: o.kind is not ObstacleKind.PERSON):
        annotator.draw_obstacle(obstacle)
    for thing in objects:
        annotator.draw_object(thing)
    return annotator.rgb


def outline(obstacle: Obstacle) -> FloatArray:
    """(N, 3) points around an obstacle whose hull in the picture is its outline, m, base frame."""
    size = obstacle.size_m
    if obstacle.shape is Shape.BOX:
        return obstacle.position_m + (0.5 * size * CORNERS) @ rotation(obstacle.quat_xyzw).T
    axis = rotation(obstacle.quat_xyzw)[:, 2]
    half_m = 0.5 * size[1] if obstacle.shape is Shape.CAPSULE else 0.0
    circle = np.column_stack([np.cos(RING), np.sin(RING), np.zeros(len(RING))])
    ball = size[0] * np.concatenate([circle, circle[:, [0, 2, 1]], circle[:, [2, 0, 1]]])
    return np.concatenate([obstacle.position_m + side * half_m * axis + ball for side in (-1.0, 1.0)])


def rotation(quat_xyzw: FloatArray) -> FloatArray:
    """(3, 3) rotation of a unit quaternion."""
    x, y, z, w = quat_xyzw
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Two boxes (left, top, right, bottom) have something in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _hull(points: FloatArray) -> FloatArray:
    """Convex hull of (N, 2) points, in order (monotone chain)."""
    ordered = np.unique(points.round(2), axis=0)
    if len(ordered) < 3:
        return np.concatenate([ordered, ordered[::-1]])
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return np.array(lower[:-1] + upper[:-1])


def _chain(points: FloatArray) -> list[FloatArray]:
    chain: list[FloatArray] = []
    for point in points:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0.0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(first: FloatArray, second: FloatArray, third: FloatArray) -> float:
    a, b = second - first, third - first
    return float(a[0] * b[1] - a[1] * b[0])
