"""Ways to pass from the plan that is being followed to a newer one: one file each."""

from __future__ import annotations

from typing import Protocol

from noetra_ros.core.registry import Registry
from noetra_ros.streaming.references import Reference


class Splice(Protocol):
    """Joins two references at an instant."""

    def __call__(self, old: Reference, new: Reference, now_ns: int, blend_s: float) -> Reference:
        """What to follow from `now_ns` on."""
        ...


SPLICES: Registry[Splice] = Registry("splice", "noetra_ros.streaming.splices")
