"""The simulator's truth is to be had in simulation alone."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec


@PREFLIGHT_CHECKS.register("truth")
def truth(spec: PolicySpec, serving: Serving) -> Comparison:
    """Only the scripted expert asks for it."""
    if not spec.needs_truth:
        return Comparison()
    if serving.is_simulation:
        return Comparison(same=("simulation",))
    remedy = "choose a policy backend that works from pictures"
    return Comparison(faults=(Fault("needs_truth", "a real robot", "a simulation", remedy),))
