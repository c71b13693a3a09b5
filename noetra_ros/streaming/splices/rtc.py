"""Real-time chunking, the streamer's side: a chunk that carries on the old one is taken within one row.

The policy side gives the model the actions that will be executed while it computes (`infer_after`), and the
new chunk begins with them. Where that holds, a fade over one row is all that is left to do: nothing is
averaged, what is new acts at once. It holds within the envelope (`core.delay.is_within_envelope`: d <= s and
s + d <= H) and where the two plans indeed agree; elsewhere the seam falls back to `blend`.
"""

from __future__ import annotations

import numpy as np

from noetra_ros.streaming.references import Reference, faded
from noetra_ros.streaming.splices import SPLICES, Seam, Spliced
from noetra_ros.streaming.splices.blend import blend


@SPLICES.register("rtc")
def rtc(old: Reference, new: Reference, seam: Seam) -> Spliced:
    """One row of fade where the new plan carries on the old one, else what `blend` does."""
    gap = np.abs(new.at(seam.now_ns).value - old.at(seam.now_ns).value)
    if seam.is_within_envelope and (gap <= seam.jump_limit).all():
        return Spliced(faded(old, new, seam.now_ns, seam.step_s), "rtc")
    return blend(old, new, seam)
