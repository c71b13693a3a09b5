"""Perception as a whole: what came in becomes a scene, objects and reports on the sensors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from noetra_ros.core.obstacles import DetectedObject, ObstacleScene
from noetra_ros.core.types import FloatArray
from noetra_ros.perception.examination import Examination
from noetra_ros.perception.frames import DepthFrame
from noetra_ros.perception.gathering import CameraShot, Intake
from noetra_ros.perception.pipeline import Pipeline
from noetra_ros.perception.side_recognition import Recognised, Recognition

SHOWN_S = 0.5  # names are drawn into pictures that are newer by less


@dataclass(frozen=True)
class Sighting:
    """What perception makes of one intake.

    Attributes:
        scene: obstacles and reports on the sensors.
        shots: the pictures that it rests on, newest of each camera.
        objects: what was recognised since the last sighting.
        objects_ns: stamp of the newest picture that they were recognised in; 0 = nothing was looked at.
        known: newest that was recognised with each camera, in this sighting or not long before.
        durations_s: s that each step took, by its name.
    """

    scene: ObstacleScene
    shots: Mapping[str, CameraShot] = field(default_factory=dict)
    objects: tuple[DetectedObject, ...] = ()
    objects_ns: int = 0
    known: tuple[DetectedObject, ...] = ()
    durations_s: Mapping[str, float] = field(default_factory=dict)


class Perceiver:
    """Use it from one thread.

    Args:
        make_pipeline: points to obstacles.
        make_examination: whether sensors can be believed.
        recognition: names what is seen; None = everything is unknown.
    """

    def __init__(
        self,
        make_pipeline: Callable[[], Pipeline],
        make_examination: Callable[[], Examination],
        recognition: Recognition | None = None,
    ) -> None:
        self._make_pipeline, self._make_examination = make_pipeline, make_examination
        self._pipeline, self._examination = make_pipeline(), make_examination()
        self._recognition = recognition
        self._durations_s: dict[str, float] = {}
        self._known: dict[str, Recognised] = {}

    def forget(self) -> None:
        """What was seen is no more: another episode of a simulation has begun."""
        self._pipeline, self._examination = self._make_pipeline(), self._make_examination()
        self._known.clear()
        if self._recognition is not None:
            self._recognition.forget()

    def see(self, intake: Intake, now_ns: int) -> Sighting:
        """Take everything in.

        Args:
            intake: what came since the last time.
            now_ns: the instant that the scene is for.
        """
        begin_s = time.perf_counter()
        self._durations_s = {}
        for joints in intake.joints:
            self._pipeline.add_joints(joints)
            self._examination.add_joints(joints)
        for scan in intake.scans:
            self._pipeline.add_scan(scan)
            self._examination.add_points(scan, now_ns)
        for cloud in intake.clouds:
            self._pipeline.add_cloud(cloud)
            self._examination.add_points(cloud, now_ns)
        for shot in intake.shots:
            self._add_shot(shot)
        named = self._take_names()
        scene = self._pipeline.scene(now_ns, self._examination.reports(now_ns))
        self._durations_s.update(self._pipeline.times.seconds)
        self._durations_s["total"] = time.perf_counter() - begin_s
        shots = {shot.camera: shot for shot in intake.shots}
        return Sighting(
            scene,
            shots,
            objects=tuple(thing for seen in named for thing in seen.objects),
            objects_ns=max((seen.stamp_ns for seen in named), default=0),
            known=self._known_now(now_ns),
            durations_s=self._durations_s,
        )

    def base_from_optical(self, shot: CameraShot) -> FloatArray | None:
        """(4, 4) pose of the camera at the picture's stamp; None where the joints are not known."""
        return self._examination.base_from_optical(shot)

    def _add_shot(self, shot: CameraShot) -> None:
        with self._measure("health"):
            self._examination.add_shot(shot)
        pose = self.base_from_optical(shot)
        if shot.depth_m is None or shot.lens is None or pose is None:
            return
        frame = DepthFrame(shot.stamp_ns, shot.camera, shot.depth_m, shot.lens, pose)
        self._pipeline.add_depth(frame)
        if self._recognition is not None:
            self._recognition.offer(shot, frame)

    def _take_names(self) -> list[Recognised]:
        """Hand on what has been recognised by now."""
        named = self._recognition.take() if self._recognition is not None else []
        for seen in named:
            self._pipeline.add_objects(seen.objects, seen.stamp_ns)
            self._known[seen.camera] = seen
        if named:
            self._durations_s["recognition"] = sum(seen.spent_s for seen in named)
        return named

    def _known_now(self, now_ns: int) -> tuple[DetectedObject, ...]:
        fresh = [seen for seen in self._known.values() if abs(now_ns - seen.stamp_ns) < SHOWN_S * 1e9]
        return tuple(thing for seen in fresh for thing in seen.objects)

    @contextmanager
    def _measure(self, step: str) -> Iterator[None]:
        begin_s = time.perf_counter()
        yield
        spent_s = time.perf_counter() - begin_s
        self._durations_s[step] = self._durations_s.get(step, 0.0) + spent_s
