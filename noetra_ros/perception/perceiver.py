"""Perception as a whole: what came in becomes a scene, objects and reports on the sensors."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.obstacles import DetectedObject, ObstacleScene
from noetra_ros.core.types import FloatArray
from noetra_ros.perception.body_view import BodyView
from noetra_ros.perception.frames import DepthFrame
from noetra_ros.perception.gathering import CameraShot, Intake
from noetra_ros.perception.joint_history import JointHistory
from noetra_ros.perception.pipeline import Pipeline
from noetra_ros.perception.sensor_finding import Finding
from noetra_ros.perception.sensor_health import SensorHealth
from noetra_ros.perception.sensor_sample import SensorFacts, SensorSample
from noetra_ros.perception.settings import GeometrySettings
from noetra_ros.robots.camera_mounts import CameraMounts
from noetra_ros.robots.link_surfaces import LinkSurfaces
from noetra_ros.robots.profile import RobotProfile

SCAN_STREAM = "scan"


@dataclass(frozen=True)
class Sighting:
    """What perception makes of one intake.

    Attributes:
        scene: obstacles and reports on the sensors.
        shots: the pictures that it rests on, newest of each camera.
        objects: what was recognised.
        objects_ns: stamp of the picture that they were recognised in; 0 = none.
        durations_s: s that each step took, by its name.
    """

    scene: ObstacleScene
    shots: Mapping[str, CameraShot] = field(default_factory=dict)
    objects: tuple[DetectedObject, ...] = ()
    objects_ns: int = 0
    durations_s: Mapping[str, float] = field(default_factory=dict)


class Perceiver:
    """Use it from one thread.

    Args:
        profile: the robot.
        cameras: names of the cameras that are looked through.
        geometry: how points become obstacles.
        findings: what sensors are examined for.
        recover_frames: good measurements after which a finding is over.

    Raises:
        ConfigError: what the robot lacks.
    """

    def __init__(
        self,
        profile: RobotProfile,
        cameras: tuple[str, ...],
        geometry: GeometrySettings,
        findings: Mapping[str, Finding],
        recover_frames: int,
    ) -> None:
        self._pipeline = Pipeline(profile, geometry)
        self._mounts = CameraMounts(profile)
        self._joints = JointHistory(geometry.joints_gap_s)
        has_depth = any(profile.cameras[name].has_depth for name in cameras)
        can_show_body = has_depth and profile.urdf_path is not None
        self._body = BodyView(LinkSurfaces(profile)) if can_show_body else None
        facts = sensor_facts(profile, cameras, self._mounts)
        self._health = SensorHealth(findings, facts, recover_frames)
        self._durations_s: dict[str, float] = {}

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
            self._joints.add(joints)
        for scan in intake.scans:
            self._pipeline.add_scan(scan)
            self._health.add(SensorSample(scan.sensor, scan.stamp_ns, now_ns, data=scan.ranges_m))
        for cloud in intake.clouds:
            self._pipeline.add_cloud(cloud)
            self._health.add(SensorSample(cloud.sensor, cloud.stamp_ns, now_ns, data=cloud.points_m))
        for shot in intake.shots:
            self._add_shot(shot)
        scene = self._pipeline.scene(now_ns, self._health.reports(now_ns))
        self._durations_s.update(self._pipeline.times.seconds)
        self._durations_s["total"] = time.perf_counter() - begin_s
        return Sighting(scene, {shot.camera: shot for shot in intake.shots}, durations_s=self._durations_s)

    def base_from_optical(self, shot: CameraShot) -> FloatArray | None:
        """(4, 4) pose of the camera at the picture's stamp; None where the joints are not known."""
        positions = self._joints.positions_at(shot.stamp_ns)
        if positions is None and self._mounts.is_carried(shot.camera):
            return None
        return self._mounts.base_from_optical(shot.camera, np.empty(0) if positions is None else positions)

    def _add_shot(self, shot: CameraShot) -> None:
        positions = self._joints.positions_at(shot.stamp_ns)
        pose = self.base_from_optical(shot)
        with self._measure("health"):
            self._health.add(self._sample(shot, pose, positions))
        if shot.depth_m is not None and shot.lens is not None and pose is not None:
            frame = DepthFrame(shot.stamp_ns, shot.camera, shot.depth_m, shot.lens, pose)
            self._pipeline.add_depth(frame)

    def _sample(
        self, shot: CameraShot, pose: FloatArray | None, positions: FloatArray | None
    ) -> SensorSample:
        body_m = None
        knows_body = self._body is not None and pose is not None and positions is not None
        if knows_body and shot.depth_m is not None and shot.lens is not None:
            assert self._body is not None and pose is not None and positions is not None
            height, width = shot.depth_m.shape
            body_m = self._body.depth((height, width), shot.lens, pose, positions)
        return SensorSample(
            shot.camera,
            shot.stamp_ns,
            shot.arrival_ns,
            rgb=shot.rgb,
            depth_m=shot.depth_m,
            body_m=body_m,
            positions=np.empty(0) if positions is None else positions,
        )

    @contextmanager
    def _measure(self, step: str) -> Iterator[None]:
        begin_s = time.perf_counter()
        yield
        spent_s = time.perf_counter() - begin_s
        self._durations_s[step] = self._durations_s.get(step, 0.0) + spent_s


def sensor_facts(profile: RobotProfile, cameras: tuple[str, ...], mounts: CameraMounts) -> list[SensorFacts]:
    """What the profile says of each sensor that perception should have."""
    facts = []
    for name in cameras:
        camera = profile.cameras[name]
        levels = {"picture": camera.noise_levels, "depth": camera.depth_noise_m}
        noisy = tuple(kind for kind, level in levels.items() if level > 0.0)
        facts.append(SensorFacts(name, 1.0 / camera.rate_hz, noisy, mounts.is_carried(name)))
    streams = {name: stream for name, stream in profile.streams.items() if name == SCAN_STREAM}
    streams |= profile.clouds
    return [*facts, *(SensorFacts(name, 1.0 / stream.rate_hz) for name, stream in streams.items())]
