"""Things around a base, where it has gone among them, whether it came into one; by formulas of our own."""

from __future__ import annotations

import cmath
import math
from bisect import bisect_right
from random import Random

import numpy as np

from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.types import CommandKind, FloatArray
from noetra_ros.evaluation.fuzz.bounds import NS_PER_S, Bounds
from noetra_ros.evaluation.fuzz.finding import Finding, found_where
from noetra_ros.evaluation.fuzz.record import Record

BEAMS = 1440
FREE_AT_START_M = 0.45
# A core that was held up drives on unseen, a clock that went back tells no way: so long nothing is judged.
UNJUDGED_NS = 1_000_000_000
HELD_UP_PERIODS = 3.0
# Farther off than any approach with half the acceleration begins to slow down; and than anything of unknown
# speed comes meanwhile.
FAR_M, FAR_FROM_TOLD_M = 1.2, 5.0
SLACK = 1e-6


class Track:
    """Where a base goes: places are complex numbers, ways exact arcs."""

    def __init__(self) -> None:
        self._begins: list[int] = []
        self._rows: list[tuple[complex, float, complex, float]] = []

    def go(self, twist: FloatArray, now_ns: int) -> None:
        """(vx, vy, wz) from now on."""
        place, yaw = self.at(now_ns)
        self._begins.append(now_ns)
        self._rows.append((place, yaw, complex(twist[0], twist[1]), float(twist[2])))

    def at(self, instant_ns: int) -> tuple[complex, float]:
        """Place and heading; of an instant before all, the begin."""
        index = bisect_right(self._begins, instant_ns) - 1
        if index < 0:
            return 0j, 0.0
        place, yaw, speed, turning = self._rows[index]
        span_s = (instant_ns - self._begins[index]) / NS_PER_S
        turn = turning * span_s
        # The integral of exp(i (yaw + turning t)); for small turns its series.
        if abs(turn) > 1e-6:
            way = speed * cmath.exp(1j * yaw) * (cmath.exp(1j * turn) - 1.0) / (1j * turning)
        else:
            way = speed * cmath.exp(1j * yaw) * span_s
        return place + way, yaw + turn


def draw_room(random: Random, bounds: Bounds) -> FloatArray:
    """(k, 2) m; walls of posts, single posts, now and then nothing. None where nothing looks for them."""
    if not has_room(bounds):
        return np.zeros((0, 2))
    posts = []
    for _ in range(random.choice((0, 3, 6, 12))):
        angle, away_m = random.uniform(-math.pi, math.pi), random.uniform(FREE_AT_START_M, 3.0)
        at = cmath.rect(away_m, angle)
        along = cmath.rect(0.05, random.uniform(-math.pi, math.pi))
        posts += [at + k * along for k in range(random.choice((1, 1, 8, 20)))]
    kept = [post for post in posts if abs(post) >= FREE_AT_START_M]
    return np.array([[post.real, post.imag] for post in kept]).reshape(-1, 2)


def has_room(bounds: Bounds) -> bool:
    """A base with a round footprint and a scanner."""
    base = bounds.profile.base
    is_base = bounds.kind is CommandKind.BASE_TWIST and base is not None and "scan" in bounds.stream_age_s
    return is_base and base is not None and base.footprint is not None and len(base.footprint.corners_m) == 1


def scan_of(room: FloatArray, place: complex, yaw: float) -> PlanarScan:
    """What a scanner in the middle of the base sees of posts."""
    seen = (room[:, 0] + 1j * room[:, 1] - place) * cmath.exp(-1j * yaw)
    ranges = np.full(BEAMS, np.inf)
    step = 2.0 * math.pi / BEAMS
    beams = np.rint((np.angle(seen) + math.pi) / step).astype(int) % BEAMS
    np.minimum.at(ranges, beams, np.abs(seen))
    return PlanarScan((0.0, 0.0), -math.pi, step, ranges)


def gaps_m(record: Record, bounds: Bounds) -> FloatArray:
    """(n,) from the rim of the base to the nearest post at each call; infinite without posts."""
    footprint = bounds.profile.base.footprint if bounds.profile.base is not None else None
    if not len(record.room) or footprint is None:
        return np.full(len(record.call), np.inf)
    track, places = Track(), []
    for row, now_ns in enumerate(record.now_ns.tolist()):
        places.append(track.at(now_ns)[0])
        if record.is_sent[row]:
            track.go(record.sent[row], now_ns)
    posts = record.room[:, 0] + 1j * record.room[:, 1]
    return np.abs(np.array(places)[:, None] - posts).min(axis=1) - footprint.radius_m


def judge_room(record: Record, bounds: Bounds, gaps: FloatArray) -> list[Finding]:
    """The base comes into nothing; its sideways acceleration keeps its limit."""
    found = []
    steps = np.diff(record.now_ns, prepend=record.now_ns[:1])
    odd = (steps < 0) | (steps > HELD_UP_PERIODS * bounds.period_s * NS_PER_S)
    last = record.last(odd)
    is_judged = (last < 0) | (np.abs(record.now_ns - record.now_ns[last]) > UNJUDGED_NS)
    is_judged &= np.cumsum(steps < 0) == 0
    found += found_where("footprint", is_judged & (gaps < 0.0), "base", measured=gaps, limit=0.0)
    sideways = sideways_mps2(record.sent)
    limit = cornering_limit(bounds)
    beyond = record.is_sent & ~(sideways <= limit * (1.0 + SLACK))
    return found + found_where("cornering", beyond, "base", measured=sideways, limit=limit)


def is_unhindered(record: Record, bounds: Bounds, gaps: FloatArray) -> FloatArray:
    """(n,) bool: nothing is near, and the curve of the command is far from the limit, also while the
    accelerations that are allowed run out.
    """
    if bounds.kind is not CommandKind.BASE_TWIST:
        return np.ones(len(record.call), dtype=bool)
    more = bounds.acceleration**2 / (2.0 * bounds.jerk) + bounds.acceleration * bounds.period_s
    far_m = FAR_FROM_TOLD_M if bounds.settings["watch_obstacles"] else FAR_M
    return np.asarray(
        (gaps > far_m) & (sideways_mps2(np.abs(record.wanted) + more) <= cornering_limit(bounds))
    )


def sideways_mps2(twists: FloatArray) -> FloatArray:
    """(n,) centripetal acceleration of (n, 3) twists; 0 where these are something else."""
    if twists.shape[1] != 3:
        return np.zeros(len(twists))
    return np.abs((twists[:, 0] + 1j * twists[:, 1]) * twists[:, 2])


def cornering_limit(bounds: Bounds) -> float:
    """m/s2; infinite where none is declared."""
    base = bounds.profile.base if bounds.kind is CommandKind.BASE_TWIST else None
    return math.inf if base is None or base.cornering_mps2 is None else base.cornering_mps2
