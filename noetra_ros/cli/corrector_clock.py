"""How long a corrector takes in real time, on this machine, with pictures of the world to drive in."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

import numpy as np

from noetra_ros.evaluation.statistics import percentile
from noetra_ros.evaluation.timed_loop import TimedLoop
from noetra_ros.evaluation.world_view import observe
from noetra_ros.policy.correction.corrector import Ahead, Corrector

LOOKS = 300
SENTENCE = "pick up the red cube"


@dataclass(frozen=True)
class CorrectorTime:
    """Real time of one look.

    Attributes:
        looks: timed.
        p50_ms, p95_ms, worst_ms: of them.
        declared_ms: latency that its sheet declares, which is what the timed loop injects.
    """

    looks: int
    p50_ms: float
    p95_ms: float
    worst_ms: float
    declared_ms: float


def time_corrector(loop: TimedLoop, corrector: Corrector) -> dict[str, float]:
    """Time the looks of a loaded corrector at the start of an episode."""
    spec = corrector.spec
    loop.world.reset(0)
    observation = observe(loop.world, tuple(need.name for need in spec.cameras), SENTENCE)
    joints = observation.joints.positions
    ahead = Ahead(np.tile(joints, (spec.rows + 1, 1)), joints, 0.3, 0.5)
    taken_ms = []
    for _ in range(LOOKS):
        started_s = time.perf_counter()
        corrector.residuals(observation, ahead)
        taken_ms.append(1e3 * (time.perf_counter() - started_s))
    p50_ms, p95_ms = percentile(taken_ms, 50), percentile(taken_ms, 95)
    return asdict(CorrectorTime(LOOKS, p50_ms, p95_ms, max(taken_ms), 1e3 * spec.latency_s))
