"""Runs a launch file in a process of its own, as `ros2 launch` does: launched.py FILE [NAME:=VALUE]."""

import sys

from launch import LaunchDescription, LaunchService
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import AnyLaunchDescriptionSource

if __name__ == "__main__":
    arguments = [tuple(word.split(":=", 1)) for word in sys.argv[2:]]
    source = AnyLaunchDescriptionSource(sys.argv[1])
    service = LaunchService()
    service.include_launch_description(
        LaunchDescription([IncludeLaunchDescription(source, launch_arguments=arguments)])
    )
    sys.exit(service.run())
