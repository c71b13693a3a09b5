"""Numeric streams of the profile: wrench, odom, imu; see noetra_ros/robots/signals."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from noetra_ros.core.samples import Signal
from noetra_ros.policy.modalities.signals import label
from noetra_ros.robots.signal_kinds import SIGNAL_KINDS, kind_of
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.policy_source import SOURCES, Leave, Wiring


@SOURCES.register("signals")
def signals(wiring: Wiring) -> list[Leave]:
    """One subscription for each stream that the policy needs."""
    return [_subscribed(wiring, need.stream) for need in wiring.spec.signals]


def _subscribed(wiring: Wiring, name: str) -> Leave:
    stream = wiring.profile.streams[name]
    kind = SIGNAL_KINDS.get(kind_of(name, stream))()

    def read(message: Any) -> tuple[str, int, Any]:
        row = np.array([kind.row(message)], dtype=np.float64)
        if not np.isfinite(row).all():
            raise ValueError(f"{name}: values are not finite: {row[0].tolist()}")
        stamp_ns = stamp_to_ns(message.header.stamp)
        return label(name), stamp_ns, Signal(name, kind.columns, np.array([stamp_ns]), row)

    return wiring.subscribe(interfaces.SIGNAL, read, stream.topic, message_type(kind.message))


def message_type(name: str) -> type[Any]:
    """The class of e.g. ``geometry_msgs/WrenchStamped``."""
    package, _, word = name.partition("/")
    found: type[Any] = getattr(importlib.import_module(f"{package}.msg"), word)
    return found
