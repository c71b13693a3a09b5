import numpy as np

from noetra_ros.core.types import Command, CommandKind
from noetra_ros.safety.naming import in_channel_order

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
