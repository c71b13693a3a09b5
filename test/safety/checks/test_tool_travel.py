"""The check of tools that are told how to move, in figures: how near a tool may come to each wall."""

import dataclasses
import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS, moving_tool, so101_limits

from noetra_ros.robots.profile import WorkspaceBox
from noetra_ros.safety.attributes import changed
from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.checks.tool_travel import ToolTravel
from noetra_ros.safety.limits import AxisLimits
from noetra_ros.safety.verdict import Action

CYCLE_S, LATENCY_S, DT_S, WALL_M, MARGIN_M = 0.02, 0.1, 0.01, 0.2, 0.002
CHECK = ToolTravel(controller_latency_s=LATENCY_S)
LINEAR = AxisLimits("vx", "m", -math.inf, math.inf, 0.4, 1.5, 30.0)
ANGULAR = AxisLimits("wx", "rad", -math.inf, math.inf, 2.0, 10.0, 200.0)
STILL = (0.0,) * 6
# Index of the axis and the side of each wall.
WALLS = {"+x": (0, 1.0), "-x": (0, -1.0), "+y": (1, 1.0), "-y": (1, -1.0), "+z": (2, 1.0), "-z": (2, -1.0)}
each_wall = pytest.mark.parametrize("wall", WALLS)
QUARTER = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])  # x of the tool is y of the base


@dataclass(frozen=True)
class PlacedTool:
    """Kinematics of a tool that is where it is, whatever the joints say."""

    at_m: tuple
    turn: np.ndarray = field(default_factory=lambda: np.eye(3))

    def tool_pose(self, joints):
        pose = np.eye(4)
        pose[:3, :3], pose[:3, 3] = self.turn, self.at_m
        return pose


def no_trail(span_s):
    return np.zeros((0, 7))


def towards(wall, size):
    index, side = WALLS[wall]
    return tuple(side * size if i == index else 0.0 for i in range(6))


def before(wall, gap_m):
    """(3) so far before the wall."""
    index, side = WALLS[wall]
    return tuple(side * (WALL_M - gap_m) if i == index else 0.0 for i in range(3))


def moving(twist, at_m, sent=STILL, rising=STILL, since=no_trail, turn=None, is_tool_frame=False, **changes):
    """An instant of a tool in a box of 0.4 m that is told a twist; None = nothing."""
    like = moving_tool(STILL)
    limits = dataclasses.replace(
        like.limits, axes=(LINEAR,) * 3 + (ANGULAR,) * 3, period_s=DT_S, is_tool_frame=is_tool_frame,
        workspace=WorkspaceBox("base", "tool", (-WALL_M,) * 3, (WALL_M,) * 3),
        tool=PlacedTool(at_m, np.eye(3) if turn is None else turn),
    )  # fmt: skip
    about = {
        "limits": limits, "command": None if twist is None else np.array(twist), "wanted": twist,
        "proposed": twist, "sent": sent, "sent_velocity": sent, "sent_acceleration": rising,
        "cycle_s": CYCLE_S, "sent_since": since, "stream_age_s": {"joint_states": 0.01},
    }  # fmt: skip
    return changed(like, **{**about, **changes})


def judge(*args, **about):
    return CHECK.evaluate(moving(*args, **about))


def way_m(speed, goes_on_s, acceleration=0.0):
    return speed * goes_on_s + braking_travel(speed, acceleration, LINEAR, DT_S)[1]


@each_wall
@pytest.mark.parametrize("speed", [0.1, 0.4])
def test_a_tool_is_held_before_each_wall_where_its_way_ends_there(wall, speed):
    """The glass of a cage, the table, the bench behind: the tool rests 2 mm before it."""
    twist, need_m = towards(wall, speed), way_m(speed, 2.0 * CYCLE_S) + MARGIN_M
    assert judge(twist, before(wall, need_m + 1e-7), sent=twist).action is Action.PASS
    verdict = judge(twist, before(wall, need_m - 1e-6), sent=twist)
    index, side = WALLS[wall]
    assert (verdict.action, verdict.subject) == (Action.CLAMP, "xyz"[index])
    assert (verdict.limit, verdict.unit) == (side * WALL_M, "m")
    assert verdict.measured == pytest.approx(side * (WALL_M - MARGIN_M + 1e-6))
    assert f"comes to {verdict.subject}" not in verdict.reason and f"{verdict.subject} = " in verdict.reason


@each_wall
def test_a_tool_that_nobody_commands_any_more_stops_when_braking_only_just_suffices(wall):
    sent, need_m = towards(wall, 0.3), way_m(0.3, CYCLE_S)
    assert judge(None, before(wall, need_m + 1e-7), sent=sent).action is Action.PASS
    verdict = judge(None, before(wall, need_m - 1e-6), sent=sent)
    assert (verdict.action, verdict.scale) == (Action.STOP, 0.0) and verdict.reason.endswith("stopping")
    assert verdict.limit == WALLS[wall][1] * WALL_M


def test_a_speed_that_still_rises_needs_more_room():
    twist, sent, rising = towards("+x", 0.2), towards("+x", 0.19), towards("+x", 1.0)
    need_m = way_m(0.2, 2.0 * CYCLE_S, acceleration=1.0) + MARGIN_M
    assert judge(twist, before("+x", need_m + 1e-7), sent=sent, rising=rising).action is Action.PASS
    assert judge(twist, before("+x", need_m - 1e-6), sent=sent, rising=rising).action is Action.CLAMP


def test_a_command_is_braked_while_that_keeps_the_tool_in_and_stopped_when_it_does_not():
    twist, brake_m = towards("+x", 0.4), way_m(0.4, 0.0)
    braked = judge(twist, before("+x", brake_m + 1e-7), sent=twist)
    assert (braked.action, braked.scale) == (Action.CLAMP, 0.0) and braked.reason.endswith("braking")
    stopped = judge(twist, before("+x", brake_m - 1e-6), sent=twist)
    assert (stopped.action, stopped.scale) == (Action.STOP, 0.0) and stopped.reason.endswith("stopping")
    assert stopped.measured == pytest.approx(WALL_M + 1e-6)


@pytest.mark.parametrize("gap_m", [0.03, 0.035, 0.04, 0.045])
def test_the_share_that_is_left_keeps_the_tool_in_and_little_more_does_not(gap_m):
    sent, at_m = towards("+x", 0.2), before("+x", gap_m)
    verdict = judge(towards("+x", 0.5), at_m, sent=sent)
    stop = 0.2 - LINEAR.jerk * DT_S * DT_S

    def mixed(share):
        return judge(towards("+x", stop + share * (0.5 - stop)), at_m, sent=sent)

    assert verdict.action is Action.CLAMP and 0.0 < verdict.scale < 1.0
    assert verdict.reason.endswith("slower") and verdict.scale * 64 == round(verdict.scale * 64)
    assert mixed(verdict.scale).action is Action.PASS
    assert mixed(verdict.scale + 1.0 / 64.0).action is not Action.PASS


def test_a_tool_that_stands_on_the_wall_is_clamped_not_stopped():
    """Nothing has to be reset only because somebody asked for a way through the wall."""
    verdict = judge(towards("+x", 0.1), before("+x", 0.0))
    assert (verdict.action, verdict.scale) == (Action.CLAMP, 0.0)
    outside = judge(towards("+x", 0.1), before("+x", -0.05))
    assert (outside.action, outside.scale) == (Action.CLAMP, 0.0)


@each_wall
def test_a_tool_that_is_outside_may_come_back_and_no_farther_out(wall):
    outside = before(wall, -0.05)
    assert judge(towards(wall, -0.1), outside, sent=towards(wall, -0.1)).action is Action.PASS
    assert judge(None, outside, sent=towards(wall, -0.1)).action is Action.PASS
    assert judge(towards(wall, 0.1), outside).action is Action.CLAMP
    assert judge(None, outside, sent=towards(wall, 0.1)).action is Action.STOP
    aside = "+y" if wall[1] == "x" else "+x"
    assert judge(towards(aside, 0.1), outside, sent=towards(aside, 0.1)).action is Action.PASS


def test_who_stands_and_is_told_to_stand_is_left_alone_also_outside():
    assert judge(STILL, before("+x", -0.05)).action is Action.PASS
    assert judge(None, before("+x", -0.05)).action is Action.PASS


def test_to_stand_is_judged_as_that_also_of_a_tool_that_moves():
    assert judge(STILL, before("+x", 0.0), sent=towards("+x", 0.4)).action is Action.PASS


def asked(spans):
    def since(span_s):
        spans.append(span_s)
        return np.array([[span_s, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0]])

    return since


@pytest.mark.parametrize(("age_s", "span_s"), [(0.05, 0.15), (0.0, 0.1), (-0.03, 0.1)])
def test_what_the_tool_has_still_to_do_counts(age_s, span_s):
    """The joint states are old and the controller is late: it moves on by all that was sent meanwhile."""
    spans, twist = [], towards("+x", 0.3)
    need_m = way_m(0.3, 2.0 * CYCLE_S) + MARGIN_M + 0.3 * span_s
    about = {"sent": twist, "since": asked(spans), "stream_age_s": {"joint_states": age_s}}
    assert judge(twist, before("+x", need_m + 1e-7), **about).action is Action.PASS
    assert judge(twist, before("+x", need_m - 1e-6), **about).action is Action.CLAMP
    assert spans == pytest.approx([span_s] * 2)


def turned_by(angle_rad):
    return lambda span_s: np.array([[0.1, 0.3, 0.0, 0.0, 0.0, 0.0, 10.0 * angle_rad]])


def test_a_frame_that_goes_with_the_tool_leads_where_the_tool_looks():
    twist, need_m = towards("+x", 0.3), way_m(0.3, 2.0 * CYCLE_S) + MARGIN_M
    about = {"sent": twist, "turn": QUARTER, "is_tool_frame": True}
    assert judge(twist, before("+x", 0.0), **about).action is Action.PASS
    assert judge(twist, before("+y", need_m + 1e-3), **about).action is Action.PASS
    verdict = judge(twist, before("+y", need_m - 1e-3), **about)
    assert (verdict.action, verdict.subject) == (Action.CLAMP, "y")


def test_a_frame_of_the_base_does_not_turn_with_the_tool():
    twist, need_m = towards("+x", 0.3), way_m(0.3, 2.0 * CYCLE_S) + MARGIN_M
    assert judge(twist, before("+y", 0.001), sent=twist, turn=QUARTER).action is Action.PASS
    assert judge(twist, before("+x", need_m - 1e-6), sent=twist, turn=QUARTER).action is Action.CLAMP
    late_m = need_m + 0.03 + 1e-6
    about = {"sent": twist, "turn": QUARTER, "since": turned_by(0.5)}
    assert judge(twist, before("+x", late_m), **about).action is Action.PASS, "turns leave more room"
    assert judge(twist, before("+x", late_m - 2e-6), **about).action is Action.CLAMP
    sent = (0.3, 0.0, 0.0, 0.0, 0.0, 2.0)
    assert judge(sent, before("+x", need_m + 1e-6), sent=sent).action is Action.PASS


def test_what_a_turning_frame_may_add_is_left_free():
    """The gripper turns while it moves: it may come out aside of where it looks now."""
    twist = (0.3, 0.0, 0.0, 0.0, 0.0, 1.0)
    about = {"sent": twist, "is_tool_frame": True}
    ahead_m = way_m(0.3, 2.0 * CYCLE_S)
    assert judge(twist, before("+y", MARGIN_M + 1e-3), **about).action is not Action.PASS
    assert judge(twist, before("+y", MARGIN_M + ahead_m), **about).action is Action.PASS
    straight = {"sent": towards("+x", 0.3), "is_tool_frame": True}
    near = before("+y", MARGIN_M + 1e-3)
    assert judge(towards("+x", 0.3), near, **straight).action is Action.PASS
    assert judge(towards("+x", 0.3), near, since=turned_by(0.3), **straight).action is not Action.PASS


UNKNOWN = {
    "no joints": {"joint_positions": None},
    "NaN": {"joint_positions": np.array([0.0, math.nan])},
    "infinite": {"joint_positions": np.array([0.0, math.inf])},
    "of no known age": {"stream_age_s": {}},
}


@pytest.mark.parametrize("changes", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize("twist", [STILL, towards("+x", 0.1), None])
def test_a_tool_that_is_nobody_knows_where_is_stopped(changes, twist):
    verdict = judge(twist, (0.0, 0.0, 0.0), **changes)
    assert verdict.action is Action.STOP and "unknown" in verdict.reason


@pytest.mark.parametrize("changes", [{"cycle_s": math.nan}, {"stream_age_s": {"joint_states": math.nan}}])
def test_a_number_that_is_none_is_never_free(changes):
    late = {"since": lambda span_s: np.array([[span_s, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0]])}
    twist = towards("+x", 0.01)
    assert judge(twist, (0.0, 0.0, 0.0), sent=twist, **late, **changes).action > Action.PASS
    assert judge(None, (0.0, 0.0, 0.0), sent=twist, **late, **changes).action > Action.PASS


def test_without_box_or_kinematics_there_is_nothing_to_judge():
    instant = moving(towards("+x", 0.1), before("+x", 0.0))
    for lacking in ({"tool": None}, {"workspace": None}):
        limits = dataclasses.replace(instant.limits, **lacking)
        assert CHECK.evaluate(changed(instant, limits=limits)).action is Action.PASS


def test_it_says_which_channels_it_cannot_judge():
    tool = so101_limits("tool")
    assert CHECK.unmet(tool) == ""
    assert CHECK.unmet(dataclasses.replace(tool, tool=None)) == "the robot profile has no workspace"
    assert "twists of a tool, the channel takes joint_position" in CHECK.unmet(TWO_JOINTS)


@pytest.mark.parametrize(("past_m", "expected"), [(0.5e-9, Action.PASS), (1.5e-9, Action.CLAMP)])
def test_outside_rounding_is_forgiven_and_no_more(past_m, expected):
    """A billionth of a metre farther out, by a speed that is braked within one period."""
    speed = past_m / (2.0 * CYCLE_S)
    assert judge(towards("+x", speed), before("+x", -0.05)).action is expected
