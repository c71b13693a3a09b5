"""Gathers what sensors send until somebody takes it: picture and depth of one instant belong together."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noetra_ros.core.types import CameraFrame, ImageArray, JointState
from noetra_ros.perception.frames import CloudFrame, Pinhole, ScanFrame

NS_PER_S = 1e9
MOST_KEPT = 3  # shots of one camera
REMEMBERED = 64  # shots whose coming is remembered after they were taken


@dataclass(frozen=True)
class CameraShot:
    """What one camera saw at one instant.

    Attributes:
        camera: name in the robot profile.
        stamp_ns: time of exposure.
        arrival_ns: when it was complete, on the clock of the stamps.
        rgb: (height, width, 3) uint8.
        depth_m: (height, width) float32, m; None for a camera without depth.
        lens: intrinsics; None for a camera without depth.
    """

    camera: str
    stamp_ns: int
    arrival_ns: int
    rgb: ImageArray
    depth_m: NDArray[np.float32] | None = None
    lens: Pinhole | None = None


@dataclass(frozen=True)
class Intake:
    """All that came since the last one was taken, oldest first."""

    shots: tuple[CameraShot, ...] = ()
    joints: tuple[JointState, ...] = ()
    scans: tuple[ScanFrame, ...] = ()
    clouds: tuple[CloudFrame, ...] = ()


@dataclass
class _Halves:
    """Parts of a shot that has not been completed."""

    frame: CameraFrame | None = None
    depth_ns: int = 0
    depth_m: NDArray[np.float32] | None = None
    lens: Pinhole | None = None


class Gatherer:
    """Takes from the executor's thread, gives to the worker's.

    Args:
        depth_cameras: cameras whose shots need depth and intrinsics.
        period_s: time between two pictures, by camera; picture and depth belong together within half of it.
        keeps_all: lock-step: a shot is not replaced by the next one. Only while the graph comes up, and
            nobody waits for perception yet, the oldest go.
    """

    def __init__(
        self, depth_cameras: Sequence[str], period_s: dict[str, float], keeps_all: bool = False
    ) -> None:
        self._halves = {name: _Halves() for name in depth_cameras}
        self._apart_ns = {name: 0.5 * period * NS_PER_S for name, period in period_s.items()}
        self._keeps_all = keeps_all
        self._lock = threading.Lock()
        self._shots: list[CameraShot] = []
        self._joints: list[JointState] = []
        self._scans: list[ScanFrame] = []
        self._clouds: list[CloudFrame] = []
        self._joints_ns = 0
        self._seen: deque[tuple[str, int]] = deque(maxlen=REMEMBERED)

    def add_picture(self, frame: CameraFrame, now_ns: int) -> None:
        """A colour picture."""
        if frame.camera not in self._halves:
            self._keep(CameraShot(frame.camera, frame.stamp_ns, now_ns, frame.rgb))
            return
        self._halves[frame.camera].frame = frame
        self._complete(frame.camera, now_ns)

    def add_depth(self, camera: str, stamp_ns: int, depth_m: NDArray[np.float32], now_ns: int) -> None:
        """A depth picture."""
        halves = self._halves[camera]
        halves.depth_ns, halves.depth_m = stamp_ns, depth_m
        self._complete(camera, now_ns)

    def add_lens(self, camera: str, lens: Pinhole, now_ns: int) -> None:
        """Intrinsics."""
        self._halves[camera].lens = lens
        self._complete(camera, now_ns)

    def add_joints(self, joints: JointState) -> None:
        """Measured joints."""
        with self._lock:
            self._joints.append(joints)
            self._joints_ns = joints.stamp_ns

    def add_scan(self, scan: ScanFrame) -> None:
        """A laser scan."""
        with self._lock:
            self._scans.append(scan)

    def add_cloud(self, cloud: CloudFrame) -> None:
        """Points of another sensor."""
        with self._lock:
            self._clouds.append(cloud)

    @property
    def has_sights(self) -> bool:
        """Something other than joint states waits to be taken."""
        return bool(self._shots or self._scans or self._clouds)

    @property
    def joints_ns(self) -> int:
        """Stamp of the newest joint state that has come, whether taken or not; 0 = none."""
        return self._joints_ns

    def has_shot(self, camera: str, stamp_ns: int) -> bool:
        """A shot of this camera and stamp has come; late work may have taken it already."""
        return (camera, stamp_ns) in self._seen

    def take(self) -> Intake:
        """All that waits, oldest first; the shots of one stamp in the order of their cameras' names."""
        with self._lock:
            shots = sorted(self._shots, key=lambda shot: (shot.arrival_ns, shot.camera))
            intake = Intake(tuple(shots), tuple(self._joints), tuple(self._scans), tuple(self._clouds))
            self._shots, self._joints, self._scans, self._clouds = [], [], [], []
        return intake

    def _complete(self, camera: str, now_ns: int) -> None:
        halves = self._halves[camera]
        frame, depth_m, lens = halves.frame, halves.depth_m, halves.lens
        if frame is None or depth_m is None or lens is None:
            return
        if abs(frame.stamp_ns - halves.depth_ns) > self._apart_ns[camera]:
            return
        halves.frame = halves.depth_m = None
        self._keep(CameraShot(camera, halves.depth_ns, now_ns, frame.rgb, depth_m, lens))

    def _keep(self, shot: CameraShot) -> None:
        with self._lock:
            own = [kept for kept in self._shots if kept.camera == shot.camera]
            most = MOST_KEPT if self._keeps_all else 1
            late = {id(kept) for kept in own[: max(0, len(own) + 1 - most)]}
            self._shots = [kept for kept in self._shots if id(kept) not in late]
            self._shots.append(shot)
            self._seen.append((shot.camera, shot.stamp_ns))
