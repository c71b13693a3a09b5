"""One judgement of speed and separation: what is kept, what has to be, and the share of speed left."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.safety.people_settings import SeparationSettings
from noetra_ros.safety.proximity import Proximity
from noetra_ros.safety.separation import (
    HumanSpeed,
    SeparationTerms,
    human_speed_mps,
    largest_share,
    required_separation,
)
from noetra_ros.safety.stopping import StoppingTable


@dataclass(frozen=True)
class Motion:
    """What the robot does now.

    Attributes:
        velocity: (d,) of what was last sent.
        lag: (d,) what was last sent minus what is measured: the way that is still to come.
        rest: (d,) where a controlled stop begun now ends, minus what is measured.
        share: fastest axis as a share of its limit.
    """

    velocity: tuple[float, ...]
    lag: tuple[float, ...]
    rest: tuple[float, ...]
    share: float


@dataclass(frozen=True)
class Carried:
    """What a base that carries the robot adds: its motion is taken as towards everybody.

    Attributes:
        speed_mps: highest speed of any point of the robot by the base alone.
        stop_s: s until the base rests when it brakes now.
        stop_m: way of that point in this time.
    """

    speed_mps: float = 0.0
    stop_s: float = 0.0
    stop_m: float = 0.0


NOT_CARRIED = Carried()


@dataclass(frozen=True)
class SeparationJudgement:
    """The pair of link and person that leaves the robot least.

    Attributes:
        link: its name.
        track_id: of the person.
        distance_m: measured distance.
        terms: S_p of the motion under way.
        allowed_mps: directed speed of the link that the distance allows, < 0 = not even standing still.
        directed_mps: directed speed of the link now.
        share: share of the speed limits that the distance allows, 0..1; -1 = stop.
        is_kept: every pair keeps S_p of the motion under way.
    """

    link: str
    track_id: int
    distance_m: float
    terms: SeparationTerms
    allowed_mps: float
    directed_mps: float
    share: float
    is_kept: bool


def judge_separation(
    proximity: Proximity,
    motion: Motion,
    reaction_s: FloatArray,
    table: StoppingTable,
    settings: SeparationSettings,
    carried: Carried = NOT_CARRIED,
) -> SeparationJudgement:
    """Judge all pairs.

    Args:
        proximity: at least one person.
        motion: of the robot.
        reaction_s: (m,) T_r for each person.
        table: stops of the channel.
        settings: bounds and uncertainties.
        carried: what a base adds.
    """
    now = _terms_now(proximity, motion, reaction_s, table, settings, carried)
    slack_m = proximity.distance_m - now.total_m
    shares = _shares(proximity, motion, reaction_s, table, settings, carried)
    # NaN counts as nothing left.
    order = np.where(np.isfinite(slack_m), shares, -1.0) + 1e-6 * np.tanh(np.nan_to_num(slack_m, nan=-1e9))
    pair = np.unravel_index(int(np.argmin(order)), order.shape)
    full_mps = float(proximity.reach[pair] @ table.speed[-1])
    share = float(shares[pair]) if math.isfinite(slack_m[pair]) else -1.0
    values = [float(np.broadcast_to(getattr(now, f.name), order.shape)[pair]) for f in fields(now)]
    return SeparationJudgement(
        link=proximity.links[pair[0]],
        track_id=proximity.track_ids[pair[1]],
        distance_m=float(proximity.distance_m[pair]),
        terms=SeparationTerms(*values),
        allowed_mps=share * full_mps if share >= 0.0 else -1.0,
        directed_mps=float(proximity.directed_speed_mps(motion.velocity)[pair]),
        share=share,
        is_kept=bool(np.all(slack_m >= 0.0)),
    )


def _terms_now(
    proximity: Proximity,
    motion: Motion,
    reaction_s: FloatArray,
    table: StoppingTable,
    settings: SeparationSettings,
    carried: Carried,
) -> SeparationTerms:
    """(n, m) terms of the motion under way, with the stop that the limiter would drive from it."""
    stopping_s = max(table.time_at(motion.share), carried.stop_s)
    return required_separation(
        _human_mps(proximity, reaction_s + stopping_s, settings),
        proximity.directed_speed_mps(motion.velocity) + carried.speed_mps,
        reaction_s,
        stopping_s,
        proximity.directed_travel_m(motion.rest) + carried.stop_m,
        settings.intrusion_m,
        sensor_uncertainty_m(proximity.std_m, settings),
        settings.robot_uncertainty_m,
    )


def _shares(
    proximity: Proximity,
    motion: Motion,
    reaction_s: FloatArray,
    table: StoppingTable,
    settings: SeparationSettings,
    carried: Carried,
) -> FloatArray:
    """(n, m) share of the speed limits at which every motion of the axes keeps S_p; -1 = none."""
    lag_m = proximity.directed_travel_m(motion.lag)[..., np.newaxis]

    def required_m(rows: slice) -> FloatArray:
        each_s, time_s = reaction_s[:, np.newaxis], np.maximum(table.time_s[rows], carried.stop_s)
        total_m: FloatArray = required_separation(
            _human_mps(proximity, each_s + time_s, settings),
            proximity.reach @ table.speed[rows].T + carried.speed_mps,
            each_s,
            time_s,
            proximity.reach @ table.travel[rows].T + lag_m + carried.stop_m,
            settings.intrusion_m + settings.slow_margin_m,
            sensor_uncertainty_m(proximity.std_m, settings)[:, np.newaxis],
            settings.robot_uncertainty_m,
        ).total_m
        return total_m

    # S_p grows with the share: where the last row suffices, nobody is near and the others need no look.
    if np.all(required_m(slice(-1, None))[..., 0] <= proximity.distance_m):
        return np.ones_like(proximity.distance_m)
    shares = largest_share(table.shares, required_m(slice(None)), proximity.distance_m)
    # The margin is for smoothness alone: inside it the robot may stand without a protective stop.
    return np.where(shares < 0.0, _standing(proximity, reaction_s, settings), shares)


def _standing(proximity: Proximity, reaction_s: FloatArray, settings: SeparationSettings) -> FloatArray:
    """(n, m) 0 where the distance suffices for standing still, -1 where not."""
    human = _human_mps(proximity, reaction_s, settings)
    sensor_m = sensor_uncertainty_m(proximity.std_m, settings)
    terms = required_separation(
        human, 0.0, reaction_s, 0.0, 0.0, settings.intrusion_m, sensor_m, settings.robot_uncertainty_m
    )
    return np.where(proximity.distance_m >= terms.total_m, 0.0, -1.0)


def sensor_uncertainty_m(std_m: FloatArray, settings: SeparationSettings) -> FloatArray:
    """Z_d: as configured, or the track's own where that is larger; NaN for an unknown one."""
    return np.maximum(settings.sensor_uncertainty_m, settings.uncertainty_factor * std_m)


def human_bounds(settings: SeparationSettings) -> HumanSpeed:
    """Assumptions about people from the configuration."""
    return HumanSpeed(
        settings.human_speed_mps,
        settings.near_human_speed_mps,
        settings.near_distance_m,
        settings.human_acceleration_mps2,
    )


def _human_mps(proximity: Proximity, horizon_s: FloatArray, settings: SeparationSettings) -> FloatArray:
    """(n, m) v_h for (m,) horizons, or (n, m, k) for (m, k)."""
    is_sure = proximity.is_person & (proximity.std_m <= settings.max_track_std_m)
    pairs = (proximity.human_mps, proximity.distance_m, is_sure)
    directed, distance_m, sure = (x[..., np.newaxis] for x in pairs) if horizon_s.ndim == 2 else pairs
    speed: FloatArray = human_speed_mps(directed, distance_m, horizon_s, human_bounds(settings), sure)
    return speed
