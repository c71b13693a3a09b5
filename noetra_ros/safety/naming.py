"""Commands that carry joint names, brought into the order of the channel."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import Command


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
