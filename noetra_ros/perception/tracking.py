"""Clusters of one instant to tracks over time: numbers that stay, velocities, hidden things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from noetra_ros.core.obstacles import Obstacle, ObstacleKind
from noetra_ros.core.types import FloatArray
from noetra_ros.perception.constant_velocity import ConstantVelocity
from noetra_ros.perception.obstacle_fit import FittedShape
from noetra_ros.perception.settings import GeometrySettings

GATE = 4.03  # chi with 3 degrees of freedom, 99.9 %
HITS_MIN = 3  # measurements before a velocity is believed
SURPRISE_MAX = 1.5  # standard deviations off its prediction: for two measurements the velocity is not known
FAR = 1e6  # cost of a pair outside the gate


@dataclass(frozen=True)
class Measurement:
    """One cluster or part of one, at one instant.

    Attributes:
        fitted: shape around it.
        std_m: standard deviation of its centre.
        kind: what it is.
        score: confidence in that.
        seen_ns: stamp of the newest data in it.
        labels: of what explains it.
    """

    fitted: FittedShape
    std_m: float
    kind: ObstacleKind
    score: float
    seen_ns: int
    labels: tuple[str, ...] = ()


class Track:
    """One thing over time."""

    def __init__(self, number: int, first: Measurement, settings: GeometrySettings) -> None:
        self.number = number
        self.last = first
        self.hits = 1
        self.person_ns: int | None = None
        self.hidden_std_m: float | None = None  # None = in sight
        self._surprises = (0.0, 0.0)  # of the last two measurements
        self._settings = settings
        position_m = first.fitted.position_m
        noise = (settings.speed_max_mps, settings.acceleration_mps2)
        self.motion = ConstantVelocity(position_m, first.std_m, *noise)
        self._remember_person(first)

    def update(self, measured: Measurement) -> None:
        """Takes the cluster that is this track now."""
        dt_s = max(0.0, (measured.seen_ns - self.last.seen_ns) * 1e-9)
        if dt_s > 0.0:
            self._surprises = (self._surprises[1], self._surprise(measured, dt_s))
            self.motion.update(measured.fitted.position_m, measured.std_m, dt_s)
            self.hits += 1
        self.last, self.hidden_std_m = measured, None
        self._remember_person(measured)

    def kind(self, now_ns: int) -> ObstacleKind:
        """What it is; once a person, a person for the hold time."""
        hold_ns = round(self._settings.person_hold_s * 1e9)
        is_person = self.person_ns is not None and now_ns - self.person_ns <= hold_ns
        return ObstacleKind.PERSON if is_person else self.last.kind

    def obstacle(self, now_ns: int) -> Obstacle:
        """The newest shape, moved on to `now_ns`; hidden things stay where they were last seen.

        A hidden thing is still behind what hides it, otherwise it would be seen: the reach of that link is
        added to the uncertainty.
        """
        fitted, known = self.last.fitted, self._is_velocity_known()
        velocity_mps = self.motion.velocity_mps if known else np.full(3, np.nan)
        age_s = max(0.0, (now_ns - self.last.seen_ns) * 1e-9)
        is_hidden = self.hidden_std_m is not None
        shift_m = velocity_mps * age_s if known and not is_hidden else np.zeros(3)
        variance = self.motion.predicted(0.0 if is_hidden else age_s)[1][0, 0]
        hidden_m = self.hidden_std_m or 0.0
        return Obstacle(
            track_id=self.number,
            kind=self.kind(now_ns),
            shape=fitted.shape,
            position_m=fitted.position_m + shift_m,
            quat_xyzw=fitted.quat_xyzw,
            size_m=fitted.size_m,
            velocity_mps=velocity_mps,
            position_std_m=float(np.sqrt(variance + self.last.std_m**2) + hidden_m),
            score=self.last.score,
            seen_ns=self.last.seen_ns,
            labels=self.last.labels,
        )

    def _is_velocity_known(self) -> bool:
        is_certain = self.motion.velocity_std_mps <= self._settings.velocity_std_max_mps
        return self.hits >= HITS_MIN and is_certain and max(self._surprises) <= SURPRISE_MAX

    def _surprise(self, measured: Measurement, dt_s: float) -> float:
        """Standard deviations between a measurement and what was predicted for it."""
        position_m, std_m = measured.fitted.position_m[None], np.array([measured.std_m])
        return float(self.motion.distances(position_m, std_m, np.array([dt_s]))[0])

    def _remember_person(self, measured: Measurement) -> None:
        if measured.kind is ObstacleKind.PERSON:
            self.person_ns = measured.seen_ns


# Reach, m, of what hides each of some points (N, 3) from the sensors; 0 = in sight.
Hiding = Callable[[FloatArray], FloatArray]


class Tracker:
    """All tracks. A cluster starts a track at once: nothing waits for a second look.

    Args:
        settings: noise of motion and how long tracks are kept.
    """

    def __init__(self, settings: GeometrySettings) -> None:
        self._settings = settings
        self._tracks: list[Track] = []
        self._next_number = 1

    def update(self, measured: Sequence[Measurement], now_ns: int, hiding: Hiding) -> None:
        """Takes all clusters of one instant.

        Args:
            measured: the clusters.
            now_ns: newest stamp among the data.
            hiding: tells what the robot's own body hides.
        """
        rows, columns = self._assign(measured)
        for row, column in zip(rows, columns, strict=True):
            self._tracks[row].update(measured[column])
        unseen = [track for row, track in enumerate(self._tracks) if row not in set(rows)]
        self._hide(unseen, hiding)
        self._tracks = [
            track for track in self._tracks if track not in unseen or self._is_kept(track, now_ns)
        ]
        for column in sorted(set(range(len(measured))) - set(columns)):
            self._tracks.append(Track(self._next_number, measured[column], self._settings))
            self._next_number += 1

    def forget(self) -> None:
        """Drops all tracks; their numbers are not used again."""
        self._tracks = []

    def obstacles(self, now_ns: int) -> tuple[Obstacle, ...]:
        """Every track as it is now."""
        return tuple(track.obstacle(now_ns) for track in self._tracks)

    def _assign(self, measured: Sequence[Measurement]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Tracks and measurements that belong together: least total distance, none outside the gate."""
        nobody = np.zeros(0, dtype=np.intp)
        if not self._tracks or not measured:
            return nobody, nobody
        positions_m = np.array([m.fitted.position_m for m in measured])
        std_m = np.array([m.std_m for m in measured])
        stamps = np.array([m.seen_ns for m in measured])
        costs = np.empty((len(self._tracks), len(measured)))
        for row, track in enumerate(self._tracks):
            dt_s = np.maximum(stamps - track.last.seen_ns, 0) * 1e-9
            costs[row] = track.motion.distances(positions_m, std_m, dt_s)
        costs[costs > GATE] = FAR
        rows, columns = linear_sum_assignment(costs)
        is_near = costs[rows, columns] < FAR
        return rows[is_near], columns[is_near]

    def _hide(self, unseen: Sequence[Track], hiding: Hiding) -> None:
        """Marks the tracks that the robot's body hides; one that comes into the open unseen is gone."""
        reach_m = hiding(np.array([track.last.fitted.position_m for track in unseen]).reshape(-1, 3))
        for track, radius_m in zip(unseen, reach_m, strict=True):
            track.hidden_std_m = float(radius_m) if radius_m > 0.0 else None

    def _is_kept(self, track: Track, now_ns: int) -> bool:
        is_hidden = track.hidden_std_m is not None
        keep_s = self._settings.hidden_keep_s if is_hidden else self._settings.keep_s
        return now_ns - track.last.seen_ns <= round(keep_s * 1e9)
