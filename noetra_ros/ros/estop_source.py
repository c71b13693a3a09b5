"""Emergency-stop sources: each one that is configured tells again and again whether it is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rclpy.node import Node

from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.registry import Registry

FORM = "KIND:ADDRESS or KIND:ADDRESS,name=value"


@dataclass(frozen=True)
class EstopAddress:
    """One entry of `estop_sources`, taken apart.

    Attributes:
        kind: file of `ros/estop_sources`.
        address: topic, file, ...: what the kind says.
        options: further words of the kind.
    """

    kind: str
    address: str
    options: Mapping[str, str] = field(default_factory=dict)

    def whole_number(self, name: str, default: int | None = None) -> int:
        """An option that is a number from 0.

        Raises:
            ConfigError: missing, or none.
        """
        text = self.options.get(name, "" if default is None else str(default))
        if not text.isdigit():
            fault = Fault(f"{self.kind}:{self.address}", f"{name}={text}", f"{name}=NUMBER, from 0")
            raise ConfigError("estop_sources", [fault])
        return int(text)


class EstopSource(Protocol):
    """Something that can be pressed. It tells its state several times within `estop_timeout_s`: silence is a
    cut wire. What it cannot read, it does not tell.
    """

    def close(self) -> None:
        """Tell nothing more."""
        ...


# (node, address, tell): `tell(True)` = pressed. To be called on the executor's thread.
EstopMaker = Callable[[Node, EstopAddress, Callable[[bool], None]], EstopSource]
ESTOP_SOURCES: Registry[EstopMaker] = Registry("e-stop source", "noetra_ros.ros.estop_sources")


def parse_source(entry: str) -> EstopAddress:
    """Take an entry apart.

    Raises:
        ConfigError: not of the form, or an unknown kind.
    """
    kind, colon, rest = entry.partition(":")
    address, *words = rest.split(",")
    pairs = [word.partition("=") for word in words]
    if not colon or not address or not all(name and equals for name, equals, _ in pairs):
        raise ConfigError("estop_sources", [Fault("estop_sources", repr(entry), FORM)])
    ESTOP_SOURCES.get(kind)
    return EstopAddress(kind, address, {name: value for name, _, value in pairs})


def open_sources(node: Node, entries: Sequence[str], tell: Callable[[str, bool], None]) -> list[EstopSource]:
    """Open every source.

    Args:
        node: where subscriptions and timers live.
        entries: of `estop_sources`.
        tell: told the entry, and whether it is pressed.

    Raises:
        ConfigError: entries that cannot be opened, all of them at once.
    """
    sources: list[EstopSource] = []
    faults: list[Fault] = []
    for entry in entries:
        try:
            address = parse_source(entry)
            sources.append(ESTOP_SOURCES.get(address.kind)(node, address, _teller(entry, tell)))
        except ConfigError as error:
            faults.extend(error.faults)
    if faults:
        for source in sources:
            source.close()
        raise ConfigError("estop_sources", faults)
    return sources


def _teller(entry: str, tell: Callable[[str, bool], None]) -> Callable[[bool], None]:
    return lambda is_pressed: tell(entry, is_pressed)
