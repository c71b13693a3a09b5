"""Depth pictures, m."""

from __future__ import annotations

from typing import Any

from noetra_ros.policy.assembly import Fields, Part
from noetra_ros.policy.modality import MODALITIES
from noetra_ros.policy.spec import DepthNeed, PolicySpec


@MODALITIES.register("depth")
def depth(spec: PolicySpec) -> tuple[Part, ...]:
    """One part for each depth camera; it is aligned as the camera's colour pictures are."""
    return tuple(_part(need) for need in spec.depths)


def label(camera: str) -> str:
    """Of the part of a camera."""
    return f"depth {camera}"


def _part(need: DepthNeed) -> Part:
    def put(fields: Fields, samples: tuple[Any, ...]) -> None:
        fields.setdefault("depths", {})[need.name] = samples[-1]

    return Part(need.name, label(need.name), put, gives_beat=True)
