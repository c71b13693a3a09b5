"""Where the tool would be for values of a channel, and what a command asks for by its differences."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import TWIST, snapshot, so101_limits, wanting

from noetra_ros.safety.limits import ChannelLimits

HOME = (0.0, -1.0, 0.9, 0.9, 0.0, 0.6)
UP = (0.3, -0.8, 0.7, 0.9, 0.0, 0.6)
ARM = so101_limits()


def few(indices: tuple[int, ...]) -> ChannelLimits:
    """The same arm by a channel of some of its joints."""
    return dataclasses.replace(ARM, axes=tuple(ARM.axes[i] for i in indices), joint_indices=indices)


def test_with_all_joints_in_the_channel_none_is_taken_as_measured():
    instant = snapshot(limits=ARM, joint_positions=np.full(6, np.nan))
    assert instant.tool_positions(UP)[0] == pytest.approx(ARM.tool.tool_position(np.array(UP)))


def test_other_joints_are_where_they_were_measured():
    """The channel moves two of them; another program holds the rest."""
    instant = snapshot(limits=few((0, 2)), joint_positions=np.array(HOME))
    posture = np.array([0.3, -1.0, 0.7, 0.9, 0.0, 0.6])
    assert instant.tool_positions((0.3, 0.7))[0] == pytest.approx(ARM.tool.tool_position(posture))
    assert instant.joint_positions.tolist() == list(HOME), "what was measured stays"


@pytest.mark.parametrize(("limits", "joints"), [(ARM, None), (so101_limits("tool"), np.array(HOME))])
def test_without_joints_or_positions_it_is_not_known(limits, joints):
    assert snapshot(limits=limits, joint_positions=joints).tool_positions(UP) is None


def test_what_is_asked_for_are_differences_of_what_was_sent():
    instant = wanting(0.51, -0.5, sent_velocity=(0.5, 0.0), sent_acceleration=(10.0, 0.0))
    assert instant.asked_velocity == pytest.approx((1.0, 0.0))
    assert instant.asked_acceleration == pytest.approx((50.0, 0.0))
    assert instant.asked_jerk == pytest.approx((4000.0, 0.0))


def test_of_a_twist_the_speed_is_what_is_told():
    rest = {"sent": (0.0,) * 3, "sent_velocity": (0.0,) * 3, "sent_acceleration": (0.0,) * 3}
    instant = wanting(0.1, 0.0, 0.2, limits=TWIST, **rest)
    assert instant.asked_velocity == (0.1, 0.0, 0.2)
    assert instant.asked_acceleration == pytest.approx((5.0, 0.0, 10.0))


def test_without_a_usable_command_nothing_is_asked_for():
    instant = snapshot(wanted=None)
    assert instant.asked_velocity == instant.asked_acceleration == instant.asked_jerk == ()
