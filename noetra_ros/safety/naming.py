"""Commands brought into the form of the channel: order of names, plain finite values."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import Command
from noetra_ros.safety.limits import ChannelLimits
from noetra_ros.safety.snapshot import Values


def in_channel_order(command: Command, names: Sequence[str]) -> Command:
    """The same command with its values in channel order; unchanged where it has no names or other ones.

    Args:
        command: as it arrived.
        names: axis names of the channel.
    """
    own = command.names
    if (
        not own
        or tuple(own) == tuple(names)
        or sorted(own) != sorted(names)
        or command.values.shape != (len(own),)
    ):
        return command
    order = [own.index(name) for name in names]
    return dataclasses.replace(command, values=np.asarray(command.values)[order], names=tuple(names))


def usable_values(command: Command, limits: ChannelLimits) -> Values | None:
    """(d) values of a command of the right kind, shape and names that are all finite; None for any other."""
    has_shape = command.kind is limits.kind and command.values.shape == (len(limits.axes),)
    if not has_shape or (command.names and command.names != limits.names):
        return None
    values: Values = tuple(command.values.tolist())
    return values if all(map(math.isfinite, values)) else None
