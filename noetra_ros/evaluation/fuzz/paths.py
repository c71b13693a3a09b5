"""Whole trajectories as they were carried out: on their path, only as far as allowed, and never again."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from noetra_ros.core.trajectory import Trajectory
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.fuzz.bounds import Bounds
from noetra_ros.evaluation.fuzz.causes import is_passing
from noetra_ros.evaluation.fuzz.finding import Finding, found_where
from noetra_ros.evaluation.fuzz.order import judge_one_stop
from noetra_ros.evaluation.fuzz.record import Call, Record
from noetra_ros.evaluation.fuzz.setpoints import Setpoints

STILL = 1e-9  # unit
# What the core keeps its path by, as a share of the tracking error limit (docs/supervisor_alone.md).
OFF_PATH = 0.25
# A trajectory is beyond a limit for certain when it is by this share; nearer is a matter of sampling.
CLEARLY = 1.02
FINENESS = 8  # samples of a path in a period
MOST_SAMPLES = 40_000


def judge_trajectories(record: Record, bounds: Bounds, motions: list[Setpoints]) -> list[Finding]:
    """Nothing moves without an order since commands pass; a bad trajectory moves nothing; a good one stays on
    its path.
    """
    if not bounds.is_position:
        return []
    is_order = np.isin(record.call, (Call.COMMAND, Call.TRAJECTORY))
    passing = is_passing(record.mode)
    begins = passing & ~is_passing(record.mode_before)
    order_at, begin_at = record.last(is_order), record.last(begins)
    found = []
    for motion in motions:
        own = np.flatnonzero(motion.is_own & passing[motion.rows])
        rows = motion.rows[own]
        moves = (np.abs(motion.velocity[own]) * bounds.period_s > STILL).any(axis=1)
        found += found_where(
            "moves_without_order", moves & (order_at[rows] < begin_at[rows]), "setpoint", rows
        )
        by_trajectory = (record.call[order_at[rows]] == Call.TRAJECTORY) & (order_at[rows] > begin_at[rows])
        for order in np.unique(order_at[rows][by_trajectory]):
            at = own[(order_at[rows] == order) & by_trajectory]
            found += _judge_one(record, bounds, motion, at, int(order))
    return found


def _judge_one(record: Record, bounds: Bounds, motion: Setpoints, at: Any, order: int) -> list[Finding]:
    """The setpoints `at` that were sent after the trajectory of row `order`."""
    trajectory = record.trajectories[int(record.source[order])]
    path = sampled(trajectory, bounds)
    if path is None or is_beyond(path, bounds):
        return [
            Finding(f"bad_trajectory: {f.rule}", f.row, f.subject, f.measured, f.limit)
            for f in judge_one_stop(motion, bounds, at)
        ]
    if trajectory.points[0].time_s > 0.0:
        return []  # its first part begins wherever the robot came to rest
    begin_s = max(0.0, float(record.delay_s[order]))
    path = path[min(int(begin_s / bounds.period_s * FINENESS), len(path) - 1) :]
    share = np.abs(motion.position[at] - path[0]) / bounds.tracking_error
    on_path = np.flatnonzero((share * bounds.tracking_error).max(axis=1) <= STILL)
    if not on_path.size:
        return []  # it was refused for its begin, or did not come so far
    at = at[on_path[0] :]
    off = np.array([_off_path(place, path, bounds) for place in motion.position[at]])
    return found_where("off_path", off > OFF_PATH, "setpoint", motion.rows[at], off, OFF_PATH)


def _off_path(place: FloatArray, path: FloatArray, bounds: Bounds) -> float:
    """Least distance of a posture to a path, the worst joint in shares of its tracking error limit."""
    return float((np.abs(path - place) / bounds.tracking_error).max(axis=1).min())


def is_beyond(path: FloatArray, bounds: Bounds) -> bool:
    """Whether it breaks a limit for certain: of position anywhere, of velocity over a period."""
    if not ((path <= bounds.upper + 1e-6) & (path >= bounds.lower - 1e-6)).all():
        return True
    speeds = np.abs(path[FINENESS:] - path[:-FINENESS]) / bounds.period_s
    return bool((speeds > CLEARLY * bounds.velocity + 1e-9).any())


def sampled(trajectory: Trajectory, bounds: Bounds) -> FloatArray | None:
    """(n, d) places along it; None = it cannot be read.

    By Hermite polynomials of the ends of each part: of the fifth degree with accelerations, of the third
    with velocities, else a line.
    """
    points = trajectory.points
    if not points or sorted(trajectory.names) != sorted(bounds.names):
        return None
    times_s = [point.time_s for point in points]
    count = len(bounds.names)
    sizes = [(len(p.positions), len(p.velocities), len(p.accelerations)) for p in points]
    if any(p != count or v not in (0, count) or a not in (0, count) for p, v, a in sizes):
        return None
    numbers = np.concatenate(
        [*(np.concatenate([p.positions, p.velocities, p.accelerations]) for p in points)]
    )
    if not (np.isfinite(numbers).all() and np.isfinite(times_s).all() and times_s[0] >= 0.0):
        return None
    if (np.diff(times_s) <= 0.0).any() or times_s[-1] / bounds.period_s * FINENESS > MOST_SAMPLES:
        return None
    order = [trajectory.names.index(name) for name in bounds.names]
    at_s = np.arange(0.0, times_s[-1], bounds.period_s / FINENESS)
    parts = [_part(a, b, at_s[(at_s >= a.time_s) & (at_s < b.time_s)]) for a, b in itertools.pairwise(points)]
    return np.vstack([*parts, points[-1].positions[np.newaxis]])[:, order]


def _part(a: Any, b: Any, at_s: FloatArray) -> FloatArray:
    """(k, d) at times between two points."""
    t = b.time_s - a.time_s
    x = ((at_s - a.time_s) / t)[:, np.newaxis]
    if not (len(a.velocities) and len(b.velocities)):
        return np.asarray((1.0 - x) * a.positions + x * b.positions)
    v0, v1 = t * a.velocities, t * b.velocities
    if not (len(a.accelerations) and len(b.accelerations)):
        ends = (1 + 2 * x) * (1 - x) ** 2 * a.positions + x**2 * (3 - 2 * x) * b.positions
        return np.asarray(ends + x * (1 - x) ** 2 * v0 - x**2 * (1 - x) * v1)
    a0, a1 = t * t * a.accelerations, t * t * b.accelerations
    rise = 10 * x**3 - 15 * x**4 + 6 * x**5
    speeds = (x - 6 * x**3 + 8 * x**4 - 3 * x**5) * v0 + (-4 * x**3 + 7 * x**4 - 3 * x**5) * v1
    bends = (x**2 - 3 * x**3 + 3 * x**4 - x**5) * a0 + (x**3 - 2 * x**4 + x**5) * a1
    return np.asarray((1 - rise) * a.positions + rise * b.positions + speeds + 0.5 * bends)
