"""A base before a table top that its scanner does not see: perception tells of it, the base keeps clear."""

import pytest
from geometry_msgs.msg import Twist
from noetra_ros.msg import SafetyEvent, SafetyState
from supervisor_bench import SupervisorBench, start_supervisor
from things_around import TableAhead

pytestmark = pytest.mark.ros


@pytest.fixture
def bench():
    bench = SupervisorBench("diffbot", Twist, "cmd_vel", "watch_obstacles:=true")
    bench.table = TableAhead(bench.node)
    yield bench
    assert bench.close() == 0


def ahead():
    command = Twist()
    command.linear.x = 0.3
    return command


def speed(bench):
    return bench.outputs[-1][1].linear.x if bench.outputs else 0.0


def test_it_slows_before_a_table_top_stops_for_one_that_appears_and_goes_on(bench):
    bench.start_commands(ahead)
    bench.spin_until(lambda: speed(bench) == 0.3, "full speed with nothing around")
    bench.table.edge_m = 0.3  # too near for this speed, however seldom the supervisor is held up
    bench.spin_until(lambda: 0.0 <= speed(bench) < 0.2, "a slower base")
    bench.spin_until(lambda: bench.events_of("footprint"), "the event")
    event = bench.events_of("footprint")[0]
    assert event.subject == "table 3" and "of table 3" in event.reason
    assert event.unit == "m" and event.measured < 0.06
    bench.table.edge_m = None
    bench.spin_until(lambda: speed(bench) == 0.3, "full speed again")
    bench.table.edge_m = 0.2
    bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    stop = SafetyEvent.ACTION_STOP
    bench.spin_until(lambda: stop in {e.action for e in bench.events_of("footprint")}, "the event of it")
    bench.spin_until(lambda: speed(bench) == 0.0, "rest")


def test_perception_that_falls_silent_or_tells_of_another_frame_stops_it(bench):
    bench.start_commands(ahead)
    bench.table.frame = "map"
    bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    assert "'map', expected 'base_link'" in bench.states[-1].reason
    bench.table.frame = "base_link"
    bench.wait_mode(SafetyState.MODE_ACTIVE)
    bench.table.is_speaking = False
    bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
    silence = pytest.approx(0.4)  # s, the limit that it is held against
    bench.spin_until(lambda: silence in [e.limit for e in bench.events_of("perception")], "its event")


@pytest.mark.parametrize(
    ("given", "told"),
    [(["robot:=so101"], "watch_people"), (["robot:=diffbot", "checks:=[stale, footprint]"], "perception")],
)
def test_obstacles_cannot_be_watched_without_a_base_or_the_checks(given, told):
    process = start_supervisor(*given, "watch_obstacles:=true")
    _, errors = process.communicate(timeout=60.0)
    assert process.returncode != 0
    assert told in errors and "watch_obstacles" in errors
