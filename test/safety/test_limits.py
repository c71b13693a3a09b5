import dataclasses
import math
from pathlib import Path

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.types import CommandKind
from noetra_ros.robots import load_robot
from noetra_ros.safety.limits import AxisLimits, ChannelLimits, channel_limits

REPOSITORY = Path(__file__).parents[2]

AXIS = AxisLimits("joint", "rad", -1.0, 1.0, 2.0, 20.0, 1000.0, 0.3)


def of(robot, channel=""):
    profile = load_robot(robot)
    return channel_limits(profile, profile.channel(channel))


def test_arm_limits_are_the_share_of_the_profile_that_commands_may_use():
    limits = of("so101")
    assert limits.names[0] == "shoulder_pan"
    assert limits.axes[0] == AxisLimits(
        "shoulder_pan", "rad", -1.89, 1.89, 0.8 * 2.0, 0.8 * 20.0, 0.8 * 1000.0, 0.35
    )
    assert (limits.period_s, limits.is_position) == (0.01, True)
    assert limits.stream_max_age_s == {"joint_states": 0.1}
    assert limits.tool is not None


def test_base_limits_come_from_the_profile():
    limits = of("diffbot")
    assert limits.names == ("vx", "vy", "wz")
    assert limits.column("velocity") == (0.6, 0.0, 1.5)
    assert limits.column("upper") == (math.inf,) * 3
    assert (limits.is_position, limits.tool) == (False, None)


def test_values_follow_the_order_of_the_channel():
    profile = load_robot("so101")
    channel = dataclasses.replace(profile.channel(), joints=("gripper", "elbow_flex"))
    limits = channel_limits(profile, channel)
    assert limits.joint_indices == (5, 2)
    assert limits.column("upper") == (1.69, 1.66)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"acceleration": 0.0}, "joint.acceleration"),
        ({"jerk": -1.0}, "joint.jerk"),
        ({"velocity": math.nan}, "joint.velocity"),
        ({"lower": 1.0}, "joint"),
    ],
)
def test_limits_without_a_way_to_stop_are_refused(change, key):
    with pytest.raises(ConfigError) as caught:
        ChannelLimits(CommandKind.JOINT_POSITION, 0.01, (dataclasses.replace(AXIS, **change),), {})
    assert [fault.key for fault in caught.value.faults] == [key]


def test_no_axis_is_refused():
    with pytest.raises(ConfigError, match="at least one"):
        ChannelLimits(CommandKind.JOINT_POSITION, 0.01, (), {})
