"""From what sensors measure to tracked obstacles: the steps, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from noetra_ros.core.errors import single_fault
from noetra_ros.core.obstacles import DetectedObject, ObstacleScene, SensorReport
from noetra_ros.core.types import FloatArray, JointState
from noetra_ros.perception.body_filter import BodyFilter
from noetra_ros.perception.cloud import cloud_of_depth
from noetra_ros.perception.clusters import cluster_labels
from noetra_ros.perception.explanation import Explanations
from noetra_ros.perception.frames import BoolArray, Cloud, CloudFrame, DepthFrame, Points, ScanFrame
from noetra_ros.perception.joint_history import JointHistory
from noetra_ros.perception.measuring import Gathered, measure_clusters
from noetra_ros.perception.scan_points import cloud_of_points, cloud_of_scan
from noetra_ros.perception.settings import GeometrySettings
from noetra_ros.perception.step_times import StepTimes
from noetra_ros.perception.table_plane import Plane, configured_plane, fitted_plane
from noetra_ros.perception.tracking import Tracker
from noetra_ros.robots.profile import RobotProfile

SCAN_STREAM = "scan"


class Pipeline:
    """Everything around the robot, its own body left out. Use it from one thread.

    Each frame goes at once through: points, region, table, body. A scene takes the newest points of all
    sensors through: clusters, explanation, parts, shapes, tracks.

    Args:
        profile: the robot.
        settings: thresholds.

    Raises:
        ConfigError: a camera without depth, a fixture that cannot be read, a robot with joints and no URDF.

    Attributes:
        times: how long each step took the last time.
        left_out: frames that could not be used, by sensor: no joint state close enough to their stamp, or not
            among the sensors that scenes rest on.
    """

    def __init__(self, profile: RobotProfile, settings: GeometrySettings) -> None:
        self._settings = settings
        self._frame = profile.base_frame
        self._sensors = scene_sensors(profile, settings)
        self._body = BodyFilter(profile, settings.body_margin_m)
        self._joints = JointHistory(settings.joints_gap_s)
        self._explanations = Explanations(settings)
        self._tracker = Tracker(settings)
        self._clouds: dict[str, Cloud] = {}
        self._plane: Plane | None = None
        self._has_new = False
        self.times = StepTimes()
        self.left_out: Counter[str] = Counter()

    def add_joints(self, joints: JointState) -> None:
        """Takes measured joints, profile order; needed before the frames of their time."""
        self._joints.add(joints)

    def add_objects(self, objects: Iterable[DetectedObject], stamp_ns: int) -> None:
        """Takes what recognition saw in one picture, stamped with that picture's time."""
        self._explanations.add(objects, stamp_ns)

    def add_depth(self, frame: DepthFrame) -> None:
        """Takes a depth picture."""
        with self.times.measure("points"):
            cloud = cloud_of_depth(frame, self._settings)
        self._add(cloud)

    def add_scan(self, scan: ScanFrame) -> None:
        """Takes a laser scan."""
        self._add(cloud_of_scan(scan, self._settings))

    def add_cloud(self, frame: CloudFrame) -> None:
        """Takes points of another sensor."""
        self._add(cloud_of_points(frame, self._settings))

    def scene(self, now_ns: int, reports: Iterable[SensorReport] = ()) -> ObstacleScene:
        """All obstacles, moved on to `now_ns`.

        Args:
            now_ns: instant that positions are predicted for.
            reports: judgement on the sensors, passed on.

        Returns:
            Stamped with the oldest of the sensors' newest frames; 0 while one of them has sent nothing yet.
        """
        if self._has_new:
            self._track()
        stamps = [self._clouds[name].stamp_ns if name in self._clouds else 0 for name in self._sensors]
        return ObstacleScene(min(stamps), self._frame, self._tracker.obstacles(now_ns), tuple(reports))

    def _add(self, cloud: Cloud) -> None:
        """Leaves only what is neither outside the region, nor the robot, nor the table."""
        positions = self._joints.positions_at(cloud.stamp_ns)
        if cloud.sensor not in self._sensors or (self._body.has_joints and positions is None):
            self.left_out[cloud.sensor] += 1
            return
        with self.times.measure("region"):
            cloud = cloud.keep(is_inside(cloud.points_base, self._settings))
        with self.times.measure("table"):
            self._plane = self._find_plane(cloud.points_base)
            if self._plane is not None:
                clearance_m = self._settings.table_clearance_m
                cloud = cloud.keep(self._plane.is_above(cloud.points_base, clearance_m))
        with self.times.measure("body"):
            if positions is not None:
                self._body.pose(positions)
            cloud = cloud.keep(~self._body.is_body(cloud.points_base))
        if cloud.sensor in self._clouds and cloud.stamp_ns < self._clouds[cloud.sensor].stamp_ns:
            self._start_anew()
        self._clouds[cloud.sensor] = cloud
        self._has_new = True

    def _start_anew(self) -> None:
        """Forgets what it saw: the clock was set back, so nothing of it can be dated."""
        self._clouds.clear()
        self._tracker.forget()
        self._explanations.forget()

    def _find_plane(self, points_base: Points) -> Plane | None:
        """The table; the configured one where none can be fitted."""
        if self._settings.table == "none":
            return None
        fitted = fitted_plane(points_base, self._settings) if self._settings.table == "fitted" else None
        return fitted or configured_plane(self._settings.table_height_m)

    def _track(self) -> None:
        """Clusters of the newest points of all sensors become measurements of tracks."""
        self._has_new = False
        newest_ns = max(cloud.stamp_ns for cloud in self._clouds.values())
        self._explanations.forget_old(newest_ns)
        with self.times.measure("clusters"):
            clouds = list(self._clouds.values())
            gathered = Gathered(clouds, self._plane, self._settings.unseen_thickness_m)
            labels = cluster_labels(gathered.points_base, self._settings.voxel_m)
        with self.times.measure("shapes"):
            measured = list(measure_clusters(gathered, labels, self._explanations, self._settings))
        with self.times.measure("tracks"):
            self._tracker.update(measured, newest_ns, self._hiding_radius_m)

    def _hiding_radius_m(self, points_base: FloatArray) -> FloatArray:
        """(N,) m, reach of the link that hides a point from any of the sensors; 0 = in sight."""
        radii = [self._body.hiding_radius_m(c.origin_base, points_base) for c in self._clouds.values()]
        return np.asarray(np.max([*radii, np.zeros(len(points_base))], axis=0))


def scene_sensors(profile: RobotProfile, settings: GeometrySettings) -> tuple[str, ...]:
    """Names of the sensors that scenes rest on: those set, or the cameras that the profile gives to
    perception (all with depth where it names none), scan and clouds.

    Raises:
        ConfigError: none at all, or a camera without depth.
    """
    depth_cameras = [name for name, camera in profile.cameras.items() if camera.has_depth]
    scans = [name for name in profile.streams if name == SCAN_STREAM]
    looking = [name for name in profile.cameras_for("perception") if name in depth_cameras] or depth_cameras
    chosen = tuple(name for name in settings.sensors if name) or (*looking, *scans, *profile.clouds)
    blind = [name for name in chosen if name in profile.cameras and name not in depth_cameras]
    if blind or not chosen:
        got = f"{blind[0]!r}, a camera without depth" if blind else "nothing"
        expected = "a depth camera, a scan or a cloud"
        raise single_fault(f"robot {profile.name}", "sensors", got, expected)
    return chosen


def is_inside(points_base: Points, settings: GeometrySettings) -> BoolArray:
    """(N,) bool: points in the region that is looked at."""
    inside = np.ones(len(points_base), dtype=bool)
    for axis, (low, high) in enumerate(zip(settings.region_lower_m, settings.region_upper_m, strict=True)):
        column = points_base[:, axis]
        inside &= (column >= np.float32(low)) & (column <= np.float32(high))
    return inside
