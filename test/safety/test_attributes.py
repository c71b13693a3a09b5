"""Attributes by name are the same of classes of Python and of machine code."""

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS, snapshot

from noetra_ros.safety.attributes import attributes_of, changed, public_names
from noetra_ros.safety.modes import Mode, ModeMachine
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.report import Decision, SafetyReport

REPORT = SafetyReport(Mode.ACTIVE, "", (), 1.0, True, False, False, 5, 4, 3, 0.01)


class InPython:
    def __init__(self):
        self.first, self._second = 1, [2]


class LikeMachineCode:
    """Without ``__dict__``, and with the list of its attributes."""

    __slots__ = ("_last", "first", "second")
    __mypyc_attrs__ = ("first", "second", "_last")

    def __init__(self):
        self._last = 3


def test_of_a_class_of_python_it_is_a_copy():
    thing = InPython()
    found = attributes_of(thing)
    assert found == {"first": 1, "_second": [2]}
    found["first"] = 7
    assert thing.first == 1


def test_private_ones_are_among_them_and_what_is_not_set_is_not():
    modes = attributes_of(ModeMachine(5))
    assert {"mode", "reason", "scale", "_last_cause_ns"} < modes.keys() and modes["mode"] is Mode.STARTUP
    assert attributes_of(ChannelMotion(TWO_JOINTS))["_position"] == (0.0, 0.0)
    built = LikeMachineCode()
    built.second = 2
    assert attributes_of(built) == {"second": 2, "_last": 3}


def test_public_names_come_in_the_order_in_which_the_class_declares_them():
    assert public_names(Decision) == (
        "values", "events", "transitions", "report", "refusal", "effort", "parts",
    )  # fmt: skip
    assert public_names(SafetyReport)[:3] == ("mode", "reason", "active_checks")
    names = public_names(type(snapshot()))
    assert names[:2] == ("now_ns", "limits") and "_asked" not in names


def test_what_is_changed_is_another_one_and_the_rest_is_the_same():
    values = np.array([0.5])
    decision = Decision(values, (), (), REPORT, effort=2.0)
    refused = changed(decision, refusal="no")
    assert (refused.refusal, decision.refusal) == ("no", "")
    assert refused.values is values and refused.report is REPORT and refused.effort == 2.0
    with pytest.raises(TypeError):
        changed(decision, colour="red")


def test_what_was_asked_for_is_reckoned_once_for_each_snapshot():
    still = snapshot()
    assert still.asked_velocity is still.asked_velocity
    assert changed(still, wanted=None).asked_velocity == ()


def test_an_answer_can_be_read():
    text = repr(Decision(None, (), (), REPORT, refusal="no"))
    assert text.startswith(
        "Decision(values=None, events=(), transitions=(), report=SafetyReport(mode=<Mode.ACTIVE"
    )
    assert "commands_sent=4, interventions=3" in text and text.endswith("refusal='no', effort=nan, parts=())")
    assert "is_armed=True" in repr(snapshot()) and "_asked" not in repr(snapshot())
