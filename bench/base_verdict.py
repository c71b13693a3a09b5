"""Time of one verdict on a base in a corridor: its footprint is held against what its scanner sees."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import Command, FloatArray
from noetra_ros.evaluation.bench_records import BenchRecord, record_of
from noetra_ros.robots.profile import load_robot
from noetra_ros.safety.check import build_checks
from noetra_ros.safety.limits import channel_limits
from noetra_ros.safety.settings import check_values, shipped_settings
from noetra_ros.safety.supervisor import Supervisor

COMMANDS, WARM_UP = 600, 100
TWIST = (0.5, 0.0, 0.0)
HALF_WIDTH_M, END_M, RANGE_M = 0.5, 6.0, 8.0


def run(say: Callable[[str], None]) -> list[BenchRecord]:
    """The same drive with 360 beams in an open hall and in a corridor, and with 24 000 beams in it."""
    hall = _times_us(np.full(360, np.inf))
    say("base verdict: open hall")
    corridor = _times_us(_corridor(360))
    say("base verdict: corridor")
    dense = _times_us(_corridor(24_000))
    against, before = "the same in an open hall, same run", float(np.median(hall))
    return [
        record_of("base_verdict_hall", hall, "us", "", math.nan),
        record_of("base_verdict_corridor", corridor, "us", against, before),
        record_of("base_verdict_corridor_24k", dense, "us", against, before),
    ]


def _corridor(beams: int) -> FloatArray:
    """(beams,) m, a full turn: walls on both sides, an end before and behind, a little noise."""
    angles = -math.pi + 2.0 * math.pi / beams * np.arange(beams)
    with np.errstate(divide="ignore"):
        aside, along = HALF_WIDTH_M / np.abs(np.sin(angles)), END_M / np.abs(np.cos(angles))
    ranges = np.minimum(aside, along)
    return np.where(ranges <= RANGE_M, ranges, np.inf)


def _times_us(ranges_m: FloatArray) -> list[float]:
    supervisor = _armed(ranges_m)
    rng, period_ns, times_us = np.random.default_rng(1), round(supervisor.limits.period_s * 1e9), []
    step_rad = 2.0 * math.pi / len(ranges_m)
    for index in range(1, COMMANDS + 1):
        now_ns = index * period_ns
        noisy = ranges_m + 0.002 * rng.standard_normal(len(ranges_m))
        scan = PlanarScan((0.0, 0.0), -math.pi, step_rad, noisy)
        command = Command(supervisor.limits.kind, np.array(TWIST), now_ns)
        begin_ns = time.perf_counter_ns()
        supervisor.on_scan("scan", scan, now_ns)
        supervisor.on_stream("odom", now_ns)
        supervisor.on_command(command)
        times_us.append((time.perf_counter_ns() - begin_ns) / 1e3)
    if supervisor.mode.name != "ACTIVE" or supervisor.motion.sent()[0] != TWIST[0]:
        raise NoetraError(f"mode {supervisor.mode.name}, sent {supervisor.motion.sent()}: it did not drive")
    return times_us[WARM_UP:]


def _armed(ranges_m: FloatArray) -> Supervisor:
    profile = load_robot("diffbot")
    settings = shipped_settings()
    limits = channel_limits(profile, profile.channel())
    checks = build_checks(settings.checks, check_values(settings), limits).running
    supervisor = Supervisor(limits, checks, settings)
    step_rad = 2.0 * math.pi / len(ranges_m)
    supervisor.on_scan("scan", PlanarScan((0.0, 0.0), -math.pi, step_rad, ranges_m), 0)
    supervisor.on_stream("odom", 0)
    supervisor.tick(0)
    if refusal := supervisor.arm(0).refusal:
        raise NoetraError(refusal)
    return supervisor
