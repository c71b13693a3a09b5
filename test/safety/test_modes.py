import pytest

from noetra_ros.safety.modes import READY, Mode, ModeMachine, Transition
from noetra_ros.safety.verdict import Action, Verdict

RESUME_NS = 500


def machine(mode=None):
    modes = ModeMachine(RESUME_NS)
    if mode is None:
        return modes
    modes.judge(None, 1.0, 0)
    if mode is not Mode.STANDBY:
        modes.arm()
    if mode is Mode.SLOWED:
        modes.judge(says(Action.SLOW), 0.5, 0)
    if mode is Mode.PROTECTIVE_STOP:
        modes.judge(says(Action.STOP), 1.0, 0)
    if mode in (Mode.EMERGENCY_STOP, Mode.FAULT):
        modes.latch(mode, "why")
    assert modes.mode is mode
    return modes


def says(action):
    return Verdict("mine", action, "why")


WAYS = [
    (Mode.STANDBY, Action.PASS, Mode.STANDBY),
    (Mode.STANDBY, Action.STOP, Mode.STANDBY),
    (Mode.STANDBY, Action.ESTOP, Mode.EMERGENCY_STOP),
    (Mode.STANDBY, Action.FAULT, Mode.FAULT),
    (Mode.ACTIVE, Action.CLAMP, Mode.ACTIVE),
    (Mode.ACTIVE, Action.STOP, Mode.PROTECTIVE_STOP),
    (Mode.ACTIVE, Action.ESTOP, Mode.EMERGENCY_STOP),
    (Mode.ACTIVE, Action.FAULT, Mode.FAULT),
    (Mode.SLOWED, Action.PASS, Mode.ACTIVE),
    (Mode.SLOWED, Action.STOP, Mode.PROTECTIVE_STOP),
    (Mode.PROTECTIVE_STOP, Action.PASS, Mode.PROTECTIVE_STOP),
    (Mode.PROTECTIVE_STOP, Action.ESTOP, Mode.EMERGENCY_STOP),
    (Mode.PROTECTIVE_STOP, Action.FAULT, Mode.FAULT),
    (Mode.EMERGENCY_STOP, Action.PASS, Mode.EMERGENCY_STOP),
    (Mode.EMERGENCY_STOP, Action.STOP, Mode.EMERGENCY_STOP),
    (Mode.EMERGENCY_STOP, Action.FAULT, Mode.FAULT),
    (Mode.FAULT, Action.PASS, Mode.FAULT),
    (Mode.FAULT, Action.ESTOP, Mode.FAULT),
]


@pytest.mark.parametrize(("before", "action", "after"), WAYS)
def test_ways(before, action, after):
    modes = machine(before)
    modes.judge(says(action) if action is not Action.PASS else None, 1.0, 100)
    assert modes.mode is after


def test_startup_ends_when_nothing_is_missing():
    modes = machine()
    modes.judge(says(Action.STOP), 1.0, 0)
    assert (modes.mode, modes.reason) == (Mode.STARTUP, "waiting: why")
    modes.judge(None, 1.0, 0)
    assert (modes.mode, modes.reason) == (Mode.STANDBY, READY)


def test_scale_below_one_slows():
    modes = machine(Mode.ACTIVE)
    modes.judge(says(Action.SLOW), 0.25, 0)
    assert (modes.mode, modes.scale) == (Mode.SLOWED, 0.25)


@pytest.mark.parametrize("mode", [Mode.STANDBY, Mode.PROTECTIVE_STOP, Mode.EMERGENCY_STOP, Mode.FAULT])
def test_every_stopped_mode_has_scale_zero_and_passes_nothing(mode):
    modes = machine(mode)
    assert modes.scale == 0.0
    assert not modes.is_passing


@pytest.mark.parametrize(
    ("is_at_rest", "now_ns", "is_resumed"), [(True, 499, False), (True, 500, True), (False, 500, False)]
)
def test_resume_needs_rest_and_time(is_at_rest, now_ns, is_resumed):
    modes = machine(Mode.PROTECTIVE_STOP)
    assert modes.resume_if_due(is_at_rest, 1.0, now_ns) is is_resumed
    assert (modes.mode is Mode.ACTIVE) is is_resumed


@pytest.mark.parametrize("mode", [Mode.STANDBY, Mode.EMERGENCY_STOP, Mode.FAULT])
def test_nothing_else_resumes(mode):
    modes = machine(mode)
    assert not modes.resume_if_due(True, 1.0, 10**12)
    assert modes.mode is mode


def test_reset_leads_to_standby_unarmed():
    modes = machine(Mode.FAULT)
    modes.reset()
    assert modes.mode is Mode.STANDBY
    assert not modes.is_armed


def test_disarm_does_not_leave_a_latch():
    modes = machine(Mode.EMERGENCY_STOP)
    modes.disarm("disarmed")
    assert modes.mode is Mode.EMERGENCY_STOP


def test_transitions_are_told_once():
    modes = machine(Mode.STANDBY)
    assert modes.take_transitions() == (Transition(Mode.STARTUP, Mode.STANDBY, READY),)
    assert modes.take_transitions() == ()


def test_resume_from_a_low_scale_is_slowed():
    modes = machine(Mode.PROTECTIVE_STOP)
    assert modes.resume_if_due(True, 0.0, 500)
    assert (modes.mode, modes.scale) == (Mode.SLOWED, 0.0)


def test_resume_by_a_person_only():
    modes = ModeMachine(500, resumes_by_itself=False)
    modes.mode = Mode.PROTECTIVE_STOP
    assert not modes.resume_if_due(True, 1.0, 10_000)
