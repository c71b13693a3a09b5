"""A person comes near the arm: the supervisor slows, stops, goes on; perception falls silent: it stops."""

from itertools import pairwise

import numpy as np
import pytest
from noetra_ros.msg import ObstacleArray, SafetyState, SensorReport, SeparationState
from person_around import PersonAround
from std_msgs.msg import Float64MultiArray
from std_srvs.srv import SetBool
from supervisor_bench import HOME, SupervisorBench, joint_values, start_supervisor

pytestmark = pytest.mark.ros

TOPIC = "forward_position_controller/commands"
RISE_PER_S, SILENCE_S = 0.8, 0.4


@pytest.fixture
def bench():
    bench = SupervisorBench("so101", Float64MultiArray, TOPIC, "watch_people:=true")
    bench.person = PersonAround(bench.node)
    bench.separation = []
    bench.node.create_subscription(SeparationState, "safety/separation", bench.separation.append, 10)
    yield bench
    assert bench.close() == 0


def swinging():
    """Commands that swing the shoulder slowly."""
    step = 0

    def command():
        nonlocal step
        step += 1
        return Float64MultiArray(data=[0.4 * float(np.sin(0.01 * step)), *HOME[1:]])

    return command


def test_a_person_comes_and_leaves(bench):
    bench.start_commands(swinging())
    bench.person.distance_m, bench.person.nearest_m, bench.person.speed_mps = 2.5, 0.3, -0.5
    bench.wait_mode(SafetyState.MODE_SLOWED)
    bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    bench.spin_until(lambda: bench.separation[-1].distance < bench.separation[-1].required, "the numbers")
    told = bench.separation[-1]
    terms = (told.human, told.reaction, told.stopping, told.intrusion)
    total = sum(terms) + told.sensor_uncertainty + told.robot_uncertainty
    assert told.required == pytest.approx(total)
    assert (told.track_id, told.scale) == (7, 0.0)
    assert bench.events_of("separation")
    bench.person.distance_m, bench.person.speed_mps = 3.0, 0.0
    bench.states.clear()
    bench.wait_mode(SafetyState.MODE_ACTIVE)
    rising = [
        (s.header.stamp.sec + 1e-9 * s.header.stamp.nanosec, s.scale) for s in bench.states if s.scale > 0
    ]
    rates = [(b - a) / (t - s) for (s, a), (t, b) in pairwise(rising) if t - s > 0.05]
    assert rates
    assert max(rates) <= RISE_PER_S * 1.3  # stamps are taken a little after the scale
    assert np.abs(np.diff(joint_values(bench.outputs), axis=0)).max() <= 0.02


def test_perception_that_falls_silent_stops_in_time(bench):
    bench.start_commands(swinging())
    bench.person.is_speaking = False
    bench.spin_until(lambda: bench.events_of("perception"), "the event")
    bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    event = bench.events_of("perception")[-1]
    assert event.limit == pytest.approx(SILENCE_S)
    assert SILENCE_S < event.measured < SILENCE_S + 0.15
    bench.person.is_speaking = True
    bench.wait_mode(SafetyState.MODE_ACTIVE)


def test_a_sensor_that_is_not_well_stops(bench):
    bench.start_commands(swinging())
    bench.person.verdict = SensorReport.VERDICT_FROZEN
    bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    assert "overhead is frozen" in bench.states[-1].reason


def test_an_unreadable_message_stops(bench):
    bench.start_commands(swinging())
    bench.person.is_speaking = False
    broken = ObstacleArray(sensors=[SensorReport(sensor="overhead", verdict=99)])
    bench.node.create_publisher(ObstacleArray, "perception/obstacles", 10).publish(broken)
    bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    assert "perception" in bench.states[-1].active_checks


def test_reduced_speed_is_a_mode_that_stays(bench):
    bench.start_commands(swinging())
    client = bench.node.create_client(SetBool, "safety/reduced_speed")
    bench.spin_until(client.service_is_ready, "safety/reduced_speed")
    for is_on, mode in ((True, SafetyState.MODE_SLOWED), (False, SafetyState.MODE_ACTIVE)):
        future = client.call_async(SetBool.Request(data=is_on))
        bench.spin_until(future.done, "the answer")
        bench.wait_mode(mode)
        bench.spin_for(0.3)
        assert bench.states[-1].is_speed_reduced is is_on
        bench.wait_mode(mode)  # it is still that, or again after this process was held up


@pytest.mark.parametrize(
    ("robot", "checks", "told"),
    [("diffbot", "", "watch_people"), ("so101", "checks:=[stale, perception]", "separation")],
)
def test_people_cannot_be_watched_without_body_or_check(robot, checks, told):
    process = start_supervisor(f"robot:={robot}", "watch_people:=true", *([checks] if checks else []))
    _, errors = process.communicate(timeout=60.0)
    assert process.returncode != 0
    assert told in errors
