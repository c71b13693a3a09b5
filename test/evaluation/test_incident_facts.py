"""Facts from a recording: times from the stop, joints by name, any of the five command messages."""

import json
from types import SimpleNamespace as Message

import numpy as np
import pytest

from noetra_ros.data.blackbox.incident_reading import Heard, Recording
from noetra_ros.evaluation.incident_facts import facts_of

STOP_NS = 10**18
ABOUT = {
    "stop_utc_ns": str(STOP_NS), "mode": "fault", "check": "clock", "reason": "jump", "robot": "so101",
    "command_kind": "joint_position", "joints": json.dumps(["a", "b"]),
}  # fmt: skip
TWIST = Message(linear=Message(x=1.0, y=2.0), angular=Message(z=3.0))


def recording(about=(), **messages):
    heard = {role: [Heard(STOP_NS + 5 * 10**8, "/t", message)] for role, message in messages.items()}
    constants = {"safety_state": {"MODE_FAULT": 7}, "safety_event": {"ACTION_STOP": 4}}
    return Recording({**ABOUT, **dict(about)}, heard, constants)


def test_times_count_from_the_stop_and_numbers_are_words():
    state = Message(mode=7, reason="jump", scale=0.0)
    facts = facts_of(recording(safety_state=state))
    assert [(s.time_s, s.mode) for s in facts.states] == [(0.5, "fault")]
    assert (facts.start_s, facts.end_s, facts.unit) == (0.5, 0.5, "rad")


def test_joints_are_taken_by_name_and_missing_ones_are_nan():
    facts = facts_of(recording(joint_states=Message(name=["c", "b"], position=[9.0, 2.0])))
    np.testing.assert_array_equal(facts.measured.values, [[np.nan, 2.0]])


@pytest.mark.parametrize(
    ("message", "values"),
    [
        (Message(data=[1.0, 2.0]), [1.0, 2.0]),
        (Message(data=[1.0]), [1.0, np.nan]),
        (Message(data=[1.0, 2.0, 3.0]), [1.0, 2.0]),
        (Message(joint_names=["b", "a"], points=[Message(positions=[2.0, 1.0])]), [1.0, 2.0]),
        (Message(joint_names=["b", "a"], points=[]), [np.nan, np.nan]),
    ],
)
def test_commands_of_joints(message, values):
    np.testing.assert_array_equal(facts_of(recording(command_in=message)).commanded.values, [values])


@pytest.mark.parametrize("message", [TWIST, Message(twist=TWIST)])
def test_commands_of_a_base(message):
    about = {"command_kind": "base_twist", "joints": "[]"}
    odom = Message(twist=Message(twist=TWIST))
    facts = facts_of(recording(about, command_out=message, odom=odom))
    assert facts.passed.values.tolist() == facts.measured.values.tolist() == [[1.0, 2.0, 3.0]]
    assert facts.axes == ("vx", "vy", "wz")


def test_commands_of_a_tool_and_of_a_gripper():
    whole = Message(linear=Message(x=1.0, y=2.0, z=3.0), angular=Message(x=4.0, y=5.0, z=6.0))
    about = {"command_kind": "ee_twist", "joints": "[]"}
    facts = facts_of(recording(about, command_in=Message(twist=whole), joint_states=Message()))
    assert facts.commanded.values.tolist() == [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]
    assert len(facts.measured.values) == 0 and len(facts.axes) == 6
    grip = Message(name=["b"], position=[0.5])
    facts = facts_of(recording({"command_kind": "gripper", "joints": '["b"]'}, command_in=grip))
    assert facts.commanded.values.tolist() == [[0.5]]


def test_what_the_file_lacks_is_told():
    caveats = facts_of(recording({"is_cut": "true", "is_lock_step": "true"})).caveats
    assert caveats == ["lock_step", "cut", "no_joint_states"]
