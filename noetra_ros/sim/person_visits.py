"""What a person does at the table: where they stand, which way they come, what they reach for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.sim.person_figure import Figure
from noetra_ros.sim.person_schedule import Schedule
from noetra_ros.sim.workplace import FLOOR_M, TABLE_LOWER_M, TABLE_UPPER_M

KINDS = ("walk", "reach", "random")

AWAY_M = 3.6  # from the base: nobody is seen there
STAND_GAPS_M = (0.19, 0.29)  # from the table's edge to the middle of a person who stands at it
PASS_GAPS_M = (0.25, 0.90)
CORNER_GAP_M = 0.40
WALK_SPEEDS_MPS = (0.6, 1.6)
HAND_SPEEDS_MPS = (0.5, 2.0)
TURN_RADPS = 3.0
WAITS_S = (0.3, 1.5)
FIRST_DELAYS_S = (-2.2, 0.3)  # below 0: already on the way when the episode begins
# Where the arm works: hands go for the things on the table.
TARGET_AZIMUTHS_RAD = (-0.9, 0.9)
TARGET_RADII_M = (0.10, 0.36)
TARGET_HEIGHTS_M = (0.06, 0.30)
LEAN_CHOICES_RAD = tuple(np.linspace(0.0, 0.75, 16))
EDGES = ("right", "front", "left")  # neighbours in this order; nobody comes from behind the robot


@dataclass(frozen=True)
class Spot:
    """Where somebody stands.

    Attributes:
        edge: of the table.
        place_m: (2,) base frame.
        outward_rad: direction away from the table.
    """

    edge: str
    place_m: FloatArray
    outward_rad: float


def schedule_visits(schedule: Schedule, rng: np.random.Generator, kind: str) -> float:
    """Fills a schedule with one person's way from out of sight to out of sight.

    Returns:
        Seconds from the start of the episode until it begins; below 0: it has begun before.
    """
    visits = int(rng.integers(1, 3)) if kind == "random" else 1
    passes = kind == "walk" and rng.random() < 0.5
    spot = _spot(rng, passes)
    schedule.begin(_away(rng, spot), 0.0)
    schedule.yaw_rad = _heading(schedule.place_m, spot.place_m)
    for number in range(visits):
        if number:
            following = _spot(rng, passes)
            schedule.walk(_around(spot, following), float(rng.uniform(*WALK_SPEEDS_MPS)))
            spot = following
        elif not passes:
            schedule.walk([spot.place_m], float(rng.uniform(*WALK_SPEEDS_MPS)))
        if not passes:
            _stay(schedule, rng, kind)
    _leave(schedule, rng, spot, passes)
    return float(rng.uniform(*FIRST_DELAYS_S))


def _spot(rng: np.random.Generator, passes: bool) -> Spot:
    """A place at one of the three edges that people come to."""
    edge = EDGES[int(rng.integers(len(EDGES)))]
    gap = rng.uniform(*(PASS_GAPS_M if passes else STAND_GAPS_M))
    if edge == "front":
        return Spot(edge, np.array([TABLE_UPPER_M[0] + gap, rng.uniform(-0.42, 0.42)]), 0.0)
    sign = 1.0 if edge == "left" else -1.0
    return Spot(edge, np.array([rng.uniform(0.0, 0.5), sign * (TABLE_UPPER_M[1] + gap)]), sign * np.pi / 2)


def _away(rng: np.random.Generator, spot: Spot) -> FloatArray:
    """(2,) a place out of sight from which the straight way to the spot does not cross the table."""
    angle = spot.outward_rad + rng.uniform(-0.7, 0.7)
    return AWAY_M * np.array([np.cos(angle), np.sin(angle)])


def _heading(start_m: FloatArray, end_m: FloatArray) -> float:
    return float(np.arctan2(*(end_m - start_m)[::-1]))


def _around(start: Spot, end: Spot) -> list[FloatArray]:
    """Corners of the way from one spot to another, round the table where they lie at different edges."""
    if start.edge == end.edge:
        return [end.place_m]
    first, last = EDGES.index(start.edge), EDGES.index(end.edge)
    front_m = TABLE_UPPER_M[0] + CORNER_GAP_M
    corners = {
        0: np.array([front_m, TABLE_LOWER_M[1] - CORNER_GAP_M]),
        1: np.array([front_m, TABLE_UPPER_M[1] + CORNER_GAP_M]),
    }
    order = range(first, last) if first < last else range(first - 1, last - 1, -1)
    return [*(corners[k] for k in order), end.place_m]


def _leave(schedule: Schedule, rng: np.random.Generator, spot: Spot, passes: bool) -> None:
    """Go out of sight; whoever only passes walks through the spot, along the table's edge."""
    goal = _away(rng, spot)
    speed = float(rng.uniform(*WALK_SPEEDS_MPS))
    if passes:
        along = spot.outward_rad + rng.choice([-1.0, 1.0]) * np.pi / 2
        side = np.array([np.cos(along), np.sin(along)])
        schedule.begin(spot.place_m - AWAY_M * side, along)
        schedule.walk([spot.place_m + AWAY_M * side], speed)
        return
    schedule.turn(_heading(schedule.place_m, goal), TURN_RADPS)
    schedule.walk([goal], speed)


def _stay(schedule: Schedule, rng: np.random.Generator, kind: str) -> None:
    """Face the robot, and reach as often as drawn."""
    facing = np.arctan2(*(-schedule.place_m)[::-1]) + rng.uniform(-0.25, 0.25)
    schedule.turn(float(facing), TURN_RADPS)
    reaches = {"walk": 0, "reach": int(rng.integers(1, 4)), "random": int(rng.integers(0, 3))}[kind]
    if reaches == 0:
        schedule.wait(float(rng.uniform(*WAITS_S)))
    for _ in range(reaches):
        _reach(schedule, rng)


def _reach(schedule: Schedule, rng: np.random.Generator) -> None:
    """Raise a hand, reach for a point above the table, hold, and take the hand back."""
    side = "left" if rng.random() < 0.5 else "right"
    speed = float(rng.uniform(*HAND_SPEEDS_MPS))
    azimuth, radius, height = (
        rng.uniform(*limits) for limits in (TARGET_AZIMUTHS_RAD, TARGET_RADII_M, TARGET_HEIGHTS_M)
    )
    point = np.array([radius * np.cos(azimuth), radius * np.sin(azimuth), height])
    target = schedule.to_body_frame(point, FLOOR_M)
    ready, lean = schedule.ready(side), _lean_for(schedule.figure, side, target)
    schedule.move_hand(side, ready, 0.3 * lean, min(speed, 1.2))
    schedule.move_hand(side, target, lean, speed)
    schedule.wait(float(rng.uniform(*WAITS_S)))
    schedule.move_hand(side, ready, 0.3 * lean, float(rng.uniform(*HAND_SPEEDS_MPS)))
    schedule.move_hand(side, schedule.hanging(side), 0.0, 1.2)


def _lean_for(figure: Figure, side: str, target_m: FloatArray) -> float:
    """The least lean from which the hand gets there, or the greatest where it never does."""
    for lean in LEAN_CHOICES_RAD:
        shoulder = figure.shoulder(side, np.array([lean]))[0]
        if np.linalg.norm(target_m - shoulder) < figure.reach_m:
            return float(lean)
    return float(LEAN_CHOICES_RAD[-1])
