"""Numbers of episodes whose cube was moved on the way: was it answered, how soon did the arm turn to it?

The twin is the same episode under the same condition without the shift; until the shift both are the same,
tick by tick. What the arm does otherwise afterwards, it does for the shift.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.moved_cube import CubeShifts
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.statistics import percentile, rate, wilson_interval
from noetra_ros.evaluation.timed_loop import TimedTrace
from noetra_ros.sim.kinematics import ArmKinematics

# Setpoints have turned to the new place when their tool point is this far from the twin's, in its direction.
TURNED_M = 0.005
S_PER_NS = 1e-9


@dataclass(frozen=True)
class ShiftedEpisode:
    """Numbers of one episode.

    Attributes:
        index: of its plan; the same in every condition.
        task, seed: of its plan.
        is_shifted: the cube was moved; False where it was never approached with room around it.
        success: judged by the physics.
        wrong_object: another object was handled.
        time_s: s to success, or the time limit.
        shift_s: s from the start of the episode to the shift; NaN = there was none.
        distance_m: how far; NaN likewise.
        answered_s: s from the shift to the first setpoint of a chunk of a later picture; NaN = none.
        turned_s: s from the shift until the setpoints' tool point was `TURNED_M` nearer to the new place than
            the twin's; NaN = never, or the twin had ended.
    """

    index: int
    task: str
    seed: int
    is_shifted: bool
    success: bool
    wrong_object: bool
    time_s: float
    shift_s: float
    distance_m: float
    answered_s: float
    turned_s: float


def shifted_numbers(
    plan: EpisodePlan,
    trace: TimedTrace,
    twin: TimedTrace,
    shifts: CubeShifts,
    kinematics: ArmKinematics,
    period_s: float,
) -> ShiftedEpisode:
    """What the trace of a shifted episode says beside that of its twin."""
    shift_s = distance_m = answered_s = turned_s = math.nan
    if trace.shift_ticks:
        tick, way_m, at_ns = trace.shift_ticks[0], shifts.ways_m[0], trace.shift_ns[0]
        shift_s, distance_m = tick * period_s, float(np.linalg.norm(way_m))
        answers = [moved - at_ns for stamp, moved in trace.seen if stamp >= at_ns]
        answered_s = min(answers) * S_PER_NS if answers else math.nan
        turned = turned_ticks(trace.setpoints[tick:], twin.setpoints[tick:], way_m, kinematics)
        turned_s = turned * period_s
    return ShiftedEpisode(
        index=plan.index,
        task=plan.task,
        seed=plan.seed,
        is_shifted=bool(trace.shift_ticks),
        success=trace.succeeded,
        wrong_object=trace.handled_wrong,
        time_s=trace.time_s,
        shift_s=shift_s,
        distance_m=distance_m,
        answered_s=answered_s,
        turned_s=turned_s,
    )


def turned_ticks(
    setpoints: Sequence[FloatArray],
    twin: Sequence[FloatArray],
    way_m: FloatArray,
    kinematics: ArmKinematics,
) -> float:
    """Ticks until the setpoints' tool point is `TURNED_M` along a way from the twin's; NaN = never.

    Args:
        setpoints: (d,) rad each, from the shift on.
        twin: the same of the twin; what comes after its end is not compared.
        way_m: (2,) table plane, world frame.
        kinematics: of the arm.
    """
    along = way_m / np.linalg.norm(way_m)
    for number, (here, there) in enumerate(zip(setpoints, twin, strict=False), start=1):
        gap_m = kinematics.tool_pose(here).point_m - kinematics.tool_pose(there).point_m
        if float(gap_m[:2] @ along) >= TURNED_M:
            return number
    return math.nan


def shifted_summary(episodes: Sequence[ShiftedEpisode]) -> dict[str, Any]:
    """Numbers of one condition over the episodes whose cube was moved."""
    moved = [e for e in episodes if e.is_shifted]
    wins = sum(e.success for e in moved)
    interval = wilson_interval(wins, len(moved))
    answered = [e.answered_s for e in moved if math.isfinite(e.answered_s)]
    turned = [e.turned_s for e in moved if math.isfinite(e.turned_s)]
    return {
        "shifted": len(moved),
        "successes": wins,
        "success_rate": rate(wins, len(moved)),
        "wilson_low": interval.low,
        "wilson_high": interval.high,
        "wrong_object": sum(e.wrong_object for e in moved),
        "time_s_mean": float(np.mean([e.time_s for e in moved])) if moved else math.nan,
        "answered_s_mean": float(np.mean(answered)) if answered else math.nan,
        "answered_s_worst": max(answered, default=math.nan),
        "turned": len(turned),
        "turned_s_mean": float(np.mean(turned)) if turned else math.nan,
        "turned_s_p50": percentile(turned, 50),
        "turned_s_p95": percentile(turned, 95),
        "turned_by_m": TURNED_M,
    }
