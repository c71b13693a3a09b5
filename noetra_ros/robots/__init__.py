"""Robot profiles: what a robot offers (topics, joints, command channels, limits), and its kinematics."""

from noetra_ros.robots.profile import RobotProfile, load_robot

__all__ = ["RobotProfile", "load_robot"]
