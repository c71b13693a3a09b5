"""The order of the modes: what may begin a motion, what latches, and what a stop looks like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from noetra_ros.evaluation.fuzz.bounds import NS_PER_S, Bounds
from noetra_ros.evaluation.fuzz.causes import LATCHING, OF_COMMANDS, WAITING, is_judging, is_passing
from noetra_ros.evaluation.fuzz.finding import Finding, found_where
from noetra_ros.evaluation.fuzz.record import (
    ARMED,
    EMERGENCY_STOP,
    FAULT,
    LATCHED,
    PROTECTIVE_STOP,
    STANDBY,
    STARTUP,
    Call,
    Record,
)
from noetra_ros.evaluation.fuzz.setpoints import Setpoints, is_after_pause


def judge_modes(record: Record, bounds: Bounds, causes: Mapping[str, Any], is_cut: Any) -> list[Finding]:
    """Every change of mode has a right to be, and every cause is answered at the call that sees it.

    Args:
        record: of the episode.
        bounds: thresholds.
        causes: (n,) bool by check.
        is_cut: (n,) bool: an e-stop source has fallen silent.
    """
    after, before = record.mode, record.mode_before
    judging = is_judging(record)
    latching = (causes["clock"] | causes["estop"] | is_cut) & judging
    found = found_where("latch", latching & ~np.isin(after, LATCHED), "mode", measured=after)
    for name, is_cause in causes.items():
        found += found_where("stop_for_cause", is_cause & judging & is_passing(after), name, measured=after)
    done = ~record.is_refused
    is_arm, is_reset = (record.call == Call.ARM) & done, (record.call == Call.RESET) & done
    starts = is_passing(after) & ~is_passing(before)
    may_resume = (record.call == Call.TICK) & (before == PROTECTIVE_STOP)
    found += found_where("start_without_arming", starts & ~is_arm & ~may_resume, "mode", measured=before)
    found += found_where("arm_in_wrong_mode", is_arm & (before != STANDBY), "mode", measured=before)
    released = np.isin(before, LATCHED) & ~np.isin(after, LATCHED)
    found += found_where("latch_left", released & ~is_reset, "mode", measured=before)
    found += found_where("fault_left", (before == FAULT) & (after == EMERGENCY_STOP), "mode", measured=before)
    wrong_reset = is_reset & ((after != STANDBY) | record.is_sent)
    found += found_where("reset_moves", wrong_reset, "mode", measured=after)
    found += found_where("startup_again", (after == STARTUP) & (before != STARTUP), "mode")
    return found + _requests(record, bounds, causes, starts & may_resume)


def _requests(record: Record, bounds: Bounds, causes: Mapping[str, Any], resumed: Any) -> list[Finding]:
    """Arming, resetting and resuming only without a cause."""
    done = ~record.is_refused
    is_arm, is_reset = (record.call == Call.ARM) & done, (record.call == Call.RESET) & done
    wait_ns = bounds.number("resume_after_s") * NS_PER_S
    gone_ns = record.gone_ns
    found = []
    for name, is_cause in causes.items():
        if name not in (*WAITING, *OF_COMMANDS):
            found += found_where("arm_against_cause", is_arm & is_cause, name)
        if name in LATCHING and name != "clock":
            found += found_where("reset_against_cause", is_reset & is_cause, name)
        last = record.last(is_cause & is_judging(record))
        too_soon = (last >= 0) & (gone_ns - gone_ns[last] < wait_ns)
        found += found_where("resume_too_soon", resumed & too_soon, name)
    if not bounds.settings["resumes_by_itself"]:
        found += found_where("resume_unasked", resumed, "mode")
    return found


def judge_stops(record: Record, bounds: Bounds, motions: list[Setpoints]) -> list[Finding]:
    """From the call that leaves the passing modes on: every setpoint brakes, the last one rests, in time."""
    passing = is_passing(record.mode)
    begins = is_passing(record.mode_before) & ~passing
    span = np.cumsum(begins)
    found = found_where("sent_before_arming", record.is_sent & ~passing & (span == 0), "setpoints")
    if not found and not motions:
        return found_where("sent_before_arming", record.is_sent, "setpoints")
    for motion in motions:
        is_stop = ~passing[motion.rows]
        for number in np.unique(span[motion.rows][is_stop & motion.is_own]):
            at = np.flatnonzero(is_stop & motion.is_own & (span[motion.rows] == number))
            found += judge_one_stop(motion, bounds, at)
    return found + _unfinished(record, bounds, motions, begins)


def judge_one_stop(motion: Setpoints, bounds: Bounds, at: Any) -> list[Finding]:
    """The setpoints `at` of one stop."""
    dt_s, step = bounds.period_s, bounds.jerk * bounds.period_s
    first = int(at[0])
    velocity = motion.velocity[first - 1] if first else np.zeros(len(bounds.names))
    acceleration = motion.acceleration[first - 1] if first else np.zeros(len(bounds.names))
    size = np.abs(acceleration)
    # Where the acceleration points on, the speed goes on growing until it has run out.
    gain = np.where(acceleration * velocity >= 0.0, size * size / (2.0 * step) * dt_s, 0.0)
    counter = np.where(acceleration * velocity < 0.0, size * size / (2.0 * step) * dt_s + size * dt_s, 0.0)
    highest = np.maximum(np.abs(velocity) + gain, counter) * (1.0 + 1e-6) + 1e-9
    speed = np.abs(motion.velocity[at])
    found = found_where(
        "stop_gains_speed", ~(speed <= highest), bounds.names, motion.rows[at], speed, highest
    )
    last_step = round(bounds.braking_s / dt_s)
    is_late = (np.arange(len(at)) > last_step)[:, None] & (speed > 1e-9)
    return found + found_where("stop_too_long", is_late, bounds.names, motion.rows[at], speed, 0.0)


def _unfinished(record: Record, bounds: Bounds, motions: list[Setpoints], begins: Any) -> list[Finding]:
    """Enough ticks after the begin of a stop the last setpoint rests."""
    found = []
    ticks = np.cumsum((record.call == Call.TICK) & ~is_passing(record.mode))
    needed = 2 * round(bounds.braking_s / bounds.period_s) + 5
    velocity, _ = last_sent(record, bounds, motions)
    for row in np.flatnonzero(begins):
        rows = np.arange(row, len(record.call))
        ends = np.flatnonzero(is_passing(record.mode[rows]))
        rows = rows[: ends[0]] if len(ends) else rows
        is_late = (ticks[rows] - ticks[row] > needed)[:, None] & (np.abs(velocity[rows]) > 1e-9)
        found += found_where("stop_unfinished", is_late, bounds.names, rows, np.abs(velocity[rows]), 0.0)
    return found


def last_sent(record: Record, bounds: Bounds, motions: list[Setpoints]) -> tuple[Any, Any]:
    """(n, d) velocity and acceleration of what was sent up to each call, this one included; 0 at arming, and
    where the controller has held the last setpoint for a while.
    """
    shape = (len(record.call), len(bounds.names))
    velocity, acceleration, is_known = np.zeros(shape), np.zeros(shape), np.zeros(shape[0], dtype=bool)
    for motion in motions:
        rows = motion.rows[motion.is_own]
        velocity[rows], acceleration[rows] = (
            motion.velocity[motion.is_own],
            motion.acceleration[motion.is_own],
        )
        is_known[rows] = True
    is_known |= (record.call == Call.ARM) & ~record.is_refused
    last = record.last(is_known)
    is_held = is_after_pause(record, bounds) & ~is_known
    is_there = (last >= 0) & ~(is_held & bounds.is_position)
    return velocity[last] * is_there[:, None], acceleration[last] * (is_there & ~is_held)[:, None]


def is_armed(modes: Any) -> Any:
    """(n,) bool."""
    return np.isin(modes, ARMED)
