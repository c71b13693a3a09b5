"""Writes an incident as one MCAP file that Foxglove and ros2 bag can open: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mcap.writer import CompressionType, Writer

from noetra_ros.data.blackbox.retention import PART
from noetra_ros.data.blackbox.ring import Record

PROFILE = "ros2"
SCHEMA_ENCODING = "ros2msg"
MESSAGE_ENCODING = "cdr"
METADATA = "noetra_blackbox"
ROLE = "role"


@dataclass(frozen=True)
class RecordedChannel:
    """One topic of a file.

    Attributes:
        topic: full name.
        type_name: as ROS writes it in files, e.g. ``sensor_msgs/msg/JointState``.
        schema: its definition and those of all that it holds (ros2msg).
        role: what it is to the incident, e.g. ``command_in``, whatever its topic is called.
    """

    topic: str
    type_name: str
    schema: str
    role: str


@dataclass(frozen=True)
class IncidentContent:
    """What a file is to hold.

    Attributes:
        channels: by number, see `Record.channel`.
        records: in order of time.
        utc_minus_steady_ns: what makes a monotonic instant one of the calendar.
        metadata: facts about the incident and the robot.
    """

    channels: Sequence[RecordedChannel]
    records: Sequence[Record]
    utc_minus_steady_ns: int
    metadata: Mapping[str, str]

    @property
    def size(self) -> int:
        """Bytes that it takes at most."""
        return sum(record.size for record in self.records) + sum(len(c.schema) for c in self.channels)


def write_incident(path: Path, content: IncidentContent) -> None:
    """Write to a name of its own, make sure that it is on the disk, then give it its name.

    Raises:
        OSError: the disk is full, gone or not writable; nothing is left behind.
    """
    part = path.with_name(f".{path.name}{PART}")
    try:
        with part.open("wb") as file:
            _write(file, content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _write(file: BinaryIO, content: IncidentContent) -> None:
    # Uncompressed: a stop is no moment to spend processor time, and pictures are compressed already.
    writer = Writer(file, compression=CompressionType.NONE)
    writer.start(profile=PROFILE, library="noetra_ros")
    used = sorted({record.channel for record in content.records})
    numbers = {number: _register(writer, content.channels[number]) for number in used}
    for record in content.records:
        at_ns = record.at_ns + content.utc_minus_steady_ns
        writer.add_message(numbers[record.channel], at_ns, record.data, at_ns)
    writer.add_metadata(METADATA, dict(content.metadata))
    writer.finish()  # type: ignore[no-untyped-call]


def _register(writer: Writer, channel: RecordedChannel) -> int:
    schema = writer.register_schema(channel.type_name, SCHEMA_ENCODING, channel.schema.encode())
    about = {ROLE: channel.role, "offered_qos_profiles": ""}  # the latter: rosbag2 looks for it
    return writer.register_channel(channel.topic, MESSAGE_ENCODING, schema, about)


def _sync_folder(folder: Path) -> None:
    """The new name survives a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
