"""How near each moving link is to each person, and how the joints move it towards them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from noetra_ros.core.obstacles import ObstacleKind, ObstacleScene
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.safety.distance import closest_points, obstacle_capsules

# Axes that cross: there is no direction, and the distance is below every radius.
CROSSING_M = 1e-9


@dataclass(frozen=True)
class Proximity:
    """All pairs of n moving links and m protected obstacles.

    Attributes:
        links: (n) names.
        track_ids: (m).
        distance_m: (n, m) between the surfaces; negative = inside one another.
        weights: (2, n, m, d) speed of both ends of each link towards the obstacle per speed of each axis.
        human_mps: (n, m) measured speed of the obstacle towards the link; NaN = not measured.
        std_m: (m) standard deviation of the track.
        lag_s: (m) by how much the obstacle is older than the scene.
        is_person: (m) recognised, not only unexplained.
    """

    links: tuple[str, ...]
    track_ids: tuple[int, ...]
    distance_m: FloatArray
    weights: FloatArray
    human_mps: FloatArray
    std_m: FloatArray
    lag_s: FloatArray
    is_person: Any

    @property
    def is_empty(self) -> bool:
        """Nobody is there."""
        return not self.track_ids

    @cached_property
    def reach(self) -> FloatArray:
        """(n, m, d) the larger of both ends' weights: bounds every point of the link, whatever the signs."""
        reach: FloatArray = np.abs(self.weights).max(axis=0)
        return reach

    def directed_speed_mps(self, velocity: Sequence[float]) -> FloatArray:
        """(n, m) speed towards the obstacle of the faster end, >= 0, for (d,) speeds of the axes."""
        speed: FloatArray = np.maximum((self.weights @ np.asarray(velocity)).max(axis=0), 0.0)
        return speed

    def directed_travel_m(self, travel: Sequence[float]) -> FloatArray:
        """(n, m) way towards the obstacle while the axes travel (d,), each in its own time, >= 0."""
        way: FloatArray = np.maximum(self.weights * np.asarray(travel), 0.0).sum(axis=-1).max(axis=0)
        return way


@dataclass
class BodyWatch:
    """Measures proximity; keeps the last answer, since ticks and commands ask for the same.

    Args:
        capsules: of the robot.
        joint_indices: (d,) place of each axis of the channel among the robot's joints; other joints are
            taken as still.
        base_frame: frame of the capsules; scenes in another cannot be judged.
        is_carried: a base carries the robot: links that no joint moves are watched, too.
    """

    capsules: LinkCapsules
    joint_indices: tuple[int, ...]
    base_frame: str
    is_carried: bool = False
    _key: tuple[Any, Any] | None = field(default=None, init=False, repr=False)
    _last: Proximity | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._moving = np.flatnonzero(~self.capsules.is_fixed | self.is_carried)
        self._links = tuple(self.capsules.names[i] for i in self._moving)
        self._radii_m = self.capsules.radii_m[self._moving]
        self._columns = list(self.joint_indices)
        self._people: _People | None = None

    def measure(self, scene: ObstacleScene, joint_positions: FloatArray) -> Proximity:
        """Proximity of the links at (j,) joint positions, profile order, to what the scene protects.

        Raises:
            ValueError: an obstacle without orientation.
        """
        key = self._key
        if self._last is None or key is None or key[0] is not scene or key[1] is not joint_positions:
            self._last = self._measure(scene, joint_positions)
            self._key = (scene, joint_positions)
        return self._last

    def _measure(self, scene: ObstacleScene, joint_positions: FloatArray) -> Proximity:
        if self._people is None or self._people.scene is not scene:
            self._people = _people_of(scene)
        people = self._people
        if not people.track_ids:
            none = np.zeros((len(self._links), 0))
            weights = np.zeros((2, len(self._links), 0, len(self._columns)))
            return Proximity(self._links, (), none, weights, none, none[0], none[0], none[0])
        ends_m = self.capsules.segments(joint_positions)
        point, other = closest_points(ends_m[self._moving], people.segments_m)
        gap = other - point
        axis_m = np.sqrt((gap * gap).sum(axis=-1))
        towards = gap / np.maximum(axis_m, CROSSING_M)[..., np.newaxis]
        jacobians = self.capsules.point_jacobians(joint_positions, ends_m.transpose(1, 0, 2))
        jacobians = jacobians[:, self._moving][..., self._columns]  # (2, n, 3, d)
        return Proximity(
            links=self._links,
            track_ids=people.track_ids,
            distance_m=axis_m - self._radii_m[:, np.newaxis] - people.radii_m,
            weights=towards @ jacobians,
            human_mps=-(towards * people.velocities_mps).sum(axis=-1),
            std_m=people.std_m,
            lag_s=people.lag_s,
            is_person=people.is_person,
        )


@dataclass(frozen=True)
class _People:
    """The protected obstacles of a scene as arrays; made once for each scene."""

    scene: ObstacleScene
    track_ids: tuple[int, ...]
    segments_m: FloatArray
    radii_m: FloatArray
    velocities_mps: FloatArray
    std_m: FloatArray
    lag_s: FloatArray
    is_person: Any


def _people_of(scene: ObstacleScene) -> _People:
    people = [obstacle for obstacle in scene.obstacles if obstacle.is_protected]
    segments_m, radii_m = obstacle_capsules(people)
    return _People(
        scene=scene,
        track_ids=tuple(obstacle.track_id for obstacle in people),
        segments_m=segments_m,
        radii_m=radii_m,
        velocities_mps=np.array([obstacle.velocity_mps for obstacle in people]),
        std_m=np.array([obstacle.position_std_m for obstacle in people]),
        lag_s=np.array([max(0, scene.stamp_ns - obstacle.seen_ns) / 1e9 for obstacle in people]),
        is_person=np.array([obstacle.kind is ObstacleKind.PERSON for obstacle in people]),
    )
