"""Rates: new pictures for each inference, instants that are looked back to, rows a second."""

from __future__ import annotations

from noetra_ros.core.errors import Fault
from noetra_ros.policy.history import History
from noetra_ros.policy.preflight import PREFLIGHT_CHECKS, Comparison, Serving
from noetra_ros.policy.spec import PolicySpec

SLACK = 1e-6
JOINTS = "joint_states"


@PREFLIGHT_CHECKS.register("rates")
def rates(spec: PolicySpec, serving: Serving) -> Comparison:
    """Of cameras, joints, signals and of the chunk's rows."""
    robot = serving.robot
    faults = [fault for need in spec.cameras for fault in _camera_faults(need.name, spec, serving)]
    looks = [(f"cameras.{n.name}", n.history, robot.cameras.get(n.name)) for n in spec.cameras]
    looks += [(f"signals.{n.stream}", n.history, robot.streams.get(n.stream)) for n in spec.signals]
    looks += [(JOINTS, spec.joint_history, robot.streams.get(JOINTS))]
    for key, history, stream in looks:
        if stream is not None:
            faults += _history_faults(key, history, stream.rate_hz)
    faults += _row_faults(spec, serving)
    same = f"{1.0 / spec.step_s:g} rows a second, an inference each {_period_s(spec, serving):g} s"
    return Comparison(same=() if faults else (same,), faults=tuple(faults))


def _period_s(spec: PolicySpec, serving: Serving) -> float:
    return serving.period_s or spec.replan_s


def _camera_faults(name: str, spec: PolicySpec, serving: Serving) -> list[Fault]:
    camera = serving.robot.cameras.get(name)
    period_s = _period_s(spec, serving)
    if camera is None or camera.rate_hz * period_s >= 1.0 - SLACK:
        return []
    expected = f">= {1.0 / period_s:g} Hz"
    remedy = "one new frame for each inference: a faster camera, or a longer infer_period_s"
    return [Fault(f"cameras.{name}.rate_hz", f"{camera.rate_hz} Hz", expected, remedy)]


def _history_faults(key: str, history: History, rate_hz: float) -> list[Fault]:
    if history.count == 1 or history.step_s * rate_hz >= 1.0 - SLACK:
        return []
    expected = f">= {1.0 / history.step_s:g} Hz: the model looks back {history.step_s:g} s at a time"
    remedy = "a faster stream; a sample is never repeated"
    return [Fault(f"{key}.history", f"{rate_hz:g} Hz", expected, remedy)]


def _row_faults(spec: PolicySpec, serving: Serving) -> list[Fault]:
    faults, rows_hz = [], 1.0 / spec.step_s
    trained_hz = spec.trained_rate_hz
    if trained_hz is not None and abs(trained_hz * spec.step_s - 1.0) > 0.01:
        remedy = "the robot would move faster or slower than it was shown: set step_s to that of the data"
        faults.append(
            Fault("step_s", f"{rows_hz:g} rows a second", f"{trained_hz:g}, as in training", remedy)
        )
    if serving.channel.rate_hz < rows_hz * (1.0 - SLACK):
        got, remedy = f"{serving.channel.rate_hz:g} Hz", "rows would be left out: another channel or model"
        faults.append(Fault(f"channels.{serving.channel_name or serving.robot.default_channel}.rate_hz", got,
                            f">= {rows_hz:g} Hz, the rows of the chunk", remedy))  # fmt: skip
    return faults
