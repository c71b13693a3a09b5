"""Fades from the old plan to the new one over a declared time."""

from __future__ import annotations

from noetra_ros.streaming.references import Blended, Reference
from noetra_ros.streaming.splices import SPLICES


@SPLICES.register("blend")
def blend(old: Reference, new: Reference, now_ns: int, blend_s: float) -> Reference:
    """Quintic fade; value, rate and curvature stay continuous."""
    if isinstance(old, Blended):
        old = old.settled(now_ns)
    return Blended(old, new, now_ns, max(round(blend_s * 1e9), 1))
