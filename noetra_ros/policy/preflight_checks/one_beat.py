"""Lock-step: every tick with pictures is answered, so all cameras have to share their ticks."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec


@PREFLIGHT_CHECKS.register("one_beat")
def one_beat(spec: PolicySpec, serving: Serving) -> Comparison:
    """All cameras of the robot, also those that the policy does not look through."""
    rates_hz = {name: camera.rate_hz for name, camera in serving.robot.cameras.items()}
    if not serving.lock_step or len(set(rates_hz.values())) <= 1:
        return Comparison()
    words = ", ".join(f"{name} {rate:g} Hz" for name, rate in rates_hz.items())
    fault = Fault("cameras", words, "one rate for all cameras in lock-step", "or run without lock_step")
    return Comparison(faults=(fault,))
