"""Reads an incident file by the definitions in it: no ROS is needed, nor the version that wrote it."""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap_ros2.decoder import DecoderFactory

from noetra_ros.core.errors import single_fault
from noetra_ros.data.blackbox.incident_file import METADATA, ROLE

CONSTANT = re.compile(r"^\s*\w+\s+([A-Z][A-Z0-9_]*)\s*=\s*(\d+)", re.MULTILINE)
DEFINITION_END = "=" * 80
READ_ERRORS = (McapError, ValueError, IndexError, KeyError, struct.error, EOFError)


@dataclass(frozen=True)
class Heard:
    """One decoded message.

    Attributes:
        at_ns: arrival, UTC.
        topic: it came on.
        message: its fields as attributes.
    """

    at_ns: int
    topic: str
    message: Any


@dataclass(frozen=True)
class Recording:
    """A file in memory.

    Attributes:
        metadata: what the black box wrote of the incident.
        heard: messages of each role, in order of time.
        constants: of each role's message: name -> number.
    """

    metadata: Mapping[str, str]
    heard: Mapping[str, Sequence[Heard]]
    constants: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, role: str) -> Sequence[Heard]:
        """Messages of a role; none where it was not recorded."""
        return self.heard.get(role, ())

    def word(self, role: str, prefix: str, number: int) -> str:
        """Name of a constant of the role's message, without its prefix, small letters."""
        for name, value in self.constants.get(role, {}).items():
            if value == number and name.startswith(prefix):
                return name.removeprefix(prefix).lower()
        return str(number)


def read_metadata(path: Path) -> dict[str, str]:
    """What the black box wrote of the incident, without its messages.

    Raises:
        ConfigError: no file of a black box.
    """
    try:
        with path.open("rb") as file:
            for record in make_reader(file, validate_crcs=True).iter_metadata():
                if record.name == METADATA:
                    return dict(record.metadata)
    except (OSError, *READ_ERRORS) as error:
        raise _no_incident(path, f"{type(error).__name__}: {error}") from error
    raise _no_incident(path, "an MCAP file of something else")


def read_incident(path: Path) -> Recording:
    """A whole file.

    Raises:
        ConfigError: no file of a black box, or a broken one.
    """
    metadata = read_metadata(path)
    heard: dict[str, list[Heard]] = defaultdict(list)
    constants: dict[str, dict[str, int]] = {}
    try:
        with path.open("rb") as file:
            reader = make_reader(file, validate_crcs=True, decoder_factories=[DecoderFactory()])
            for row in reader.iter_decoded_messages():
                role = row.channel.metadata.get(ROLE, row.channel.topic)
                heard[role].append(Heard(row.message.log_time, row.channel.topic, row.decoded_message))
                if role not in constants and row.schema is not None:
                    constants[role] = _constants(row.schema.data.decode())
    except READ_ERRORS as error:
        raise _no_incident(path, f"{type(error).__name__}: {error}") from error
    return Recording(metadata, heard, constants)


def _constants(schema: str) -> dict[str, int]:
    """Constants of the first definition of a schema."""
    own = schema.partition(DEFINITION_END)[0]
    return {name: int(number) for name, number in CONSTANT.findall(own)}


def _no_incident(path: Path, got: str) -> Exception:
    return single_fault("black box", str(path), got, "a whole MCAP file written by blackbox_node")
