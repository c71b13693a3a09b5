"""The robot's links as convex hulls: where they are, how near two of them are, and how joints change that."""

from __future__ import annotations

from dataclasses import dataclass

import coal
import numpy as np
import pinocchio
from numpy.typing import NDArray

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.types import FloatArray
from noetra_ros.robots.body_faults import body_faults
from noetra_ros.robots.chain_reach import chain_reach
from noetra_ros.robots.joint_order import JointOrder
from noetra_ros.robots.link_shapes import LinkHull, link_hulls
from noetra_ros.robots.profile import RobotProfile

_REQUEST = coal.DistanceRequest()


@dataclass(frozen=True)
class Gap:
    """The nearest points of two shapes.

    Attributes:
        room_m: between the surfaces; negative = inside one another.
        points_m: (2, 3) on the first and the second, base frame.
        towards: (3,) unit, from the first to the second; base frame.
    """

    room_m: float
    points_m: FloatArray
    towards: FloatArray


class LinkHulls:
    """Convex hulls of the URDF's collision shapes, part by part.

    Args:
        profile: robot with a URDF.

    Raises:
        ConfigError: no URDF; no link with a shape; a link moved by a joint that the profile lacks; a base
            frame that moves.

    Attributes:
        links: link of each hull, (n).
        supports: (n, j) true where joint j of the profile moves the hull.
        reach: (n, j) the farthest that a point of the hull goes per unit of joint j, whatever the posture.
    """

    def __init__(self, profile: RobotProfile) -> None:
        if profile.urdf_path is None:
            fault = Fault("urdf", "nothing", "a URDF file", "the shapes of the links come from it")
            raise ConfigError(f"robot {profile.name}", [fault])
        self._model = pinocchio.buildModelFromUrdf(str(profile.urdf_path))
        self._hulls: tuple[LinkHull, ...] = link_hulls(profile.urdf_path)
        self.links = tuple(hull.link for hull in self._hulls)
        faults = body_faults(profile, self._model, self.links)
        if faults:
            raise ConfigError(f"robot {profile.name}", faults)
        self._data = self._model.createData()
        self._order = JointOrder(self._model, profile.joint_names, profile.urdf_path)
        bodies = tuple(dict.fromkeys(self.links))  # a link may have several hulls, and is placed once
        self._body_of = [bodies.index(link) for link in self.links]
        self._bodies = [self._model.getFrameId(link, pinocchio.FrameType.BODY) for link in bodies]
        self._frames = [self._bodies[body] for body in self._body_of]
        self._joints = self._moving_joints()
        self._moves = self._supports()
        self.supports = self._order.folded_most(self._moves.astype(float)) > 0.0
        columns = list(self._order.velocities_at)
        pairs = zip(self._frames, self._hulls, strict=True)
        reach = np.array([chain_reach(self._model, f, hull.farthest_m, columns) for f, hull in pairs])
        self.reach = self._order.folded_most(reach)
        pinocchio.framesForwardKinematics(self._model, self._data, pinocchio.neutral(self._model))
        self._base_from_world = self._data.oMf[
            self._model.getFrameId(profile.base_frame, pinocchio.FrameType.BODY)
        ].inverse()
        self._columns = np.zeros((6, len(self._joints)))
        self._base_from_world_matrix = np.array(self._base_from_world.homogeneous)
        self._middles, self._radii_m = _balls(self._hulls)
        self._centres_m: FloatArray | None = None
        self._transforms: dict[int, coal.Transform3s] = {}
        self._positions = np.zeros(0)

    def place(self, positions: FloatArray) -> None:
        """Puts the robot into the posture (j,) rad or m, profile order, that all that follows is about."""
        if np.array_equal(positions, self._positions):
            return
        self._positions = np.array(positions, dtype=np.float64)
        self._configuration = self._order.configuration(self._positions)
        pinocchio.framesForwardKinematics(self._model, self._data, self._configuration)
        self._transforms, self._centres_m = {}, None
        self._has_columns = False

    def balls(self) -> tuple[FloatArray, FloatArray]:
        """Balls that hold the hulls: (n, 3) m centres, base frame, and (n,) m radii."""
        if self._centres_m is None:
            world_from_link = np.array([self._data.oMf[body].homogeneous for body in self._bodies])
            places = (self._base_from_world_matrix @ world_from_link)[self._body_of]
            self._centres_m = (places @ self._middles)[:, :3, 0]
        return self._centres_m, self._radii_m

    def ball_gaps(self, first: NDArray[np.intp], second: NDArray[np.intp]) -> FloatArray:
        """(k,) m between the balls of pairs of hulls: at most their `gap`, in a twentieth of the time."""
        centres_m, radii_m = self.balls()
        apart = centres_m[first] - centres_m[second]
        gaps: FloatArray = np.sqrt(np.add.reduce(apart * apart, axis=1)) - radii_m[first] - radii_m[second]
        return gaps

    def gap(self, first: int, second: int) -> Gap:
        """Between two hulls."""
        return shape_gap(
            self._hulls[first].shape,
            self._transform(first),
            self._hulls[second].shape,
            self._transform(second),
        )

    def gap_to(self, hull: int, solid: coal.CollisionGeometry, base_from_solid: coal.Transform3s) -> Gap:
        """Between a hull and a shape of the surroundings."""
        return shape_gap(self._hulls[hull].shape, self._transform(hull), solid, base_from_solid)

    def speed_row(self, hull: int, point_m: FloatArray, direction: FloatArray) -> FloatArray:
        """(j,) speed of a point of a hull along a direction, per speed of each joint.

        Args:
            hull: that the point (3,) m, base frame, is fixed to.
            point_m: the point.
            direction: (3,) unit, base frame.
        """
        if not self._has_columns:
            columns = pinocchio.computeJointJacobians(self._model, self._data, self._configuration)
            turn, shift = self._base_from_world.rotation, self._base_from_world.translation
            angular = turn @ columns[3:, self._order.velocities_at]
            linear = turn @ columns[:3, self._order.velocities_at] + np.cross(shift, angular, axisb=0).T
            self._columns = np.vstack([linear, angular])
            self._has_columns = True
        lever = np.array(
            [
                point_m[1] * direction[2] - point_m[2] * direction[1],
                point_m[2] * direction[0] - point_m[0] * direction[2],
                point_m[0] * direction[1] - point_m[1] * direction[0],
            ]
        )
        row: FloatArray = (direction @ self._columns[:3] + lever @ self._columns[3:]) * self._moves[hull]
        return self._order.folded(row)

    def _transform(self, hull: int) -> coal.Transform3s:
        """Where the link of a hull is; reckoned when it is asked for: most links are far from everything."""
        body = self._body_of[hull]
        if body not in self._transforms:
            place = self._base_from_world * self._data.oMf[self._bodies[body]]
            self._transforms[body] = coal.Transform3s(place.rotation, place.translation)
        return self._transforms[body]

    def _moving_joints(self) -> list[int]:
        """Number in the model of each joint of the profile, and of those that mimic one."""
        joints_at = {self._model.joints[joint].idx_v: joint for joint in range(1, self._model.njoints)}
        return [joints_at[column] for column in self._order.velocities_at]

    def _supports(self) -> NDArray[np.bool_]:
        """(n, j + f) true where a joint of the profile, or one that mimics it, moves hull i."""
        supports = [set(self._model.supports[self._model.frames[f].parentJoint]) for f in self._frames]
        return np.array([[joint in support for joint in self._joints] for support in supports], dtype=bool)


def _balls(hulls: tuple[LinkHull, ...]) -> tuple[FloatArray, FloatArray]:
    """(n, 4, 1) m centres in the links' frames, with a 1 below them, and (n,) m radii."""
    for hull in hulls:
        hull.shape.computeLocalAABB()
    middles = [[*np.array(hull.shape.aabb_center).ravel(), 1.0] for hull in hulls]
    return np.array(middles)[:, :, np.newaxis], np.array([hull.shape.aabb_radius for hull in hulls])


def shape_gap(
    first: coal.CollisionGeometry,
    base_from_first: coal.Transform3s,
    second: coal.CollisionGeometry,
    base_from_second: coal.Transform3s,
) -> Gap:
    """Nearest points of two shapes of coal; inside one another the deepest ones."""
    result = coal.DistanceResult()
    coal.distance(first, base_from_first, second, base_from_second, _REQUEST, result)
    return Gap(
        result.min_distance,
        np.array([result.getNearestPoint1(), result.getNearestPoint2()]),
        np.array(result.normal),
    )
