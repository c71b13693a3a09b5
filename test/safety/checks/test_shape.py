import dataclasses

import numpy as np
import pytest
from made_snapshots import STILL, gripping, snapshot

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.checks.shape import Shape
from noetra_ros.safety.verdict import Action

CASES = {
    "right": ({"command": np.array(STILL)}, Action.PASS),
    "right names": ({"command": np.array(STILL), "command_names": ("shoulder", "elbow")}, Action.PASS),
    "NaN of the right size": ({"command": np.full(2, np.nan)}, Action.PASS),  # judged by finite
    "one value too few": ({"command": np.zeros(1)}, Action.STOP),
    "one value too many": ({"command": np.zeros(3)}, Action.STOP),
    "two points": ({"command": np.zeros(4)}, Action.STOP),
    "empty": ({"command": np.empty(0)}, Action.STOP),
    "two dimensions": ({"command": np.zeros((2, 1))}, Action.STOP),
    "other kind": ({"command_kind": CommandKind.BASE_TWIST}, Action.STOP),
    "other names": ({"command_names": ("shoulder", "wrist")}, Action.STOP),
    "missing": ({"command": None, "command_kind": None}, Action.PASS),  # judged by stale
}


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_table(changes, expected):
    assert Shape().evaluate(snapshot(**changes)).action is expected


def test_says_that_several_points_cannot_be_judged():
    verdict = Shape().evaluate(snapshot(command=np.zeros(6)))
    assert "one point at a time" in verdict.reason
    assert (verdict.measured, verdict.limit) == (6.0, 2.0)


@pytest.mark.parametrize(("count", "is_several"), [(1, False), (2, False), (3, False), (4, True), (0, False)])
def test_only_several_whole_points_are_told_as_that(count, is_several):
    reason = Shape().evaluate(snapshot(command=np.zeros(count))).reason
    assert ("one point at a time" in reason) is is_several


@pytest.mark.parametrize(("kind", "told"), [(CommandKind.BASE_TWIST, "a base_twist"), (None, "a nothing")])
def test_another_kind_is_told_by_its_name(kind, told):
    verdict = Shape().evaluate(snapshot(command_kind=kind))
    assert verdict.reason == f"command is {told}, the channel takes joint_position"


def test_a_twist_in_another_frame_is_refused():
    """It would drive the tool another way than whoever sent it looks."""
    limits = dataclasses.replace(snapshot().limits, frame="base_link")
    assert Shape().evaluate(snapshot(limits=limits, command_frame="base_link")).action is Action.PASS
    verdict = Shape().evaluate(snapshot(limits=limits, command_frame="tool"))
    assert verdict.action is Action.STOP and "the frame 'tool', expected 'base_link'" in verdict.reason


def test_a_column_of_the_right_length_is_no_row_of_points():
    verdict = Shape().evaluate(snapshot(command=np.zeros((2, 1))))
    assert verdict.action is Action.STOP and "one point at a time" not in verdict.reason


def test_an_effort_where_none_is_carried_is_refused():
    """Who sends it believes that the robot holds back; it would not."""
    verdict = Shape().evaluate(snapshot(command_efforts=np.array([1.0])))
    assert verdict.action is Action.STOP and "carries none" in verdict.reason
    assert Shape().evaluate(gripping(efforts=(1.0,))).action is Action.PASS
