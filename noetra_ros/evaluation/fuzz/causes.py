"""Reasons for a stop, from what went in alone: at each call, which of them are there.

Ages are those of whole nanoseconds. What was heard before the clock went back is taken as heard when it did:
a stamp in the future keeps nothing fresh.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from noetra_ros.evaluation.fuzz.bounds import NS_PER_S, Bounds
from noetra_ros.evaluation.fuzz.record import ARMED, LATCHED, PASSING, STANDBY, Call, Form, Record

SLACK_NS = 1_000  # seconds as floats against whole nanoseconds
AT_REST = 1e-9  # unit/s
# Causes that latch, and those that hold an armed robot without keeping it from being armed.
LATCHING = ("estop", "estop_chain", "clock")
WAITING = ("separation", "force_limit", "policy_trust")
OF_COMMANDS = ("finite", "shape", "grip_force")


def heard_ns(record: Record, is_row: Any) -> Any:
    """(n,) when the last row of a kind was heard, as seen from each row; far in the past where never."""
    last = record.last(is_row)
    stamp = record.now_ns - np.rint(np.maximum(0.0, record.delay_s) * NS_PER_S).astype(np.int64)
    heard = np.where(last >= 0, stamp[last], -(2**62))
    is_back = np.concatenate(([False], np.diff(record.now_ns) < 0))
    back = record.last(is_back)
    return np.where(back > last, np.minimum(heard, record.now_ns[back]), heard)


def is_older(record: Record, heard: Any, limit_s: float) -> Any:
    """(n,) bool: heard longer ago than that, or never."""
    return record.now_ns - heard > limit_s * NS_PER_S + SLACK_NS


def is_judging(record: Record) -> Any:
    """(n,) bool: calls at which the core looks at everything."""
    return np.isin(record.call, (Call.TICK, Call.COMMAND))


def stop_causes(record: Record, bounds: Bounds, speed: Any) -> dict[str, Any]:
    """(n,) bool by the name of the check that ought to see it; people and sensors apart (`people`).

    Args:
        record: of the episode.
        bounds: thresholds.
        speed: (n,) largest speed of any axis in what was sent before each call, as a share of its limit.
    """
    armed = np.isin(record.mode_before, ARMED)
    return {
        "clock": _clock(record),
        "estop": _pressed(record),
        "estop_chain": _chain(record, bounds, is_cut=True) | _chain(record, bounds, is_cut=False),
        "sole_writer": _writers(record),
        "finite": (record.call == Call.COMMAND)
        & (record.form == Form.RIGHT)
        & ~np.isfinite(record.wanted).all(axis=1),
        "shape": (record.call == Call.COMMAND) & ~np.isin(record.form, (Form.RIGHT, Form.WRONG_EFFORT)),
        "grip_force": (record.call == Call.COMMAND) & (record.form == Form.WRONG_EFFORT),
        "tool_travel": _lost(record, bounds),
        "stale": _stale(record, bounds, armed),
        "heartbeat": _heartbeat(record, bounds),
        "position": _unmeasured(record, bounds, armed),
        "tracking_error": _tracking(record, bounds, armed, speed),
        "policy_trust": _trust(record, bounds, armed, speed),
    }


def _clock(record: Record) -> Any:
    """The clock of the time-outs, or the ROS clock, went back since the last look."""
    looks = is_judging(record) | ((record.call == Call.ARM) & (record.mode_before == STANDBY))
    looks |= (record.call == Call.RESET) & np.isin(record.mode_before, LATCHED)
    found = np.zeros(len(record.call), dtype=bool)
    rows = np.flatnonzero(looks)
    found[rows[1:]] = np.diff(record.now_ns[rows]) < 0
    clocks = np.flatnonzero(record.call == Call.ROS_CLOCK)
    backs = clocks[1:][np.diff(record.source[clocks]) < 0]
    next_look = np.searchsorted(rows, backs)
    found[rows[next_look[next_look < len(rows)]]] = True
    return found


def _pressed(record: Record) -> Any:
    sources = np.unique(record.source[record.call == Call.ESTOP])
    pressed = np.zeros(len(record.call), dtype=bool)
    for source in sources:
        last = record.last((record.call == Call.ESTOP) & (record.source == source))
        pressed |= (last >= 0) & record.flag[last]
    return pressed


def _chain(record: Record, bounds: Bounds, is_cut: bool) -> Any:
    """A declared e-stop source has fallen silent (`is_cut`), or never spoke."""
    found = np.zeros(len(record.call), dtype=bool)
    for source in range(1, 1 + len(bounds.sources("estop_sources"))):
        is_row = (record.call == Call.ESTOP) & (record.source == source)
        is_late = is_older(record, heard_ns(record, is_row), bounds.number("estop_timeout_s"))
        found |= is_late & ((record.last(is_row) >= 0) == is_cut)
    return found


def is_chain_cut(record: Record, bounds: Bounds) -> Any:
    """(n,) bool: the part of estop_chain that latches."""
    return _chain(record, bounds, is_cut=True)


def _writers(record: Record) -> Any:
    last = record.last(record.call == Call.WRITERS)
    return (last >= 0) & record.flag[last]


def _stale(record: Record, bounds: Bounds, armed: Any) -> Any:
    found = np.zeros(len(record.call), dtype=bool)
    for index, (name, limit_s) in enumerate(bounds.stream_age_s.items()):
        call = Call.JOINTS if name == "joint_states" else Call.STREAM
        is_row = (record.call == call) & ((record.source == index) | (call == Call.JOINTS))
        found |= is_older(record, heard_ns(record, is_row), limit_s)
    is_command, is_arm = record.call == Call.COMMAND, (record.call == Call.ARM) & ~record.is_refused
    heard = np.maximum(heard_ns(record, is_command), heard_ns(record, is_arm))
    # A whole trajectory moves the robot by itself: from it on no command is missing until there is one again.
    begins = is_command if bounds.takes_trajectories else is_command | is_arm
    ends = (record.call == Call.TRAJECTORY) | (is_arm if bounds.takes_trajectories else False)
    is_awaited = record.last(begins) > record.last(ends)
    return found | armed & is_awaited & is_older(record, heard, bounds.number("command_timeout_s"))


def _heartbeat(record: Record, bounds: Bounds) -> Any:
    found = np.zeros(len(record.call), dtype=bool)
    for source in range(len(bounds.sources("heartbeat_sources"))):
        heard = heard_ns(record, (record.call == Call.HEARTBEAT) & (record.source == source))
        found |= is_older(record, heard, bounds.number("heartbeat_timeout_s"))
    return found


def tracking_share(record: Record, bounds: Bounds) -> Any:
    """(n,) distance of what was last sent and what is measured, as a share of its limit; NaN where unknown.

    Until something is sent the reference is the position at arming.
    """
    measured_at = record.last(record.call == Call.JOINTS)
    arm_at = record.last((record.call == Call.ARM) & ~record.is_refused)
    sent_at = np.concatenate(([-1], record.last(record.is_sent)[:-1]))
    axes = list(bounds.joints_at)
    joints = record.joints[:, axes]
    reference = np.where((sent_at > arm_at)[:, None], record.sent[sent_at], joints[measured_at[arm_at]])
    share = np.abs(reference - joints[measured_at]) / bounds.tracking_error
    return np.where(arm_at >= 0, np.max(share, axis=1), 0.0)  # np.max hands NaN on


def _tracking(record: Record, bounds: Bounds, armed: Any, speed: Any) -> Any:
    if not bounds.is_position:
        return np.zeros(len(record.call), dtype=bool)
    share = tracking_share(record, bounds)
    return (armed | (speed > AT_REST)) & ~(share <= 1.0 + 1e-9)


def _unmeasured(record: Record, bounds: Bounds, armed: Any) -> Any:
    """Joint velocities, and a joint whose position is not a number: its limits cannot be kept."""
    if bounds.is_position or not bounds.joints_at:
        return np.zeros(len(record.call), dtype=bool)
    joints = record.joints[record.last(record.call == Call.JOINTS)][:, list(bounds.joints_at)]
    return armed & ~np.isfinite(joints).all(axis=1)


def _lost(record: Record, bounds: Bounds) -> Any:
    """Twists of a tool, and a joint whose position is not a number, or none was ever told."""
    if not bounds.is_tool_twist:
        return np.zeros(len(record.call), dtype=bool)
    last = record.last(record.call == Call.JOINTS)
    return (last < 0) | ~np.isfinite(record.joints[last]).all(axis=1)


def _trust(record: Record, bounds: Bounds, armed: Any, speed: Any) -> Any:
    found = np.zeros(len(record.call), dtype=bool)
    if "policy_trust" not in bounds.settings["checks"]:
        return found
    is_row = record.call == Call.TRUST
    last = record.last(is_row)
    trust = record.number[last]
    is_old = is_older(record, heard_ns(record, is_row), bounds.number("trust_timeout_s"))
    is_low = ~((trust >= bounds.number("trust_stop_below")) & (trust <= 1.0))
    return armed & np.where(is_old, speed > AT_REST, is_low & (last >= 0))


def is_passing(modes: Any) -> Any:
    """(n,) bool."""
    return np.isin(modes, PASSING)
