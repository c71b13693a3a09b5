"""For chunks that are corrected several times a row: each correction is taken within a short fade.

A corrected chunk begins where the plan was at its picture, so there is next to no gap in place; what a fade
over a whole row would cost is speed of reaction: begun anew each 20 ms, a quintic fade over 0.1 s lets 6 % of
each correction through. Over 0.04 s it is half of each.
"""

from __future__ import annotations

from noetra_ros.streaming.references import Reference, faded
from noetra_ros.streaming.splices import SPLICES, Seam, Spliced
from noetra_ros.streaming.splices.rtc import rtc

FADE_S = 0.04


@SPLICES.register("corrected")
def corrected(old: Reference, new: Reference, seam: Seam) -> Spliced:
    """A short fade where less than a row lies between the two observations, else what `rtc` does."""
    if seam.interval_s < seam.step_s:
        return Spliced(faded(old, new, seam.now_ns, min(FADE_S, seam.step_s)), "corrected")
    return rtc(old, new, seam)
