"""Order of the colours."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec

HERE = "rgb"


@PREFLIGHT_CHECKS.register("colour_order")
def colour_order(spec: PolicySpec, serving: Serving) -> Comparison:
    """Frames arrive as rgb, whatever the topic's encoding is."""
    remedy = "let the backend swap the channels, and say rgb in its spec"
    wrong = [need for need in spec.cameras if need.colour_order != HERE]
    return Comparison(
        same=(HERE,) if spec.cameras and not wrong else (),
        faults=tuple(
            Fault(
                f"cameras.{need.name}.colour_order",
                need.colour_order,
                f"{HERE}, as frames arrive here",
                remedy,
            )
            for need in wrong
        ),
    )
