"""What is told of trajectories that come, go, and are taken back, without a supervisor around them."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from made_trajectories import NAMES, smooth

from noetra_ros.core.trajectory import Trajectory
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.trajectory.execution import Execution
from noetra_ros.safety.verdict import Action

GOOD = smooth((0.8, -1.2))
NOTHING = Trajectory(NAMES, (), 0)
JOINTS = np.zeros(2)


class Alone:
    """An execution and what it moves."""

    def __init__(self, limits=TWO_JOINTS):
        self.motion = ChannelMotion(limits)
        self.motion.start_at((0.0, 0.0))
        self.execution = Execution(limits, self.motion, None)

    def go(self, count, now_ns=10**12):
        steps = []
        for _ in range(count):
            step = self.execution.next(now_ns, 1.0, JOINTS)
            steps.append(step)
            if step is not None:
                self.motion.commit(step.wanted)
        return steps

    def told(self):
        return [(v.reason, v.action, v.scale, v.measured, v.limit) for v in self.execution.take_verdicts()]


def test_a_good_one_is_under_way_until_it_is_done():
    alone = Alone()
    assert alone.execution.take(GOOD, 0.0, "") is True
    assert alone.execution.is_under_way and alone.execution.is_braking
    assert not alone.execution.is_command_awaited
    steps = alone.go(300)
    assert steps[0] is None and not alone.execution.is_under_way and not alone.execution.is_braking
    assert alone.motion.sent() == (0.8, -1.2)
    (begun, done) = alone.told()
    assert begun[0] == "a trajectory of 9 points begins, 1.600 s" and begun[1] is Action.PASS
    assert done[0] == "the trajectory is done after 1.600 s of path"
    assert alone.told() == [], "told once"


def test_of_one_that_is_partly_over_the_rest_is_told():
    """It was to rest for 0.8 s first, and came that late."""
    later = [dataclasses.replace(p, time_s=p.time_s + 0.8) for p in GOOD.points]
    alone = Alone()
    alone.execution.take(Trajectory(NAMES, (GOOD.points[0], *later), 0), 0.8, "")
    alone.go(12)
    assert alone.told()[0][0] == "a trajectory of 10 points begins, 1.600 s"


def test_one_that_waits_for_its_time_is_not_begun_before():
    alone = Alone()
    alone.execution.take(dataclasses.replace(GOOD, arrival_ns=10**12), -2.0, "")
    assert not any(alone.go(30, now_ns=10**12 + 1_999_999_999)) and alone.told() == []
    assert any(alone.go(3, now_ns=10**12 + 2_000_000_000))


@pytest.mark.parametrize("hindrance", ["", "the robot is not armed"])
def test_an_empty_one_cancels_and_is_told(hindrance):
    """Whoever sends it wants the robot to stand."""
    alone = Alone()
    assert alone.execution.take(NOTHING, 0.0, hindrance) is False
    assert alone.told()[0][:3] == ("a trajectory without points: controlled stop", Action.CLAMP, 0.0)
    assert alone.execution.is_braking is (hindrance == "") and not alone.execution.is_command_awaited


def test_where_no_command_passes_none_is_taken():
    alone = Alone()
    assert alone.execution.take(GOOD, 0.0, "PROTECTIVE_STOP: stale") is False
    assert alone.told()[0][0] == "the trajectory is refused: PROTECTIVE_STOP: stale"
    assert not alone.execution.is_braking and not alone.execution.is_under_way


def test_one_that_cannot_be_read_leaves_commands_awaited():
    """Nothing of it is sent: whoever drives the robot has to go on."""
    alone = Alone()
    wrong = dataclasses.replace(GOOD, names=("elbow", "wrist"))
    assert alone.execution.take(wrong, 0.0, "") is False
    assert "is refused: it names" in alone.told()[0][0]
    assert alone.execution.is_command_awaited and alone.execution.is_braking


WAYS_OUT = {
    "another one": (lambda e: e.take(GOOD, 0.0, ""), "another one came"),
    "an empty one": (lambda e: e.take(NOTHING, 0.0, ""), "it is cancelled"),
    "a single command": (lambda e: e.give_way(), "a single command came"),
    "a stop": (lambda e: e.stop("an emergency stop is pressed"), "an emergency stop is pressed"),
}


@pytest.mark.parametrize(("out", "words"), WAYS_OUT.values(), ids=WAYS_OUT)
def test_what_is_over_before_its_end_is_told_with_how_far_it_was(out, words):
    alone = Alone()
    alone.execution.take(GOOD, 0.0, "")
    out(alone.execution)
    assert alone.told()[0] == (
        f"the trajectory is dropped at 0.000 s of 1.600 s: {words}", Action.CLAMP, 0.0, 0.0, 1.6,
    )  # fmt: skip
    running = Alone()
    running.execution.take(GOOD, 0.0, "")
    running.go(30)
    running.told()
    at_s = running.execution._follower.time_s
    out(running.execution)
    assert 0.1 < at_s < 0.3 and running.told()[0][3:] == (at_s, 1.6)


def test_without_one_there_is_nothing_to_drop():
    alone = Alone()
    alone.execution.stop("disarmed")
    alone.execution.give_way()
    assert alone.told() == [] and alone.execution.is_command_awaited


def test_one_that_is_refused_by_its_figures_is_told_and_forgotten():
    alone = Alone()
    alone.execution.take(smooth((0.8, -1.2), 0.3), 0.0, "")
    assert not any(alone.go(5))
    assert "is refused: elbow at" in alone.told()[0][0] and not alone.execution.is_under_way


def test_a_run_that_is_given_up_brakes_and_says_why():
    alone = Alone()
    alone.execution.take(GOOD, 0.0, "")
    alone.go(60)
    alone.told()
    alone.motion.start_at((0.9, 0.9))
    assert alone.execution.next(10**12, 1.0, JOINTS) is None
    assert "off its path" in alone.told()[0][0] and alone.execution.is_braking
    assert not alone.execution.is_under_way
