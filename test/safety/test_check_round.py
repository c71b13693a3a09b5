"""A round of checks: the snapshot holds every field, and only verdicts that say something come back."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS

from noetra_ros.core.types import Command
from noetra_ros.safety.check_round import CheckRound
from noetra_ros.safety.inputs import Inputs
from noetra_ros.safety.output import Output
from noetra_ros.safety.snapshot import Snapshot
from noetra_ros.safety.verdict import Action, Verdict, passed

MODES = {"is_armed": True, "is_speed_reduced": False, "is_command_awaited": True}


class Says:
    def __init__(self, verdict):
        self.verdict = verdict

    def evaluate(self, _):
        return self.verdict


def round_of(**verdicts):
    checks = {name: Says(verdict) for name, verdict in verdicts.items()}
    return CheckRound(checks, TWO_JOINTS, Inputs(TWO_JOINTS), Output(TWO_JOINTS, 1.5))


def test_a_snapshot_holds_every_field_and_stays_as_it_is():
    command = Command(TWO_JOINTS.kind, np.array([0.1, 0.2]), 5)
    taken = round_of(one=passed("one")).snapshot(5, command=command, **MODES)
    assert vars(taken).keys() == {field.name for field in dataclasses.fields(Snapshot)}
    assert vars(Snapshot(**vars(taken))) == vars(taken)
    with pytest.raises(dataclasses.FrozenInstanceError):
        taken.is_armed = False


def test_verdicts_that_say_nothing_are_left_out():
    stop = Verdict("far", Action.STOP, "too far")
    near = Verdict("near", Action.PASS, details="2 m")
    checks = round_of(fine=passed("fine"), near=near, far=stop)
    assert checks.evaluate(checks.snapshot(5, **MODES)) == [near, stop]
    assert checks.asking == ""


def test_what_is_no_verdict_is_an_error_of_its_check():
    checks = round_of(fine=passed("fine"), wrong=None)
    with pytest.raises(TypeError, match="evaluate\\(\\) gave NoneType, expected a Verdict"):
        checks.evaluate(checks.snapshot(5, **MODES))
    assert checks.asking == "wrong"
