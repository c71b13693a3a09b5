"""Joints that the model reads."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec


@PREFLIGHT_CHECKS.register("joints")
def joints(spec: PolicySpec, serving: Serving) -> Comparison:
    """By name; each is handed over in the model's own order."""
    known = ", ".join(serving.robot.joints) or "no joint"
    remedy = "give the joint the robot's name in the model's sheet"
    missing = [name for name in spec.joints if name not in serving.robot.joints]
    twice = sorted({name for name in spec.joints if spec.joints.count(name) > 1})
    faults = [Fault(f"joints.{name}", "a missing joint", f"one of {known}", remedy) for name in missing]
    faults += [Fault(f"joints.{name}", "named twice", "once", remedy) for name in twice]
    read = f"{', '.join(spec.reads)} of {', '.join(spec.joints)}"
    return Comparison(same=(read,) if spec.joints and not faults else (), faults=tuple(faults))
