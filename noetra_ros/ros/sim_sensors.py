"""The simulated robot's sensors but the cameras: clock, joint states, odometry, scan, wrench, truth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from geometry_msgs.msg import Point, Pose, WrenchStamped
from nav_msgs.msg import Odometry as OdometryMessage
from rclpy.node import Node
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import LaserScan

from noetra_ros.core.types import FloatArray
from noetra_ros.msg import PhysicsState
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import NS_PER_S, joint_state_to_message, ns_to_stamp
from noetra_ros.sim.person_figure import PART_REGIONS, PARTS
from noetra_ros.sim.world import World

ODOM_FRAME = "odom"
SCAN_FRAME = "laser_link"
TRUTH_HZ = 10.0
STATES = ("joint_states", "odom")


@dataclass(frozen=True)
class Episode:
    """What the running episode was started with."""

    number: int
    seed: int
    task: str
    variation: str
    person: str


class Sensors:
    """Publishes what the profile's streams name, each at its rate.

    In lock-step the robot's own state goes out with every tick, also where the profile names a lower rate:
    streamer and supervisor take it for the beginning of the tick.

    Args:
        node: where the publishers live.
        profile: the robot.
        world: what is measured.
        tick_hz: how often `publish` is called.
        is_lock_step: time waits for the graph.
    """

    def __init__(
        self, node: Node, profile: RobotProfile, world: World, tick_hz: float, is_lock_step: bool
    ) -> None:
        self._profile, self._world = profile, world
        self._clock = interfaces.CLOCK.publisher(node)
        self._truth = interfaces.PHYSICS_STATE.publisher(node)
        self._outputs: list[tuple[int, Any, Any]] = []
        makers = {
            "joint_states": (interfaces.JOINT_STATES, self._joint_states),
            "odom": (interfaces.ODOM, self._odometry),
            "scan": (interfaces.SCAN, self._scan),
            "wrench": (interfaces.WRENCH, self._wrench),
        }
        for name, stream in profile.streams.items():
            if name in makers:
                topic, make = makers[name]
                is_beat = is_lock_step and name in STATES
                every = 1 if is_beat else max(1, round(tick_hz / stream.rate_hz))
                self._outputs.append((every, topic.publisher(node, stream.topic), make))

    def publish(self, tick: int, stamp_ns: int) -> None:
        """The sensors that are due at this tick, then the clock.

        The clock goes last: whoever wakes up by it finds the measurements of its instant on their way.
        """
        stamp = ns_to_stamp(stamp_ns)
        for every, publisher, make in self._outputs:
            if tick % every == 0:
                publisher.publish(make(stamp))
        self._clock.publish(Clock(clock=stamp))

    def publish_truth(self, stamp_ns: int, episode: Episode, real_time_factor: float) -> None:
        """The state of the world, for judging only."""
        joints, scene = self._world.joint_state(), self._world.truth()
        names, poses = list(self._world.object_names), [_pose(p) for p in self._world.object_poses()]
        message = PhysicsState(
            episode=episode.number,
            seed=episode.seed,
            task=episode.task,
            joint_names=list(joints.names),
            joint_positions=joints.positions.tolist(),
            joint_velocities=joints.velocities.tolist(),
            real_time_factor=real_time_factor,
        )
        if scene is not None:
            names.append("bowl")
            poses.append(_pose(np.array([*scene.bowl_position_m, 1.0, 0.0, 0.0, 0.0])))
            message.tool_pose = _pose(np.array([*scene.tool_point_m, 1.0, 0.0, 0.0, 0.0]))
        message.object_names, message.object_poses = names, poses
        self._add_person(message)
        message.header.frame_id = "world"
        message.header.stamp = ns_to_stamp(stamp_ns)
        self._truth.publish(message)

    def _add_person(self, message: PhysicsState) -> None:
        person = self._world.person()
        message.episode_s, message.person_distance = self._world.episode_s, math.inf
        if person is None:
            return
        message.person, message.is_person_present = person.kind, person.is_present
        message.person_contacts = len(person.touches)
        if person.is_present:
            message.person_parts, message.person_regions = list(PARTS), list(PART_REGIONS.values())
            message.person_radii = person.radii_m.tolist()
            ends = person.segments_m.reshape(-1, 3).tolist()
            message.person_ends = [Point(x=x, y=y, z=z) for x, y, z in ends]
            message.person_distance = person.distance_m()

    def _joint_states(self, stamp: Any) -> Any:
        message = joint_state_to_message(self._world.joint_state())
        message.header.stamp = stamp
        return message

    def _odometry(self, stamp: Any) -> OdometryMessage:
        odometry = self._world.odometry()
        if odometry is None:
            raise ValueError(f"the profile names odom, but world of {self._profile.name} has no base")
        message = OdometryMessage(child_frame_id=self._profile.base_frame)
        message.header.stamp, message.header.frame_id = stamp, ODOM_FRAME
        message.pose.pose.position.x, message.pose.pose.position.y = odometry.position_m.tolist()
        message.pose.pose.orientation.z = math.sin(odometry.yaw_rad / 2.0)
        message.pose.pose.orientation.w = math.cos(odometry.yaw_rad / 2.0)
        message.twist.twist.linear.x = odometry.linear_mps
        message.twist.twist.angular.z = odometry.angular_radps
        return message

    def _scan(self, stamp: Any) -> LaserScan:
        scan = self._world.scan()
        if scan is None:
            raise ValueError(f"the profile names scan, but world of {self._profile.name} has no scanner")
        message = LaserScan(
            angle_min=scan.angle_min_rad,
            angle_max=scan.angle_min_rad + scan.angle_step_rad * (len(scan.ranges_m) - 1),
            angle_increment=scan.angle_step_rad,
            range_min=scan.range_min_m,
            range_max=scan.range_max_m,
            ranges=scan.ranges_m.astype(np.float32).tolist(),
        )
        message.header.stamp, message.header.frame_id = stamp, SCAN_FRAME
        return message

    def _wrench(self, stamp: Any) -> WrenchStamped:
        wrench = self._world.wrench()
        if wrench is None:
            raise ValueError(
                f"the profile names wrench, but world of {self._profile.name} has no such sensor"
            )
        message = WrenchStamped()
        message.header.stamp, message.header.frame_id = stamp, "wrench_link"
        force, torque = message.wrench.force, message.wrench.torque
        force.x, force.y, force.z, torque.x, torque.y, torque.z = wrench.tolist()
        return message


def truth_every(tick_hz: float) -> int:
    """Ticks between two reports of the truth."""
    return max(1, round(tick_hz / TRUTH_HZ))


def tick_rate_hz(profile: RobotProfile) -> float:
    """Control rate of the simulation: the fastest channel or measured stream."""
    rates = [c.rate_hz for c in profile.channels.values()] + [s.rate_hz for s in profile.streams.values()]
    return max(rates)


def steps_per_tick(world: World, tick_hz: float) -> int:
    """Physics steps between two ticks."""
    return max(1, round(1.0 / (tick_hz * world.step_s)))


def tick_period_ns(world: World, tick_hz: float) -> int:
    """Simulated time between two ticks, a whole number of physics steps."""
    return round(steps_per_tick(world, tick_hz) * world.step_s * NS_PER_S)


def _pose(values: FloatArray) -> Pose:
    """x, y, z in m and quaternion wxyz."""
    pose = Pose()
    pose.position.x, pose.position.y, pose.position.z = values[:3].tolist()
    q = pose.orientation
    q.w, q.x, q.y, q.z = values[3:].tolist()
    return pose
