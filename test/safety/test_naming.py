import math

import numpy as np
import pytest
from made_snapshots import GRIPPER, TWO_JOINTS

from noetra_ros.core.types import Command, CommandKind
from noetra_ros.safety.naming import effort_to_send, in_channel_order

NAMES = ("a", "b", "c")


def named(*names, values=(1.0, 2.0, 3.0)):
    return Command(CommandKind.JOINT_POSITION, np.array(values), 0, None, names)


def test_another_order_is_put_right():
    command = in_channel_order(named("c", "a", "b"), NAMES)
    assert command.values.tolist() == [2.0, 3.0, 1.0]
    assert command.names == NAMES


def test_the_right_order_and_no_names_stay():
    for command in (named(*NAMES), named()):
        assert in_channel_order(command, NAMES) is command


def test_what_does_not_fit_is_left_to_the_check():
    for command in (named("a", "b", "x"), named("a", "a", "b"), named(*"cab", values=[1.0] * 6)):
        assert in_channel_order(command, NAMES) is command


@pytest.mark.parametrize(("efforts", "sent"), [(None, 1.0), ((0.25,), 0.25), ((1.5,), 1.0)])
def test_a_grip_without_an_effort_is_as_hard_as_it_may_be_and_none_is_harder(efforts, sent):
    """Shares of the limit; a channel that carries none is sent none."""
    most = GRIPPER.effort.most
    given = None if efforts is None else np.array(efforts) * most
    command = Command(GRIPPER.kind, np.array([0.5]), 0, efforts=given)
    assert effort_to_send(command, GRIPPER) == pytest.approx(sent * most)
    assert math.isnan(effort_to_send(command, TWO_JOINTS))
