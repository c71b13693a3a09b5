"""Cameras, scans and clouds examined: what came in, beside what kinematics says it must show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.obstacles import SensorReport
from noetra_ros.core.types import FloatArray, JointState
from noetra_ros.perception.body_view import BodyView
from noetra_ros.perception.frames import CloudFrame, Pinhole, ScanFrame
from noetra_ros.perception.gathering import CameraShot
from noetra_ros.perception.joint_history import JointHistory
from noetra_ros.perception.sensor_finding import Finding
from noetra_ros.perception.sensor_health import SensorHealth
from noetra_ros.perception.sensor_sample import SensorFacts, SensorSample
from noetra_ros.robots.camera_mounts import CameraMounts
from noetra_ros.robots.link_surfaces import LinkSurfaces
from noetra_ros.robots.profile import Camera, RobotProfile

SCAN_STREAM = "scan"
CARRIED_MOVE = 0.005  # rad or m; a camera that was carried so far shows another picture


class Examination:
    """Use it from one thread.

    Args:
        profile: the robot.
        cameras: names of the cameras that are looked through.
        findings: what sensors are examined for, most important first.
        recover_frames: good measurements after which a finding is over.
        joints_gap_s: farther from a picture's stamp, a joint state says nothing.

    Raises:
        ConfigError: a camera on a link that the robot lacks.
    """

    def __init__(
        self,
        profile: RobotProfile,
        cameras: Iterable[str],
        findings: Mapping[str, Finding],
        recover_frames: int,
        joints_gap_s: float,
    ) -> None:
        self._mounts = CameraMounts(profile)
        self._joints = JointHistory(joints_gap_s)
        self._profile, names = profile, tuple(cameras)
        self._body = BodyView(LinkSurfaces(profile)) if names and profile.urdf_path is not None else None
        facts = sensor_facts(profile, names, self._mounts)
        # Where obstacles are not taken from, the mount need not be known to the centimetre.
        self._placed = frozenset(profile.cameras_for("perception") or names)
        self._noise_free = frozenset(fact.name for fact in facts if "picture" not in fact.noisy)
        self._health = SensorHealth(findings, facts, recover_frames)
        self._last: dict[str, tuple[CameraShot, FloatArray | None]] = {}

    def add_joints(self, joints: JointState) -> None:
        """Measured joints, needed before the pictures of their time."""
        self._joints.add(joints)

    def add_shot(self, shot: CameraShot) -> None:
        """A picture, with its depth where the camera gives it."""
        positions = self._joints.positions_at(shot.stamp_ns)
        self._health.add(
            SensorSample(
                shot.camera,
                shot.stamp_ns,
                shot.arrival_ns,
                rgb=shot.rgb,
                depth_m=shot.depth_m,
                body_m=self._body_m(shot, positions),
                changed_px=self._changed_px(shot, positions),
            )
        )
        self._last[shot.camera] = (shot, positions)

    def add_points(self, frame: ScanFrame | CloudFrame, now_ns: int) -> None:
        """A scan or a cloud."""
        data = frame.ranges_m if isinstance(frame, ScanFrame) else frame.points_m
        self._health.add(SensorSample(frame.sensor, frame.stamp_ns, now_ns, data=data))

    def reports(self, now_ns: int) -> tuple[SensorReport, ...]:
        """One report for each sensor, as of now."""
        return self._health.reports(now_ns)

    def base_from_optical(self, shot: CameraShot) -> FloatArray | None:
        """(4, 4) pose of the camera at the picture's stamp; None where the joints are not known."""
        positions = self._joints.positions_at(shot.stamp_ns)
        if positions is None and self._mounts.is_carried(shot.camera):
            return None
        return self._mounts.base_from_optical(shot.camera, np.empty(0) if positions is None else positions)

    def _body_m(self, shot: CameraShot, positions: FloatArray | None) -> NDArray[np.float32] | None:
        if self._body is None or positions is None or shot.depth_m is None or shot.lens is None:
            return None
        if shot.camera not in self._placed:
            return None
        height, width = shot.depth_m.shape
        pose = self._mounts.base_from_optical(shot.camera, positions)
        return self._body.depth((height, width), shot.lens, pose, positions)

    def _changed_px(self, shot: CameraShot, positions: FloatArray | None) -> int:
        """Worked out where it matters: for a picture without noise that repeats the last one."""
        last, before = self._last.get(shot.camera, (None, None))
        if last is None or before is None or positions is None or shot.camera not in self._noise_free:
            return 0
        if not np.array_equal(shot.rgb, last.rgb):
            return 0
        if self._mounts.is_carried(shot.camera):
            poses = [self._mounts.base_from_optical(shot.camera, q) for q in (before, positions)]
            has_moved = float(np.abs(poses[1] - poses[0]).max()) > CARRIED_MOVE
            return shot.rgb.shape[0] * shot.rgb.shape[1] if has_moved else 0
        if self._body is None:
            return 0
        return int(np.sum(self._outline(shot, before) != self._outline(shot, positions)))

    def _outline(self, shot: CameraShot, positions: FloatArray) -> NDArray[np.bool_]:
        """Pixels of a fixed camera that show the robot."""
        assert self._body is not None, "asked for by _changed_px only"
        camera = self._profile.cameras[shot.camera]
        lens = shot.lens or nominal_lens(camera)
        pose = self._mounts.base_from_optical(shot.camera, positions)
        return np.isfinite(self._body.depth(shot.rgb.shape[:2], lens, pose, positions))


def nominal_lens(camera: Camera) -> Pinhole:
    """Intrinsics by the profile's field of view, for a camera whose camera_info is not listened to."""
    focal_px = 0.5 * camera.height_px / math.tan(0.5 * camera.fovy_rad)
    return Pinhole(focal_px, focal_px, 0.5 * (camera.width_px - 1), 0.5 * (camera.height_px - 1))


def sensor_facts(profile: RobotProfile, cameras: Iterable[str], mounts: CameraMounts) -> list[SensorFacts]:
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
