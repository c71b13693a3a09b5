"""Commands brought into the form of the channel: order of names, plain finite values."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from noetra_ros.core.types import Command, FloatArray
from noetra_ros.safety.all_axes import is_each_finite
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
    """(d) values of a command of the right kind, shape, names and frame that are all finite, with an effort
    that can be sent; None for any other.
    """
    if not is_own_frame(command.frame, limits) or not is_usable_effort(command.efforts, limits):
        return None
    has_shape = command.kind is limits.kind and command.values.shape == (len(limits.axes),)
    if not has_shape or (command.names and command.names != limits.names):
        return None
    values = command.values.tolist()
    return tuple(values) if is_each_finite(values) else None


def is_own_frame(frame: str, limits: ChannelLimits) -> bool:
    """A command may leave its frame out; channels other than twists of a tool look at none."""
    return frame in ("", limits.frame) or not limits.frame


def is_usable_effort(efforts: FloatArray | None, limits: ChannelLimits) -> bool:
    """No effort, or one number from zero on where the channel carries it."""
    if efforts is None:
        return True
    if limits.effort is None or efforts.shape != (1,):
        return False
    return math.isfinite(efforts[0]) and float(efforts[0]) >= 0.0


def effort_to_send(command: Command, limits: ChannelLimits) -> float:
    """N or Nm of a usable command: at most the limit, which is also what a command means that says nothing of
    it; NaN where the channel carries none.
    """
    if limits.effort is None:
        return math.nan
    asked = limits.effort.most if command.efforts is None else float(command.efforts[0])
    return min(asked, limits.effort.most)
