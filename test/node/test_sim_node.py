"""The simulation as a process: topics, rates, controllers, resets, lock-step that repeats exactly."""

import numpy as np
import pytest
from geometry_msgs.msg import Twist, TwistStamped
from graph_bench import LOCK_STEP, GraphBench, PlayedPolicy, start
from noetra_ros.msg import SafetyState
from noetra_ros.srv import ResetWorld
from sensor_msgs.msg import JointState
from std_msgs.msg import Float64MultiArray
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from noetra_ros.core.resources import config_names
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns
from noetra_ros.ros.pictures import rgb_from_image

pytestmark = pytest.mark.ros
HOME = [0.0, -1.0, 0.9, 0.9, 0.0, 0.6]
ARM_TOPIC = "forward_position_controller/commands"


def positions(bench):
    message = bench.last("joint_states")
    return None if message is None else np.array(message.position)


@pytest.fixture
def graph():
    """Makes a bench; at the end of the test every node that it still has must end with code 0."""
    benches = []

    def make(robot, nodes):
        benches.append(GraphBench(robot, nodes))
        return benches[-1]

    yield make
    codes = [bench.close() for bench in benches]
    assert [set(c.values()) - {0} for c in codes] == [set()] * len(codes), codes


@pytest.fixture
def blind_arm(graph):
    bench = graph("so101", {"sim": ("render:=false",)})
    bench.listen(interfaces.JOINT_STATES, "joint_states")
    bench.commands = interfaces.COMMAND_OUT.publisher(bench.node, ARM_TOPIC, Float64MultiArray)
    bench.spin_until(lambda: bench.heard["joint_states"], "joint states")
    bench.spin_until(lambda: bench.commands.get_subscription_count(), "the controller")
    return bench


def period_ms(bench, name):
    """Median simulated time between two messages; those that a busy test process loses do not matter."""
    stamps = [stamp_to_ns(message.header.stamp) for message in bench.heard[name]]
    return np.median(np.diff(stamps)) * 1e-6


@pytest.mark.gl
def test_all_topics_come_with_their_types_and_rates(graph):
    bench = graph("so101", {"sim": ()})
    bench.listen(interfaces.JOINT_STATES, "joint_states")
    bench.listen(interfaces.CLOCK)
    bench.listen(interfaces.PHYSICS_STATE)
    bench.listen(interfaces.DIAGNOSTICS)
    for name in bench.profile.cameras:
        bench.listen(interfaces.IMAGE, f"{name}/image_raw")
        bench.listen(interfaces.CAMERA_INFO, f"{name}/camera_info")
    bench.spin_until(lambda: bench.heard["wrist/image_raw"], "pictures")
    bench.spin_for(3.0)
    assert period_ms(bench, "joint_states") == pytest.approx(10.0)
    assert period_ms(bench, "front/image_raw") == pytest.approx(100.0)
    assert period_ms(bench, "wrist/camera_info") == pytest.approx(100.0)
    assert period_ms(bench, "sim/physics_state") == pytest.approx(100.0)
    clock = [stamp_to_ns(message.clock) for message in bench.heard["/clock"]]
    assert np.median(np.diff(clock)) == 10_000_000
    factor = bench.last("sim/physics_state").real_time_factor
    assert 0.3 < factor < 1.5  # 1.0 on a machine that has the time
    picture, info = bench.last("front/image_raw"), bench.last("front/camera_info")
    assert rgb_from_image(picture).shape == (96, 96, 3)
    assert (picture.header.frame_id, info.header.frame_id) == ("front_optical_frame",) * 2
    lens = bench.profile.cameras["front"]
    assert info.k[0] == pytest.approx(0.5 * lens.height_px / np.tan(0.5 * lens.fovy_rad))
    assert tuple(bench.last("joint_states").name) == bench.profile.joint_names
    assert "red_cube" in bench.last("sim/physics_state").object_names
    assert bench.last("/diagnostics").status[0].name == "/sim"


def test_position_commands_move_the_arm(blind_arm):
    goal = [0.15, *HOME[1:]]

    def send_and_look():
        blind_arm.commands.publish(Float64MultiArray(data=goal))
        return abs(positions(blind_arm)[0] - 0.15) < 0.02

    blind_arm.spin_until(send_and_look, "the arm at its goal")


def test_nan_commands_are_refused(blind_arm):
    blind_arm.listen(interfaces.DIAGNOSTICS)
    before = positions(blind_arm)
    blind_arm.commands.publish(Float64MultiArray(data=[float("nan")] * 6))
    blind_arm.commands.publish(Float64MultiArray(data=[0.0]))

    def refused():
        message = blind_arm.last("/diagnostics")
        return message and {v.key: v.value for v in message.status[0].values}.get("commands refused") == "2"

    blind_arm.spin_until(refused, "two refusals")
    assert np.abs(positions(blind_arm) - before).max() < 0.02


def test_a_gripper_moves_alone_and_a_twist_of_the_tool_is_refused(blind_arm):
    topic = interfaces.COMMAND_OUT.publisher(blind_arm.node, "gripper_controller/command", JointState)
    blind_arm.spin_until(topic.get_subscription_count, "the gripper")

    def send_and_look():
        topic.publish(JointState(name=["gripper"], position=[0.9], effort=[0.5]))
        return abs(positions(blind_arm)[5] - 0.9) < 0.02

    blind_arm.spin_until(send_and_look, "the jaw at its goal")
    assert np.abs(positions(blind_arm)[:5] - HOME[:5]).max() < 0.02
    blind_arm.listen(interfaces.DIAGNOSTICS)
    name = "servo_node/delta_twist_cmds"
    twists = interfaces.COMMAND_OUT.publisher(blind_arm.node, name, TwistStamped)
    blind_arm.spin_until(twists.get_subscription_count, "the listener")
    twists.publish(TwistStamped())

    def refused():
        message = blind_arm.last("/diagnostics")
        return message and {v.key: v.value for v in message.status[0].values}.get("commands refused") == "1"

    blind_arm.spin_until(refused, "the refusal")


def test_a_trajectory_is_run_through_by_time(blind_arm):
    trajectory = interfaces.COMMAND_OUT.publisher(
        blind_arm.node, "joint_trajectory_controller/joint_trajectory", JointTrajectory
    )
    blind_arm.spin_until(trajectory.get_subscription_count, "the trajectory controller")
    point = JointTrajectoryPoint(positions=[0.3])
    point.time_from_start.sec = 2
    trajectory.publish(JointTrajectory(joint_names=["shoulder_pan"], points=[point]))
    blind_arm.spin_until(lambda: positions(blind_arm)[0] > 0.28, "the end of the trajectory")
    pan = np.array([message.position[0] for message in blind_arm.heard["joint_states"]])
    moving = pan[(pan > 0.05) & (pan < 0.25)]
    assert np.diff(moving).mean() / 0.01 == pytest.approx(0.15, rel=0.2)  # 0.3 rad in 2 s


def test_a_reset_puts_the_robot_home_and_time_goes_on(blind_arm):
    for _ in range(40):
        blind_arm.commands.publish(Float64MultiArray(data=[0.2, *HOME[1:]]))
        blind_arm.spin_for(0.01)
    blind_arm.spin_until(lambda: positions(blind_arm)[0] > 0.1, "motion")
    last_ns = stamp_to_ns(blind_arm.last("joint_states").header.stamp)
    response = blind_arm.reset(7)
    assert stamp_to_ns(response.stamp) >= last_ns
    blind_arm.spin_until(
        lambda: stamp_to_ns(blind_arm.last("joint_states").header.stamp) > stamp_to_ns(response.stamp),
        "the episode",
    )
    assert np.abs(positions(blind_arm) - HOME).max() < 0.05
    blind_arm.spin_for(0.5)
    assert np.abs(positions(blind_arm) - HOME).max() < 0.05  # the old setpoint does not come back
    stamps = [stamp_to_ns(m.header.stamp) for m in blind_arm.heard["joint_states"]]
    assert (np.diff(stamps) > 0).all()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"task": "dance"}, "task: got 'dance', expected one of drive, pick, place, push, reach"),
        ({"variation": "wild"}, "variation: got 'wild'"),
        ({"trace_path": "here.npz"}, "expected an absolute path"),
    ],
)
def test_a_reset_that_cannot_be_done_says_why(blind_arm, fields, words):
    response = blind_arm.call(interfaces.RESET_WORLD, ResetWorld.Request(**fields))
    assert not response.success and words in response.message


def test_the_base_drives_and_stops_when_commands_stop(graph):
    bench = graph("diffbot", {"sim": ()})
    bench.listen(interfaces.ODOM, "odom")
    bench.listen(interfaces.SCAN, "scan")
    commands = interfaces.COMMAND_OUT.publisher(bench.node, "cmd_vel", Twist)
    bench.spin_until(lambda: bench.heard["scan"] and commands.get_subscription_count(), "the base")
    twist = Twist()
    twist.linear.x = 0.2

    def drive():
        commands.publish(twist)
        return bench.last("odom").twist.twist.linear.x > 0.18

    bench.spin_until(drive, "motion")
    bench.spin_until(lambda: abs(bench.last("odom").twist.twist.linear.x) < 1e-2, "the stop by time-out")
    assert bench.last("odom").child_frame_id == "base_link"


def test_lock_step_tells_the_state_with_every_tick_also_of_a_robot_that_measures_it_seldom(graph):
    bench = graph("turtlebot4", {"sim": ("render:=false", *LOCK_STEP)})  # commands at 50 Hz, odometry at 20
    bench.listen(interfaces.ODOM, "odom")
    bench.spin_until(lambda: len(bench.heard["odom"]) > 4, "odometry")
    assert period_ms(bench, "odom") == pytest.approx(20.0)


BRAKE_TICKS = 50  # the supervisor brakes on its own; where it has got to must not depend on the wall clock


def run_episode(bench, policy, seed, trace, ticks):
    """One episode in lock-step: reset, armed, `ticks` long, disarmed, at rest. The seed's trace."""
    episode = bench.reset(seed, trace).episode
    truths = bench.heard["sim/physics_state"]
    bench.spin_until(lambda: truths and truths[-1].episode == episode, "time to be held")
    begin_ns = stamp_to_ns(bench.last("sim/physics_state").header.stamp)
    bench.spin_until(lambda: bench.call(interfaces.ARM).success, "the supervisor to arm")
    policy.run(begin_ns)
    begun = len(bench.heard["joint_states"])
    bench.spin_until(lambda: len(bench.heard["joint_states"]) - begun > ticks, "the episode")
    assert bench.last("safety/state").mode == SafetyState.MODE_ACTIVE
    bench.call(interfaces.DISARM)
    policy.stop()
    braking = len(bench.heard["joint_states"])
    bench.spin_until(lambda: len(bench.heard["joint_states"]) - braking > BRAKE_TICKS, "the robot to stand")
    bench.reset(0)
    return np.load(trace)


@pytest.mark.gl
@pytest.mark.slow
def test_lock_step_repeats_a_seed_exactly(graph, tmp_path):
    bench = graph("so101", {"sim": LOCK_STEP, "streamer": LOCK_STEP, "supervisor": LOCK_STEP})
    bench.listen(interfaces.JOINT_STATES, "joint_states")
    bench.listen(interfaces.SAFETY_STATE)
    bench.listen(interfaces.PHYSICS_STATE)
    policy = PlayedPolicy(bench, "wrist", HOME)
    bench.spin_until(
        lambda: bench.heard["safety/state"] and bench.last("safety/state").mode == SafetyState.MODE_STANDBY,
        "the supervisor to be ready",
    )
    first = run_episode(bench, policy, 3, tmp_path / "a.npz", 150)
    other = run_episode(bench, policy, 4, tmp_path / "b.npz", 150)
    again = run_episode(bench, policy, 3, tmp_path / "c.npz", 150)
    steps = 750  # of 2 ms, 150 ticks; the word to stop comes when it can, and what follows is not compared
    assert min(len(first["time_s"]), len(again["time_s"])) > steps
    for name in ("positions", "velocities", "targets"):
        assert np.array_equal(first[name][:steps], again[name][:steps], equal_nan=True), name
    assert np.array_equal(first["object_poses"][:10], again["object_poses"][:10])
    assert not np.array_equal(first["object_poses"][0], other["object_poses"][0])
    assert np.ptp(first["positions"][:, 0]) > 0.1  # it did move


def test_lock_step_names_who_did_not_answer(graph):
    parameters = (*LOCK_STEP, "answer_timeout_s:=1.0")
    nodes = {"sim": ("render:=false", *parameters), "streamer": LOCK_STEP, "supervisor": LOCK_STEP}
    bench = graph("so101", nodes)
    bench.listen(interfaces.STREAMER_STATUS)
    bench.spin_until(lambda: len(bench.heard["streamer/status"]) > 50, "lock-step under way")
    streamer = bench.processes.pop("streamer")
    streamer.kill()
    streamer.wait()
    sim = bench.processes.pop("sim")
    bench.spin_until(lambda: sim.poll() is not None, "the end of the simulation")
    assert sim.returncode == 1
    errors = sim.stderr.read()
    assert "waited 1.0 s for the streamer" in errors and "Traceback" not in errors


def test_an_unknown_robot_is_a_message():
    process = start("sim", "nobody", ())
    _, errors = process.communicate(timeout=30.0)
    assert process.returncode == 2
    assert f"one of {', '.join(config_names('robots'))}" in errors and "Traceback" not in errors
