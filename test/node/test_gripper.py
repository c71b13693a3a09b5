"""The UR5e's gripper over real nodes: simulation and supervisor, commands of openings and of angles."""

import pytest
import yaml
from gated_bench import GatedBench
from noetra_ros.msg import SafetyState
from sensor_msgs.msg import JointState
from std_msgs.msg import Float64MultiArray
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from noetra_ros.core.resources import config_file

pytestmark = pytest.mark.ros
KNUCKLE = "robotiq_85_left_knuckle_joint"
PER_RAD_M = 0.085 / 0.7929
TOLERANCE_M = 5e-4


class Gripper(GatedBench):
    """By its opening."""

    def arm(self):
        """(6,) rad."""
        return self.positions()[:6]

    def opening_m(self):
        return 0.085 - PER_RAD_M * self.position(KNUCKLE)

    def fastest_mps(self):
        """Of the opening, by the measured speeds so far."""
        return PER_RAD_M * self.fastest(KNUCKLE)

    def comes_to(self, opening_m):
        self.bench.spin_until(
            lambda: abs(self.opening_m() - opening_m) < TOLERANCE_M, f"an opening of {opening_m} m"
        )


@pytest.fixture
def gripper():
    """Makes one; at the end both nodes must end with code 0."""
    made = []

    def make(channel, message, robot="ur5e"):
        made.append(Gripper(channel, robot))
        made[0].start(message)
        return made[0]

    yield make
    assert set(made[0].bench.close().values()) == {0}


def opened(opening_m, *force_n):
    return JointState(name=[KNUCKLE], position=[opening_m], effort=list(force_n))


def test_it_closes_and_opens_to_the_width_that_is_commanded(gripper):
    made = gripper("gripper", JointState)
    arm = made.arm()
    made.begin(opened(0.085, 40.0))
    for width_m in (0.03, 0.0, 0.06, 0.085):
        made.next_command = opened(width_m, 40.0)
        made.comes_to(width_m)
    assert made.mode == SafetyState.MODE_ACTIVE
    assert 0.1 < made.fastest_mps() < 0.150  # it jumps from width to width; the supervisor makes it slow
    assert made.arm() == pytest.approx(arm, abs=1e-3)
    assert made.bench.last("gripper_controller/command").effort.tolist() == [40.0]


def test_widths_and_forces_beyond_the_limits_are_clamped_and_nonsense_stops_it(gripper):
    made = gripper("gripper", JointState)
    made.begin(opened(0.05, 500.0))
    made.comes_to(0.05)
    assert made.bench.last("gripper_controller/command").effort.tolist() == [120.0]
    assert made.events_of("grip_force")[0].unit == "N"
    made.next_command = opened(-0.05, 20.0)
    made.comes_to(0.0)
    assert made.events_of("position")[0].unit == "m"
    made.next_command = opened(0.05, float("nan"))
    made.bench.spin_until(lambda: made.mode == SafetyState.MODE_PROTECTIVE_STOP, "the stop")
    assert made.opening_m() == pytest.approx(0.0, abs=TOLERANCE_M)


def test_the_angle_of_the_knuckle_does_as_well(gripper):
    made = gripper("gripper_position", Float64MultiArray)
    made.begin(Float64MultiArray(data=[0.02]))
    for knuckle_rad in (0.5, 0.1):
        made.next_command = Float64MultiArray(data=[knuckle_rad])
        made.comes_to(0.085 - PER_RAD_M * knuckle_rad)
    assert made.fastest_mps() < 0.150
    made.next_command = None
    made.bench.spin_until(lambda: made.mode == SafetyState.MODE_PROTECTIVE_STOP, "the time-out")


def test_an_opening_may_come_as_a_trajectory_of_one_point(gripper, tmp_path):
    values = yaml.safe_load(config_file("robots", "ur5e").read_text(encoding="utf-8"))
    del values["channels"]["gripper"]["force_n"]
    values["channels"]["gripper"] |= {"message": "trajectory_msgs/JointTrajectory"}
    (tmp_path / "ur5e.yaml").write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    made = gripper("gripper", JointTrajectory, str(tmp_path / "ur5e.yaml"))
    point = JointTrajectoryPoint(positions=[0.085])
    made.begin(JointTrajectory(joint_names=[KNUCKLE], points=[point]))
    point = JointTrajectoryPoint(positions=[0.04])
    made.next_command = JointTrajectory(joint_names=[KNUCKLE], points=[point])
    made.comes_to(0.04)
    assert made.mode == SafetyState.MODE_ACTIVE
