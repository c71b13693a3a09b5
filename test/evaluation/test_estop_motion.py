"""The motion that an emergency stop is tried on stays inside what the robot may do."""

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.estop_motion import motion_of
from noetra_ros.robots.profile import load_robot

ARM, BASE = load_robot("so101"), load_robot("diffbot")


@pytest.mark.parametrize("joint", ["", *ARM.joint_names])
@pytest.mark.parametrize("end", ["lower_rad", "upper_rad"])
def test_a_joint_swings_away_from_its_end_from_rest_within_its_limits(joint, end):
    channel = ARM.channel()
    here = np.array([getattr(limits, end) for limits in ARM.joints.values()])
    motion = motion_of(ARM, channel, joint, here, 1)
    times_s = np.arange(0.0, 1.5, 0.01)
    values = np.array([motion.at(t) for t in times_s])
    column = channel.joints.index(joint or channel.joints[0])
    limits = ARM.joints[channel.joints[column]]
    assert values[0].tolist() == here.tolist()
    assert np.abs(np.delete(values - here, column, axis=1)).max() == 0.0
    assert ((limits.lower_rad <= values[:, column]) & (values[:, column] <= limits.upper_rad)).all()
    speed = np.diff(values[:, column]) / 0.01
    assert np.abs(speed).max() == pytest.approx(abs(motion.speed), rel=1e-3)
    assert np.abs(speed).max() <= limits.velocity_radps
    assert np.abs(np.diff(speed) / 0.01).max() <= limits.acceleration_radps2
    rising, full = np.abs(speed[times_s[1:] <= motion.press_s]), np.abs(speed[times_s[:-1] >= motion.press_s])
    assert (np.diff(rising) > 0.0).all() and full == pytest.approx(abs(motion.speed)), "pressed when fastest"


@pytest.mark.parametrize("channel", ["tool", "gripper"])
def test_a_tool_and_a_gripper_are_refused(channel):
    with pytest.raises(ConfigError, match=f"--channel: got {ARM.channel(channel).kind.value}"):
        motion_of(ARM, ARM.channel(channel), "", np.zeros(6), 1)


def test_it_goes_on_at_full_speed_for_as_long_as_anybody_watches_and_ends_at_the_joint_limit():
    """A motion that ends by itself would look like a stop."""
    motion = motion_of(ARM, ARM.channel(), "shoulder_pan", np.zeros(6), 1)
    late = motion.press_s + 1.5
    assert abs(motion.at(late)[0] - motion.at(late - 0.1)[0]) == pytest.approx(0.1 * abs(motion.speed))
    assert motion.at(60.0)[0] in (ARM.joints["shoulder_pan"].lower_rad, ARM.joints["shoulder_pan"].upper_rad)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_base_drives_forward_or_back(sign):
    motion = motion_of(BASE, BASE.channel(), "", np.zeros(0), sign)
    assert motion.at(0.0).tolist() == [0.0, 0.0, 0.0]
    assert motion.at(2.0).tolist() == pytest.approx([sign * 0.2, 0.0, 0.0])


def test_an_unknown_joint_is_named():
    with pytest.raises(ConfigError, match="--joint: got 'nose'"):
        motion_of(ARM, ARM.channel(), "nose", np.zeros(6), 1)
