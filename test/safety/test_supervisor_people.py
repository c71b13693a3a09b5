"""The whole core with people around: slows along the path, stops in time, comes back without a jump."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import PEOPLE, TWO_JOINTS
from obstacles_around import HOME, WATCHING, obstacle, scene
from supervised import SETTINGS, Arm, Supervised

from noetra_ros.core.errors import ConfigError
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.motion import ChannelMotion
from noetra_ros.safety.verdict import Action, Verdict


class Slowing:
    """A check that asks for what the test says."""

    action, scale = Action.PASS, 1.0

    def evaluate(self, _):
        return Verdict("slowing", self.action, "the test says so" if self.action else "", self.scale)


@pytest.fixture
def arm():
    slowing = Slowing()
    arm = Arm(extra={"slowing": slowing})
    arm.slowing = slowing
    arm.start()
    return arm


def test_the_scale_falls_at_once_and_rises_slowly(arm):
    arm.slowing.action, arm.slowing.scale = Action.SLOW, 0.2
    arm.step((0.0, 0.0))
    assert arm.supervisor.report(arm.now_ns).scale == 0.2
    arm.slowing.action, arm.slowing.scale = Action.PASS, 1.0
    scales = []
    for _ in range(100):
        arm.step((0.0, 0.0))
        scales.append(arm.supervisor.report(arm.now_ns).scale)
    assert np.diff([0.2, *scales]).max() <= PEOPLE["scale_rise_per_s"] * 0.01 + 1e-9
    assert (scales[-1], arm.supervisor.mode) == (1.0, Mode.ACTIVE)


def test_after_a_stop_motion_begins_from_nothing(arm):
    arm.slowing.action, arm.slowing.scale = Action.STOP, 0.0
    arm.hold((0.3, 0.0), 30)
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
    arm.slowing.action, arm.slowing.scale = Action.PASS, 1.0
    scales = []
    for _ in range(200):
        arm.step((0.3, 0.0))
        scales.append(arm.supervisor.report(arm.now_ns).scale)
    assert np.diff([0.0, *scales]).max() <= PEOPLE["scale_rise_per_s"] * 0.01 + 1e-9
    assert scales[-1] == 1.0
    assert arm.sent[-1] == pytest.approx([0.3, 0.0])
    arm.judge()


class Near(Slowing):
    """As the check of separation with somebody who stands near."""

    may_be_armed_against = True
    action, scale = Action.STOP, 0.0


def test_a_person_who_stands_near_holds_an_armed_robot_but_does_not_keep_it_from_being_armed():
    arm = Arm(extra={"near": Near()})
    arm.supervisor._round.checks["near"].evaluate = lambda _: Verdict("near", Action.STOP, "0.1 m", 0.0)
    arm.start()
    assert arm.supervisor.mode is Mode.ACTIVE
    arm.hold((0.3, 0.0), 30)
    assert arm.supervisor.mode is Mode.PROTECTIVE_STOP
    assert all(values == pytest.approx([0.0, 0.0]) for values in arm.sent)


@pytest.mark.parametrize("scale", [0.1, 0.5])
def test_a_slowed_motion_stays_on_its_line(scale):
    motion = ChannelMotion(dataclasses.replace(TWO_JOINTS))
    motion.start_at((0.0, 0.0))
    for _ in range(1000):
        motion.commit(motion.propose((0.9, 0.3), (0.0, 0.0), scale))
        x, y = motion.sent()
        assert abs(y - x / 3.0) < 0.01
    assert motion.sent() == pytest.approx((0.9, 0.3))


def test_watching_people_without_the_checks_is_a_start_up_error(arm):
    with pytest.raises(ConfigError, match="perception, separation"):
        dataclasses.replace(arm.settings, watch_people=True)


@pytest.mark.parametrize("angle", [-0.6, 0.0, 0.6])
def test_the_arm_stands_before_a_walking_person_arrives_and_goes_on_when_they_leave(angle):
    arm = Supervised(WATCHING, HOME, checks=(*SETTINGS.checks, "perception", "separation"))
    direction = np.array([np.cos(angle), np.sin(angle), 0.0])
    places_m = [direction * (3.0 - 1.6 * max(0.0, 0.01 * k - 0.5)) + [0.0, 0.0, 0.2] for k in range(600)]

    def see(step, taken, places):
        person = obstacle(places[max(0, taken)], size_m=(0.15, 0.6, 0.0), seen_ns=0)
        stamped = scene(dataclasses.replace(person, seen_ns=arm.now_ns), stamp_ns=arm.now_ns)
        arm.supervisor.on_scene(stamped, arm.now_ns, 0.01 * (step - taken))

    def gap_m(place):
        told = scene(obstacle(place, size_m=(0.15, 0.6, 0.0)))
        return WATCHING.body.measure(told, np.array(arm.measured())).distance_m.min()

    see(0, 0, places_m)
    arm.start()
    modes = []
    for step in range(220):
        if step % 10 == 0:
            see(step, step - 10, places_m)  # pictures at 10 Hz, 0.1 s old
        swing = 0.5 * np.sin(0.03 * step)
        arm.step((swing, HOME[1] + 0.3 * np.sin(0.05 * step), *HOME[2:]))
        modes.append(arm.supervisor.mode)
        if gap_m(places_m[step]) <= 0.1:  # C + Z_d + Z_r
            break
    else:
        pytest.fail("the person never arrived")
    assert arm.supervisor.report(arm.now_ns).is_at_rest
    assert arm.sent[-1] == pytest.approx(arm.sent[-2], abs=1e-9)
    assert modes.index(Mode.SLOWED) < modes.index(Mode.PROTECTIVE_STOP)
    for step in range(400):
        if step % 10 == 0:
            see(10, 0, [np.array([4.0, 0.0, 0.2])])
        arm.step(HOME)
    assert arm.supervisor.mode is Mode.ACTIVE
    assert arm.sent[-1] == pytest.approx(HOME)
