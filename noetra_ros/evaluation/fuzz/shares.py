"""How fast the robot may be at each call: the share of the speed limits that every slowing cause leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.fuzz.bounds import Bounds
from noetra_ros.evaluation.fuzz.causes import (
    AT_REST,
    heard_ns,
    is_judging,
    is_older,
    is_passing,
    tracking_share,
)
from noetra_ros.evaluation.fuzz.chain import Chain
from noetra_ros.evaluation.fuzz.finding import Finding, found_where
from noetra_ros.evaluation.fuzz.order import is_armed
from noetra_ros.evaluation.fuzz.people import (
    AHEAD_S,
    SLACK_M,
    Body,
    allowed_share,
    contact_share,
    needed_m,
    scene_age_s,
    sensors_say,
)
from noetra_ros.evaluation.fuzz.record import Call, Record
from noetra_ros.evaluation.fuzz.setpoints import Setpoints
from noetra_ros.evaluation.fuzz.tool import reduced_share


@dataclass(frozen=True)
class Surroundings:
    """What people and sensors ask for: (n,) bool causes of a stop by check, (n,) shares by check."""

    causes: dict[str, Any]
    shares: dict[str, Any]


def people_around(record: Record, bounds: Bounds, body: Body, velocity: FloatArray) -> Surroundings:
    """Judged at every call that looks.

    Args:
        record: of the episode.
        bounds: thresholds.
        body: the links.
        velocity: (n, d) of what was sent before each call.
    """
    n = len(record.call)
    near, hit = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    sensor_share, distance_share, contact = np.ones(n), np.ones(n), np.ones(n)
    scene_at, age_s, stop = _told(record, bounds)
    joints_at = record.last(record.call == Call.JOINTS)
    looks = is_judging(record) & (scene_at >= 0) & (joints_at >= 0)
    for row in np.unique(scene_at[looks]):
        scene = record.scenes[int(record.source[row])]
        here = np.flatnonzero(looks & (scene_at == row))
        must_stop, share = sensors_say(scene, bounds)
        stop[here] |= must_stop
        sensor_share[here] = share
        people = [o for o in scene.obstacles if o.kind.value in (0, 1)]
        if not people:
            continue
        postures, which = np.unique(joints_at[here], return_inverse=True)
        pairs = body.pairs(record.joints[postures], people).at(which)
        lag_s = np.array([max(0, scene.stamp_ns - o.seen_ns) / 1e9 for o in people])
        reaction_s = age_s[here][:, None] + lag_s + bounds.period_s + bounds.number("controller_latency_s")
        needed = needed_m(pairs, reaction_s, velocity[here], people, bounds)
        near[here] = ~(pairs.distance_m >= needed - SLACK_M).all(axis=(1, 2))
        distance_share[here] = allowed_share(pairs, reaction_s, people, bounds)
        contact[here] = contact_share(pairs, body.chain.moving_kg, bounds)
        hit[here] = np.isnan(contact[here])
    causes = {"perception": stop, "separation": near, "force_limit": hit}
    shares = {"perception": sensor_share, "separation": distance_share, "force_limit": np.nan_to_num(contact)}
    return Surroundings(causes, shares)


def perception_alone(record: Record, bounds: Bounds) -> Surroundings:
    """The same for a base that perception tells of things: it has to speak, and to trust its sensors."""
    scene_at, _, stop = _told(record, bounds)
    share = np.ones(len(record.call))
    looks = is_judging(record) & (scene_at >= 0)
    for row in np.unique(scene_at[looks]):
        here = np.flatnonzero(looks & (scene_at == row))
        must_stop, share[here] = sensors_say(record.scenes[int(record.source[row])], bounds)
        stop[here] |= must_stop
    return Surroundings({"perception": stop}, {"perception": share})


def _told(record: Record, bounds: Bounds) -> tuple[Any, Any, Any]:
    """(n,) row of the newest scene, -1 = none; (n,) its age, s; (n,) bool: perception cannot be used."""
    scene_at = record.last(record.call == Call.SCENE)
    told_at = record.last((record.call == Call.SCENE) | (record.call == Call.UNREADABLE))
    unreadable = (told_at >= 0) & (record.call[told_at] == Call.UNREADABLE)
    age_s = np.where(
        scene_at >= 0, scene_age_s(record.now_ns, record.now_ns[scene_at], record.delay_s[scene_at]), np.nan
    )
    too_old = ~(age_s <= bounds.number("max_scene_age_s") + 1e-6)
    return scene_at, age_s, unreadable | too_old | (age_s < -AHEAD_S - 1e-6)


def slow_shares(record: Record, bounds: Bounds, chain: Chain | None) -> dict[str, Any]:
    """(n,) share by check, of the causes that need no perception."""
    n = len(record.call)
    shares: dict[str, Any] = {}
    if bounds.is_position:
        slow = bounds.number("tracking_slow_share")
        lag = tracking_share(record, bounds)
        left = np.clip((1.0 - lag) / (1.0 - slow), 0.0, 1.0)
        shares["tracking_error"] = np.where(lag > slow + 1e-9, left, 1.0)
    last = record.last(record.call == Call.TRUST)
    if "policy_trust" in bounds.settings["checks"]:
        is_low = (record.number[last] < bounds.number("trust_slow_below")) & (last >= 0)
        is_low &= ~is_older(
            record, heard_ns(record, record.call == Call.TRUST), bounds.number("trust_timeout_s")
        )
        shares["policy_trust"] = np.where(is_low, bounds.number("trust_slow_scale"), 1.0)
    switched = record.last(record.call == Call.REDUCE)
    is_on = np.where(switched >= 0, record.flag[switched], bool(bounds.settings["reduced_speed"]))
    joints_at = record.last(record.call == Call.JOINTS)
    if chain is not None and (is_on & (joints_at >= 0)).any():
        postures, which = np.unique(joints_at[joints_at >= 0], return_inverse=True)
        reduced = np.ones(n)
        reduced[joints_at >= 0] = reduced_share(chain, bounds, record.joints[postures])[which]
        shares["reduced_speed"] = np.where(is_on, reduced, 1.0)
    return shares


def judge_speed(
    record: Record, bounds: Bounds, motions: list[Setpoints], shares: dict[str, Any]
) -> list[Finding]:
    """No axis is faster than its share, once there was time to brake down to it; nor does the speed come back
    faster than `scale_rise_per_s`.
    """
    found = []
    looks = is_judging(record) & is_passing(record.mode)
    seen_s = record.gone_ns / 1e9
    rise = bounds.number("scale_rise_per_s")
    for name, share in shares.items():
        told = looks & (record.scale > share + 1e-6)
        found += found_where("scale_too_high", told, name, measured=record.scale, limit=share)
        # A share that was asked for may come back at the bounded rate only.
        asked = np.where(is_judging(record) & is_armed(record.mode), share, np.inf)
        epoch = np.cumsum((record.call == Call.ARM) & ~record.is_refused)
        limit = _risen(asked, seen_s, rise, epoch)
        found += found_where(
            "scale_rises_too_fast", looks & (record.scale > limit + 1e-6), name, measured=record.scale
        )
        for motion in motions:
            highest = _highest_of_late(record, motion, np.minimum(share, 1.0), bounds.braking_s, seen_s)
            speed = np.abs(motion.velocity) / np.maximum(bounds.velocity, 1e-12)
            moving = bounds.velocity > 0.0
            broken = (speed > highest[:, None] + 1e-6) & moving
            found += found_where("too_fast", broken, [f"{name}: {axis}" for axis in bounds.names],
                                 motion.rows, speed, highest[:, None])  # fmt: skip
    return found


def _risen(asked: FloatArray, seen_s: FloatArray, rise: float, epoch: Any) -> FloatArray:
    """(n,) min over all earlier rows of the same arming of (what was asked then + rise * time since)."""
    limit = np.empty(len(asked))
    for part in np.unique(epoch):
        own = epoch == part
        limit[own] = np.minimum.accumulate(asked[own] - rise * seen_s[own]) + rise * seen_s[own]
    return limit


def _highest_of_late(
    record: Record, motion: Setpoints, share: FloatArray, window_s: float, seen_s: FloatArray
) -> FloatArray:
    """(m,) the largest share that was allowed within the braking time before each setpoint."""
    firsts = np.searchsorted(seen_s, seen_s[motion.rows] - window_s, side="left")
    # Sparse table of maxima: windows differ in their number of rows.
    tables = [share]
    while 2 ** len(tables) <= len(share):
        before, width = tables[-1], 2 ** (len(tables) - 1)
        tables.append(np.maximum(before, np.concatenate([before[width:], np.full(width, -np.inf)])))
    lengths = motion.rows - firsts + 1
    levels = np.floor(np.log2(np.maximum(lengths, 1))).astype(int)
    highest = np.empty(len(lengths))
    for level in np.unique(levels):
        own = levels == level
        left, right = firsts[own], motion.rows[own] - 2**level + 1
        highest[own] = np.maximum(tables[level][left], tables[level][right])
    return highest


def sent_speed(record: Record, bounds: Bounds, velocity: FloatArray) -> Any:
    """(n,) largest share of its speed limit that any axis has; AT_REST and below is a standstill."""
    return np.max(np.abs(velocity) / np.maximum(bounds.velocity, AT_REST), axis=1)
