"""Every change of a command is told: by the check that it belongs to, with the numbers that are true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.fuzz.bounds import Bounds
from noetra_ros.evaluation.fuzz.causes import SLACK_NS, is_judging, is_passing
from noetra_ros.evaluation.fuzz.finding import Finding, found_where
from noetra_ros.evaluation.fuzz.order import last_sent
from noetra_ros.evaluation.fuzz.record import STARTUP, Call, Form, Record
from noetra_ros.evaluation.fuzz.setpoints import Setpoints, armings, is_after_pause

# Beyond a limit by this share (and absolutely), a command has to be explained; nearer is rounding.
CLEARLY = 1e-5
ABSOLUTELY = 1e-5


def open_series(record: Record, check: str) -> Any:
    """(n,) bool: at the end of each call the check has told a cause and has not told its end."""
    told_of: set[tuple[str, int]] = set()  # subject and reaction
    changes: list[tuple[int, bool]] = []
    for told in record.told:
        if told.check == check:
            (told_of.discard if told.is_gone else told_of.add)((told.subject, told.action))
            changes.append((told.row, bool(told_of)))
    if not changes:
        return np.zeros(len(record.call), dtype=bool)
    rows = np.array([row for row, _ in changes])
    states = np.array([False, *(state for _, state in changes)])
    return states[np.searchsorted(rows, np.arange(len(record.call)), side="right")]


def judge_causes_told(record: Record, causes: Mapping[str, Any]) -> list[Finding]:
    """Each cause of a stop is told while it is there, and nobody is told that it is gone."""
    listening = is_judging(record) & (record.mode != STARTUP)
    found = []
    for name, is_cause in causes.items():
        if (is_cause & listening).any():
            found += found_where("unexplained", is_cause & listening & ~open_series(record, name), name)
    return found


def judge_commands_told(record: Record, bounds: Bounds, motions: list[Setpoints]) -> list[Finding]:
    """A command beyond a limit of the axes, or before its time, is told with check, value and limit."""
    asked, is_due = asked_motion(record, bounds, motions)
    passing = is_passing(record.mode_before)
    command = (record.call == Call.COMMAND) & passing
    usable = command & (record.form == Form.RIGHT) & np.isfinite(record.wanted).all(axis=1)
    is_early = lead_ns(record, bounds) > bounds.number("max_lead_periods") * bounds.period_s * 1e9 + SLACK_NS
    found = found_where("unexplained", command & is_early & ~open_series(record, "rate"), "rate")
    for name, (values, limit) in asked.items():
        beyond = (np.abs(values) > limit * (1.0 + CLEARLY) + ABSOLUTELY).any(axis=1) & usable & is_due
        found += found_where("unexplained", beyond & ~open_series(record, name), name)
        found += _told_numbers(record, bounds, name, np.abs(values), limit)
    if bounds.is_position:
        outside = (record.wanted > bounds.upper + 1e-9) | (record.wanted < bounds.lower - 1e-9)
        beyond = outside.any(axis=1) & usable & is_due
        found += found_where("unexplained", beyond & ~open_series(record, "position"), "position")
    changed = usable & is_passing(record.mode) & ~(record.sent == record.wanted).all(axis=1)
    silent = np.ones(len(changed), dtype=bool)
    for check in {told.check for told in record.told}:
        silent &= ~open_series(record, check)
    return found + found_where("changed_in_silence", changed & silent, "command")


def asked_motion(record: Record, bounds: Bounds, motions: list[Setpoints]) -> tuple[dict[str, Any], Any]:
    """What each command asks for relative to what was sent before: (n, d) by check with its limit (d,), and
    (n,) bool: it is surely not before its time.
    """
    velocity, acceleration = (
        np.concatenate([x[:1] * 0.0, x[:-1]]) for x in last_sent(record, bounds, motions)
    )
    dt_s = bounds.period_s
    paused = is_after_pause(record, bounds)[:, None]  # then the controller has held the last setpoint
    velocity, acceleration = (
        np.where(paused & bounds.is_position, 0.0, velocity),
        np.where(paused, 0.0, acceleration),
    )
    asked_velocity = record.wanted
    if bounds.is_position:
        asked_velocity = (record.wanted - reference(record, bounds)) / dt_s
    asked_acceleration = (asked_velocity - velocity) / dt_s
    asked = {
        "velocity": (asked_velocity, bounds.velocity),
        "acceleration": (asked_acceleration, bounds.acceleration),
        "jerk": ((asked_acceleration - acceleration) / dt_s, bounds.jerk),
    }
    return asked, lead_ns(record, bounds) <= bounds.number("max_lead_periods") * dt_s * 1e9 - SLACK_NS


def reference(record: Record, bounds: Bounds) -> FloatArray:
    """(n, d) what was last sent before each call; at arming the measured position. Position channels."""
    table = np.full(record.sent.shape, np.nan)
    table[record.is_sent] = record.sent[record.is_sent]
    joints_at = record.last(record.call == Call.JOINTS)
    arms = np.array([first for first, _ in armings(record)], dtype=int)
    table[arms] = record.joints[joints_at[arms]][:, list(bounds.joints_at)]
    known = record.is_sent.copy()
    known[arms] = True
    before = np.concatenate(([-1], record.last(known)[:-1]))
    return np.asarray(table[before])


def lead_ns(record: Record, bounds: Bounds) -> Any:
    """(n,) how far one more setpoint would run ahead at each call, counted from the setpoints sent before."""
    period_ns = round(bounds.period_s * 1e9)
    is_back = np.concatenate(([False], np.diff(record.now_ns) < 0))
    is_arm = (record.call == Call.ARM) & ~record.is_refused
    lead, slot = np.zeros(len(record.call)), None
    for row in np.flatnonzero(record.is_sent | is_back | is_arm | (record.call == Call.COMMAND)).tolist():
        if is_back[row] or is_arm[row]:
            slot = None
        now_ns = int(record.now_ns[row])
        if slot is not None:
            lead[row] = max(0, slot + period_ns - now_ns)
        if record.is_sent[row]:
            slot = now_ns + int(lead[row])
    return lead


def _told_numbers(
    record: Record, bounds: Bounds, name: str, values: FloatArray, limit: FloatArray
) -> list[Finding]:
    """The first event of a series tells the value and the limit of its axis."""
    found = []
    for told in record.told:
        if told.check != name or not told.is_first or told.is_gone or record.call[told.row] != Call.COMMAND:
            continue
        axis = bounds.names.index(told.subject)
        own = values[told.row, axis]
        is_true = np.isclose(told.measured, own, rtol=1e-6, atol=1e-6) and told.limit == limit[axis]
        if not is_true:
            found.append(Finding("told_wrong_numbers", told.row, name, told.measured, float(own)))
            break
    return found


def judge_harmless(record: Record, bounds: Bounds, motions: list[Setpoints], is_free: Any) -> list[Finding]:
    """A command well within every limit passes bit for bit: a gate that stops everything is no use.

    Args:
        record: of the episode.
        bounds: limits.
        motions: what was sent.
        is_free: (n,) bool: nothing slows the robot, no cause, no wall of the workspace is near.
    """
    asked, is_due = asked_motion(record, bounds, motions)
    inside = (record.call == Call.COMMAND) & is_passing(record.mode_before) & is_due & is_free
    inside &= is_passing(record.mode) & ~_is_held_by_a_barrier(record)
    for values, limit in asked.values():
        inside &= (np.abs(values) <= 0.999 * limit).all(axis=1)
    velocity, acceleration = asked["velocity"][0], asked["acceleration"][0]
    run_out = acceleration**2 / (2.0 * bounds.jerk) + np.abs(acceleration) * bounds.period_s
    peak = np.abs(velocity) + run_out
    inside &= (peak <= 0.999 * bounds.velocity).all(axis=1)
    if bounds.joints_at:
        # More than any stop takes: ramps at the full change of acceleration on both sides.
        ramps_s = (
            2.0 * bounds.acceleration / bounds.jerk
            + np.abs(acceleration) / bounds.jerk
            + 4.0 * bounds.period_s
        )
        room = peak * (peak / (2.0 * bounds.acceleration) + ramps_s)
        at = record.wanted if bounds.is_position else _measured(record, bounds)
        inside &= ((at + room <= bounds.upper) & (at - room >= bounds.lower)).all(axis=1)
    is_changed = ~(record.sent == record.wanted).all(axis=1)
    return found_where("harmless_command_changed", inside & is_changed, "command")


def _is_held_by_a_barrier(record: Record) -> Any:
    """(n,) bool: the core says that a barrier holds: whether links would meet, or the tool would come out of
    the box where a stop ends, nothing here can tell.
    """
    is_held, active = np.zeros(len(record.call), dtype=bool), set[str]()
    told = iter([*record.told, None])
    event = next(told)
    for row in range(len(is_held)):
        while event is not None and event.row <= row:
            if event.check == "projection":
                (active.discard if event.is_gone else active.add)(event.subject)
            event = next(told)
        is_held[row] = bool(active)
    return is_held


def _measured(record: Record, bounds: Bounds) -> FloatArray:
    joints_at = record.last(record.call == Call.JOINTS)
    return np.asarray(record.joints[joints_at][:, list(bounds.joints_at)])
