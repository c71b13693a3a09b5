"""What is made quickly is the same as what is made by the type itself."""

import dataclasses
import math

import numpy as np
import pytest

from noetra_ros.safety.modes import Mode
from noetra_ros.safety.report import Decision, SafetyReport, quick_decision, quick_report
from noetra_ros.safety.snapshot import Snapshot, quick_snapshot

REPORT = {
    "mode": Mode.ACTIVE, "reason": "", "active_checks": (), "scale": 1.0, "is_armed": True,
    "is_estop_pressed": False, "is_at_rest": True, "commands_judged": 1, "commands_sent": 1,
    "interventions": 0, "command_age_s": 0.01, "is_speed_reduced": False, "separation": None,
}  # fmt: skip
DECISION = {
    "values": None, "events": (), "transitions": (), "report": SafetyReport(**REPORT), "refusal": "",
    "effort": 0.5, "parts": (),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "quick_kind", "values"),
    [(SafetyReport, quick_report, REPORT), (Decision, quick_decision, DECISION)],
)
def test_the_same_as_the_type_makes(kind, quick_kind, values):
    assert values.keys() == {field.name for field in dataclasses.fields(kind)}
    made = quick_kind(**values)
    assert type(made) is kind and made == kind(**values) and repr(made) == repr(kind(**values))
    name = next(iter(values))
    assert getattr(dataclasses.replace(made, **{name: "other"}), name) == "other"
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, name, "other")


def test_two_of_them_share_nothing():
    first, second = (quick_report(**{**REPORT, "command_age_s": age_s}) for age_s in (0.1, 0.2))
    assert (first.command_age_s, second.command_age_s) == (0.1, 0.2)


def test_what_was_looked_up_of_a_snapshot_stays_with_it():
    none = dict.fromkeys(field.name for field in dataclasses.fields(Snapshot))
    snapshot = quick_snapshot(**{**none, "command": np.zeros(1), "cycle_s": math.inf})
    assert snapshot.asked_velocity is snapshot.asked_velocity == ()
    assert snapshot.cycle_s == math.inf and snapshot.is_armed is None
