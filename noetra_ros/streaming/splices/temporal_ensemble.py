"""Averages all plans that still speak of an instant, older ones weighing more (Zhao et al., ACT, 2023)."""

from __future__ import annotations

from noetra_ros.streaming.ensemble import Ensemble, Member
from noetra_ros.streaming.references import Reference
from noetra_ros.streaming.splices import SPLICES, Seam, Spliced


@SPLICES.register("temporal_ensemble")
def temporal_ensemble(old: Reference, new: Reference, seam: Seam) -> Spliced:
    """The ensemble with one more member; it fades in, and each fades out before its plan ends."""
    fade_ns = max(round(seam.blend_s * 1e9), 1)
    if not isinstance(old, Ensemble) or seam.now_ns >= old.end_ns:  # at rest: leaves as the new one comes in
        old = Ensemble((Member(old, None, seam.now_ns + fade_ns, fade_ns),))
    member = Member(new, seam.now_ns, new.end_ns, fade_ns)
    return Spliced(old.joined_by(member, seam.now_ns), "temporal_ensemble")
