"""One sweep of a planar laser scanner, as the safety supervisor takes it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import FloatArray

BoolArray = NDArray[np.bool_]
FULL_TURN_RAD = 2.0 * math.pi
# Of more beams than these, neighbours are taken together where their ranges differ by no more than that.
GROUPS, EVEN_M = 720, 0.02
# A beam that was not measured hides nothing while one of its neighbours was.
NEIGHBOURS = (-1, 0, 1)


@dataclass(frozen=True)
class PlanarScan:
    """Beams in the plane of the base.

    Attributes:
        origin_m: (2,) where the scanner is, base frame.
        angle_min_rad: direction of the first beam, base frame.
        angle_step_rad: from one beam to the next, > 0.
        ranges_m: (n,) inf = nothing within range, NaN = not measured.
    """

    origin_m: tuple[float, float]
    angle_min_rad: float
    angle_step_rad: float
    ranges_m: FloatArray

    def __post_init__(self) -> None:
        if not (math.isfinite(self.angle_min_rad) and 0.0 < self.angle_step_rad < FULL_TURN_RAD):
            raise ValueError(
                f"scan: beams from {self.angle_min_rad} rad on, each {self.angle_step_rad} rad further, "
                "expected finite numbers and a step above 0"
            )
        if self.ranges_m.ndim != 1 or len(self.ranges_m) < 1:
            raise ValueError(f"scan: ranges of the shape {self.ranges_m.shape}, expected one for each beam")

    @cached_property
    def points_m(self) -> FloatArray:
        """(k, 2) what the beams met, base frame at the instant of the sweep."""
        is_echo = np.isfinite(self.ranges_m)
        angles = self.angle_min_rad + self.angle_step_rad * np.nonzero(is_echo)[0]
        ranges = self.ranges_m[is_echo]
        return np.column_stack([np.cos(angles) * ranges, np.sin(angles) * ranges]) + self.origin_m

    @cached_property
    def few_points(self) -> tuple[FloatArray, FloatArray]:
        """The same things by fewer points, where the scan has many beams: one point stands for neighbours
        that are about as far.

        Returns:
            (k, 2) points as `points_m`, and (k,) m: from each to any echo that it stands for, at most.
        """
        width = math.ceil(len(self.ranges_m) / GROUPS)
        if width == 1:
            return self.points_m, np.zeros(len(self.points_m))
        padded = np.full(math.ceil(len(self.ranges_m) / width) * width, np.nan)
        padded[: len(self.ranges_m)] = np.where(np.isnan(self.ranges_m), np.inf, self.ranges_m)
        table = padded.reshape(-1, width)
        low, high = np.fmin.reduce(table, axis=1), np.fmax.reduce(table, axis=1)
        spread = np.where(np.isfinite(high), high, np.inf) - np.where(np.isfinite(low), low, 0.0)
        is_even = spread <= EVEN_M
        middle = np.nonzero(is_even)[0] * width + 0.5 * (width - 1)
        beside = 0.5 * width * self.angle_step_rad * high[is_even] + spread[is_even]
        alone = np.nonzero(np.isfinite(np.where(is_even[:, None], np.nan, table)).ravel())[0]
        beams, ranges = np.concatenate([middle, alone]), np.concatenate([low[is_even], padded[alone]])
        angles = self.angle_min_rad + self.angle_step_rad * beams
        points = np.column_stack([np.cos(angles) * ranges, np.sin(angles) * ranges]) + self.origin_m
        return points, np.concatenate([beside, np.zeros(len(alone))])

    def has_same_echoes(self, other: PlanarScan) -> bool:
        """It says bit for bit what another one said, and not that nothing is within range."""
        is_same = np.array_equal(self.ranges_m, other.ranges_m, equal_nan=True)
        return is_same and bool(np.isfinite(self.ranges_m).any())

    @cached_property
    def is_all_round(self) -> bool:
        """Nothing around it goes unseen."""
        return bool(self._is_measured.all()) and self._count_of_turn <= len(self.ranges_m)

    def sees(self, points_m: FloatArray) -> BoolArray:
        """Whether beams look towards places.

        Args:
            points_m: (m, 2) base frame at the instant of the sweep.

        Returns:
            (m,) bool.
        """
        away = points_m - self.origin_m
        angle = np.mod(np.arctan2(away[:, 1], away[:, 0]) - self.angle_min_rad, FULL_TURN_RAD)
        beam = np.rint(angle / self.angle_step_rad).astype(int) % self._count_of_turn
        return np.asarray((beam < len(self.ranges_m)) & self._is_measured[beam % len(self.ranges_m)])

    @property
    def _count_of_turn(self) -> int:
        """Beams that a full turn would have."""
        return max(1, round(FULL_TURN_RAD / self.angle_step_rad))

    @cached_property
    def _is_measured(self) -> BoolArray:
        """(n,) the beam or one beside it was measured."""
        is_there = ~np.isnan(self.ranges_m)
        beside = np.zeros_like(is_there)
        for shift in NEIGHBOURS:
            first, last = max(0, shift), min(len(is_there), len(is_there) + shift)
            beside[first - shift : last - shift] |= is_there[first:last]
        return beside
