"""Facts of a stop that never was: a person comes near, the arm slows and stops, goes on two seconds later."""

import dataclasses
import io

import numpy as np
import PIL.Image

from noetra_ros.evaluation.incident_facts import (
    IncidentFacts,
    PersonAt,
    PictureAt,
    PolicyAt,
    Series,
    StateAt,
)
from noetra_ros.evaluation.records import SafetyEventRecord

STOP_UTC_NS = 1_795_295_011_175_000_000
REASON = "gripper_link is 0.21 m from person 7, 0.34 m are needed"
TIME_S = np.arange(-300, 501) * 0.01


def ramp(stop_s: float, speed: float) -> np.ndarray:
    """(n, 2) rad: the first joint moves until `stop_s`."""
    values = np.zeros((len(TIME_S), 2))
    values[:, 0] = speed * np.minimum(TIME_S, stop_s)
    return values


def person_facts(**changes) -> IncidentFacts:
    """The facts, some of them changed."""
    modes = [(-3.0, "active", "", 1.0), (-0.8, "slowed", "a person is near", 0.6),
             (0.0, "protective_stop", REASON, 0.0), (2.1, "active", "", 1.0)]  # fmt: skip
    facts = IncidentFacts(
        stop_utc_ns=STOP_UTC_NS,
        mode="protective_stop",
        check="separation",
        reason=REASON,
        robot="so101",
        axes=("shoulder_pan", "wrist_roll"),
        unit="rad",
        start_s=-3.0,
        end_s=5.0,
        states=[StateAt(*mode) for mode in modes],
        events=[event(-0.8, "slow", "a person is near"), event(0.0, "stop", REASON)],
        commanded=Series(TIME_S, ramp(9.0, 0.5)),
        passed=Series(TIME_S, ramp(0.3, 0.5)),
        measured=Series(TIME_S, ramp(0.31, 0.5)),
        people=[PersonAt(float(t), "gripper_link", 7, 0.21 + abs(t) / 5, 0.34) for t in TIME_S[::10]],
        policy=[PolicyAt(-1.0, "running", "", "pick up the red cube", "noetra_nano 1")],
        pictures=[PictureAt(float(t), "front", jpeg()) for t in np.arange(-3.0, 5.0, 0.5)],
    )
    return dataclasses.replace(facts, **changes)


def event(time_s: float, action: str, reason: str, check: str = "separation") -> SafetyEventRecord:
    """An event of the supervisor."""
    return SafetyEventRecord(time_s, check, action, "gripper_link", 0.21, 0.34, "m", reason, "slowed")


def jpeg() -> bytes:
    """A picture of a grey wall."""
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (64, 48), "grey").save(buffer, "jpeg")
    return buffer.getvalue()
