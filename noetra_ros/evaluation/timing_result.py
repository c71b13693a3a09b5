"""Numbers of timed episodes: idle frames, reaction, jumps at seams; paired over conditions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.statistics import percentile, rate, wilson_interval
from noetra_ros.evaluation.timed_loop import Condition, TimedTrace
from noetra_ros.streaming.streamer import StreamState

# Ticks after a seam in which a jump of the acceleration is its doing; limits drag that of commands out.
PLAN_TICKS = 3
COMMAND_TICKS = 10
S_PER_NS = 1e-9


@dataclass(frozen=True)
class TimedEpisode:
    """Numbers of one episode.

    Attributes:
        index: of its plan; the same in every condition.
        task, seed: of its plan.
        success: judged by the physics.
        wrong_object: another object was handled.
        time_s: s to success, or the time limit.
        idle_share: ticks without a plan to follow, of those after the first chunk came.
        start_idle_s: s before the first chunk came: a cold start, counted apart.
        reaction_mean_s: s from an event at any instant to the first setpoint that knows of it, mean.
        reaction_worst_s: likewise, at most.
        plan_jumps_radps2: largest change of the planned acceleration from tick to tick at each seam.
        command_jumps_radps2: the same of the commands, after the limits; at most jerk limit times tick.
        gaps_rad: distance of old and new plan at each seam.
        used: splices used, by name.
        underruns: plans that ended before another came.
        delay_rows: running p95 of the delay, in actions.
    """

    index: int
    task: str
    seed: int
    success: bool
    wrong_object: bool
    time_s: float
    idle_share: float
    start_idle_s: float
    reaction_mean_s: float
    reaction_worst_s: float
    plan_jumps_radps2: tuple[float, ...]
    command_jumps_radps2: tuple[float, ...]
    gaps_rad: tuple[float, ...]
    used: dict[str, int]
    underruns: int
    delay_rows: int


def episode_numbers(plan: EpisodePlan, trace: TimedTrace, period_s: float) -> TimedEpisode:
    """What one trace says."""
    first = trace.splices[0] + 1 if trace.splices else len(trace.states)
    after = trace.states[first:]
    idle = sum(state is not StreamState.FOLLOWING for state in after)
    reactions = reaction_times_s(trace.seen)
    return TimedEpisode(
        index=plan.index,
        task=plan.task,
        seed=plan.seed,
        success=trace.succeeded,
        wrong_object=trace.handled_wrong,
        time_s=trace.time_s,
        idle_share=rate(idle, len(after)),
        start_idle_s=first * period_s,
        reaction_mean_s=reactions[0],
        reaction_worst_s=reactions[1],
        plan_jumps_radps2=_jumps(trace.planned, trace.splices, period_s, PLAN_TICKS),
        command_jumps_radps2=_jumps(trace.setpoints, trace.splices, period_s, COMMAND_TICKS),
        gaps_rad=tuple(trace.jumps[1:]),
        used=trace.used,
        underruns=trace.underruns,
        delay_rows=trace.delay_rows,
    )


def reaction_times_s(seen: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Mean and worst s from an event to the first setpoint that answers a picture of it.

    An event between two pictures is answered by the chunk of the second one; events at any instant are alike.

    Args:
        seen: (stamp of the picture, instant of the first setpoint) in ns of each chunk, in order.
    """
    area_s2 = whole_s = worst_s = 0.0
    for (before_ns, _), (stamp_ns, moved_ns) in pairwise(seen):
        longest_s, shortest_s = (moved_ns - before_ns) * S_PER_NS, (moved_ns - stamp_ns) * S_PER_NS
        width_s = (stamp_ns - before_ns) * S_PER_NS
        area_s2 += width_s * (longest_s + shortest_s) / 2.0
        whole_s += width_s
        worst_s = max(worst_s, longest_s)
    return (area_s2 / whole_s, worst_s) if whole_s > 0.0 else (math.nan, math.nan)


def seam_jumps(values: FloatArray, splices: Sequence[int], period_s: float, ticks: int) -> list[float]:
    """Largest change of the acceleration between two ticks, shortly after each seam, rad/s2.

    Args:
        values: (n, d) rad, one a tick.
        splices: ticks after which another chunk was followed.
        period_s: s between ticks.
        ticks: that count as shortly.
    """
    if len(values) < 4:
        return []
    change = np.abs(np.diff(values, 3, axis=0)).max(axis=1) / period_s**2  # [k]: of ticks k .. k + 3
    windows = (change[max(tick - 2, 0) : tick - 2 + ticks] for tick in splices)
    return [float(window.max()) for window in windows if len(window)]


def _jumps(
    values: Sequence[FloatArray], splices: Sequence[int], period_s: float, ticks: int
) -> tuple[float, ...]:
    """Of all seams but the first, which is a start."""
    return tuple(seam_jumps(np.array(values), splices[1:], period_s, ticks))


def summary(condition: Condition, episodes: Sequence[TimedEpisode]) -> dict[str, Any]:
    """Numbers of one condition over its episodes."""
    wins = sum(e.success for e in episodes)
    interval = wilson_interval(wins, len(episodes))
    plans = [j for e in episodes for j in e.plan_jumps_radps2]
    commands = [j for e in episodes for j in e.command_jumps_radps2]
    used = sum((Counter(e.used) for e in episodes), Counter[str]())
    return {
        "condition": condition.name,
        "latency_s": condition.latency_s,
        "execution": condition.execution,
        "execute_s": condition.execute_s,
        "splice": condition.splice,
        "episodes": len(episodes),
        "successes": wins,
        "success_rate": rate(wins, len(episodes)),
        "wilson_low": interval.low,
        "wilson_high": interval.high,
        "wrong_object": sum(e.wrong_object for e in episodes),
        "time_s_mean": _mean([e.time_s for e in episodes]),
        "idle_share": _mean([e.idle_share for e in episodes]),
        "start_idle_s": _mean([e.start_idle_s for e in episodes]),
        "reaction_mean_s": _mean([e.reaction_mean_s for e in episodes]),
        "reaction_worst_s": max((e.reaction_worst_s for e in episodes), default=math.nan),
        "plan_jump_p50_radps2": percentile(plans, 50),
        "plan_jump_p95_radps2": percentile(plans, 95),
        "command_jump_p50_radps2": percentile(commands, 50),
        "command_jump_p95_radps2": percentile(commands, 95),
        "gap_p95_rad": percentile([g for e in episodes for g in e.gaps_rad], 95),
        "underruns": sum(e.underruns for e in episodes),
        "delay_rows": max((e.delay_rows for e in episodes), default=0),
        "splices": dict(used),
    }


def paired_time_ratio(of: Sequence[TimedEpisode], against: Sequence[TimedEpisode]) -> tuple[float, int]:
    """Median ratio of task times over the episodes that succeeded in both, and how many those were."""
    base = {e.index: e for e in against if e.success}
    ratios = [e.time_s / base[e.index].time_s for e in of if e.success and e.index in base]
    return percentile(ratios, 50), len(ratios)


def _mean(values: Sequence[float]) -> float:
    finite = [v for v in values if math.isfinite(v)]
    return sum(finite) / len(finite) if finite else math.nan
