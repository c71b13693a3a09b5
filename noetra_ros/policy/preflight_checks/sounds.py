"""Audio: a microphone of the rate and channels that the model listens to."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving, joined
from noetra_ros.policy.spec import PolicySpec, SoundNeed


@PREFLIGHT_CHECKS.register("sounds")
def sounds(spec: PolicySpec, serving: Serving) -> Comparison:
    """Every microphone that the model listens to."""
    return joined(*(_compared(need, serving) for need in spec.sounds))


def _compared(need: SoundNeed, serving: Serving) -> Comparison:
    key, microphones = f"sounds.{need.stream}", serving.robot.microphones
    if need.stream not in microphones:
        known = ", ".join(microphones) or "no microphone"
        remedy = "add its topic under microphones in the profile"
        return Comparison(faults=(Fault(key, "a missing microphone", f"one of {known}", remedy),))
    microphone, remedy = microphones[need.stream], "set the audio driver so; nothing is resampled on the way"
    faults = []
    if microphone.rate_hz != need.rate_hz:
        faults.append(Fault(f"{key}.rate_hz", f"{microphone.rate_hz:g} Hz", f"{need.rate_hz:g} Hz", remedy))
    if microphone.channels != need.channels:
        faults.append(Fault(f"{key}.channels", str(microphone.channels), str(need.channels), remedy))
    same = f"{need.stream} {need.rate_hz:g} Hz, {need.duration_s:g} s"
    return Comparison(same=() if faults else (same,), faults=tuple(faults))
