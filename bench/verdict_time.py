"""Time of one verdict of the supervisor's core: all shipped checks on a command of the arm, no ROS."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import Command
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.projection.projection import build_projection
from noetra_ros.safety.settings import check_values, shipped_settings
from noetra_ros.safety.supervisor import Supervisor

COMMANDS = 5000
CBF_FILTER_US = 346.0  # cbfpy 0.1.0, 7 joints, median on a 2-core machine


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """Judge a slow swing, the joint states fresh."""
    supervisor, home = _armed()
    period_ns = round(supervisor.limits.period_s * 1e9)
    times_us = []
    for index in range(COMMANDS):
        now_ns = (index + 1) * period_ns
        values = home + 0.2 * (1.0 - np.cos(0.01 * index)) * np.eye(len(home))[0]
        supervisor.on_joint_state(values, now_ns)
        command = Command(supervisor.limits.kind, values, now_ns)
        begin_ns = time.perf_counter_ns()
        supervisor.on_command(command)
        times_us.append((time.perf_counter_ns() - begin_ns) / 1e3)
        if index % 1000 == 0:
            say(f"{index} of {COMMANDS} commands, mode {supervisor.mode.name}")
    if supervisor.mode.name != "ACTIVE":
        raise NoetraError(f"the supervisor went into {supervisor.mode.name}: good commands were refused")
    against = f"a CBF filter of 7 joints, cbfpy 0.1.0, {CBF_FILTER_US:g} us median, another run"
    return [record_of("verdict_time", times_us[500:], "us", against, CBF_FILTER_US)]


def _armed() -> tuple[Supervisor, np.ndarray]:  # type: ignore[type-arg]
    profile = load_robot("so101")
    settings = shipped_settings()
    channel = profile.channel()
    limits = channel_limits(profile, channel)
    checks = build_checks(settings.checks, check_values(settings), limits).running
    projection = build_projection(settings.barriers, profile, channel, limits, settings)
    supervisor = Supervisor(limits, checks, settings, projection)
    start = profile.sim.home if profile.sim else {}
    home = np.array([start.get(name, 0.0) for name in profile.joint_names])
    supervisor.on_joint_state(home, 0)
    supervisor.tick(0)
    supervisor.arm(0)
    return supervisor, home
