import dataclasses

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS, snapshot, so101_limits

from noetra_ros.robots.profile import WorkspaceBox
from noetra_ros.safety.checks.workspace import Workspace, outside_m
from noetra_ros.safety.verdict import Action

HOME = np.array([0.0, -1.0, 0.9, 0.9, 0.0, 0.6])  # tool at about (0.229, 0, 0.100) m
LOW = np.array([0.0, 0.5, 0.9, 0.9, 0.0, 0.6])  # far below the table
LIMITS = so101_limits()
BOX = WorkspaceBox("base_link", "gripper_frame_link", (0.0, -1.0, 0.0), (1.0, 1.0, 1.0))


def at(proposed, rest, stop=HOME, limits=LIMITS, joints=HOME):
    return snapshot(
        limits=limits,
        command=proposed,
        wanted=proposed,
        sent=HOME,
        proposed=proposed,
        proposed_rest=rest,
        stop_rest=lambda: stop,
        joint_positions=joints,
    )


def box_around_home(x_upper_m):
    box = dataclasses.replace(LIMITS.workspace, upper_m=(x_upper_m, 0.42, 0.5))
    return dataclasses.replace(LIMITS, workspace=box)


HOME_X_M = float(LIMITS.tool.tool_position(HOME)[0])
CASES = {
    "inside": (at(HOME, HOME), Action.PASS),
    "on the limit": (at(HOME, HOME, limits=box_around_home(HOME_X_M)), Action.PASS),
    "outside": (at(LOW, LOW), Action.CLAMP),
    "outside only after braking": (at(HOME, LOW), Action.CLAMP),
    "outside only on the way": (at(LOW, HOME), Action.CLAMP),
    "outside already, staying": (at(LOW, LOW, stop=LOW), Action.PASS),
    "no usable command": (snapshot(limits=LIMITS, wanted=None, proposed=None), Action.PASS),
    "no joint states": (at(HOME, HOME, joints=None), Action.STOP),
}


@pytest.mark.parametrize(("instant", "expected"), CASES.values(), ids=CASES)
def test_table(instant, expected):
    assert Workspace().evaluate(instant).action is expected


def test_brakes_and_names_the_wall():
    verdict = Workspace().evaluate(at(LOW, LOW))
    assert (verdict.scale, verdict.subject, verdict.limit, verdict.unit) == (0.0, "z", -0.01, "m")
    assert verdict.measured < -0.01


def test_a_tool_outside_may_move_inwards_but_not_further_out():
    a_bit_outside = np.array([0.0, 0.0, 0.9, 0.9, 0.0, 0.6])
    assert Workspace().evaluate(at(a_bit_outside, a_bit_outside, stop=LOW)).action is Action.PASS
    assert Workspace().evaluate(at(LOW, LOW, stop=a_bit_outside)).action is Action.CLAMP


@pytest.mark.parametrize(
    ("point", "expected_m"),
    [((0.5, 0.0, 0.5), 0.0), ((1.0, -1.0, 0.0), 0.0), ((1.25, 0.0, 0.5), 0.25), ((-0.1, 0.0, -0.3), 0.3)],
)
def test_distance_outside(point, expected_m):
    assert outside_m(np.array(point), BOX) == pytest.approx(expected_m)


def test_needs_a_workspace_in_the_profile():
    assert Workspace().unmet(LIMITS) == ""
    assert "no workspace" in Workspace().unmet(TWO_JOINTS)
