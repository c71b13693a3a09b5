"""How the streams of an observation are aligned: stated for each, and possible at the stream's rate."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.modality import parts_of, timing_faults
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec


@PREFLIGHT_CHECKS.register("alignment")
def alignment(spec: PolicySpec, serving: Serving) -> Comparison:
    """Every stream, once."""
    robot = serving.robot
    faults = timing_faults(spec, robot.observation)
    rates_hz = {
        **{k: v.rate_hz for k, v in robot.streams.items()},
        **{k: v.rate_hz for k, v in robot.cameras.items()},
    }
    same = []
    for stream in dict.fromkeys(part.stream for part in parts_of(spec) if part.stream in robot.observation):
        timing = robot.observation[stream]
        period_s = 1.0 / rates_hz[stream] if stream in rates_hz else 0.0
        if timing.max_age_s < period_s:
            key, expected = f"observation.{stream}.max_age_s", f">= {period_s:g} s, its period"
            faults.append(Fault(key, f"{timing.max_age_s:g} s", expected, "no sample would ever be fresh"))
        else:
            same.append(f"{stream} {timing.align.value}")
    return Comparison(same=(", ".join(same),) if same and not faults else (), faults=tuple(faults))
