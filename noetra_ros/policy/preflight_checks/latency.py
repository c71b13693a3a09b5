"""Whether a chunk reaches until the next one is there."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec


@PREFLIGHT_CHECKS.register("latency")
def latency(spec: PolicySpec, serving: Serving) -> Comparison:
    """From an observation: its chunk has to last for one period and the time that the next answer takes."""
    reach_s = spec.start_offset_s + spec.rows * spec.step_s
    period_s = serving.period_s or spec.replan_s
    answer_s = serving.latency_s if serving.latency_s is not None else spec.latency_s
    needed_s = period_s + (answer_s or 0.0)
    words = f"{period_s:g} s between inferences" + (f" + {answer_s:.3f} s for an answer" if answer_s else "")
    if needed_s > reach_s + 1e-9:
        remedy = (
            "the robot would run out of actions: a faster device, a smaller infer_period_s or a longer chunk"
        )
        expected = f"<= {reach_s:g} s, the reach of a chunk"
        return Comparison(faults=(Fault("latency", f"{words} = {needed_s:.3f} s", expected, remedy),))
    if answer_s is None:
        return Comparison(
            same=(words,), unknown=(f"how long an answer takes here (at most {reach_s - period_s:g} s)",)
        )
    return Comparison(same=(f"{words}, chunk of {reach_s:g} s",))
