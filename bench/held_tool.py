"""Time of a command of an arm that wants to go faster than its tool may: what the barriers take, no ROS."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import Command, FloatArray
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.safety.assembly import assemble
from noetra_ros.safety.explanations import PROJECTION
from noetra_ros.safety.settings import shipped_settings
from noetra_ros.safety.supervisor import Supervisor

ROBOTS = ("so101", "fr3")
# m/s. Far below what the joints could do, as beside people: the tool is held all the way.
TOOL_SPEED_MPS = 0.25
COMMANDS, GOAL_EVERY, WARM_UP = 3000, 100, 200
SHARE = 0.8  # of the way to the position limits, where goals lie


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Goals here and there, each followed as fast as may be; joint states fresh and exact."""
    return [record for robot in ROBOTS for record in _records(load_robot(robot), say)]


def _records(profile: RobotProfile, say: Callable[[str], None]) -> list[BenchRecord]:
    start = profile.sim.home if profile.sim else {}
    joints = np.array([start.get(name, 0.0) for name in profile.joint_names])
    supervisor = _armed(profile, joints)
    moved = list(supervisor.limits.joint_indices)
    rng, period_ns = np.random.default_rng(0), round(supervisor.period_s * 1e9)
    goal, held_us = joints[moved], []
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
    say(f"{profile.name}: {len(held_us)} of {COMMANDS - WARM_UP} commands were held")
    period = f"a period of its channel, {period_ns / 1e6:g} ms"
    return [record_of(f"held_tool_{profile.name}", held_us, "us", period, period_ns / 1e3)]


def _armed(profile: RobotProfile, joints: FloatArray) -> Supervisor:
    settings = shipped_settings(tool_speed_mps=TOOL_SPEED_MPS)
    supervisor = assemble(profile, profile.channel(), settings).supervisor
    supervisor.on_joint_state(joints, 0)
    supervisor.tick(0)
    if refusal := supervisor.arm(0).refusal:
        raise NoetraError(f"{profile.name}: {refusal}")
    return supervisor


def _goal(supervisor: Supervisor, rng: np.random.Generator) -> FloatArray:
    lower, upper = (np.array(supervisor.limits.column(name)) for name in ("lower", "upper"))
    middle, half = 0.5 * (lower + upper), 0.5 * (upper - lower)
    return np.asarray(middle + SHARE * half * rng.uniform(-1.0, 1.0, len(middle)))
