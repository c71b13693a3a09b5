"""A command that the supervisor was held up over is not sent, and an event tells so."""

import numpy as np
import pytest

from noetra_ros.ros.supervisor_outputs import LATE_S, unless_late
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.report import Decision, Part, SafetyReport
from noetra_ros.safety.verdict import Action

REPORT = SafetyReport(Mode.ACTIVE, "", (), 1.0, True, False, False, 5, 5, 0, 0.01)
VALUES = np.array([0.1, 0.2])
PARTS = (Part("arm", VALUES, float("nan")), Part("base", VALUES, float("nan")))


def decision(values=None, parts=()):
    return Decision(values, (), (), REPORT, parts=parts)


@pytest.mark.parametrize("late_s", [0.0, LATE_S])
@pytest.mark.parametrize("given", [decision(VALUES), decision(parts=PARTS)])
def test_what_is_in_time_is_sent_as_it_is(given, late_s):
    assert unless_late(given, late_s) is given


@pytest.mark.parametrize("given", [decision(VALUES), decision(parts=PARTS)])
def test_what_comes_too_late_is_not_sent_and_told(given):
    kept = unless_late(given, LATE_S + 1e-6)
    assert kept.values is None
    assert kept.parts == ()
    assert kept.report is REPORT
    (event,) = kept.events
    assert (event.verdict.check, event.verdict.subject, event.mode) == ("clock", "sending", Mode.ACTIVE)
    assert event.verdict.action is Action.CLAMP
    assert "held up for 0.050 s over a command: it is not sent" in event.verdict.reason


def test_nothing_is_told_where_there_was_nothing_to_send():
    given = decision()
    assert unless_late(given, 10.0) is given
