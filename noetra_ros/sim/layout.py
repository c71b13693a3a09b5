"""Where cubes, bowl and distractors lie at the start: reachable, apart, visible, with room to push."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray
from noetra_ros.sim.scene import (
    BOWL_OUTER_RADIUS_M,
    CUBE_HALF_M,
    CUBES,
    DISTRACTOR_HALF_M,
    DISTRACTORS,
)

# Distance from the base at which the tool reaches with the fingers down, from the table to hover height.
CUBE_RADII_M = (0.170, 0.215)
BOWL_RADII_M = (0.190, 0.235)
DISTRACTOR_RADII_M = (0.300, 0.340)
AZIMUTH_LIMIT_RAD = 0.80
DISTRACTOR_AZIMUTH_LIMIT_RAD = 0.45
CUBE_AZIMUTH_GAP_RAD = 0.36
CUBE_BOWL_GAP_M = 0.024
DISTRACTOR_GAP_M = 0.045
CUBE_YAW_LIMIT_RAD = 0.40
ATTEMPTS = 20_000


@dataclass(frozen=True)
class Layout:
    """Start positions on the table.

    Attributes:
        positions_m: (2,) x, y of each movable object by name, world frame.
        yaws_rad: turn about the vertical of each movable object by name.
        bowl_m: (2,) x, y of the bowl's centre, world frame.
    """

    positions_m: Mapping[str, FloatArray]
    yaws_rad: Mapping[str, float]
    bowl_m: FloatArray


def sample_layout(rng: np.random.Generator) -> Layout:
    """Draws a layout by rejection.

    Raises:
        NoetraError: no draw fitted; the ranges at the top of this file leave too little room.
    """
    for _ in range(ATTEMPTS):
        layout = _draw(rng)
        if layout is not None:
            return layout
    raise NoetraError(
        f"layout: none of {ATTEMPTS} draws fitted, expected one -> widen the ranges in sim/layout.py"
    )


def _polar(radius_m: float, azimuth_rad: float) -> FloatArray:
    return radius_m * np.array([np.cos(azimuth_rad), np.sin(azimuth_rad)])


def _draw(rng: np.random.Generator) -> Layout | None:
    azimuths = rng.uniform(-AZIMUTH_LIMIT_RAD, AZIMUTH_LIMIT_RAD, len(CUBES))
    if np.diff(np.sort(azimuths)).min() < CUBE_AZIMUTH_GAP_RAD:
        return None
    cubes = [_polar(rng.uniform(*CUBE_RADII_M), azimuth) for azimuth in azimuths]
    bowl_azimuth = rng.uniform(-AZIMUTH_LIMIT_RAD, AZIMUTH_LIMIT_RAD)
    bowl = _polar(rng.uniform(*BOWL_RADII_M), bowl_azimuth)
    bowl_clearance = BOWL_OUTER_RADIUS_M + CUBE_HALF_M + CUBE_BOWL_GAP_M
    if min(_lane_distance(bowl, azimuth) for azimuth in azimuths) < bowl_clearance:
        return None
    distractors = _draw_distractors(rng, cubes, bowl)
    if distractors is None:
        return None
    positions = dict(zip((*CUBES, *DISTRACTORS), (*cubes, *distractors), strict=True))
    yaws = {
        name: a + rng.uniform(-CUBE_YAW_LIMIT_RAD, CUBE_YAW_LIMIT_RAD)
        for name, a in zip(CUBES, azimuths, strict=True)
    }
    return Layout(positions, yaws | dict.fromkeys(DISTRACTORS, 0.0), bowl)


def _lane_distance(point_m: FloatArray, azimuth_rad: float) -> float:
    """Distance of a point from the ray along which a cube at that azimuth is pushed."""
    along = np.array([np.cos(azimuth_rad), np.sin(azimuth_rad)])
    if along @ point_m <= 0:
        return float(np.linalg.norm(point_m))
    return float(abs(along[0] * point_m[1] - along[1] * point_m[0]))


def _draw_distractors(
    rng: np.random.Generator, cubes: list[FloatArray], bowl: FloatArray
) -> list[FloatArray] | None:
    """Distractors lie beyond the place that a pushed cube ends at, so no lane crosses them."""
    placed: list[FloatArray] = []
    for _ in DISTRACTORS:
        azimuth = rng.uniform(-DISTRACTOR_AZIMUTH_LIMIT_RAD, DISTRACTOR_AZIMUTH_LIMIT_RAD)
        spot = _polar(rng.uniform(*DISTRACTOR_RADII_M), azimuth)
        near = [np.linalg.norm(spot - other) for other in (*cubes, *placed)]
        if min(near) < DISTRACTOR_GAP_M:
            return None
        if np.linalg.norm(spot - bowl) < BOWL_OUTER_RADIUS_M + DISTRACTOR_HALF_M + 0.005:
            return None
        placed.append(spot)
    return placed
