"""One run along one path: at full pace, slowed, stopped, held off it; the path itself is never left."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWO_JOINTS
from made_trajectories import smooth

from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.trajectory.follower import (
    BISECTIONS,
    OFF_PATH_SHARE,
    PACE_MARGIN,
    PATIENCE_S,
    Follower,
)
from noetra_ros.safety.trajectory.path import Path
from noetra_ros.safety.trajectory.reading import read

GOAL, DT_S = (0.8, -1.2), 0.01
SPEEDS = np.array(TWO_JOINTS.column("velocity"))
LENGTH = np.array(GOAL)


def path_of(goal=GOAL, duration_s=1.6, limits=TWO_JOINTS):
    plan = read(smooth(goal, duration_s), 0.0, limits)
    return Path(plan.spline((0.0, 0.0)), 0.0, limits)


PATH = path_of()


class Run:
    """A follower whose setpoints are carried out."""

    def __init__(self, path=PATH, start=(0.0, 0.0), limits=TWO_JOINTS):
        self.path, self.motion = path, ChannelMotion(limits)
        self.motion.start_at(start)
        self.follower = Follower(path, self.motion, limits)
        self.steps, self.paces, self.sent = [], [], [np.array(start)]

    def go(self, count, scale=1.0):
        """So many periods; gives the last step."""
        for _ in range(count):
            at_s = self.follower.time_s
            step = self.follower.next(scale)
            self.steps.append(step)
            if step.wanted is None:
                break
            values = self.motion.propose(step.wanted, (0.0, 0.0), 1.0)  # as whoever sends it does
            self.motion.commit(values)
            self.sent.append(np.array(values))
            self.paces.append(self.follower._pace)
            assert self.follower.time_s >= at_s
        return self.steps[-1] if self.steps else None

    def off_line_rad(self):
        sent = np.array(self.sent)
        share = sent @ LENGTH / (LENGTH @ LENGTH)
        return float(np.abs(sent - share[:, np.newaxis] * LENGTH).max())

    def rates(self):
        """Speed of each period as a share of the limits."""
        return np.abs(np.diff(self.sent, axis=0)) / DT_S / SPEEDS


def test_at_full_pace_every_setpoint_is_that_of_the_path():
    run = Run()
    last = run.go(500)
    assert last.wanted is None and last.fault == ""
    assert np.array(run.sent[:161]) == pytest.approx(PATH.setpoints[:161], abs=1e-12)
    assert run.sent[-1].tolist() == list(GOAL) and run.follower.time_s == run.follower.end_s == PATH.end_s
    assert len(run.sent) == 163, "and two that hold it, until the robot rests"
    assert all(step.keeps_scale for step in run.steps)


def test_it_waits_for_the_robot_at_its_begin():
    """As a command goes to its goal: whoever sends it sees to the speed."""
    run = Run(start=(0.01, 0.0))
    step = run.follower.next(1.0)
    assert step.wanted == (0.0, 0.0) and not step.keeps_scale and step.fault == ""
    run.motion.start_at((0.0, 0.0))
    assert run.follower.next(1.0).keeps_scale


def test_far_from_its_begin_it_waits_as_well():
    """As far as a joint may lag is no reason to give it up before it has begun."""
    run = Run(start=(0.2, 0.0))
    assert run.follower.next(1.0).wanted == (0.0, 0.0)
    run.go(150)
    assert run.steps[-1].fault == "" and run.follower.time_s > 0.5


def test_one_that_is_at_its_begin_and_still_moves_waits_too():
    run = Run()
    run.motion.commit((0.0, 0.0))
    run.motion.start_at((0.001, 0.0))
    run.motion.commit((0.0, 0.0))
    assert not run.motion.is_at_rest
    assert run.follower.next(1.0).keeps_scale is False


@pytest.mark.parametrize("scale", [0.05, 0.3, 0.5])
def test_from_rest_a_slowed_run_has_its_pace_at_once_and_keeps_the_speed(scale):
    run = Run()
    run.go(3, scale)
    goal = PACE_MARGIN * scale / PATH.speed_share_from(0.0)
    assert run.paces == pytest.approx([goal] * 3)
    run.go(4000, scale)
    assert run.rates().max() <= scale * (1.0 + 1e-6)
    assert run.rates().max() > 0.95 * scale, "and is no slower than it has to be"
    assert run.off_line_rad() < 1e-9 and run.sent[-1].tolist() == list(GOAL)
    assert all(step.keeps_scale for step in run.steps) and not run.steps[-1].fault


@pytest.mark.parametrize("scale", [0.3, 0.05])
@pytest.mark.parametrize("first", [40, 80, 110])
def test_slowed_on_its_way_it_brakes_along_the_path_and_speeds_up_again(first, scale):
    run = Run()
    run.go(first)
    run.go(60, scale)
    assert run.rates()[-1].max() <= scale * (1.0 + 1e-6)
    late = [k for k, step in enumerate(run.steps) if not step.keeps_scale]
    if first == 80:  # on its fastest part the axes hold the pace up: told after four periods
        assert late[0] == 84 and len(late) <= 7
    else:
        assert late == [], "braking down to it is under way"
    run.go(800)
    assert run.sent[-1].tolist() == list(GOAL) and run.off_line_rad() < 0.002
    assert run.steps[-1].fault == ""
    changes = np.diff(run.paces) / DT_S
    assert changes.min() >= -PATH.slowing.acceleration * (1.2 if first == 80 else 1.01)
    assert changes.max() <= PATH.speeding_up.acceleration * 1.01


def test_it_brakes_as_hard_as_the_path_lets_it():
    """A person is near: 0.6 of the full pace is lost within the ramp that the axes allow."""
    run = Run()
    run.go(80)
    run.go(40, 0.3)
    goal = PACE_MARGIN * 0.3 / PATH.speed_share_from(0.8)
    reached = next(k for k, pace in enumerate(run.paces) if pace <= goal + 1e-6)
    lost, limits = 1.0 - goal, PATH.slowing
    least_s = lost / limits.acceleration + limits.acceleration / limits.jerk
    assert reached - 80 <= least_s / DT_S + 4
    assert reached - 80 >= lost / limits.acceleration / DT_S - 1


def test_it_speeds_up_with_half_of_what_it_brakes_with():
    run = Run()
    run.go(60)
    run.go(40, 0.3)
    begin = len(run.paces)
    run.go(40)
    full = next(k for k, pace in enumerate(run.paces[begin:]) if pace >= 1.0 - 1e-6)
    least_s = 0.5 / PATH.speeding_up.acceleration
    assert least_s / DT_S - 2 <= full <= 4 * least_s / DT_S + 8
    assert run.paces[-1] == pytest.approx(1.0, abs=1e-12), "the last little is made at once"


def test_with_no_speed_left_it_rests_on_its_path_and_is_not_given_up():
    """A hand lies in the way for a minute: it waits."""
    run = Run()
    run.go(80)
    run.go(400, 0.0)
    assert run.motion.is_at_rest and 0.2 < run.sent[-1][0] < 0.7
    assert run.steps[-1].wanted is not None
    run.go(400)
    assert run.sent[-1].tolist() == list(GOAL) and run.off_line_rad() < 0.002 and run.steps[-1].fault == ""


@pytest.mark.parametrize(("first", "start"), [(0, 0.01), (50, 0.0)])
def test_one_that_does_not_get_on_is_given_up_after_a_second(first, start):
    """Something else holds the robot, and nobody says so; before its begin as well as on the way."""
    run = Run(start=(start, 0.0))
    run.go(first)
    run.motion.stand()
    run.follower.next(1.0)
    held = 0
    while (step := run.follower.next(1.0)).wanted is not None:
        held += 1
        assert held < 200
    assert step.fault == "it did not get on for 1 s" and step.wanted is None
    assert 98 <= held <= 100 and PATIENCE_S == 1.0


def test_without_a_speed_to_go_at_patience_does_not_run_out():
    run = Run()
    run.go(50)
    run.motion.stand()
    assert all(run.follower.next(0.0).fault == "" for _ in range(300))
    assert run.follower.next(0.001).fault == ""


def test_patience_begins_anew_with_every_step_that_is_made():
    run = Run()
    for _ in range(3):
        run.go(20)
        run.motion.stand()
        for _ in range(80):
            assert run.follower.next(1.0).fault == ""


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_one_that_is_pushed_off_its_path_is_given_up(index, side):
    """A quarter of what a joint may lag: 0.075 rad. Beyond, it would cut the corner that the path rounds."""
    for off, is_lost in ((0.0749, False), (0.0751, True)):
        run = Run(path_of((0.0, 0.0), 1.6))
        run.go(3)
        place = [0.0, 0.0]
        place[index] = side * off
        run.motion.start_at(place)
        step = run.follower.next(1.0)
        assert (step.wanted is None) is is_lost
        if is_lost:
            name = TWO_JOINTS.names[index]
            assert step.fault == f"{name} is 0.0751 rad off its path, limit 0.075 rad"
    assert OFF_PATH_SHARE == 0.25


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_of_a_part_of_a_step_as_much_of_the_path_is_done(share):
    """A barrier or a check let only a part of it through: it goes on from there, at that pace."""
    run = Run()
    run.go(80)
    step, at_s = run.follower.next(1.0), run.follower.time_s
    here = np.array(PATH.at(at_s))
    place = here + share * (np.array(step.wanted) - here)
    run.motion._take(tuple(map(float, place)), *run.motion.differences()[1:])
    assert run.follower._take_in(run.motion.sent())
    assert run.follower.time_s == pytest.approx(at_s + share * DT_S, rel=1e-6)
    assert run.follower._pace == pytest.approx(share, rel=1e-6) and run.follower._change == 0.0


@pytest.mark.parametrize(("share", "done"), [(-0.5, 0.0), (0.0, 0.0), (1.0, 1.0), (1.5, 1.0)])
def test_neither_less_than_nothing_nor_more_than_a_step_is_done(share, done):
    run = Run()
    run.go(80)
    step, at_s = run.follower.next(1.0), run.follower.time_s
    here = np.array(PATH.at(at_s))
    sent = tuple((here + share * (np.array(step.wanted) - here)).tolist())
    assert run.follower._share_of_way(sent) == pytest.approx(done, abs=1e-9)


def test_the_axes_count_by_their_speeds_and_one_that_may_not_move_not_at_all():
    """The first joint has done its whole way, the second, which is half as fast, nothing of the same way."""
    axes = (TWO_JOINTS.axes[0], dataclasses.replace(TWO_JOINTS.axes[1], velocity=1.0))
    limits = dataclasses.replace(TWO_JOINTS, axes=axes)
    run = Run(limits=limits)
    run.follower._wanted = (0.01, 0.01)
    assert run.follower._share_of_way((0.01, 0.0)) == pytest.approx(0.2)
    assert run.follower._share_of_way((0.0, 0.01)) == pytest.approx(0.8)
    stiff = dataclasses.replace(limits, axes=(axes[0], dataclasses.replace(axes[1], velocity=0.0)))
    run.follower._limits = stiff
    assert run.follower._share_of_way((0.005, 0.0)) == pytest.approx(0.5)
    run.follower._wanted = (0.0, 0.0)
    assert run.follower._share_of_way((0.005, 0.0)) == 1.0, "a step of no length is done"


def test_at_rest_the_pace_is_none_until_it_goes_on():
    run = Run()
    run.go(80)
    run.motion.stand()
    run.follower._take_in(run.motion.sent())
    assert (run.follower._pace, run.follower._change) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("scale", "goal"),
    [(1.0, 1.0), (1.5, 1.0), (0.99, 0.99 * 0.99), (0.4, 0.99 * 0.4), (0.0, 0.0)],
)
def test_the_pace_that_keeps_a_scale(scale, goal):
    """Of a path that takes all of a limit; of one that takes a third of it, three times as much."""
    run = Run()
    run.follower._path = type("Fast", (), {"speed_share_from": lambda self, time_s: 1.0})()
    assert run.follower._goal(scale) == pytest.approx(goal)
    run.follower._path = type("Slow", (), {"speed_share_from": lambda self, time_s: 0.33})()
    assert run.follower._goal(scale) == pytest.approx(min(1.0, 3.0 * goal) if scale < 1.0 else 1.0)


def test_a_scale_that_the_path_keeps_anyway_changes_nothing():
    run = Run()
    run.follower._path = type("Exact", (), {"speed_share_from": lambda self, time_s: 0.99 * 0.5})()
    assert run.follower._goal(0.5) == 1.0
    assert run.follower._goal(0.4999) < 1.0


@pytest.mark.parametrize("least", [0.3, 0.637, 0.99])
def test_where_the_axes_do_not_allow_a_pace_the_nearest_that_they_do_is_taken(monkeypatch, least):
    run = Run()
    run.go(80)
    monkeypatch.setattr(run.follower, "_is_allowed", lambda pace: pace >= least)
    found = run.follower._nearest(0.2, 1.0)
    assert least <= found <= least + 0.8 / 2**BISECTIONS + 1e-12 and BISECTIONS == 8
    assert (found - 0.2) / 0.8 * 256 == pytest.approx(round((found - 0.2) / 0.8 * 256), abs=1e-9)


def test_where_they_do_not_allow_the_pace_of_now_either_that_is_kept(monkeypatch):
    """Nothing is better: what is sent goes through the limits of the axes anyway."""
    run = Run()
    run.go(80)
    monkeypatch.setattr(run.follower, "_is_allowed", lambda pace: False)
    assert run.follower._nearest(0.2, 0.9) == 0.9


def test_a_scale_that_cannot_be_kept_by_the_pace_is_told_after_a_ramp(monkeypatch):
    """Then whoever sends the setpoints sees to the speed: four periods of two ramps of 20 ms."""
    run = Run()
    run.go(80)
    monkeypatch.setattr(run.follower, "_is_allowed", lambda pace: pace >= 1.0)
    kept = []
    for _ in range(7):
        step = run.follower.next(0.3)
        kept.append(step.keeps_scale)
        run.motion.commit(step.wanted)
    assert kept == [True] * 4 + [False] * 3
    assert run.follower._late == 7


def test_being_late_is_counted_anew_once_it_was_kept(monkeypatch):
    run = Run()
    run.go(80)
    monkeypatch.setattr(run.follower, "_is_allowed", lambda pace: pace >= 1.0)
    for _ in range(3):
        for _ in range(4):
            step = run.follower.next(0.3)
            assert step.keeps_scale
            run.motion.commit(step.wanted)
        step = run.follower.next(1.0)
        run.motion.commit(step.wanted)


def test_on_the_scale_it_is_kept_but_for_rounding():
    run = Run()
    run.follower._wanted = (0.3 * 2.0 * DT_S * (1.0 + 0.5e-7), 0.0)
    run.follower._late = 99
    assert run.follower._keeps(0.3, (0.0, 0.0)) and run.follower._late == 0
    run.follower._wanted = (0.3 * 2.0 * DT_S * (1.0 + 1.5e-7), 0.0)
    run.follower._late = 99
    assert not run.follower._keeps(0.3, (0.0, 0.0))
    run.follower._wanted = (0.0, -0.5)
    assert not run.follower._keeps(0.3, (0.0, 0.0)), "of every joint, and both ways"


def test_the_slowest_ramp_of_the_axes_is_waited_for():
    axes = (TWO_JOINTS.axes[0], dataclasses.replace(TWO_JOINTS.axes[1], jerk=200.0))
    limits = dataclasses.replace(TWO_JOINTS, axes=axes)
    assert Run(limits=limits).follower._most_late == 20
    assert Run().follower._most_late == 4
    assert math.isclose(PATH.slowing.acceleration, 2.0 * PATH.speeding_up.acceleration)
