"""Plugins that our worlds and models name, with where each name is written in the source of each release.

Releases: Harmonic = gz-sim 8 (ROS Jazzy), Ionic = gz-sim 9 (Kilted), Jetty = gz-sim 10 (Lyrical).
Read at gazebosim/gz-sim b81e26dab4ac (branch gz-sim8), b12613fc8227 (gz-sim9) and ccd66949f74f (gz-sim10),
the same in all three: the class in the line GZ_ADD_PLUGIN_ALIAS of the named file, the library after
gz_add_system in CMakeLists.txt beside it, which makes `gz-sim-<name>-system` of it.
ros-controls/gz_ros2_control fa9ced4713b6 (branch jazzy).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from xml.etree.ElementTree import Element

from noetra_ros.sim.gazebo.writing import add


@dataclass(frozen=True)
class Plugin:
    """A shared library and a class in it.

    Attributes:
        filename: library, without `lib` and `.so`.
        name: class.
        source: file that names the class.
    """

    filename: str
    name: str
    source: str


def _system(library: str, name: str, source: str) -> Plugin:
    return Plugin(f"gz-sim-{library}-system", f"gz::sim::systems::{name}", f"gz-sim: src/systems/{source}")


class System(Enum):
    """Plugins of gz-sim."""

    PHYSICS = _system("physics", "Physics", "physics/Physics.cc")
    USER_COMMANDS = _system("user-commands", "UserCommands", "user_commands/UserCommands.cc")
    SCENE_BROADCASTER = _system(
        "scene-broadcaster", "SceneBroadcaster", "scene_broadcaster/SceneBroadcaster.cc"
    )
    SENSORS = _system("sensors", "Sensors", "sensors/Sensors.cc")
    IMU = _system("imu", "Imu", "imu/Imu.cc")
    FORCE_TORQUE = _system("forcetorque", "ForceTorque", "force_torque/ForceTorque.cc")
    CONTACT = _system("contact", "Contact", "contact/Contact.cc")
    ODOMETRY = _system("odometry-publisher", "OdometryPublisher", "odometry_publisher/OdometryPublisher.cc")
    ROS2_CONTROL = Plugin(
        "gz_ros2_control-system",
        "gz_ros2_control::GazeboSimROS2ControlPlugin",
        "gz_ros2_control: gz_ros2_control/src/gz_ros2_control_plugin.cpp",
    )


ALWAYS = (System.PHYSICS, System.USER_COMMANDS, System.SCENE_BROADCASTER)
# Which plugin of the world a type of sensor needs.
SENSOR_SYSTEMS = {
    "camera": System.SENSORS,
    "rgbd_camera": System.SENSORS,
    "gpu_lidar": System.SENSORS,
    "imu": System.IMU,
    "force_torque": System.FORCE_TORQUE,
    "contact": System.CONTACT,
}


def add_plugin(parent: Element, system: System) -> Element:
    """The element `plugin`; its parameters are added to what comes back."""
    plugin = add(parent, "plugin", filename=system.value.filename, name=system.value.name)
    if system is System.SENSORS:
        add(plugin, "render_engine", "ogre2")
    return plugin
