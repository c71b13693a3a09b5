"""Limits of a channel, tightened by the caps of the place of use; never widened."""

from __future__ import annotations

import math
from dataclasses import replace

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.axis_limits import AxisLimits
from noetra_ros.safety.limit_settings import LimitSettings
from noetra_ros.safety.limits import ChannelLimits, EffortLimit


def capped(limits: ChannelLimits, caps: LimitSettings, tool_speed_mps: float = math.inf) -> ChannelLimits:
    """The same limits, with speeds and gripping force at what the caps leave of them.

    Args:
        limits: of a channel.
        caps: of the place of use.
        tool_speed_mps: highest speed of a tool that is told its twist; a barrier holds joints of arms.
    """
    speed = min(_base_speed(limits, caps.base_speed_mps), _twist_speed(limits, tool_speed_mps))
    axes = tuple(_slowed(axis, caps.speed_share, speed) for axis in limits.axes)
    effort = limits.effort
    if effort is not None:
        effort = EffortLimit(_grip(effort, caps), effort.unit)
    return replace(limits, axes=axes, effort=effort)


def _base_speed(limits: ChannelLimits, cap_mps: float | None) -> float:
    """Highest speed of each linear axis of a base; a base that goes sideways, too, keeps the cap on its way
    across: each axis gets the share with which both together keep it. Infinite = no cap.
    """
    if cap_mps is None or limits.kind is not CommandKind.BASE_TWIST:
        return math.inf
    moving = [axis for axis in limits.axes if axis.unit == "m" and axis.velocity > 0.0]
    return cap_mps / math.sqrt(max(1, len(moving)))


def _twist_speed(limits: ChannelLimits, cap_mps: float) -> float:
    """Highest speed of each linear axis of a tool that is told its twist: the share with which all together
    keep the cap, whatever its direction. Infinite = no cap.
    """
    if limits.kind is not CommandKind.EE_TWIST:
        return math.inf
    moving = [axis for axis in limits.axes if axis.unit == "m" and axis.velocity > 0.0]
    return cap_mps / math.sqrt(max(1, len(moving)))


def _slowed(axis: AxisLimits, share: float, speed_mps: float) -> AxisLimits:
    velocity = share * axis.velocity
    return replace(axis, velocity=min(velocity, speed_mps) if axis.unit == "m" else velocity)


def _grip(effort: EffortLimit, caps: LimitSettings) -> float:
    most = caps.grip_share * effort.most
    is_force = effort.unit == "N" and caps.grip_force_n is not None
    return min(most, caps.grip_force_n or most) if is_force else most
