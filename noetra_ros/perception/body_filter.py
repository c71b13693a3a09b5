"""The robot's own body: which points are its own, and what it hides from a sensor."""

from __future__ import annotations

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.perception.frames import BoolArray, Points
from noetra_ros.perception.segments import segment_distances, squared_distances
from noetra_ros.robots.link_capsules import LinkCapsules
from noetra_ros.robots.profile import RobotProfile


class BodyFilter:
    """Capsules of the robot's links at one configuration, grown by a margin.

    A robot without joints (a mobile base) has no links that its sensors see: nothing is removed.

    Args:
        profile: the robot.
        margin_m: points this close to a capsule count as the robot's own.

    Raises:
        ConfigError: the robot has joints, but no URDF that says where its links are.
    """

    def __init__(self, profile: RobotProfile, margin_m: float) -> None:
        self._capsules = LinkCapsules(profile) if profile.joint_names else None
        self._segments = np.zeros((0, 2, 3))
        self.reach_m = np.zeros(0)
        if self._capsules is not None:
            self.reach_m = self._capsules.radii_m + margin_m

    @property
    def has_joints(self) -> bool:
        """Joint positions are needed."""
        return self._capsules is not None

    def pose(self, positions: FloatArray) -> None:
        """Sets the configuration, (j,) rad or m, profile order."""
        if self._capsules is not None:
            self._segments = self._capsules.segments(positions)

    def is_body(self, points_base: Points) -> BoolArray:
        """(N,) bool: points within the margin of a link."""
        is_body = np.zeros(len(points_base), dtype=bool)
        if not len(self._segments):
            return is_body
        low = (self._segments.min(axis=1) - self.reach_m[:, None]).min(axis=0)
        high = (self._segments.max(axis=1) + self.reach_m[:, None]).max(axis=0)
        near = np.flatnonzero(((points_base >= low) & (points_base <= high)).all(axis=1))
        squared = squared_distances(points_base[near], self._segments)
        is_body[near] = (squared <= np.square(self.reach_m).astype(np.float32)[:, None]).any(axis=0)
        return is_body

    def hiding_radius_m(self, origin_base: FloatArray, points_base: FloatArray) -> FloatArray:
        """How far the link that hides a point reaches around its axis.

        Args:
            origin_base: (3,) where the sensor is.
            points_base: (N, 3) m.

        Returns:
            (N,) m: of the widest link across the line from sensor to point; 0 where none is.
        """
        if not len(self._segments) or not len(points_base):
            return np.zeros(len(points_base))
        lines = np.stack([np.broadcast_to(origin_base, points_base.shape), points_base], axis=1)
        is_across = segment_distances(lines, self._segments) <= self.reach_m
        radius_m: FloatArray = np.where(is_across, self.reach_m, 0.0).max(axis=1)
        return radius_m
