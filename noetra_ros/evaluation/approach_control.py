"""Who stops the robot in the world `approach`: the supervisor's separation, or a fixed stop zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.approach import ApproachWorld
from noetra_ros.safety.separation import (
    SeparationTerms,
    human_speed_mps,
    largest_share,
    required_separation,
)
from noetra_ros.safety.stopping import StoppingTable, stopping_table


@dataclass(frozen=True)
class Sight:
    """What a controller is told of n paths.

    Attributes:
        person_m: (n, 2) where the person was seen.
        age_s: (n,) age of that.
        distance_m: (n,) between person and tip as measured.
        towards: (n,) how much of the tip's motion goes towards the person, -1..1.
        velocity_mps: (n,) of the tip, the faster of sent and measured.
    """

    person_m: FloatArray
    age_s: FloatArray
    distance_m: FloatArray
    towards: FloatArray
    velocity_mps: FloatArray


class Controller(Protocol):
    """Says what share of the speed limit is allowed now; below 0 = stop."""

    def share(self, sight: Sight) -> FloatArray:
        """(n,)."""
        ...


class SeparationController:
    """Speed and separation monitoring by the functions of the supervisor.

    Args:
        world: whose bounds are known.
        without: term of the formula that is left out; empty = none.
    """

    def __init__(self, world: ApproachWorld, without: str = "") -> None:
        self._world, self._without = world, without
        self._table: StoppingTable = stopping_table(world.limits)

    def share(self, sight: Sight) -> FloatArray:
        """The largest share that keeps S_p; -1 where the motion under way does not, or standing still."""
        table, reach = self._table, np.abs(sight.towards)
        full_m = self._required(sight, reach, table.shares[-1], table.time_s[-1], table.travel[-1, 0])
        still_m = self._required(sight, 0.0 * reach, 0.0, 0.0, 0.0)
        allowed = np.where(full_m <= sight.distance_m, 1.0, -1.0)
        # S_p grows with the share: only in between does the table have to be asked.
        rows = np.flatnonzero((allowed < 0.0) & (still_m <= sight.distance_m))
        if rows.size:
            allowed[rows] = self._looked_up(
                Sight(**{key: values[rows] for key, values in vars(sight).items()})
            )
        return np.where(sight.distance_m >= self._required_now(sight), allowed, -1.0)

    def _looked_up(self, sight: Sight) -> FloatArray:
        """(n,) the largest share of the table that keeps S_p."""
        table = self._table
        wide = Sight(**{key: values[:, np.newaxis] for key, values in vars(sight).items()})
        required_m = self._required(
            wide, np.abs(wide.towards), table.shares, table.time_s, table.travel[:, 0]
        )
        return largest_share(table.shares, required_m, sight.distance_m)

    def _required_now(self, sight: Sight) -> FloatArray:
        """S_p of the motion under way."""
        table, share = self._table, np.abs(sight.velocity_mps) / self._world.speed_mps
        time_s = np.interp(share, table.shares, table.time_s)
        travel_m = np.interp(share, table.shares, table.travel[:, 0])
        reach = np.maximum(np.sign(sight.velocity_mps) * sight.towards, 0.0)
        return self._required(sight, reach, share, time_s, travel_m)

    def _required(
        self, sight: Sight, reach: FloatArray, share: FloatArray, time_s: FloatArray, travel_m: FloatArray
    ) -> FloatArray:
        """S_p where `reach` of a motion at `share` of the limit goes towards the person."""
        human = self._human(sight.distance_m, sight.age_s, time_s)
        robot_mps = reach * share * self._world.speed_mps
        return self._total_m(human, robot_mps, sight.age_s, time_s, reach * travel_m)

    def _human(self, distance_m: FloatArray, age_s: FloatArray, time_s: FloatArray) -> FloatArray:
        world = self._world
        nearest_m = distance_m - world.intrusion_m - world.sensor_m - world.robot_m
        horizon_s = self._reaction_s(age_s) + time_s
        speed: FloatArray = human_speed_mps(np.nan, nearest_m, horizon_s, world.human, False)
        return speed

    def _total_m(
        self, human: FloatArray, robot: FloatArray, age_s: FloatArray, time_s: FloatArray, way_m: FloatArray
    ) -> FloatArray:
        world = self._world
        terms: SeparationTerms = required_separation(
            human,
            robot,
            self._reaction_s(age_s),
            time_s,
            way_m,
            world.intrusion_m,
            world.sensor_m,
            world.robot_m,
        )
        total_m: FloatArray = (terms.without(self._without) if self._without else terms).total_m
        return total_m

    def _reaction_s(self, age_s: FloatArray) -> FloatArray:
        reaction_s: FloatArray = age_s + self._world.step_s + self._world.controller_latency_s
        return reaction_s


class ZoneController:
    """A fixed stop zone around the robot's whole track: full speed outside, a stop inside.

    Args:
        world: the track.
        radius_m: distance from the track's points within which the robot stops.
    """

    def __init__(self, world: ApproachWorld, radius_m: float) -> None:
        self._world, self._radius_m = world, radius_m

    def share(self, sight: Sight) -> FloatArray:
        """1 outside, -1 inside."""
        nearest_x = np.clip(sight.person_m[:, 0], 0.0, self._world.track_m)
        distance_m = np.hypot(sight.person_m[:, 0] - nearest_x, sight.person_m[:, 1]) - self._world.body_m
        return np.where(distance_m > self._radius_m, 1.0, -1.0)
