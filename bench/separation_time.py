"""Time of one verdict with people around: all shipped checks on a command of the arm, no ROS."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.obstacles import (
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.core.types import Command
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.settings import check_values, shipped_settings
from noetra_ros.safety.supervisor import Supervisor

COMMANDS = 1500
PEOPLE = 20
FAR_M = 3.0


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """The same slow swing without and with people to keep away from; a new scene with every tenth command."""
    alone_us = _times_us(0, say)
    crowd_us = _times_us(PEOPLE, say)
    against = "the same commands with nobody to watch, same run"
    return [record_of("separation_time", crowd_us, "us", against, float(np.median(alone_us)))]


def _times_us(people: int, say: Callable[[str], None]) -> list[float]:
    supervisor, home = _armed(people)
    period_ns = round(supervisor.limits.period_s * 1e9)
    times_us = []
    for index in range(COMMANDS):
        now_ns = (index + 1) * period_ns
        if people and index % 10 == 0:
            supervisor.on_scene(_scene(people, now_ns), now_ns, 0.1)
        values = home + 0.2 * (1.0 - np.cos(0.01 * index)) * np.eye(len(home))[0]
        supervisor.on_joint_state(values, now_ns)
        command = Command(supervisor.limits.kind, values, now_ns)
        begin_ns = time.perf_counter_ns()
        supervisor.on_command(command)
        times_us.append((time.perf_counter_ns() - begin_ns) / 1e3)
    say(f"{people} people: {COMMANDS} commands, mode {supervisor.mode.name}")
    if supervisor.mode.name != "ACTIVE":
        raise NoetraError(f"the supervisor went into {supervisor.mode.name}: {supervisor.report(0).reason}")
    return times_us[200:]


def _scene(people: int, now_ns: int) -> ObstacleScene:
    angles = np.linspace(0.0, 2.0 * np.pi, people, endpoint=False)
    crowd = tuple(
        Obstacle(
            track_id=index,
            kind=ObstacleKind.PERSON,
            shape=Shape.CAPSULE,
            position_m=np.array([FAR_M * np.cos(angle), FAR_M * np.sin(angle), 0.4]),
            quat_xyzw=np.array([0.0, 0.0, 0.0, 1.0]),
            size_m=np.array([0.2, 1.2, 0.0]),
            velocity_mps=np.zeros(3),
            position_std_m=0.02,
            score=0.9,
            seen_ns=now_ns,
        )
        for index, angle in enumerate(angles)
    )
    return ObstacleScene(now_ns, "base_link", crowd, (SensorReport("overhead", SensorVerdict.OK),))


def _armed(people: int) -> tuple[Supervisor, np.ndarray]:  # type: ignore[type-arg]
    profile = load_robot("so101")
    settings = shipped_settings(watch_people=people > 0)
    limits = channel_limits(profile, profile.channel(), settings.watch_people)
    checks = build_checks(settings.checks, check_values(settings), limits).running
    supervisor = Supervisor(limits, checks, settings)
    start = profile.sim.home if profile.sim else {}
    home = np.array([start.get(name, 0.0) for name in profile.joint_names])
    supervisor.on_joint_state(home, 0)
    if people:
        supervisor.on_scene(_scene(people, 0), 0, 0.1)
    supervisor.tick(0)
    refusal = supervisor.arm(0).refusal
    if refusal:
        raise NoetraError(refusal)
    return supervisor, home
