"""ALOHA's 14 numbers over real nodes: both grippers close and open with the arms, or one of them alone."""

import numpy as np
import pytest
from gated_bench import GatedBench
from noetra_ros.msg import SafetyState
from std_msgs.msg import Float64MultiArray

pytestmark = pytest.mark.ros
LEFT, RIGHT = 6, 13  # columns of the grippers
CLOSED_M, OPEN_M = 0.01844, 0.058
TOLERANCE_M = 5e-4


@pytest.fixture
def arms():
    """Makes one bench; at the end both nodes must end with code 0."""
    made = []

    def make(channel):
        made.append(GatedBench(channel, "aloha"))
        made[0].start(Float64MultiArray)
        return made[0]

    yield make
    assert set(made[0].bench.close().values()) == {0}


def say(made, values):
    made.next_command = Float64MultiArray(data=[float(value) for value in values])


def comes_to(made, joint, place_m):
    made.bench.spin_until(
        lambda: abs(made.position(joint) - place_m) < TOLERANCE_M, f"{joint} at {place_m} m"
    )


def test_the_grippers_of_both_arms_go_where_14_numbers_say(arms):
    made = arms("arms_and_grippers")
    home = made.positions()
    made.begin(Float64MultiArray(data=home.tolist()))
    goal = home.copy()
    for left_m, right_m in ((OPEN_M, CLOSED_M), (0.03, 0.05)):
        goal[[LEFT, RIGHT]], goal[LEFT - 1] = (left_m, right_m), goal[LEFT - 1] + 0.2
        say(made, goal)
        comes_to(made, "left_gripper", left_m)
        comes_to(made, "right_gripper", right_m)
    assert made.mode == SafetyState.MODE_ACTIVE
    made.bench.spin_until(lambda: abs(made.positions() - goal).max() < 1e-3, "the turned wrist")
    assert made.fastest("left_gripper") < 0.08  # it jumps from place to place; the supervisor makes it slow


def test_a_gripper_beyond_its_ends_is_clamped_and_told_in_metres(arms):
    made = arms("arms_and_grippers")
    goal = made.positions()
    made.begin(Float64MultiArray(data=goal.tolist()))
    goal[RIGHT] = 1.0  # a policy's 0 .. 1 that nobody scaled
    say(made, goal)
    comes_to(made, "right_gripper", OPEN_M)
    (event, *_) = made.events_of("position")
    assert (event.subject, event.unit) == ("right_gripper", "m") and event.limit == pytest.approx(OPEN_M)
    assert made.mode == SafetyState.MODE_ACTIVE


def test_one_gripper_alone_leaves_all_else_where_it_is(arms):
    made = arms("left_gripper")
    home = made.positions()
    made.begin(Float64MultiArray(data=[home[LEFT]]))
    say(made, [OPEN_M])
    comes_to(made, "left_gripper", OPEN_M)
    still = np.delete(np.arange(len(home)), LEFT)
    assert made.positions()[still] == pytest.approx(home[still], abs=1e-3)
    made.next_command = None
    made.bench.spin_until(lambda: made.mode == SafetyState.MODE_PROTECTIVE_STOP, "the time-out")
