"""Random whole trajectories: good ones near the limits, ones beyond them, and unreadable ones."""

from __future__ import annotations

import dataclasses
import math
from random import Random

import numpy as np

from noetra_ros.core.trajectory import Trajectory, TrajectoryPoint
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.fuzz.bounds import Bounds

# Weight of each; the first one moves the robot, the others try to break it.
KINDS = {
    "good": 70, "cubic": 8, "lines": 8, "shuffled": 5, "far": 3, "cut_short": 4, "fast": 5, "beyond": 4,
    "not_a_number": 3, "wrong_names": 3, "times": 3, "huge": 2, "empty": 6, "one_joint": 2,
}  # fmt: skip
DELAYS_S = (0.02, 0.02, 0.2, -0.1, -0.5, -1e9, 9.0)
NOTHING = np.zeros(0)
# From rest to rest by a quintic: the most velocity, acceleration and jerk, for length 1 in 1 s.
QUINTIC = (1.875, 5.774, 60.0)


def draw_trajectory(
    bounds: Bounds, random: Random, start: FloatArray, now_ns: int
) -> tuple[Trajectory, float]:
    """A trajectory and its age on arrival in s, below 0 = it starts later.

    Args:
        bounds: of the channel.
        random: of the episode.
        start: (d,) where the robot is, or its velocity.
        now_ns: the instant.
    """
    (kind,) = random.choices(list(KINDS), list(KINDS.values()))
    begin = start + np.array([random.gauss(0.0, random.choice((0.0, 0.0, 0.01))) for _ in start])
    if kind == "far":
        begin = begin + np.array([random.uniform(-1.0, 1.0) for _ in start])
    points = _motion(bounds, random, begin, kind)
    names = bounds.names
    if kind == "empty":
        points = ()
    if kind == "wrong_names":
        names = random.choice((("nobody", *names[1:]), names[:-1], ()))
    trajectory = Trajectory(names, points, now_ns)
    if kind == "shuffled":
        trajectory = _shuffled(trajectory, random)
    return trajectory, random.choice(DELAYS_S) if random.random() < 0.2 else 0.0


def _motion(bounds: Bounds, random: Random, begin: FloatArray, kind: str) -> tuple[TrajectoryPoint, ...]:
    """Points of a way from rest to rest, as the kind says."""
    lower, upper = np.maximum(bounds.lower, -3.0), np.minimum(bounds.upper, 3.0)
    share = np.array([random.uniform(0.02, 0.98) for _ in begin])
    goal = lower + share * (upper - lower)
    if random.random() < 0.85:
        goal = begin + random.choice((0.05, 0.1, 0.2, 0.3)) * (goal - begin)
    if kind == "beyond":
        goal = goal + random.choice((-1.0, 1.0)) * (upper - lower)
    way = goal - begin
    pace = {"fast": 1.3, "lines": 1.0, "cubic": 0.6}.get(kind, random.choice((0.4, 0.8, 0.95, 0.999)))
    duration_s = _duration_s(np.abs(way), bounds) / pace
    count = random.randrange(3, 12)
    if kind == "lines":
        slow_s = float(np.max(np.abs(way) / (bounds.jerk * bounds.period_s**2)))
        shares = np.linspace(0.0, 1.0, count)
        return tuple(TrajectoryPoint(x * slow_s / 0.45, begin + x * way, NOTHING, NOTHING) for x in shares)
    points = [_quintic_point(x, begin, way, duration_s) for x in np.linspace(0.0, 1.0, count).tolist()]
    if kind == "cubic":
        points = [dataclasses.replace(point, accelerations=NOTHING) for point in points]
    if kind == "cut_short":
        points = points[: max(2, count // 2)]
    return tuple(_spoiled(points, random, kind))


def _duration_s(way: FloatArray, bounds: Bounds) -> float:
    """The shortest in which a quintic keeps all limits."""
    limits = (bounds.velocity, bounds.acceleration, bounds.jerk)
    times_s = [
        np.max((most * way / np.maximum(limit, 1e-9)) ** (1.0 / order))
        for order, (most, limit) in enumerate(zip(QUINTIC, limits, strict=True), start=1)
    ]
    return max(float(max(times_s)), 3.0 * bounds.period_s)


def _quintic_point(x: float, begin: FloatArray, way: FloatArray, duration_s: float) -> TrajectoryPoint:
    place = 10 * x**3 - 15 * x**4 + 6 * x**5
    speed, change = 30 * x**2 - 60 * x**3 + 30 * x**4, 60 * x - 180 * x**2 + 120 * x**3
    return TrajectoryPoint(
        x * duration_s, begin + place * way, speed * way / duration_s, change * way / duration_s**2
    )


def _spoiled(points: list[TrajectoryPoint], random: Random, kind: str) -> list[TrajectoryPoint]:
    index = random.randrange(len(points))
    point = points[index]
    if kind in ("not_a_number", "huge"):
        bad = point.positions.copy()
        bad[random.randrange(len(bad))] = math.nan if kind == "not_a_number" else random.choice((1e9, -1e300))
        points[index] = dataclasses.replace(point, positions=bad)
    if kind == "times":
        wrong_s = random.choice((math.nan, -1.0, 0.0, math.inf, point.time_s - 10.0))
        points[-1] = dataclasses.replace(points[-1], time_s=wrong_s)
    if kind == "one_joint":
        points[index] = dataclasses.replace(point, positions=point.positions[:1])
    return points


def _shuffled(trajectory: Trajectory, random: Random) -> Trajectory:
    """The same motion with its joints in another order."""
    order = list(range(len(trajectory.names)))
    random.shuffle(order)
    points = tuple(
        TrajectoryPoint(p.time_s, p.positions[order], p.velocities[order], p.accelerations[order])
        for p in trajectory.points
    )
    names = tuple(trajectory.names[i] for i in order)
    return dataclasses.replace(trajectory, names=names, points=points)
