"""The registry of numeric streams that a policy may read: wrench, odom, imu, and what a user adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from noetra_ros.core.registry import Registry
from noetra_ros.robots.profile import Stream


@dataclass(frozen=True)
class SignalKind:
    """What one kind of stream is made of; knows its message by name only.

    Attributes:
        message: type with a header, e.g. ``geometry_msgs/WrenchStamped``.
        columns: (d) names, unit at the end.
        row: (d) numbers of a message, in the units of the columns.
    """

    message: str
    columns: tuple[str, ...]
    row: Callable[[Any], tuple[float, ...]]


SIGNAL_KINDS: Registry[Callable[[], SignalKind]] = Registry("kind of signal", "noetra_ros.robots.signals")


def kind_of(name: str, stream: Stream) -> str:
    """Kind of a stream of a profile: what it says, else its name."""
    return stream.kind or name
