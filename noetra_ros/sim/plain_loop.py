"""Runs one episode in a plain loop, without ROS: for demonstrations, training checks and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.sim.scene import SceneTruth
from noetra_ros.sim.task import Judge
from noetra_ros.sim.world import World

CONTROL_S = 0.01
ROW_S = 0.1

# Called with the world at each decision; answers (rows, joints), row k applies 0.1 (k + 1) s from now.
ChunkSource = Callable[[World], FloatArray]


@dataclass(frozen=True)
class EpisodeResult:
    """How an episode ended."""

    succeeded: bool
    handled_wrong: bool
    time_s: float


def run_episode(
    world: World,
    source: ChunkSource,
    judge: Judge,
    execute_rows: int = 2,
    noise: Callable[[], FloatArray] | None = None,
    linger_s: float = 0.0,
) -> EpisodeResult:
    """Drives the world until the task succeeds or its time is up.

    Args:
        world: freshly reset.
        source: decides; called once for each `execute_rows` rows.
        judge: of this episode.
        execute_rows: rows carried out before the next decision.
        noise: (joints,) rad added to each executed row, not to what `source` answered (DART); None = none.
        linger_s: goes on for so long after success.

    Raises:
        ConfigError: a world without tasks.
    """
    step_count = round(CONTROL_S / world.step_s)
    ticks = round(ROW_S / CONTROL_S)
    setpoint = world.joint_state().positions
    elapsed_s, end_s, succeeded_at_s = 0.0, judge.task.time_limit_s, None
    while elapsed_s < end_s:
        for row in source(world)[:execute_rows]:
            goal = row + (noise() if noise is not None else 0.0)
            for fraction in np.arange(1, ticks + 1) / ticks:
                world.set_joint_targets(setpoint + fraction * (goal - setpoint))
                world.step(step_count)
            setpoint = goal
            elapsed_s += ROW_S
            if judge.update(_truth(world)) and succeeded_at_s is None:
                succeeded_at_s = elapsed_s
                end_s = min(end_s, elapsed_s + linger_s)
    return EpisodeResult(judge.succeeded, judge.handled_wrong, succeeded_at_s or elapsed_s)


def _truth(world: World) -> SceneTruth:
    truth = world.truth()
    if truth is None:
        raise single_fault(
            f"robot {world.profile.name}", "sim.world", "a world without tasks", "one with tasks"
        )
    return truth
