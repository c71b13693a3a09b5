"""Numeric streams beside the joints: there, of a known kind, with the columns that the model reads."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving, joined
from noetra_ros.policy.spec import PolicySpec, SignalNeed
from noetra_ros.robots.signal_kinds import SIGNAL_KINDS, kind_of


@PREFLIGHT_CHECKS.register("signals")
def signals(spec: PolicySpec, serving: Serving) -> Comparison:
    """Every stream that the model reads."""
    return joined(*(_compared(need, serving) for need in spec.signals))


def _compared(need: SignalNeed, serving: Serving) -> Comparison:
    streams, key = serving.robot.streams, f"signals.{need.stream}"
    if need.stream not in streams:
        remedy = "add its topic under streams in the profile, where the robot has it"
        return _fault(key, "a missing stream", f"one of {', '.join(streams) or 'no stream'}", remedy)
    kind = kind_of(need.stream, streams[need.stream])
    if kind not in SIGNAL_KINDS.names():
        remedy = f"set streams.{need.stream}.kind, or add noetra_ros/robots/signals/{kind}.py"
        return _fault(f"{key}.kind", repr(kind), f"one of {', '.join(SIGNAL_KINDS.names())}", remedy)
    known = SIGNAL_KINDS.get(kind)().columns
    unknown = [name for name in need.names if name not in known]
    if unknown:
        return _fault(
            f"{key}.names", ", ".join(unknown), f"some of {', '.join(known)}", "unit or name differs"
        )
    return Comparison(same=(f"{need.stream}: {', '.join(need.names)}",))


def _fault(key: str, got: str, expected: str, remedy: str) -> Comparison:
    return Comparison(faults=(Fault(key, got, expected, remedy),))
