"""Trajectories for tests: smooth ways between postures, by formula."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint

NAMES = ("shoulder", "elbow")
NOTHING = np.zeros(0)


def way(share: float) -> tuple[float, float, float]:
    """Rest to rest, length 1 in 1 s: position, velocity and acceleration after a share of the time."""
    x = share
    velocity, acceleration = 30 * x**2 - 60 * x**3 + 30 * x**4, 60 * x - 180 * x**2 + 120 * x**3
    return 10 * x**3 - 15 * x**4 + 6 * x**5, velocity, acceleration


def smooth_points(
    start: Sequence[float], goal: Sequence[float], duration_s: float, count: int = 9
) -> tuple[TrajectoryPoint, ...]:
    """`count` points on a quintic from rest to rest, with velocities and accelerations."""
    begin, length = np.array(start, dtype=float), np.array(goal, dtype=float) - start
    points = []
    for share in np.linspace(0.0, 1.0, count).tolist():
        p, v, a = way(share)
        rates = length * v / duration_s, length * a / duration_s**2
        points.append(TrajectoryPoint(share * duration_s, begin + length * p, *rates))
    return tuple(points)


def smooth(
    goal: Sequence[float],
    duration_s: float = 1.6,
    arrival_ns: int = 0,
    start: Sequence[float] = (0.0, 0.0),
    names: tuple[str, ...] = NAMES,
) -> Trajectory:
    """From rest at `start` to rest at `goal`."""
    return Trajectory(names, smooth_points(start, goal, duration_s), arrival_ns)


def lines(rows: Sequence[Sequence[float]], step_s: float, arrival_ns: int = 0) -> Trajectory:
    """Positions alone, one each `step_s`, the first at once."""
    points = tuple(
        TrajectoryPoint(index * step_s, np.array(row, dtype=float), NOTHING, NOTHING)
        for index, row in enumerate(rows)
    )
    return Trajectory(NAMES, points, arrival_ns)
