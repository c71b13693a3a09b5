"""Things that perception sees around a base: what each may cover of the ground until the base rests."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.config import setting
from noetra_ros.core.obstacles import Obstacle, ObstacleKind, ObstacleScene, Shape
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.footprint import Footprint
from noetra_ros.safety.base_path import seen_from_poses
from noetra_ros.safety.distance import rotation
from noetra_ros.safety.reckoning import Pose

KNOWN = (ObstacleKind.OBJECT, ObstacleKind.FIXTURE)
OWN_BODY_M = 0.05  # deeper inside the footprint than this are parts of the robot that its sensors see
# (8, 3) corners of a box of the edge 1 around its centre.
UNIT_CORNERS = np.array(list(itertools.product((-0.5, 0.5), repeat=3)))


@dataclass(frozen=True, kw_only=True)
class ThingSettings:
    """What the footprint check takes from the configuration about things that perception sees."""

    human_speed_mps: float = setting(
        "m/s",
        "base: speed of a thing whose own was not measured, in every direction",
        minimum=0.0,
        maximum=10.0,
    )
    max_track_std_m: float = setting(
        "m", "less sure tracks than this count as not measured: their speed is assumed", minimum=0.0
    )
    sensor_uncertainty_m: float = setting("m", "at least this much a thing is larger than seen", minimum=0.0)
    uncertainty_factor: float = setting(
        "1", "a thing is larger than seen by at least this many standard deviations of its track", minimum=0.0
    )
    touch_labels: tuple[str, ...] = setting(
        "",
        "labels of what a base may carry: not in its way while the middle is over the footprint",
    )


@dataclass(frozen=True)
class Things:
    """m things around a base, in its frame of now, as seen from above.

    A thing is at most within the convex hull of its corners, moved on by either of its velocities for any
    part of the time since it was seen, and widened by its radius.

    Attributes:
        names: (m) label and number.
        corners_m: (m, v, 2).
        radii_m: (m,) uncertainty, and half the thickness of what is round.
        speeds_mps: (m, 2, 2) its velocity, as told and with that of the base added: what is told may be meant
            over ground or as seen from the base; zeros where it is not measured.
        any_mps: (m,) speed in every direction of a thing that is not measured.
        ages_s: (m,) since it was seen.
        heights_m: (m, 2) lowest and highest point.
        rising_mps: (m,) up or down.
    """

    names: tuple[str, ...]
    corners_m: FloatArray
    radii_m: FloatArray
    speeds_mps: FloatArray
    any_mps: FloatArray
    ages_s: FloatArray
    heights_m: FloatArray
    rising_mps: FloatArray

    def near(self, outline: Footprint, within_m: float, span_s: float) -> Things:
        """Those that may come within `within_m` of the origin, at the height of the base, for `span_s`."""
        late_s = self.ages_s + span_s
        middle_m = self.corners_m.mean(axis=1)
        size_m = np.sqrt(((self.corners_m - middle_m[:, None]) ** 2).sum(axis=-1)).max(axis=1)
        speed_mps = np.sqrt((self.speeds_mps**2).sum(axis=-1)).max(axis=1) + self.any_mps
        away_m = np.hypot(*middle_m.T) - size_m - self.radii_m - speed_mps * late_s
        is_away = away_m > within_m  # NaN is near
        if outline.height_m is not None:
            wider_m = self.radii_m + self.rising_mps * late_s
            is_below = self.heights_m[:, 1] + wider_m < outline.height_m[0]
            is_away |= is_below | (self.heights_m[:, 0] - wider_m > outline.height_m[1])
        kept = np.flatnonzero(~is_away)
        rows = (self.corners_m, self.radii_m, self.speeds_mps, self.any_mps, self.ages_s)
        heights = (self.heights_m, self.rising_mps)
        return Things(tuple(self.names[i] for i in kept), *(row[kept] for row in (*rows, *heights)))


def things_around(
    scene: ObstacleScene,
    age_s: float,
    moved_within: Callable[[float], Pose],
    twist: Sequence[float],
    outline: Footprint,
    settings: ThingSettings,
) -> Things:
    """What perception sees, less the robot's own parts and its load.

    The base has gone on since: each thing is taken to be anywhere between where it was told and where it is
    seen from the base as it stands by what was sent, whether the base followed that or not.

    Args:
        scene: told in the base frame of its stamp.
        age_s: of the scene.
        moved_within: pose of the base now in its own frame of so many s ago.
        twist: (3) vx, vy, wz of the base.
        outline: its footprint.
        settings: how things are taken.

    Raises:
        ValueError: an orientation without length.
    """
    rows = []
    for thing in scene.obstacles:
        corners_m, radius_m = _corners(thing)
        if _is_own(thing, corners_m[:, :2], radius_m, outline, settings):
            continue
        lag_s = max(0, scene.stamp_ns - thing.seen_ns) / 1e9
        late_s = max(0.0, age_s) + lag_s
        gone = np.array([moved_within(late_s - lag_s), moved_within(late_s)])
        seen = seen_from_poses(corners_m[:, :2], gone)
        hull_m = np.vstack([corners_m[:, :2], *seen])
        wider_m = np.maximum(
            settings.sensor_uncertainty_m, settings.uncertainty_factor * thing.position_std_m
        )
        speeds_mps, any_mps, rising_mps = _speeds(thing, seen[0].mean(axis=0), gone[0, 2], twist, settings)
        heights_m = corners_m[:, 2].min() - radius_m, corners_m[:, 2].max() + radius_m
        name = f"{'+'.join(thing.labels) or thing.kind.name.lower()} {thing.track_id}"
        rows.append((name, hull_m, radius_m + wider_m, speeds_mps, any_mps, late_s, heights_m, rising_mps))
    names, *columns = zip(*rows, strict=True) if rows else ((), *[()] * 7)
    shapes = ((0, 24, 2), (0,), (0, 2, 2), (0,), (0,), (0, 2), (0,))
    arrays = [np.array(column) if rows else np.zeros(s) for column, s in zip(columns, shapes, strict=True)]
    return Things(tuple(names), *arrays)


def _corners(thing: Obstacle) -> tuple[FloatArray, float]:
    """(8, 3) m whose hull, widened by a radius in m, is the thing."""
    middle_m, size_m = thing.position_m, thing.size_m
    if thing.shape is Shape.SPHERE:
        return np.tile(middle_m, (8, 1)), float(size_m[0])
    turn = rotation(thing.quat_xyzw)
    if thing.shape is Shape.CAPSULE:
        half_m = 0.5 * size_m[1] * turn[:, 2]
        return np.tile([middle_m - half_m, middle_m + half_m], (4, 1)), float(size_m[0])
    return middle_m + (UNIT_CORNERS * size_m) @ turn.T, 0.0


def _is_own(
    thing: Obstacle, corners_m: FloatArray, radius_m: float, outline: Footprint, settings: ThingSettings
) -> bool:
    """A part of the robot, wholly inside its footprint; or a load, known as one and lying on it."""
    if bool((outline.distance_m(corners_m) + radius_m <= -OWN_BODY_M).all()):
        return True
    may_be_carried = bool(thing.labels) and set(thing.labels) <= set(settings.touch_labels)
    return thing.kind in KNOWN and may_be_carried and bool(outline.distance_m(thing.position_m[:2]) <= 0.0)


def _speeds(
    thing: Obstacle, middle_m: FloatArray, yaw_rad: float, twist: Sequence[float], settings: ThingSettings
) -> tuple[FloatArray, float, float]:
    """(2, 2) m/s as told and with the base's own added, m/s in every direction, m/s up or down.

    Args:
        thing: it.
        middle_m: (2,) its middle, frame of now.
        yaw_rad: by how much the base has turned since.
        twist: of the base.
        settings: how things are taken.
    """
    if thing.kind is ObstacleKind.FIXTURE:  # stands where the configuration says
        return np.zeros((2, 2)), 0.0, 0.0
    is_sure = thing.position_std_m <= settings.max_track_std_m
    if not (is_sure and np.isfinite(thing.velocity_mps).all()):
        return np.zeros((2, 2)), settings.human_speed_mps, settings.human_speed_mps
    cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
    x, y, up = thing.velocity_mps.tolist()
    told = np.array([cos * x + sin * y, cos * y - sin * x])
    of_base = np.array([twist[0] - twist[2] * middle_m[1], twist[1] + twist[2] * middle_m[0]])
    return np.array([told, told + of_base]), 0.0, abs(up)
