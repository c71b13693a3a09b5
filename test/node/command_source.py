"""A source of good joint commands, to be killed: the first joint swings slowly, from rest.

python command_source.py TOPIC
"""

import contextlib
import math
import sys

import rclpy
from rclpy.executors import ExternalShutdownException
from std_msgs.msg import Float64MultiArray

HOME = [0.0, -1.0, 0.9, 0.9, 0.0, 0.6]
PERIOD_S = 0.01


def main() -> None:
    rclpy.init()
    node = rclpy.create_node("command_source")
    publisher = node.create_publisher(Float64MultiArray, sys.argv[1], 10)
    count = 0

    def send() -> None:
        nonlocal count
        swing = 0.3 * (1.0 - math.cos(2.0 * math.pi * 0.2 * PERIOD_S * count))
        publisher.publish(Float64MultiArray(data=[swing, *HOME[1:]]))
        count += 1

    node.create_timer(PERIOD_S, send)
    with contextlib.suppress(KeyboardInterrupt, ExternalShutdownException):
        rclpy.spin(node)


if __name__ == "__main__":
    main()
