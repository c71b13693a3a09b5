"""What each mode says of itself, and from when on a stop may end."""

import pytest

from noetra_ros.safety.modes import READY, Mode, ModeMachine
from noetra_ros.safety.verdict import Action, Verdict


def says(action, reason="why"):
    return Verdict("mine", action, reason)


def stopped(at_ns):
    modes = ModeMachine(500)
    modes.judge(None, 1.0, 0)
    modes.arm()
    modes.judge(says(Action.STOP), 1.0, at_ns)
    return modes


def test_numbers_are_those_of_the_message():
    assert [mode.value for mode in Mode] == [1, 2, 3, 4, 5, 6, 7]


def test_it_begins_in_startup_without_speed():
    modes = ModeMachine(500)
    assert (modes.mode, modes.scale, modes.is_armed, modes.is_passing) == (Mode.STARTUP, 0.0, False, False)


def test_active_has_the_whole_scale():
    modes = ModeMachine(500)
    modes.judge(None, 1.0, 0)
    modes.arm()
    modes.judge(None, 1.0, 1)
    assert (modes.mode, modes.scale) == (Mode.ACTIVE, 1.0)


def test_standby_says_what_hinders_it_and_when_nothing_does():
    modes = ModeMachine(500)
    modes.judge(None, 1.0, 0)
    modes.judge(says(Action.STOP), 1.0, 1)
    assert (modes.mode, modes.reason) == (Mode.STANDBY, "not ready: why")
    modes.judge(says(Action.CLAMP), 1.0, 2)
    assert modes.reason == READY


def test_a_stop_names_the_newest_cause_and_keeps_it():
    modes = stopped(0)
    modes.judge(says(Action.STOP, "another"), 1.0, 10)
    assert modes.reason == "another"
    modes.judge(says(Action.SLOW, "slower"), 0.5, 20)
    assert (modes.mode, modes.reason) == (Mode.PROTECTIVE_STOP, "another")
    modes.judge(None, 1.0, 30)
    assert modes.reason == "another"


def test_the_wait_begins_anew_while_the_cause_is_there():
    modes = stopped(0)
    modes.judge(says(Action.STOP), 1.0, 300)
    assert not modes.resume_if_due(True, 1.0, 799)
    assert modes.resume_if_due(True, 1.0, 800)


def test_the_wait_runs_on_while_nothing_is_wrong():
    modes = stopped(0)
    modes.judge(None, 1.0, 400)
    modes.judge(says(Action.CLAMP), 1.0, 450)
    assert modes.resume_if_due(True, 1.0, 500)


@pytest.mark.parametrize("mode", [Mode.ACTIVE, Mode.PROTECTIVE_STOP])
def test_disarming_leads_to_standby_with_its_reason(mode):
    modes = stopped(0)
    modes.mode = mode
    modes.disarm("by a person")
    assert (modes.mode, modes.reason, modes.is_armed) == (Mode.STANDBY, "by a person", False)


def test_a_mode_that_stays_is_no_transition():
    modes = stopped(0)
    modes.take_transitions()
    modes.judge(says(Action.STOP), 1.0, 1)
    assert modes.take_transitions() == ()
    modes.reset()
    modes.reset()
    assert len(modes.take_transitions()) == 1
