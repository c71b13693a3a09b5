"""Judges by the physics alone how robot and person got on: touches, how fast, how near."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from noetra_ros.evaluation.person_trace import PersonTrace, TouchRecord

SLOWED_MODES = ("slowed",)
STOPPED_MODES = ("protective_stop",)
AT_REST_MPS = 0.005  # a servo that holds still creeps by less


@dataclass(frozen=True)
class PersonVerdict:
    """What the oracle found of one episode, with a person or without.

    Attributes:
        kind: of the person's path; empty = nobody came.
        contacts: touches of robot and person.
        contacts_moving: of these, while the link moved towards the person.
        contacts_too_fast: of these, faster than force-limited contact allows for that body region.
        fastest_contact_mps: highest speed of a touching link towards the person; 0 without any.
        nearest_m: smallest distance of robot and person; infinite where nobody came.
        running_s: simulated s from the sentence to the end.
        slowed_s: of these, slowed by the supervisor.
        stopped_s: of these, in a protective stop.
    """

    kind: str
    contacts: int
    contacts_moving: int
    contacts_too_fast: int
    fastest_contact_mps: float
    nearest_m: float
    running_s: float
    slowed_s: float
    stopped_s: float


def judge_person(
    person: PersonTrace | None,
    limits_mps: Mapping[str, float],
    modes: Sequence[tuple[float, str]],
    told_s: float,
    ended_s: float,
) -> PersonVerdict:
    """Judge an episode.

    Args:
        person: what the physics recorded; None = nobody came.
        limits_mps: highest contact speed by body region; a region without one may not be touched in motion.
        modes: simulated s and mode of each change.
        told_s: simulated time of the sentence.
        ended_s: of its end.
    """
    touches = person.touches if person else ()
    speeds = [touch.highest_mps for touch in touches]
    return PersonVerdict(
        kind=person.kind if person else "",
        contacts=len(touches),
        contacts_moving=sum(speed > AT_REST_MPS for speed in speeds),
        contacts_too_fast=sum(_is_too_fast(touch, limits_mps) for touch in touches),
        fastest_contact_mps=max(speeds, default=0.0),
        nearest_m=float(np.min(person.distance_m)) if person else math.inf,
        running_s=ended_s - told_s,
        slowed_s=time_in(modes, SLOWED_MODES, told_s, ended_s),
        stopped_s=time_in(modes, STOPPED_MODES, told_s, ended_s),
    )


def time_in(modes: Sequence[tuple[float, str]], wanted: Sequence[str], begin_s: float, end_s: float) -> float:
    """s between two instants in which the supervisor was in one of the wanted modes."""
    ends = [instant_s for instant_s, _ in modes[1:]] + [math.inf]
    return sum(
        max(0.0, min(until_s, end_s) - max(since_s, begin_s))
        for (since_s, mode), until_s in zip(modes, ends, strict=True)
        if mode in wanted
    )


def _is_too_fast(touch: TouchRecord, limits_mps: Mapping[str, float]) -> bool:
    return not touch.highest_mps <= max(limits_mps.get(touch.region, 0.0), AT_REST_MPS)
