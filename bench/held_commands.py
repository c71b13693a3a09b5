"""Time of commands that barriers hold: a tool that wants to be faster, links that want to meet; no ROS."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import Command, FloatArray
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.safety.assembly import assemble
from noetra_ros.safety.explanations import PROJECTION
from noetra_ros.safety.settings import shipped_settings
from noetra_ros.safety.supervisor import Supervisor

# Far below what the joints could do, as beside people: the tool is held all the way.
TOOL = {"tool_speed_mps": 0.25}
# Without the other barriers of the profile: what is held is held by the links.
APART = {"barriers": ["workspace", "tool_speed", "self_collision"]}
CASES = (
    ("held_tool", "so101", TOOL),
    ("held_tool", "fr3", TOOL),
    ("held_apart", "so101", APART),
    ("held_apart", "aloha", APART),
    ("held_apart", "g1_upper_body", APART),
)
COMMANDS, GOAL_EVERY, WARM_UP = 3000, 100, 200
SHARE = 0.8  # of the way to the position limits, where goals lie


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Goals here and there, each followed as fast as may be; joint states fresh and exact."""
    return [_record(name, load_robot(robot), settings, say) for name, robot, settings in CASES]


def _record(
    name: str, profile: RobotProfile, settings: Mapping[str, Any], say: Callable[[str], None]
) -> BenchRecord:
    start = profile.sim.home if profile.sim else {}
    joints = np.array([start.get(joint, 0.0) for joint in profile.joint_names])
    supervisor = _armed(profile, joints, settings)
    moved = list(supervisor.limits.joint_indices)
    rng, period_ns = np.random.default_rng(0), round(supervisor.period_s * 1e9)
    goal, held_us = joints[moved], list[float]()
    for index in range(COMMANDS):
        if index % 1000 == 0:
            say(f"{profile.name}: {index} of {COMMANDS} commands, mode {supervisor.mode.name}")
        if index % GOAL_EVERY == 0:
            goal = _goal(supervisor, rng)
        now_ns = (index + 1) * period_ns
        supervisor.on_joint_state(joints, now_ns)
        command = Command(supervisor.limits.kind, goal, now_ns)
        begin_ns = time.perf_counter_ns()
        decision = supervisor.on_command(command)
        took_us = (time.perf_counter_ns() - begin_ns) / 1e3
        if decision.values is None:
            raise NoetraError(f"{profile.name}: {decision.report.mode.name}: {decision.report.reason}")
        if index >= WARM_UP and PROJECTION in decision.report.active_checks:
            held_us.append(took_us)
        joints = joints.copy()
        joints[moved] = decision.values
    say(f"{name}, {profile.name}: {len(held_us)} of {COMMANDS - WARM_UP} commands were held")
    period = f"a period of its channel, {period_ns / 1e6:g} ms"
    return record_of(f"{name}_{profile.name}", held_us, "us", period, period_ns / 1e3)


def _armed(profile: RobotProfile, joints: FloatArray, settings: Mapping[str, Any]) -> Supervisor:
    supervisor = assemble(profile, profile.channel(), shipped_settings(**settings)).supervisor
    supervisor.on_joint_state(joints, 0)
    supervisor.tick(0)
    if refusal := supervisor.arm(0).refusal:
        raise NoetraError(f"{profile.name}: {refusal}")
    return supervisor


def _goal(supervisor: Supervisor, rng: np.random.Generator) -> FloatArray:
    lower, upper = (np.array(supervisor.limits.column(name)) for name in ("lower", "upper"))
    middle, half = 0.5 * (lower + upper), 0.5 * (upper - lower)
    return np.asarray(middle + SHARE * half * rng.uniform(-1.0, 1.0, len(middle)))
