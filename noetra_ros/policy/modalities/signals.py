"""Numeric streams beside the joints: wrench, odom, imu; in the policy's columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from noetra_ros.core.samples import Signal
from noetra_ros.policy.assembly import Fields, Part
from noetra_ros.policy.modality import MODALITIES
from noetra_ros.policy.spec import PolicySpec, SignalNeed


@MODALITIES.register("signals")
def signals(spec: PolicySpec) -> tuple[Part, ...]:
    """One part for each stream."""
    return tuple(_part(need) for need in spec.signals)


def label(stream: str) -> str:
    """Of the part of a stream."""
    return f"signal {stream}"


def _part(need: SignalNeed) -> Part:
    def put(fields: Fields, samples: tuple[Any, ...]) -> None:
        fields.setdefault("signals", {})[need.stream] = _joined(need, samples)

    return Part(need.stream, label(need.stream), put, history=need.history)


def _joined(need: SignalNeed, samples: tuple[Signal, ...]) -> Signal:
    """Single samples as one signal of the wanted columns."""
    index = [samples[-1].names.index(name) for name in need.names]
    return Signal(
        need.stream,
        need.names,
        np.concatenate([sample.stamps_ns for sample in samples]),
        np.concatenate([sample.values for sample in samples])[:, index],
    )
