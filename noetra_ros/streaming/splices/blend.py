"""Fades from the old plan to the new one over a declared time."""

from __future__ import annotations

from noetra_ros.streaming.references import Reference, faded
from noetra_ros.streaming.splices import SPLICES, Seam, Spliced


@SPLICES.register("blend")
def blend(old: Reference, new: Reference, seam: Seam) -> Spliced:
    """Quintic fade; value, rate and curvature stay continuous."""
    return Spliced(faded(old, new, seam.now_ns, seam.blend_s), "blend")
