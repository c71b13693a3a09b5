"""A round of checks: the snapshot holds every field, and only verdicts that say something come back."""

import numpy as np
import pytest
from made_snapshots import TWIST, TWO_JOINTS, so101_limits

from noetra_ros.core.types import Command
from noetra_ros.safety import KERNEL
from noetra_ros.safety.attributes import attributes_of, changed, public_names
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
    again = changed(taken)
    held, of_again = attributes_of(taken), attributes_of(again)
    assert held.keys() == {*public_names(Snapshot), "_asked"}
    assert [*map(repr, held.items())] == [*map(repr, of_again.items())]
    if KERNEL.is_compiled:  # elsewhere the type checker says so
        with pytest.raises(AttributeError, match="not writable"):
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


def taken_of(limits, send=None, **about):
    inputs, output = Inputs(limits), Output(limits, 1.5)
    output.motion.start_at(None if not limits.is_position else [0.0] * len(limits.axes))
    if send is not None:
        output.send(send, 10**9)
    made = CheckRound({"one": Says(passed("one"))}, limits, inputs, output)
    return made, output, made.snapshot(1_200_000_000, **{**MODES, **about})


ARM = so101_limits()
UP = (0.001,) * 6


def test_a_tick_carries_no_command():
    _, _, tick = taken_of(TWO_JOINTS)
    assert (tick.command, tick.command_names, tick.command_kind, tick.command_frame) == (None, (), None, "")
    assert tick.command_efforts is None


def test_a_command_is_handed_on_whole():
    command = Command(
        TWO_JOINTS.kind, np.array([0.1, 0.2]), 5, None, ("a", "b"), np.array([1.5]), frame="tool"
    )
    _, _, taken = taken_of(TWO_JOINTS, command=command)
    assert (taken.command_names, taken.command_kind, taken.command_frame) == (
        ("a", "b"), TWO_JOINTS.kind, "tool",
    )  # fmt: skip
    assert taken.command.tolist() == [0.1, 0.2] and taken.command_efforts.tolist() == [1.5]


def test_where_a_proposal_rests_is_reckoned_only_where_a_box_is_asked_for_it():
    _, output, taken = taken_of(ARM, proposed=UP)
    assert taken.proposed_rest == output.motion.rest_after(UP)
    assert taken_of(ARM)[2].proposed_rest is None
    assert taken_of(TWO_JOINTS, proposed=(0.001, 0.0))[2].proposed_rest is None, "no tool"
    tool = so101_limits("tool")
    assert taken_of(tool, proposed=(0.0,) * 6)[2].proposed_rest is None, "a twist has no place"


def test_where_a_stop_ends_is_known_of_positions_alone():
    _, output, taken = taken_of(TWO_JOINTS, send=(0.001, 0.0))
    assert taken.stop_rest() == output.motion.rest_now()
    assert taken_of(TWIST)[2].stop_rest is None


def test_twists_of_a_tool_leave_a_trail_up_to_now():
    tool = so101_limits("tool")
    _, _, taken = taken_of(tool, send=(0.004, 0.0, 0.0, 0.0, 0.0, 0.0))
    assert taken.sent_since(0.1)[:, :2] == pytest.approx(np.array([[0.1, 0.004]]))
    assert taken_of(TWO_JOINTS)[2].sent_since is None


def test_a_supervisor_that_was_held_up_counts_with_being_held_up_again():
    """People are judged by it: who may come near in the meantime."""
    made, _, first = taken_of(TWO_JOINTS)
    assert first.cycle_s == 0.01
    assert made.snapshot(1_500_000_000, **MODES).cycle_s == pytest.approx(0.3)


@pytest.mark.parametrize(("now_ns", "is_restarted"), [(1_200_000_001, False), (1_100_000_000, True)])
def test_after_a_clock_that_goes_back_the_pace_of_commands_begins_anew(now_ns, is_restarted):
    """Else every command would count as too early until the clock is where it was."""
    made, output, _ = taken_of(TWO_JOINTS, send=(0.0, 0.0))
    output.send((0.0, 0.0), 1_200_000_000)
    made.evaluate(made.snapshot(now_ns, **MODES))
    assert (output.lead_s(1_100_000_000) == 0.0) is is_restarted
