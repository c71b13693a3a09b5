"""What perception would tell of a scene: late, now and then, and a little off."""

from __future__ import annotations

from collections import deque

import numpy as np

from noetra_ros.core.obstacles import (
    Obstacle,
    ObstacleKind,
    ObstacleScene,
    SensorReport,
    SensorVerdict,
    Shape,
)
from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.clutter.scenes import ClutterScene
from noetra_ros.sim.person_figure import quats_along_z
from noetra_ros.sim.world import World

PERIOD_NS = 100_000_000  # a camera of 10 Hz
LATENCY_NS = 120_000_000  # from the picture until the supervisor has heard of it
PLACE_M = 0.003  # standard deviation of where a box seems to stand, throughout an episode
JITTER_M = 0.001  # and from picture to picture
PERSON_TRACK = 100
UNKNOWN_MPS = np.full(3, np.nan)


class Seen:
    """Scenes of one episode.

    Args:
        world: what is true.
        scene: what stands in it.
        seed: of the errors.
    """

    def __init__(self, world: World, scene: ClutterScene, seed: int) -> None:
        self._world, self._scene = world, scene
        self._random = np.random.default_rng(seed)
        self._off_m = self._random.normal(0.0, PLACE_M, (len(scene.boxes), 3))
        self._waiting: deque[ObstacleScene] = deque()
        self._next_ns = world.time_ns

    def arrived(self, now_ns: int) -> ObstacleScene | None:
        """The scene that arrives at this instant; None where none does."""
        if now_ns >= self._next_ns:
            self._waiting.append(self._look(now_ns))
            self._next_ns += PERIOD_NS
        if self._waiting and now_ns - self._waiting[0].stamp_ns >= LATENCY_NS:
            return self._waiting.popleft()
        return None

    def _look(self, now_ns: int) -> ObstacleScene:
        sensors = (SensorReport("overhead", SensorVerdict.OK),)
        return ObstacleScene(
            now_ns, self._world.profile.base_frame, (*self._boxes(now_ns), *self._person(now_ns)), sensors
        )

    def _boxes(self, now_ns: int) -> list[Obstacle]:
        boxes, kind = self._scene.boxes, self._scene.kind
        jitter_m = self._random.normal(0.0, JITTER_M, (len(boxes), 3))
        places_m = [box.middle_m + off for box, off in zip(boxes, self._off_m + jitter_m, strict=True)]
        return [
            Obstacle(
                track_id=number,
                kind=kind,
                shape=Shape.BOX,
                position_m=place_m,
                quat_xyzw=box.quat_xyzw,
                size_m=np.array(box.edges_m),
                velocity_mps=np.zeros(3),
                position_std_m=PLACE_M,
                score=1.0,
                seen_ns=now_ns,
                labels=() if kind is ObstacleKind.UNKNOWN else (box.name,),
            )
            for number, (box, place_m) in enumerate(zip(boxes, places_m, strict=True), start=1)
        ]

    def _person(self, now_ns: int) -> list[Obstacle]:
        person = self._world.person()
        if person is None or not person.is_present:
            return []
        segments_m = person.segments_m
        turns = quats_along_z(segments_m[:, 1] - segments_m[:, 0])[:, [1, 2, 3, 0]]
        lengths_m = np.linalg.norm(segments_m[:, 1] - segments_m[:, 0], axis=1)
        parts = zip(segments_m.mean(axis=1), turns, person.radii_m.tolist(), lengths_m.tolist(), strict=True)
        return [
            self._part(PERSON_TRACK + number, middle_m, turn, np.array([radius_m, length_m, 0.0]), now_ns)
            for number, (middle_m, turn, radius_m, length_m) in enumerate(parts)
        ]

    def _part(
        self, number: int, middle_m: FloatArray, quat_xyzw: FloatArray, size_m: FloatArray, now_ns: int
    ) -> Obstacle:
        """A part of a person; how fast it goes is not known, so that the declared speeds count."""
        return Obstacle(
            track_id=number,
            kind=ObstacleKind.PERSON,
            shape=Shape.CAPSULE,
            position_m=middle_m + self._random.normal(0.0, PLACE_M, 3),
            quat_xyzw=quat_xyzw,
            size_m=size_m,
            velocity_mps=UNKNOWN_MPS,
            position_std_m=0.01,
            score=0.9,
            seen_ns=now_ns,
        )
