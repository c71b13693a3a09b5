"""All axes of a channel together: joints of 2 rad/s, 20 rad/s2, 1000 rad/s3 at 100 Hz; a base at 50 Hz."""

import dataclasses

import pytest
from made_snapshots import TWIST, TWO_JOINTS

from noetra_ros.core.types import CommandKind
from noetra_ros.safety.limiter import next_position, next_velocity
from noetra_ros.safety.motion import ChannelMotion

SPEEDS = dataclasses.replace(TWO_JOINTS, kind=CommandKind.JOINT_VELOCITY)


def joints(*sent, start=(0.0, 0.0)):
    motion = ChannelMotion(TWO_JOINTS)
    motion.start_at(start)
    for values in sent:
        motion.commit(values)
    return motion


def base(*sent):
    motion = ChannelMotion(TWIST)
    motion.start_at(None)
    for values in sent:
        motion.commit(values)
    return motion


def test_differences_of_what_was_sent():
    values, velocity, acceleration = joints((0.001, 0.0), (0.003, -0.001)).differences()
    assert values == (0.003, -0.001)
    assert velocity == pytest.approx((0.2, -0.1)) and acceleration == pytest.approx((10.0, -10.0))
    values, velocity, acceleration = base((0.01, 0.0, 0.02)).differences()
    assert values == velocity == (0.01, 0.0, 0.02)
    assert acceleration == pytest.approx((0.5, 0.0, 1.0))


def test_what_was_sent_is_a_position_of_joints_and_a_speed_of_a_base():
    assert joints((0.001, 0.0)).sent() == joints((0.001, 0.0)).positions() == (0.001, 0.0)
    assert base((0.01, 0.0, 0.02)).sent() == (0.01, 0.0, 0.02)
    assert base((0.01, 0.0, 0.02)).positions() == pytest.approx((0.0002, 0.0, 0.0004))


def test_arming_begins_at_rest():
    motion = joints((0.001, 0.0), start=(0.0, 0.0))
    motion.start_at((0.5, -0.5))
    assert (motion.positions(), motion.velocity(), motion.rest_now()) == (
        (0.5, -0.5),
        (0.0, 0.0),
        (0.5, -0.5),
    )


def test_measured_positions_count_for_speeds_alone():
    speeds = ChannelMotion(SPEEDS)
    speeds.commit((0.1, 0.0))
    before = speeds.rest_now()
    speeds.observe((0.4, -0.4))
    assert speeds.positions() == (0.4, -0.4) and speeds.velocity() == (0.1, 0.0)
    assert speeds.rest_now() != before
    motion = joints((0.001, 0.0))
    motion.observe((0.4, -0.4))
    assert motion.positions() == (0.001, 0.0)
    with pytest.raises(ValueError, match="one for each axis"):
        speeds.observe((0.4,))


def test_a_pause_stops_joints_and_steadies_speeds():
    motion = joints((0.001, 0.0))
    motion.rest_now()
    motion.settle()
    assert (motion.velocity(), motion.rest_now()) == ((0.0, 0.0), (0.001, 0.0))
    going = base((0.01, 0.0, 0.0))
    before = going.rest_now()
    going.settle()
    assert going.differences()[1:] == ((0.01, 0.0, 0.0), (0.0, 0.0, 0.0))
    assert going.rest_now() != before


def test_standing_keeps_the_place():
    going = base((0.01, 0.0, 0.0))
    going.rest_now()
    going.stand()
    assert going.positions() == going.rest_now() == (0.0002, 0.0, 0.0)
    assert going.velocity() == (0.0, 0.0, 0.0)


def test_a_base_at_constant_speed_is_steady_and_not_at_rest():
    going = base((0.01, 0.0, 0.0), (0.01, 0.0, 0.0))
    assert going.is_steady and not going.is_at_rest
    assert not base((0.01, 0.0, 0.0)).is_steady
    assert base().is_steady and base().is_at_rest


def test_the_smallest_speed_of_one_part_is_no_rest():
    assert not base((0.0, 0.0, 1e-15), (0.0, 0.0, 1e-15)).is_at_rest


def test_one_joint_that_moves_is_no_rest():
    assert not joints((0.0, 0.001)).is_at_rest
    assert not joints((0.0, 0.001)).is_steady
    assert not joints((0.001, 0.0), (0.002, 0.0)).is_steady  # nor is a constant speed
    assert joints((0.0, 0.0)).is_at_rest


def test_a_stop_takes_each_axis_its_own_way():
    motion = joints((0.001, 0.0), (0.002, 0.0))  # 0.1 rad/s, steady
    assert motion.stop_step() == pytest.approx((0.002, 0.0))
    assert base((0.01, 0.0, 0.0), (0.01, 0.0, 0.0)).stop_step() == (0.002, 0.0, 0.0)


def test_where_a_stop_ends():
    motion = joints((0.005, 0.0), (0.01, 0.0))  # 0.5 rad/s, steady
    assert motion.rest_now() == pytest.approx((0.0165, 0.0))
    assert motion.rest_now() == motion.rest_now()
    after = motion.rest_after((0.015, 0.0))
    motion.commit((0.015, 0.0))
    assert after == motion.rest_now()
    assert motion.rest_after((0.02, 0.0))[0] > after[0]


def test_what_is_next_by_position_and_by_speed():
    motion = joints((0.005, 0.0))
    assert motion.positions_after((0.008, -0.001)) == (0.008, -0.001)
    assert motion.velocity_after((0.008, -0.001)) == pytest.approx((0.3, -0.1))
    assert base().positions_after((0.01, 0.0, 0.1)) == pytest.approx((0.0002, 0.0, 0.002))
    assert base().velocity_after((0.01, 0.0, 0.1)) == (0.01, 0.0, 0.1)


def test_the_most_travel_is_the_step_and_the_bound_of_the_stop():
    motion = joints((0.009, 0.0), (0.019, 0.0))  # 1 rad/s after the next, steady
    most = motion.most_travel_after((0.029, 0.0))
    assert most[0] == pytest.approx(0.01 + 0.07 + 0.025, abs=1e-9)
    assert most[1] == pytest.approx(0.0)
    back = joints((-0.009, 0.0), (-0.019, 0.0)).most_travel_after((-0.029, 0.0))
    assert back == pytest.approx(most)


def test_extremes_are_the_nearest_to_both_ends():
    low, high = joints().extremes(1.0)
    assert low == pytest.approx((-0.001, -0.001)) and high == pytest.approx((0.001, 0.001))
    low, high = base().extremes(1.0)
    assert low == pytest.approx((-0.008, 0.0, -0.024)) and high == pytest.approx((0.008, 0.0, 0.024))


def test_extremes_heed_the_scale_and_the_limits():
    fast = joints(*[(0.0002 * k * k, 0.0) for k in range(1, 20)])
    assert fast.extremes(1.0)[1][0] > fast.extremes(0.1)[1][0]
    end = joints(start=(1.0, 0.0))
    assert end.extremes(1.0)[1] == pytest.approx((1.0, 0.001))
    assert end.extremes(1.0)[0] == pytest.approx((0.999, -0.001))
    assert end.extremes(0.0) == ((1.0, 0.0), (1.0, 0.0))


@pytest.mark.parametrize(
    ("values", "is_allowed"), [((0.001, 0.0), True), ((0.001, 0.0011), False), ((0.0011, 0.0), False)]
)
def test_all_axes_have_to_allow(values, is_allowed):
    assert joints().is_allowed(values) is is_allowed


@pytest.mark.parametrize(("speed", "is_allowed"), [(0.008, True), (0.0081, False)])
def test_a_speed_is_allowed_by_its_acceleration(speed, is_allowed):
    assert base().is_allowed((speed, 0.0, 0.0)) is is_allowed


def test_a_blend_goes_from_the_stop_to_the_values():
    motion = joints((0.001, 0.0), (0.002, 0.0))
    assert motion.blend((0.003, 0.001), 0.0) == motion.stop_step()
    assert motion.blend((0.003, 0.001), 1.0) == pytest.approx((0.003, 0.001))
    assert motion.blend((0.003, 0.001), 0.25) == pytest.approx((0.00225, 0.00025))
    assert motion.blend((0.02, 0.0), 1.0) == motion.stop_step()  # as a speed it would be allowed
    assert motion.blend((0.003, 0.9), 1.0) == pytest.approx((0.003, 0.0))  # not allowed there: stops
    assert base().blend((0.008, 0.0, 0.0), 0.5) == pytest.approx((0.004, 0.0, 0.0))


def test_joints_have_each_its_own_limit_without_a_scale():
    motion = joints()
    assert motion.propose((0.5, 0.0005), (0.0, 0.0), 1.0) == pytest.approx((0.001, 0.0005))
    assert joints().propose((0.5, 0.0005), (0.0, 0.0), 0.0) == (0.0, 0.0)


def test_slowed_joints_stay_on_the_straight_line():
    """Both at 0.5 rad/s; asked for 0.02 and 0.01 rad in a period, at half of 2 rad/s: 1 and 0.5 rad/s."""
    scales = joints()._shared_scales((0.02, 0.01), 0.5)
    assert scales == pytest.approx((0.5, 0.25))
    assert joints()._shared_scales((0.005, 0.01), 0.5) == (0.5, 0.5)  # none is too fast
    assert joints()._shared_scales((0.005, 0.02), 0.25) == pytest.approx((0.0625, 0.25))
    assert joints()._shared_scales((0.5, 0.02), 1.0) == (1.0, 1.0)
    assert joints()._shared_scales((0.5, 0.02), 0.0) == (0.0, 0.0)


def test_a_locked_joint_holds_nobody_up():
    axes = (dataclasses.replace(TWO_JOINTS.axes[0], velocity=0.0), TWO_JOINTS.axes[1])
    motion = ChannelMotion(dataclasses.replace(TWO_JOINTS, axes=axes))
    assert motion._shared_scales((0.5, 0.02), 0.5) == (0.0, 0.5)


def test_a_slow_joint_holds_the_others_up():
    """0.5 rad/s beside 2: asked for 0.01 and 0.02 rad in a period, twice and once their limits."""
    axes = (dataclasses.replace(TWO_JOINTS.axes[0], velocity=0.5), TWO_JOINTS.axes[1])
    motion = ChannelMotion(dataclasses.replace(TWO_JOINTS, axes=axes))
    assert motion._shared_scales((0.01, 0.02), 0.5) == pytest.approx((0.5, 0.25))


def test_scales_go_by_the_way_from_here():
    assert joints(start=(0.1, -0.1))._shared_scales((0.12, -0.09), 0.5) == pytest.approx((0.5, 0.25))


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_the_extreme_near_the_end_is_braked_for_it(side):
    motion = joints((side * 0.955, 0.0), (side * 0.965, 0.0), start=(side * 0.945, 0.0))
    end = next_position(motion.motions[0], side, 0.0, TWO_JOINTS.axes[0], 0.01, 1.0)
    assert motion.extremes(1.0)[1 if side > 0.0 else 0][0] == end
    assert end != next_position(motion.motions[0], side, side, TWO_JOINTS.axes[0], 0.01, 1.0)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_the_way_back_ends_on_the_limit(side):
    motion = joints(start=(side * 1.05, 0.0))
    for _ in range(25):
        motion.commit(motion.propose((side * 1.5, 0.0), (side, 0.0), 1.0))
    assert motion.positions()[0] == pytest.approx(side, abs=1e-6) and abs(motion.velocity()[0]) < 1e-5


def test_a_base_takes_each_part_for_itself_and_a_tool_its_direction():
    wanted = (1.2, 0.0, 0.3)
    alone = [
        next_velocity(m, v, a, 0.02, 1.0) for m, v, a in zip(base().motions, wanted, TWIST.axes, strict=True)
    ]
    assert base().propose(wanted, wanted, 1.0) == tuple(alone)
    steady = dataclasses.replace(
        TWIST,
        kind=CommandKind.EE_TWIST,
        axes=tuple(dataclasses.replace(a, velocity=0.5, acceleration=1e6, jerk=1e9) for a in TWIST.axes),
    )
    tool = ChannelMotion(steady)
    assert tool.propose((1.0, 0.0, 0.5), (0.0,) * 3, 1.0) == pytest.approx((0.5, 0.0, 0.25))
    assert tool.propose((1.0, 0.0, 0.5), (0.0,) * 3, 0.5) == pytest.approx((0.25, 0.0, 0.125))
    assert tool.propose((0.5, -0.3, 0.1), (0.0,) * 3, 1.0) == (0.5, -0.3, 0.1)
    assert tool.propose((0.4, -0.3, 0.1), (0.0,) * 3, 1.0) == (0.4, -0.3, 0.1)
    assert tool.propose((0.5, -0.3, 0.1), (0.0,) * 3, 0.0) == (0.0, 0.0, 0.0)
    assert tool.propose((-1.0, 0.0, 0.0), (0.0,) * 3, 1.0) == pytest.approx((-0.5, 0.0, 0.0))


@pytest.mark.parametrize(
    ("position", "wanted", "allowed"),
    [(1.2, 1.5, 1.199), (1.2, 0.5, 1.199), (-1.2, -1.5, -1.199), (-1.2, 0.5, -1.199), (1.0, 0.9, 0.999)],
)
def test_from_outside_only_the_way_back_is_open(position, wanted, allowed):
    motion = joints(start=(position, 0.0))
    now = motion.propose((wanted, 0.0), (0.0, 0.0), 1.0)[0]
    assert now == pytest.approx(allowed)


def test_a_goal_that_moves_is_approached_at_its_speed():
    motion = joints((0.005, 0.0), (0.01, 0.0))
    axis, last = TWO_JOINTS.axes[0], motion.motions[0]
    wanted = next_position(last, 0.03, 1.0, axis, 0.01, 1.0)
    assert motion.propose((0.03, 0.0), (1.0, 0.0), 1.0)[0] == wanted
    assert wanted != next_position(last, 0.03, -1.0, axis, 0.01, 1.0)


@pytest.mark.parametrize("ask", ["commit", "positions_after", "velocity_after", "rest_after", "is_allowed"])
def test_too_many_values_are_refused(ask):
    with pytest.raises(ValueError, match=r"zip|one for each axis"):
        getattr(joints(), ask)((0.0, 0.0, 0.0))


@pytest.mark.parametrize("motion", [joints(), base()])
def test_a_proposal_or_blend_of_too_few_values_is_refused(motion):
    with pytest.raises(ValueError, match=r"zip|one for each axis"):
        motion.propose((0.0,), (0.0,), 1.0)
    with pytest.raises(ValueError, match="zip"):
        motion.blend((0.0,), 0.5)
