"""The simulator's truth: it has to be there in time; its content stays with the scripted expert."""

from __future__ import annotations

from noetra_ros.policy.assembly import Part
from noetra_ros.policy.modality import MODALITIES
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import SIM_TRUTH

STREAM = SIM_TRUTH
LABEL = "the simulator's truth"


@MODALITIES.register("truth")
def truth(spec: PolicySpec) -> tuple[Part, ...]:
    """One part, for the scripted expert."""
    return (Part(STREAM, LABEL, gives_beat=True),) if spec.needs_truth else ()
