"""A window on the simulated robot, in MuJoCo's own viewer: the world, obstacles, separation from people.

    python -m noetra_ros.cli.live_view ROBOT VARIATION

It only looks: nothing in the graph knows of it, and closing the window ends nothing but this program.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass, field

import mujoco.viewer
import numpy as np
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from sensor_msgs.msg import JointState

from noetra_ros.cli.episodes import pose_rows
from noetra_ros.cli.live_shapes import LiveShapes
from noetra_ros.core.types import FloatArray
from noetra_ros.msg import PhysicsState
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_state_from_message
from noetra_ros.sim.world import make_world

FRAME_S = 1.0 / 30.0
LOOK_AT_M, DISTANCE_M = (0.15, 0.0, 0.08), 0.9


@dataclass
class Seen:
    """The newest of what is shown."""

    names: tuple[str, ...]
    physics: PhysicsState | None = None
    positions: FloatArray = field(default_factory=lambda: np.zeros(0))

    def on_physics(self, message: PhysicsState) -> None:
        """Objects, and the episode they belong to."""
        self.physics = message

    def on_joints(self, message: JointState) -> None:
        """Joints, ten times as often."""
        self.positions = joint_state_from_message(message, self.names).positions


def show(robot: str, variation: str) -> None:
    """Keep a window up to date until it is closed."""
    profile = load_robot(robot)
    world = make_world(profile)
    seen, shapes, episode = Seen(profile.joint_names), LiveShapes(), -1
    rclpy.init(args=[])
    node = Node("noetra_live_view")
    interfaces.PHYSICS_STATE.subscription(node, seen.on_physics)
    interfaces.JOINT_STATES.subscription(node, seen.on_joints, profile.streams["joint_states"].topic)
    interfaces.OBSTACLES.subscription(node, shapes.on_obstacles)
    interfaces.SEPARATION.subscription(node, shapes.on_separation)
    os.nice(10)  # what draws must not disturb what drives
    model, data = world.model_and_data()
    with mujoco.viewer.launch_passive(model, data, show_left_ui=False, show_right_ui=False) as window:
        window.cam.lookat[:], window.cam.distance = LOOK_AT_M, DISTANCE_M
        window.cam.azimuth, window.cam.elevation = 140.0, -30.0
        while window.is_running() and rclpy.ok():
            rclpy.spin_once(node, timeout_sec=FRAME_S)
            if seen.physics is None or not seen.positions.size:
                continue
            with window.lock():
                if seen.physics.episode != episode:
                    episode = seen.physics.episode
                    world.reset(int(seen.physics.seed), variation, seen.physics.person)
                objects = pose_rows(seen.physics, world.object_names)
                world.show(seen.positions, objects, seen.physics.episode_s)
                window.user_scn.ngeom = 0
                shapes.draw(window.user_scn, data)
            window.sync()
    node.destroy_node()
    rclpy.try_shutdown()


if __name__ == "__main__":
    with contextlib.suppress(ExternalShutdownException, KeyboardInterrupt):  # the demo is over
        show(*sys.argv[1:3])
