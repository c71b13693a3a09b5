"""Speed and separation monitoring (ISO/TS 15066, 5.5.4): how far a person has to be, how fast it may be.

``S_p = S_h + S_r + S_s + C + Z_d + Z_r``: the person's way until the robot stands, the robot's way until it
brakes, its way while it brakes, what reaches into the field unseen, and what is unsure of both.
Pure functions; every argument may be a number or an array (they broadcast). A number that is NaN gives NaN,
which allows no speed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from noetra_ros.core.types import FloatArray

TERMS = ("S_h", "S_r", "S_s", "C", "Z_d", "Z_r")


@dataclass(frozen=True)
class SeparationTerms:
    """The six terms of the protective separation distance; numbers or arrays, metres.

    Attributes:
        human_m: S_h, way of the person until the robot stands.
        reaction_m: S_r, way of the robot before it begins to brake.
        stopping_m: S_s, way of the robot while it brakes.
        intrusion_m: C, how far a body part reaches in before it is seen.
        sensor_m: Z_d, how far the person may be from where they are measured.
        robot_m: Z_r, how far the robot may be from where it is measured.
    """

    human_m: Any
    reaction_m: Any
    stopping_m: Any
    intrusion_m: Any
    sensor_m: Any
    robot_m: Any

    @property
    def total_m(self) -> Any:
        """S_p."""
        robot_m = self.reaction_m + self.stopping_m
        return self.human_m + robot_m + self.intrusion_m + self.sensor_m + self.robot_m

    def without(self, term: str) -> SeparationTerms:
        """The same with one term of `TERMS` at zero: for tests that show what each term is for."""
        field = tuple(self.__dataclass_fields__)[TERMS.index(term)]
        return replace(self, **{field: 0.0 * getattr(self, field)})


def required_separation(
    human_speed_mps: Any,
    robot_speed_mps: Any,
    reaction_s: Any,
    stopping_s: Any,
    stopping_m: Any,
    intrusion_m: Any,
    sensor_m: Any,
    robot_m: Any,
) -> SeparationTerms:
    """The terms of the distance that has to be kept.

    Args:
        human_speed_mps: v_h, of the person towards the robot.
        robot_speed_mps: v_r, directed speed of the robot towards the person, >= 0.
        reaction_s: T_r, from the person's pose being measured until the robot begins to brake.
        stopping_s: T_s, from there until it stands.
        stopping_m: S_s, its way towards the person in that time.
        intrusion_m: C.
        sensor_m: Z_d.
        robot_m: Z_r.
    """
    human_m = human_speed_mps * (reaction_s + stopping_s)
    return SeparationTerms(human_m, robot_speed_mps * reaction_s, stopping_m, intrusion_m, sensor_m, robot_m)


def constant_braking_m(speed_mps: Any, stopping_s: Any) -> Any:
    """S_s of a constant deceleration: ``v_r T_s / 2``."""
    return 0.5 * speed_mps * stopping_s


def allowed_speed_mps(
    distance_m: Any,
    human_speed_mps: Any,
    reaction_s: Any,
    stopping_s: Any,
    intrusion_m: Any,
    sensor_m: Any,
    robot_m: Any,
) -> Any:
    """The directed speed at which S_p equals `distance_m`, for a stop of fixed duration at constant
    deceleration; 0 where even standing still needs more.
    """
    standing = required_separation(
        human_speed_mps, 0.0, reaction_s, stopping_s, 0.0, intrusion_m, sensor_m, robot_m
    )
    room_m = distance_m - standing.total_m
    speed_mps = room_m / (reaction_s + 0.5 * stopping_s)
    return np.where(speed_mps > 0.0, speed_mps, 0.0)[()]


def human_speed_mps(
    directed_mps: Any, distance_m: Any, horizon_s: Any, bounds: HumanSpeed, is_sure: Any
) -> Any:
    """v_h: the assumed speed, or less where a sure track moves slower and cannot speed up in time.

    Args:
        directed_mps: measured velocity of the person towards the robot; NaN = not measured.
        distance_m: between them; close by, the faster assumption holds (a hand that reaches).
        horizon_s: T_r + T_s, for which the person may speed up.
        bounds: assumptions.
        is_sure: the track is good enough to be believed.
    """
    # Who walks may come near within the horizon, and reach out from there.
    is_near = distance_m - bounds.far_mps * horizon_s < bounds.near_m
    assumed = np.where(is_near, np.maximum(bounds.near_mps, bounds.far_mps), bounds.far_mps)
    faster = np.maximum(directed_mps, 0.0) + bounds.acceleration_mps2 * horizon_s
    measured = np.maximum(directed_mps, np.minimum(assumed, faster))
    believed = np.where(is_sure & np.isfinite(directed_mps), measured, assumed)
    # A doubtful track that looks faster than the assumption is believed that far.
    return np.fmax(believed, np.where(np.isfinite(directed_mps), directed_mps, 0.0))[()]


@dataclass(frozen=True)
class HumanSpeed:
    """How fast people are assumed to be.

    Attributes:
        far_mps: walking.
        near_mps: nearer than `near_m`.
        near_m: that distance.
        acceleration_mps2: by which a measured speed may grow until the robot stands.
    """

    far_mps: float
    near_mps: float
    near_m: float
    acceleration_mps2: float


def largest_share(shares: FloatArray, required_m: FloatArray, distance_m: FloatArray) -> FloatArray:
    """The largest share of the speed limits for which the separation suffices, also for every share below.

    Args:
        shares: (k,) growing from 0 to 1.
        required_m: (..., k) S_p at each share.
        distance_m: (...) measured.

    Returns:
        (...) one of `shares`; -1 where the distance does not suffice for standing still, or is NaN.
    """
    suffices = required_m <= np.asarray(distance_m)[..., np.newaxis]
    count = np.logical_and.accumulate(suffices, axis=-1).sum(axis=-1)
    return np.where(count > 0, shares[count - 1], -1.0)
