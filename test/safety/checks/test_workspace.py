import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS, snapshot, so101_limits

from noetra_ros.robots.profile import WorkspaceBox
from noetra_ros.safety.attributes import changed
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
        wanted=tuple(proposed),
        sent=tuple(HOME),
        proposed=tuple(proposed),
        proposed_rest=tuple(rest),
        stop_rest=lambda: tuple(stop),
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
    assert (verdict.scale, verdict.subject, verdict.limit, verdict.unit) == (0.0, "z", 0.008, "m")
    assert verdict.measured < 0.008


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


@pytest.mark.parametrize(
    ("point", "beyond_m"),
    [
        ((-0.2, 0.0, 0.5), 0.2), ((1.2, 0.0, 0.5), 0.2), ((0.5, -1.2, 0.5), 0.2), ((0.5, 1.2, 0.5), 0.2),
        ((0.5, 0.0, -0.2), 0.2), ((0.5, 0.0, 1.2), 0.2), ((0.0, 1.0, 1.0), 0.0),
        ((0.5, -1.0 - 1e-9, 0.5), 1e-9),
    ],
)  # fmt: skip
def test_each_wall_bounds(point, beyond_m):
    assert outside_m(np.array(point), BOX) == pytest.approx(beyond_m, rel=1e-6)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_place_that_is_no_number_is_infinitely_far_outside(axis):
    point = np.array([0.5, 0.0, 0.5])
    point[axis] = math.nan
    assert outside_m(point, BOX) == math.inf


@dataclasses.dataclass(frozen=True)
class ReadTool:
    """Kinematics of a tool whose place are its first three joints."""

    joint_count = 6

    def tool_position(self, values):
        return np.array(values[:3], dtype=float)


MADE = dataclasses.replace(LIMITS, tool=ReadTool(), workspace=BOX)
INSIDE = (0.5, 0.0, 0.5, 0.0, 0.0, 0.0)


def judged(proposed, rest=None, stop=INSIDE, **changes):
    instant = at(
        proposed, proposed if rest is None else rest, stop=stop, limits=MADE, joints=np.array(INSIDE)
    )
    return Workspace().evaluate(changed(instant, **changes))


def placed(x, y, z):
    return (x, y, z, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("place", "subject", "limit"),
    [
        (placed(-0.1, 0.0, 0.5), "x", 0.0), (placed(1.1, 0.0, 0.5), "x", 1.0),
        (placed(0.5, -1.1, 0.5), "y", -1.0), (placed(0.5, 1.1, 0.5), "y", 1.0),
        (placed(0.5, 0.0, -0.1), "z", 0.0), (placed(0.5, 0.0, 1.1), "z", 1.0),
    ],
)  # fmt: skip
def test_the_wall_that_is_passed_is_named(place, subject, limit):
    verdict = judged(place)
    assert (verdict.action, verdict.scale) == (Action.CLAMP, 0.0)
    assert (verdict.subject, verdict.limit, verdict.measured) == (subject, limit, place["xyz".index(subject)])


def test_the_worse_of_next_and_rest_is_told():
    """The elbow swings the tool through the window of the cage before it comes to rest."""
    far, near = placed(1.3, 0.0, 0.5), placed(1.1, 0.0, 0.5)
    assert judged(far, near).measured == 1.3
    assert judged(near, far).measured == 1.3
    assert judged(placed(1.1, 0.0, 0.5), placed(0.5, 0.0, 1.1)).subject == "z", "alike: where it rests"


@pytest.mark.parametrize(("over_m", "expected"), [(0.9e-9, Action.PASS), (1.5e-9, Action.CLAMP)])
def test_rounding_is_forgiven_and_no_more(over_m, expected):
    assert judged(placed(1.0 + over_m, 0.0, 0.5)).action is expected
    outside = placed(1.5, 0.0, 0.5)
    assert judged(placed(1.5 + over_m, 0.0, 0.5), stop=outside).action is expected


def test_without_a_stop_nothing_outside_is_excused():
    outside = placed(1.0 + 1e-3, 0.0, 0.5)
    assert judged(outside, stop=outside).action is Action.PASS
    assert judged(outside, stop_rest=None).action is Action.CLAMP
    assert judged(placed(2.5, 0.0, 0.5), stop_rest=None).action is Action.CLAMP


def test_where_one_of_the_places_is_not_a_number_it_does_not_pass():
    """A joint that another channel moves is measured as NaN: nobody knows where the tool is."""

    class Lost(ReadTool):
        def tool_position(self, values):
            return np.full(3, np.nan) if values[3] else super().tool_position(values)

    lost = (0.5, 0.0, 0.5, 1.0, 0.0, 0.0)
    limits = dataclasses.replace(MADE, tool=Lost())
    for proposed, rest in ((lost, INSIDE), (INSIDE, lost), (lost, lost)):
        assert judged(proposed, rest, limits=limits).action is Action.CLAMP
        assert judged(proposed, rest, stop=lost, limits=limits).action is Action.CLAMP
    assert judged(placed(1.1, 0.0, 0.5), stop=lost, limits=limits).action is Action.CLAMP
    assert judged(placed(1.0 + 0.5e-9, 0.0, 0.5), stop=lost, limits=limits).action is Action.PASS


def test_twists_of_a_tool_are_the_concern_of_another_check():
    assert "tool_travel" in Workspace().unmet(so101_limits("tool"))
