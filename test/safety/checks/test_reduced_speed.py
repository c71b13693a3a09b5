import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWIST, TWO_JOINTS, moving_tool
from obstacles_around import HOME, WATCHING, with_people

from noetra_ros.safety.attributes import changed
from noetra_ros.safety.checks.reduced_speed import ReducedSpeed
from noetra_ros.safety.verdict import Action

CHECK = ReducedSpeed(reduced_speed_mps=0.25)
NAN = np.full(6, math.nan)
CASES = {
    "off": ({"is_speed_reduced": False}, Action.PASS),
    "on": ({"is_speed_reduced": True}, Action.SLOW),
    "on, NaN": ({"is_speed_reduced": True, "joint_positions": NAN}, Action.STOP),
    "on, missing": ({"is_speed_reduced": True, "joint_positions": None}, Action.STOP),
}


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_table(changes, expected):
    assert CHECK.evaluate(with_people(**changes)).action is expected


@pytest.mark.parametrize("seed", range(5))
def test_no_motion_within_the_scale_moves_the_tool_faster(seed):
    random = np.random.default_rng(seed)
    positions = np.array(HOME) + random.uniform(-0.3, 0.3, 6)
    scale = CHECK.evaluate(with_people(is_speed_reduced=True, joint_positions=positions)).scale
    speeds = scale * np.array(WATCHING.column("velocity")) * random.choice([-1.0, 1.0], (64, 6))
    tool = speeds @ WATCHING.tool.tool_jacobian(positions)[:3].T
    assert np.linalg.norm(tool, axis=1).max() <= 0.25 + 1e-9


def test_a_speed_that_no_motion_reaches_changes_nothing():
    fast = ReducedSpeed(reduced_speed_mps=10.0)
    assert fast.evaluate(with_people(is_speed_reduced=True)).action is Action.PASS


@pytest.mark.parametrize("limits", [TWO_JOINTS, TWIST])
def test_it_needs_a_tool(limits):
    assert "no tool" in CHECK.unmet(limits)


def test_the_speed_of_the_tool_is_that_of_its_place_not_of_its_turning():
    verdict = CHECK.evaluate(with_people(is_speed_reduced=True))
    jacobian = WATCHING.tool.tool_jacobian(np.array(HOME))[:3]
    fastest_mps = float(np.linalg.norm(np.abs(jacobian) @ np.array(WATCHING.column("velocity"))))
    assert (verdict.measured, verdict.limit) == (pytest.approx(fastest_mps), 0.25)
    assert verdict.scale == pytest.approx(0.25 / fastest_mps)


def test_a_twist_is_bounded_by_its_three_speeds():
    verdict = CHECK.evaluate(moving_tool((0.1, 0.0, 0.0, 0.0, 0.0, 0.0)))
    assert verdict.action is Action.PASS, "the mode is off"
    slow = changed(moving_tool((0.1, 0.0, 0.0, 0.0, 0.0, 0.0)), is_speed_reduced=True)
    assert ReducedSpeed(0.125).evaluate(slow).measured == pytest.approx(0.25)
    assert ReducedSpeed(0.25 + 1e-9).evaluate(slow).action is Action.PASS
    assert ReducedSpeed(0.1).evaluate(changed(slow, joint_positions=None)).action is Action.SLOW


def test_without_kinematics_the_tool_speed_is_not_known():
    bare = dataclasses.replace(WATCHING, tool=None)
    verdict = CHECK.evaluate(with_people(limits=bare, is_speed_reduced=True))
    assert verdict.action is Action.STOP and "unknown" in verdict.reason


def test_an_arm_that_cannot_move_needs_no_slowing():
    still = dataclasses.replace(
        WATCHING, axes=tuple(dataclasses.replace(axis, velocity=0.0) for axis in WATCHING.axes)
    )
    assert CHECK.evaluate(with_people(limits=still, is_speed_reduced=True)).action is Action.PASS


def test_no_speed_at_all_may_be_asked_for():
    verdict = ReducedSpeed(0.0).evaluate(with_people(is_speed_reduced=True))
    assert (verdict.action, verdict.scale) == (Action.SLOW, 0.0)
