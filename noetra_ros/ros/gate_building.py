"""Builds the core of the supervisor node: of one channel, or of all that are gated together with it."""

from __future__ import annotations

from rclpy.node import Node

from noetra_ros.robots.profile import Channel, RobotProfile
from noetra_ros.ros.urgency import at_ease
from noetra_ros.safety.assembly import Assembly, assemble, assemble_together
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.projection.projection import unheld
from noetra_ros.safety.settings import SupervisorSettings, without_blanks
from noetra_ros.safety.supervisor import Supervisor


def build_gate(
    node: Node, profile: RobotProfile, channel: str, settings: SupervisorSettings
) -> Supervisor | GatedTogether:
    """The gate, with what it cannot judge told to the log of the node, and why.

    Args:
        node: whose log.
        profile: robot.
        channel: name; empty = the default one.
        settings: in force.

    Raises:
        ConfigError: what is wrong in profile or settings.
    """
    names = profile.gated_with(channel)
    if len(names) == 1:
        own = profile.channel(channel)
        assembly = at_ease(lambda: assemble(profile, own, settings))
        _tell_left_out(node, assembly, own, settings)
        return assembly.supervisor
    supervisor, parts = at_ease(lambda: assemble_together(profile, names, settings))
    for name, part in parts.items():
        _tell_left_out(node, part, profile.channels[name], settings, f"channel {name}: ")
    return supervisor


def _tell_left_out(
    node: Node, assembly: Assembly, channel: Channel, settings: SupervisorSettings, of_channel: str = ""
) -> None:
    for name, reason in assembly.unmet.items():
        node.get_logger().info(f"{of_channel}check {name} is left out: {reason}")
    if reason := unheld(without_blanks(settings.barriers), channel):
        node.get_logger().warning(f"{of_channel}{reason}")
    for name in assembly.unwatched:
        node.get_logger().warning(f"self_collision cannot watch {name}: their hulls always overlap")
