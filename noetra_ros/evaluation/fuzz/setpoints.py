"""What was sent, as the controller sees it: values, their finite differences, and the pauses between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.fuzz.bounds import Bounds
from noetra_ros.evaluation.fuzz.finding import Finding, found_where
from noetra_ros.evaluation.fuzz.record import Call, Record

SHARE = 1e-6  # of a limit: rounding of positions near 3 rad, differenced three times
SMALL = 1e-9  # absolute, unit of the axis
# A controller holds its last setpoint. Up to so many periods without one it may be jitter of the transport.
PAUSE_PERIODS = 3.0
HELD = 3
# The core may bridge a pause from here on; where nobody called it meanwhile, it could not.
CALLED_AFTER_PERIODS = 1.5


@dataclass(frozen=True)
class Setpoints:
    """Motion of one arming, m setpoints and the reference before the first; pauses are filled with what the
    controller holds meanwhile.

    Attributes:
        rows: (m,) row of each in the record; of a filled pause, that of the setpoint that ends it.
        is_own: (m,) bool: sent, not filled.
        is_judged: (m,) bool: not the begin of a pause in which nobody called the core.
        position: (m, d); of velocity channels NaN.
        velocity: (m, d).
        acceleration: (m, d).
        jerk: (m, d).
    """

    rows: Any
    is_own: Any
    is_judged: Any
    position: FloatArray
    velocity: FloatArray
    acceleration: FloatArray
    jerk: FloatArray


def armings(record: Record) -> list[tuple[int, int]]:
    """First and last row of each time from an arming to the next."""
    is_arm = (record.call == Call.ARM) & ~record.is_refused
    starts = np.flatnonzero(is_arm).tolist()
    return list(zip(starts, [*(s - 1 for s in starts[1:]), len(record.call) - 1], strict=True))


def setpoints_of(record: Record, bounds: Bounds) -> list[Setpoints]:
    """The motion of each arming."""
    joints_at = record.last(record.call == Call.JOINTS)
    return [
        _motion(record, bounds, first, last, joints_at)
        for first, last in armings(record)
        if record.is_sent[first : last + 1].any()
    ]


def _motion(record: Record, bounds: Bounds, first: int, last: int, joints_at: Any) -> Setpoints:
    rows = first + np.flatnonzero(record.is_sent[first : last + 1])
    values = record.sent[rows]
    if bounds.is_position:
        start = record.joints[joints_at[first]][list(bounds.joints_at)]
    else:
        start = np.zeros(len(bounds.names))
    rows, is_own, is_judged, values = _with_pauses(record, bounds, rows, values)
    dt_s = bounds.period_s
    padded = np.concatenate([np.repeat(start[np.newaxis], 3, axis=0), values])
    rates = [np.diff(padded, n=order, axis=0)[-len(values) :] / dt_s**order for order in (1, 2, 3)]
    if bounds.is_position:
        return Setpoints(rows, is_own, is_judged, values, *rates)
    return Setpoints(rows, is_own, is_judged, np.full_like(values, np.nan), values, rates[0], rates[1])


def _with_pauses(
    record: Record, bounds: Bounds, rows: Any, values: FloatArray
) -> tuple[Any, Any, Any, FloatArray]:
    """Rows, is_own, is_judged and values, with repeats of a setpoint before a long pause, and at the end."""
    period_ns = bounds.period_s * 1e9
    gone_ns = record.gone_ns
    begins, ends = gone_ns[rows], np.append(gone_ns[rows[1:]], gone_ns[-1] + 10**12)
    is_pause = ends - begins > PAUSE_PERIODS * period_ns
    places = np.repeat(np.arange(len(rows)), np.where(is_pause, 1 + HELD, 1))
    is_own = np.concatenate(([True], np.diff(places) > 0))
    ending_rows = np.append(rows[1:], len(record.call) - 1)
    was_called = np.array(
        [_was_called(record, gone_ns, row, end, period_ns)
         for row, end in zip(rows, ending_rows, strict=True)]
    )  # fmt: skip
    is_judged = is_own | was_called[places]
    return np.where(is_own, rows[places], ending_rows[places]), is_own, is_judged, values[places]


def _was_called(record: Record, gone_ns: Any, first: int, last: int, period_ns: float) -> bool:
    """A tick between two rows came when a pause could still be bridged."""
    calls = slice(first + 1, last)
    since_ns = gone_ns[calls] - gone_ns[first]
    in_time = (since_ns >= CALLED_AFTER_PERIODS * period_ns) & (since_ns <= PAUSE_PERIODS * period_ns)
    return bool(((record.call[calls] == Call.TICK) & in_time).any())


def is_after_pause(record: Record, bounds: Bounds) -> Any:
    """(n,) bool: the last setpoint before a call (or the arming) lies longer ago than jitter explains."""
    known = record.is_sent | ((record.call == Call.ARM) & ~record.is_refused)
    before = np.concatenate(([-1], record.last(known)[:-1]))
    gone_ns = record.gone_ns
    return (before >= 0) & (gone_ns - gone_ns[before] > PAUSE_PERIODS * bounds.period_s * 1e9)


def judge_rates(motion: Setpoints, bounds: Bounds) -> list[Finding]:
    """Velocity, acceleration and jerk of what was sent; NaN is beyond every limit."""
    limited = (
        ("velocity", motion.velocity, bounds.velocity),
        ("acceleration", motion.acceleration, bounds.acceleration),
        ("jerk", motion.jerk, bounds.jerk),
    )
    found = []
    for order, (name, values, limit) in enumerate(limited, start=1):
        slack = limit * SHARE + 4.0 * SMALL * 1e-3 / bounds.period_s ** (order - (not bounds.is_position))
        is_broken = ~(np.abs(values) <= limit + slack) & motion.is_judged[:, None]
        found += found_where(name, is_broken, bounds.names, motion.rows, np.abs(values), limit)
    return found


def judge_positions(motion: Setpoints, bounds: Bounds, start: FloatArray) -> list[Finding]:
    """Positions within their limits, also after the shortest stop there is; from outside only inwards.

    Args:
        motion: of a position channel.
        bounds: limits.
        start: (d,) position at arming, which may lie outside.
    """
    before = np.concatenate([start[np.newaxis], motion.position[:-1]])
    found = []
    travel = shortest_stop(motion.velocity, bounds)
    for sign, limit in ((1.0, bounds.upper), (-1.0, -bounds.lower)):
        allowed = np.maximum(limit, np.maximum.accumulate(np.minimum(sign * before, sign * start), axis=0))
        for rule, ends in (("position", motion.position), ("position_after_stop", motion.position + travel)):
            is_broken = ~(sign * ends <= allowed + SMALL)
            found += found_where(rule, is_broken, bounds.names, motion.rows, ends, sign * limit)
    return found


def shortest_stop(velocity: FloatArray, bounds: Bounds) -> FloatArray:
    """(m, d) signed travel of a stop at full deceleration from its first step on, whatever the jerk: no stop
    within the limits is shorter.
    """
    speed, step = np.abs(velocity), bounds.acceleration * bounds.period_s
    count = np.floor(speed / step)
    return np.sign(velocity) * bounds.period_s * (count * speed - 0.5 * step * count * (count + 1.0))


def judge_pace(record: Record, bounds: Bounds) -> list[Finding]:
    """No more setpoints than real time plus the declared lead, counted anew at arming and where the clock
    went back (every number of before is meaningless then).
    """
    period_ns, lead_ns = bounds.period_s * 1e9, bounds.number("max_lead_periods") * bounds.period_s * 1e9
    is_back = np.concatenate(([False], np.diff(record.now_ns) < 0))
    is_arm = (record.call == Call.ARM) & ~record.is_refused
    epoch = np.cumsum(is_back | is_arm)
    found = []
    for part in np.unique(epoch[record.is_sent]):
        rows = np.flatnonzero(record.is_sent & (epoch == part))
        order = np.arange(len(rows))
        # Setpoint i at t_i and j setpoints later: real time must have given all but the lead of them.
        earliest = np.maximum.accumulate(record.now_ns[rows] - order * period_ns)
        ahead_ns = earliest + order * period_ns - record.now_ns[rows]
        found += found_where("pace", ahead_ns > lead_ns + 1e3, "setpoints", rows, ahead_ns, lead_ns)
    return found
