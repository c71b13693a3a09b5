"""Distance of 16 capsules to 24 000 points: ours against plain numpy, in one run on one core."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.perception.frames import Points
from noetra_ros.perception.nearest import capsule_distances

POINTS, CAPSULES = 24_000, 16
ROUNDS = 30
LARGEST_ERROR_M = 1e-3


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Both on the same points in turn, so that a busy machine slows both.

    Raises:
        ValueError: our distance is larger than the true one, or more than a millimetre smaller.
    """
    rng = np.random.default_rng(0)
    points = rng.uniform(-1.0, 1.0, (POINTS, 3)).astype(np.float32)
    segments = rng.uniform(-0.4, 0.4, (CAPSULES, 1, 3)) + rng.uniform(-0.1, 0.1, (CAPSULES, 2, 3))
    radii_m = rng.uniform(0.02, 0.06, CAPSULES)
    less_m = brute_force(points, segments, radii_m) - capsule_distances(points, segments, radii_m)
    if less_m.min() < 0.0 or less_m.max() > LARGEST_ERROR_M:
        raise ValueError(f"distances differ by {less_m.min()} to {less_m.max()} m")
    ours_ms, plain_ms = [], []
    for index in range(ROUNDS):
        plain_ms.append(_milliseconds(lambda: brute_force(points, segments, radii_m)))
        ours_ms.append(_milliseconds(lambda: capsule_distances(points, segments, radii_m)))
        say(f"{index + 1} of {ROUNDS}, largest difference {less_m.max() * 1e6:.0f} um")
    plain = record_of("obstacle_distance_numpy", plain_ms, "ms")
    against = f"plain numpy in the same run, {plain.p50:.1f} ms"
    return [record_of("obstacle_distance", ours_ms, "ms", against, plain.p50), plain]


def brute_force(points: Points, segments: FloatArray, radii_m: FloatArray) -> FloatArray:
    """(n,) m, every pair by broadcasting in float64."""
    starts, ways = segments[:, 0], segments[:, 1] - segments[:, 0]
    offsets = points[:, None] - starts
    shares = np.clip((offsets * ways).sum(axis=-1) / (ways**2).sum(axis=-1), 0.0, 1.0)
    nearest: FloatArray = np.linalg.norm(offsets - shares[..., None] * ways, axis=-1).min(axis=0)
    return nearest - radii_m


def _milliseconds(work: Callable[[], object]) -> float:
    begin_s = time.perf_counter()
    work()
    return (time.perf_counter() - begin_s) * 1e3
