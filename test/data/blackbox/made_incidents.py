"""Incidents of one number, made without ROS."""

import struct

from noetra_ros.data.blackbox.incident import Incident, Stop
from noetra_ros.data.blackbox.incident_file import IncidentContent, RecordedChannel
from noetra_ros.data.blackbox.ring import Record

CHANNEL = RecordedChannel(
    "/distance", "std_msgs/msg/Float64", "uint8 KIND_FAR=3 # m\nfloat64 data", "distance"
)
UTC_NS = 1_790_000_000 * 10**9


def content(numbers, **metadata):
    """Numbers at 0, 1, 2 s of the monotonic clock."""
    records = [
        Record(0, second * 10**9, b"\x00\x01\x00\x00" + struct.pack("<d", number))
        for second, number in enumerate(numbers)
    ]
    return IncidentContent([CHANNEL], records, UTC_NS, metadata)


def incident(at_s=1):
    """A stop at a second of the monotonic clock."""
    stop = Stop("protective_stop", "too near", "separation", at_s * 10**9)
    return Incident(0, 2 * 10**9, [stop])
