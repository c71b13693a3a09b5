"""A tool that is told how to move: it stays in its box in either frame, however late it follows."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from late_tool import HALF_M, PERIOD_S, LateTool, gantry
from made_snapshots import moving_tool

from noetra_ros.robots import load_robot
from noetra_ros.safety.attributes import changed
from noetra_ros.safety.checks.reduced_speed import ReducedSpeed
from noetra_ros.safety.checks.tool_travel import ToolTravel
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.projection.projection import unheld
from noetra_ros.safety.twist_trail import TwistTrail
from noetra_ros.safety.verdict import Action

CHECK = ToolTravel(controller_latency_s=0.1)
ACROSS = (0.4, 0.0, 0.0, 0.0, 0.0, 0.0)
STILL = (0.0,) * 6
repeatable = settings(
    derandomize=True, deadline=None, max_examples=12, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


def outside_m(tool):
    return float((np.abs(np.array(tool.places)) - HALF_M).max())


@pytest.mark.parametrize("frame", ["base", "tool"])
@pytest.mark.parametrize(("delay_s", "age_s"), [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.03, 0.05)])
def test_a_tool_comes_to_rest_inside_the_box_however_late_it_follows(tmp_path, frame, delay_s, age_s):
    tool = LateTool(gantry(tmp_path, frame), delay_s, age_s)
    tool.start()
    for _ in range(250):
        tool.step(ACROSS)
    assert -0.04 < outside_m(tool) <= 0.0
    assert tool.twist[0] == pytest.approx(0.0, abs=1e-3)


def test_without_the_check_it_would_leave(tmp_path):
    tool = LateTool(gantry(tmp_path, "base"), without="tool_travel")
    tool.start()
    for _ in range(250):
        tool.step(ACROSS)
    assert outside_m(tool) > 0.1


parts = st.floats(-1.0, 1.0)
phases = st.lists(st.tuples(st.tuples(*[parts] * 6), st.integers(1, 40)), min_size=2, max_size=4)


@pytest.mark.parametrize("frame", ["base", "tool"])
@repeatable
@given(phases=phases, delay=st.integers(0, 10), age=st.integers(0, 10), factor=st.sampled_from([0.5, 5.0]))
def test_any_twists_leave_the_tool_inside_in_either_frame(tmp_path, frame, phases, delay, age, factor):
    tool = LateTool(gantry(tmp_path, frame), delay * PERIOD_S, age * PERIOD_S)
    tool.start()
    for twist, count in phases:
        for _ in range(count):
            tool.step(np.array(twist) * factor)
    for _ in range(60):
        tool.step(None)
    assert outside_m(tool) <= 1e-6
    linear, angular = (np.linalg.norm(np.array(tool.sent)[:, own], axis=1) for own in (slice(3), slice(3, 6)))
    assert linear.max() <= 0.4 * (1 + 1e-6) and angular.max() <= 2.0 * (1 + 1e-6)
    for order, (most, turning) in enumerate(((1.5, 10.0), (30.0, 200.0)), start=1):
        rates = np.diff(tool.sent, n=order, axis=0) / PERIOD_S**order
        assert np.linalg.norm(rates[:, :3], axis=1).max() <= most * (1 + 1e-6)
        assert np.linalg.norm(rates[:, 3:], axis=1).max() <= turning * (1 + 1e-6)


@pytest.mark.parametrize("frame", ["base", "tool"])
def test_a_tool_that_is_outside_only_comes_back_in(tmp_path, frame):
    tool = LateTool(gantry(tmp_path, frame), 0.1)
    tool.place = np.array([HALF_M + 0.05, 0.0, 0.0])
    tool.start()
    for twist in (ACROSS, (0.1, 0.1, 0.0, 0.0, 0.0, 0.0)):
        for _ in range(30):
            tool.step(twist)
    assert tool.place[0] == HALF_M + 0.05
    for _ in range(100):
        tool.step((-0.1, 0.05, 0.0, 0.0, 0.0, 0.3))
    assert tool.place[0] < HALF_M and tool.supervisor.mode is Mode.ACTIVE


def test_a_tool_that_is_pushed_to_the_wall_while_it_moves_is_stopped(tmp_path):
    tool = LateTool(gantry(tmp_path, "base"))
    tool.start()
    for _ in range(30):
        tool.step(ACROSS)
    tool.place = np.array([HALF_M - 0.001, 0.0, 0.0])
    tool.step(ACROSS)
    assert tool.supervisor.mode is Mode.PROTECTIVE_STOP
    reason = tool.supervisor.report(tool.now_ns).reason
    assert "the workspace ends at 0.2 m" in reason


def test_a_twist_in_another_frame_is_refused(tmp_path):
    tool = LateTool(gantry(tmp_path, "tool"))
    tool.start()
    tool.step(ACROSS, "tool")
    tool.step(ACROSS, "")
    assert tool.supervisor.mode is Mode.ACTIVE and tool.twist[0] > 0.0
    tool.step(ACROSS, "base")
    assert tool.supervisor.mode is Mode.PROTECTIVE_STOP
    assert "the frame 'base', expected 'tool'" in tool.supervisor.report(tool.now_ns).reason


def test_a_twist_that_is_too_fast_keeps_its_direction(tmp_path):
    tool = LateTool(gantry(tmp_path, "base"))
    tool.start()
    for _ in range(40):
        tool.step((0.2, 0.4, 0.0, 0.0, 0.0, 0.0))
    assert tool.twist[:3] == pytest.approx((0.2 / math.sqrt(3), 0.4 / math.sqrt(3), 0.0))


def test_stale_joint_states_stop(tmp_path):
    tool = LateTool(gantry(tmp_path, "base"))
    tool.start()
    tool.step(ACROSS)
    tool.now_ns += 250_000_000
    tool._take(tool.supervisor.tick(tool.now_ns))
    assert tool.supervisor.mode is Mode.PROTECTIVE_STOP


@pytest.mark.parametrize("joints", [None, np.array([0.0, math.nan, 0.0, 0.0, 0.0, 0.0])])
def test_where_the_joints_are_not_known_it_stops_also_a_tool_that_stands(joints):
    verdict = CHECK.evaluate(changed(moving_tool(STILL), joint_positions=joints))
    assert verdict.action is Action.STOP and "unknown" in verdict.reason


def test_walls_are_judged_on_the_limit():
    at_x = moving_tool(STILL).limits.tool.tool_position(moving_tool(STILL).joint_positions)[0]
    slowly = (1e-3, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert CHECK.evaluate(moving_tool(slowly, at_x + 0.0021)).action is Action.PASS
    assert CHECK.evaluate(moving_tool(slowly, at_x + 0.0019)).action is Action.CLAMP
    assert CHECK.evaluate(moving_tool(tuple(-v for v in slowly), at_x - 0.1)).action is Action.PASS


def test_reduced_speed_bounds_the_twist():
    slow = changed(moving_tool(ACROSS), is_speed_reduced=True)
    verdict = ReducedSpeed(reduced_speed_mps=0.1).evaluate(slow)
    assert verdict.action is Action.SLOW
    assert verdict.scale == pytest.approx(0.1 / 0.25) and verdict.measured == pytest.approx(0.25)


def test_barriers_say_that_they_do_not_hold_a_twist():
    robot = load_robot("so101")
    said = unheld(("workspace", "keep_out"), robot.channel("tool"))
    assert "workspace, keep_out are left out" in said
    assert unheld(("workspace",), robot.channel()) == unheld((), robot.channel("tool")) == ""


def test_the_trail_gives_what_held_within_a_span():
    trail = TwistTrail()
    trail.go((1.0,) * 6, 0)
    trail.go((2.0,) * 6, 100_000_000)
    assert trail.since(150_000_000, 0.1)[:, :2].tolist() == [[0.05, 1.0], [0.05, 2.0]]
    assert trail.since(150_000_000, 0.02)[:, :2].tolist() == [[0.02, 2.0]]
    assert trail.since(150_000_000, 9.0)[:, 0].sum() == pytest.approx(0.15)
    assert TwistTrail().since(5, 1.0).shape == (0, 7)
