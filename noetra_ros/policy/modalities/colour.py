"""Colour pictures: the newest, and where the policy wants it the ones before (video)."""

from __future__ import annotations

from typing import Any

from noetra_ros.policy.assembly import Fields, Part
from noetra_ros.policy.modality import MODALITIES
from noetra_ros.policy.spec import CameraNeed, PolicySpec


@MODALITIES.register("colour")
def colour(spec: PolicySpec) -> tuple[Part, ...]:
    """One part for each camera."""
    return tuple(_part(need) for need in spec.cameras)


def label(camera: str) -> str:
    """Of the part of a camera."""
    return f"camera {camera}"


def _part(need: CameraNeed) -> Part:
    def put(fields: Fields, samples: tuple[Any, ...]) -> None:
        fields.setdefault("frames", {})[need.name] = samples[-1]
        if need.history.count > 1:
            fields.setdefault("videos", {})[need.name] = samples

    return Part(need.name, label(need.name), put, gives_beat=True, history=need.history)
