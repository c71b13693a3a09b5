"""A tool that is told how to move, and how hard a gripper presses: what the oracle asks of both."""

from __future__ import annotations

from typing import Any

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.fuzz.bounds import NS_PER_S, Bounds
from noetra_ros.evaluation.fuzz.causes import is_passing
from noetra_ros.evaluation.fuzz.chain import Chain
from noetra_ros.evaluation.fuzz.explained import open_series
from noetra_ros.evaluation.fuzz.finding import Finding, found_where
from noetra_ros.evaluation.fuzz.record import Call, Form, Record
from noetra_ros.evaluation.fuzz.setpoints import Setpoints
from noetra_ros.evaluation.fuzz.tool import beyond_boxes, tools_at

HELD_UP_PERIODS = 3.0
SHARE = 1e-6  # of a limit: rounding
DAMPING = 1e-4  # of the played arm, so that it passes singular postures
# What the noise of the joints and the damping of the played arm may take the tool beyond the box.
SLACK_M = 0.002
# Joints that told something else than the truth, or were moved by somebody: so long nothing is judged.
UNJUDGED_NS = 1_000_000_000
TRUE_RAD = 0.002


def follow_twist(chain: Chain, bounds: Bounds, joints: FloatArray, twist: FloatArray) -> FloatArray:
    """(j,) joints one period later: the tool goes as it is told, where the arm can; turns are left out."""
    (gradient,) = chain.gradients([(bounds.boxes[0].tool_link, np.zeros(3))], joints[np.newaxis])
    across = gradient[0] @ gradient[0].T + DAMPING * np.eye(3)
    speeds = gradient[0].T @ np.linalg.solve(across, twist[:3])
    return np.asarray(joints + speeds * bounds.period_s)


def judge_length(motion: Setpoints, bounds: Bounds) -> list[Finding]:
    """Speed, acceleration and jerk of a tool keep the limits of the profile in any direction."""
    found = []
    for name, values, limit in (
        ("velocity", motion.velocity, bounds.velocity),
        ("acceleration", motion.acceleration, bounds.acceleration),
        ("jerk", motion.jerk, bounds.jerk),
    ):
        for part, own in (("linear", slice(3)), ("angular", slice(3, 6))):
            length = np.sqrt(np.sum(values[:, own] ** 2, axis=1))
            most = float(limit[own][0]) * np.sqrt(3.0)
            is_broken = ~(length <= most * (1.0 + SHARE) + SHARE) & motion.is_judged
            found += found_where(f"{name}_of_tool", is_broken, part, motion.rows, length, most)
    return found


def judge_way(record: Record, bounds: Bounds, chain: Chain) -> list[Finding]:
    """A tool inside the box is not led out of it; one outside is led no farther out."""
    rows = np.flatnonzero(record.call == Call.JOINTS)
    if not len(rows):
        return []
    beyond = beyond_boxes(tools_at(chain, bounds, record.truth[rows]), bounds)[0]
    disturbed = _is_disturbed(record, bounds, rows)
    armed = record.last((record.call == Call.ARM) & ~record.is_refused)[rows]
    found: list[Finding] = []
    nearest, since_ns = 0.0, -(10**18)
    for place, (row, now_ns) in enumerate(zip(rows.tolist(), record.now_ns[rows].tolist(), strict=True)):
        if disturbed[place]:
            since_ns = now_ns
        is_calm = abs(now_ns - since_ns) > UNJUDGED_NS and armed[place] >= 0
        nearest = min(nearest, beyond[place]) if is_calm else beyond[place]
        if is_calm and beyond[place] > nearest + SLACK_M:
            found.append(Finding("workspace", row, "tool", float(beyond[place]), float(nearest)))
            break
    return found


def _is_disturbed(record: Record, bounds: Bounds, rows: Any) -> Any:
    """(k,) bool of rows with joint states: what they say is not so, the robot was moved, or time was odd."""
    truth, steps = record.truth[rows], np.diff(record.now_ns, prepend=record.now_ns[:1])
    is_false = ~(np.abs(record.joints[rows] - truth) <= TRUE_RAD).all(axis=1)
    moved = np.abs(np.diff(truth, axis=0, prepend=truth[:1])).max(axis=1) > 0.1
    odd = np.cumsum((steps < 0) | (steps > HELD_UP_PERIODS * bounds.period_s * NS_PER_S))[rows]
    return is_false | moved | (np.diff(odd, prepend=odd[:1]) > 0)


def judge_grip(record: Record, bounds: Bounds) -> list[Finding]:
    """What goes out presses as hard as was asked for, and never harder than the limit; else it is told."""
    if not bounds.effort > 0.0:
        return []
    asked, sent, limit = record.efforts[:, 0], record.efforts[:, 1], bounds.effort
    bad = record.is_sent & ~((sent >= 0.0) & (sent <= limit * (1.0 + SHARE)))
    found = found_where("force", bad, "gripper", measured=sent, limit=limit)
    passes = (record.call == Call.COMMAND) & (record.form == Form.RIGHT) & record.is_sent
    passes &= is_passing(record.mode) & np.isfinite(record.wanted).all(axis=1)
    due = np.where(np.isnan(asked), limit, np.minimum(asked, limit))
    found += found_where("wrong_force", passes & (sent != due), "gripper", measured=sent, limit=due)
    others = record.is_sent & ~passes
    last = np.concatenate(([-1], record.last(passes)[:-1]))
    kept = np.where(last >= 0, sent[last], limit)
    found += found_where("force_of_its_own", others & (sent != kept), "gripper", measured=sent, limit=kept)
    harder = passes & (asked > limit) & ~open_series(record, "grip_force")
    return found + found_where("unexplained", harder, "grip_force", measured=asked, limit=limit)
