"""Takes the newest plan at once; only the limited follower smooths the seam."""

from __future__ import annotations

from noetra_ros.streaming.references import Reference
from noetra_ros.streaming.splices import SPLICES, Seam, Spliced


@SPLICES.register("latest")
def latest(old: Reference, new: Reference, seam: Seam) -> Spliced:
    """The new plan."""
    return Spliced(new, "latest")
