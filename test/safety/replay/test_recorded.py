"""The recorded supervisor has every method of the real one, and trouble in recording changes no answer."""

import inspect

import numpy as np
from taped import FileTape, recorded_alone

from noetra_ros.core.types import Command
from noetra_ros.evaluation.fuzz.setup import Setup
from noetra_ros.safety.gated_together import GatedTogether
from noetra_ros.safety.replay.packing import CALLS
from noetra_ros.safety.replay.recorded import RecordedSupervisor
from noetra_ros.safety.supervisor import Supervisor

READ_ONLY = {
    "is_resume_due", "period_s", "report", "next_timeout_s", "is_command_overdue", "mode", "motion",
    "channels", "limits",
}  # fmt: skip
NOW_NS = 10**12
HOME = np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6])


def public(kind):
    """Methods and properties; what an object holds is an attribute of the class, too, in machine code."""
    held = {name for base in kind.__mro__ for name in vars(base).get("__mypyc_attrs__", ())}
    return {name: getattr(kind, name) for name in {*dir(kind)} - held if not name.startswith("_")}


def test_every_method_of_the_supervisor_is_there_and_takes_the_same():
    for name, method in public(GatedTogether).items():
        if name not in READ_ONLY:
            assert name in CALLS
            taken = inspect.signature(getattr(RecordedSupervisor, name))
            assert inspect.signature(method) == taken, name
            alone = inspect.signature(getattr(Supervisor, name)).parameters  # of machine code: names alone
            assert [name for name in taken.parameters if name != "channel"] == [*alone]
    assert public(Supervisor).keys() - READ_ONLY == public(GatedTogether).keys() - READ_ONLY == set(CALLS)


class Failing(FileTape):
    """A tape that every method fails of, or the one that `which` names."""

    which = ""

    def begin(self, state):
        raise OSError("disk full")


def drive(supervisor):
    """Answers to half a second of a steady motion."""
    answers = []
    for period in range(50):
        now_ns = NOW_NS + period * 10_000_000
        supervisor.on_joint_state(HOME, now_ns)
        answers.append(supervisor.tick(now_ns))
        if period == 5:
            answers.append(supervisor.arm(now_ns))
        command = Command(supervisor.limits.kind, HOME + 0.0002 * period, now_ns)
        answers.append(supervisor.on_command(command))
    return [(a.values.tolist() if a.values is not None else None, a.report.mode, a.refusal) for a in answers]


def test_a_state_that_cannot_be_taken_does_not_touch_the_decisions(tmp_path):
    _, recorded = recorded_alone(tmp_path)
    plain = Setup("so101").supervisor()
    tape = Failing(tmp_path, None)
    tape.put = lambda record: None
    answers = drive(RecordedSupervisor(recorded._supervisor, tape))
    assert answers == drive(plain) and any(values for values, _, _ in answers)
    assert "OSError: disk full" in tape.lost[0]


def test_a_call_that_has_no_form_is_lost_and_told_and_answered_alike(tmp_path):
    tape, recorded = recorded_alone(tmp_path)
    recorded.on_heartbeat("policy", NOW_NS)
    recorded.on_trust(2**70, NOW_NS)
    assert tape.lost == ["on_trust: TypeError: a int"]
    assert recorded.tick(NOW_NS).report.mode == Setup("so101").supervisor().tick(NOW_NS).report.mode
