"""Each failure type on a stream of 100 Hz, by hand."""

import math
from itertools import pairwise

import pytest
from geometry_msgs.msg import Twist
from noetra_ros.msg import ObstacleArray
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool, Float64MultiArray, Header

from noetra_ros.cli.fault_campaign.clock_jump import ClockJump
from noetra_ros.cli.fault_campaign.falsehoods import GARBAGE, LIES, spoilt
from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings
from noetra_ros.core.errors import ConfigError

FRESHNESS_S = 0.1


def joints(number):
    message = JointState(name=["a", "b", "c"], position=[float(number), 1.0, 2.0])
    message.header.stamp.nanosec = number
    return message


def passed(kind, count=100, variant=0):
    """(time in periods, message) of all that is passed on of `count` messages."""
    failure = INJECTIONS.get(kind)(FailureSettings(FRESHNESS_S, variant))
    return [(k, out) for k in range(count) for out in failure.take(joints(k), 5.0 + 0.01 * k)]


def test_ok_passes_everything_and_off_nothing():
    assert len(passed("ok")) == 100 and passed("off") == []


def test_stuck_repeats_the_first_content_under_new_stamps():
    failure = INJECTIONS.get("stuck")(FailureSettings(FRESHNESS_S))
    seen = [
        (out.position[0], out.header.stamp.nanosec) for k in range(3) for out in failure.take(joints(k), k)
    ]
    assert seen == [(0.0, 0), (0.0, 1), (0.0, 2)]


def test_slow_leaves_gaps_three_times_as_long_as_the_input_may_be_silent():
    came = [0, *(k for k, _ in passed("slow"))]
    assert len(came) == 4 and all(30 <= later - k <= 31 for k, later in pairwise(came))


def test_delayed_is_late_by_that_and_keeps_stamp_and_order():
    seen = passed("delayed")
    assert [(k - out.header.stamp.nanosec) for k, out in seen] == pytest.approx([30] * len(seen), abs=1)
    assert [out.header.stamp.nanosec for _, out in seen] == list(range(len(seen))) and len(seen) >= 69


def test_intermittent_comes_and_goes():
    came = {k for k, _ in passed("intermittent", 50)}
    assert {21, 43} <= came <= {20, 21, 22, 42, 43, 44}


@pytest.mark.parametrize("variant", range(3))
def test_garbage_of_joint_states_cannot_be_used(variant):
    (_, out), *_ = passed("garbage", 1, variant)
    is_nan, is_short = any(map(math.isnan, out.position)), len(out.position) < 3
    assert is_nan or is_short or "a" not in out.name


def test_lies_are_finite_and_differ():
    swapped, degrees = (passed("wrong", 1, variant)[0][1].position.tolist() for variant in range(2))
    assert swapped == [0.0, 2.0, 1.0] and degrees[1] == pytest.approx(57.29578)


@pytest.mark.parametrize("table", [GARBAGE, LIES])
def test_every_way_changes_its_message(table):
    made = {
        Float64MultiArray: lambda: Float64MultiArray(data=[0.0, -1.0, 1.0]),
        Twist: lambda: Twist(),
        Header: lambda: Header(frame_id="policy"),
        Bool: lambda: Bool(),
        JointState: lambda: joints(1),
    }
    for kind, make in made.items():
        for variant in range(len(table.get(kind, ()))):
            message = make()
            if kind is Twist:
                message.linear.x, message.angular.z = 0.1, 0.2
            before = str(message)
            assert str(spoilt(table, message, variant)) != before, (kind, variant)


def test_a_message_that_nobody_can_falsify_is_told():
    with pytest.raises(ConfigError, match="no way to falsify it"):
        spoilt({}, ObstacleArray(), 0)


def test_a_clock_jumps_by_a_constant_and_never_before_zero():
    from rosgraph_msgs.msg import Clock

    def jumped(by_s, at_s):
        message = Clock()
        message.clock.sec = at_s
        return ClockJump(by_s).take(message, 0.0)[0].clock.sec

    assert (jumped(5, 9), jumped(-5, 9), jumped(-5, 2)) == (14, 4, 0)
