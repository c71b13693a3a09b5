"""The whole graph in lock-step: wall time of a control tick, and simulated over wall time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from noetra_ros.cli.eval_graph import EvalGraph
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.evaluation.plan import plan_episodes
from noetra_ros.evaluation.task_oracle import TaskOracle
from noetra_ros.robots.profile import load_robot

EPISODES = 5
RUN_SEED = 9


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Picks by the scripted expert: cameras are drawn, every command goes through the supervisor."""
    profile = load_robot("so101")
    tick_s = 1.0 / profile.channel().rate_hz
    ticks_ms, factors = [], []
    with tempfile.TemporaryDirectory(prefix="noetra_bench_") as folder:
        path = Path(folder)
        with EvalGraph("scripted", profile.name, "lock_step", "", path / "log") as graph:
            runner = graph.runner(TaskOracle(profile), "eval", path)
            for plan in plan_episodes(["pick"], EPISODES, RUN_SEED, "train"):
                say(f"episode {plan.index + 1} of {EPISODES}")
                raw = runner.run(plan)
                simulated_s = raw.ended_s - raw.told_s
                factors.append(simulated_s / raw.running_wall_s)
                ticks_ms.append(1e3 * raw.running_wall_s / (simulated_s / tick_s))
    against = f"the tick itself, {1e3 * tick_s:g} ms"
    return [
        record_of("lock_step_tick", ticks_ms, "ms", against, 1e3 * tick_s),
        record_of("lock_step_real_time_factor", factors, "1", "real time, 1", 1.0),
    ]
