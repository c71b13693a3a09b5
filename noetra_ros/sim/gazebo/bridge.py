"""Entries of ros_gz_bridge, and the table of types that it can translate.

Types: gazebosim/ros_gz 739cb42a5846 (branch jazzy), ros_gz_bridge/ros_gz_bridge/mappings.py; keys of
the file: ros_gz_bridge/README.md, "Configuring the Bridge via YAML". What each sensor sends:
gazebosim/gz-sensors c8159af0a0e5 (gz-sensors8), the file named beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

# ROS type -> Gazebo type.
TYPES = {
    "rosgraph_msgs/msg/Clock": "gz.msgs.Clock",
    "sensor_msgs/msg/Image": "gz.msgs.Image",  # CameraSensor.cc, RgbdCameraSensor.cc: rgb8, 32FC1
    "sensor_msgs/msg/CameraInfo": "gz.msgs.CameraInfo",  # CameraSensor.cc
    "sensor_msgs/msg/LaserScan": "gz.msgs.LaserScan",  # Lidar.cc
    "sensor_msgs/msg/Imu": "gz.msgs.IMU",  # ImuSensor.cc
    "geometry_msgs/msg/WrenchStamped": "gz.msgs.Wrench",  # ForceTorqueSensor.cc
    "geometry_msgs/msg/Twist": "gz.msgs.Twist",
    "geometry_msgs/msg/TwistStamped": "gz.msgs.Twist",
    "nav_msgs/msg/Odometry": "gz.msgs.Odometry",  # gz-sim: OdometryPublisher.cc
    "ros_gz_interfaces/msg/Contacts": "gz.msgs.Contacts",  # gz-sim: Contact.cc
}
TO_ROS, TO_GAZEBO = "GZ_TO_ROS", "ROS_TO_GZ"


@dataclass(frozen=True)
class Entry:
    """One topic that is handed over.

    Attributes:
        ros_topic: relative, so that the bridge's namespace counts; `/clock` alone is absolute.
        gazebo_topic: absolute.
        ros_type: package/msg/Name.
        direction: TO_ROS or TO_GAZEBO.
    """

    ros_topic: str
    gazebo_topic: str
    ros_type: str
    direction: str = TO_ROS

    @property
    def gazebo_type(self) -> str:
        """Type on Gazebo's side."""
        return TYPES[self.ros_type]


def in_processes(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """Entries for each bridge that is started.

    A bridge does not hear what it says itself on Gazebo's side (ros_gz 739cb42a5846, ros_gz_bridge/src/
    factory.hpp: SetIgnoreLocalMessages), so what comes back from there goes into a second one.
    """
    entries = tuple(entries)
    said = {entry.gazebo_topic for entry in entries if entry.direction == TO_GAZEBO}
    back = tuple(e for e in entries if e.direction == TO_ROS and e.gazebo_topic in said)
    return tuple(group for group in (tuple(e for e in entries if e not in back), back) if group)


def bridge_yaml(entries: Iterable[Entry]) -> str:
    """The file that the bridge's parameter `config_file` names."""
    rows = [
        {
            "ros_topic_name": entry.ros_topic,
            "gz_topic_name": entry.gazebo_topic,
            "ros_type_name": entry.ros_type,
            "gz_type_name": entry.gazebo_type,
            "direction": entry.direction,
        }
        for entry in entries
    ]
    return yaml.safe_dump(rows, sort_keys=False)
