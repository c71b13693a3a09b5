"""The whole core with people around: slows along the path, stops in time, comes back without a jump."""

import dataclasses

import numpy as np
import pytest
from made_snapshots import PEOPLE, TWO_JOINTS
from supervised import Arm

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
