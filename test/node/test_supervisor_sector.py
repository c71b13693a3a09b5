"""A sector in the running supervisor: refused where unknown, in force, named, and not to be got round."""

import itertools

import pytest
import yaml
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Twist
from noetra_ros.msg import SafetyState
from rcl_interfaces.srv import GetParameters
from std_msgs.msg import Bool, Float64MultiArray
from std_srvs.srv import SetBool
from supervisor_bench import HOME, SupervisorBench, start_supervisor

from noetra_ros.safety.audit.lines import record_of
from noetra_ros.safety.audit.segments import segments_of

pytestmark = pytest.mark.ros
ARM_TOPIC = "forward_position_controller/commands"


def refused(*parameters):
    """What a supervisor says that does not start."""
    process = start_supervisor("robot:=so101", *parameters)
    _, told = process.communicate(timeout=60.0)
    assert process.returncode == 2 and "Traceback" not in told
    return told


def test_an_unknown_sector_keeps_it_from_starting():
    told = refused("sector:=medical,moon")
    assert "'moon'" in told and "elder_care" in told


def test_a_sector_that_is_wrong_keeps_it_from_starting(tmp_path):
    path = tmp_path / "site.yaml"
    values = {"resume_after_s": {"value": 99.0, "why": "x"}, "speed": {"value": 1.0, "why": "x"}}
    path.write_text(yaml.safe_dump({"name": "site", "description": "x", "supervisor": values}))
    told = refused(f"sector:={path}")
    assert "supervisor.resume_after_s.value: got 99.0 s" in told and "supervisor.speed" in told


@pytest.fixture
def ward(tmp_path):
    """An arm in a hospital, with an audit log."""
    log = f"audit_path:={tmp_path / 'audit'}", f"audit_key:={tmp_path / 'key.pem'}"
    bench = SupervisorBench("so101", Float64MultiArray, ARM_TOPIC, "sector:=medical,logistics", *log)
    yield bench
    assert bench.close() == 0


def parameters_of(bench, *names):
    """Values that the node itself tells."""
    client = bench.node.create_client(GetParameters, "supervisor/get_parameters")
    bench.spin_until(client.service_is_ready, "its parameters")
    future = client.call_async(GetParameters.Request(names=list(names)))
    bench.spin_until(future.done, "its parameters")
    return future.result().values


def test_what_is_in_force_is_told_by_parameters_diagnostics_and_audit_log(ward, tmp_path):
    share, resumes, reset_by = parameters_of(ward, "speed_share", "resumes_by_itself", "reset_by")
    assert (share.double_value, resumes.bool_value, reset_by.string_value) == (0.3, False, "key")
    diagnostics = []
    ward.node.create_subscription(DiagnosticArray, "/diagnostics", diagnostics.append, 10)
    ward.spin_until(lambda: diagnostics, "diagnostics")
    told = {pair.key: pair.value for pair in diagnostics[-1].status[0].values}
    assert told["sectors"] == "medical,logistics"
    path = tmp_path / "audit"
    ward.spin_until(lambda: any(path.glob("audit-*.jsonl")), "the log")
    records = [record_of(line) for segment in segments_of(path) for line in segment.lines()]
    (start,) = [record for record in records if record["kind"] == "start"]
    assert {*start["sectors"]} == {"medical", "logistics"}
    assert all(len(digest) == 64 for digest in start["sectors"].values())
    assert start["parameters"]["speed_share"] == 0.3


def test_a_reset_needs_the_key_at_that_moment(ward):
    ward.wait_mode(SafetyState.MODE_STANDBY)
    ward.call("estop")
    ward.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
    assert "nobody tells on reset_key" in ward.call("reset").message
    key = ward.node.create_publisher(Bool, "reset_key", 10)
    turned = []
    ward.node.create_timer(0.05, lambda: turned and key.publish(Bool(data=turned[-1])))
    turned.append(False)
    ward.spin_until(lambda: "the key is not turned" in ward.call("reset").message, "the refusal")
    assert ward.mode == SafetyState.MODE_EMERGENCY_STOP
    turned.append(True)
    ward.spin_until(lambda: ward.call("reset").success, "the reset")
    ward.wait_mode(SafetyState.MODE_STANDBY)
    ward.call("estop")
    ward.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
    turned.clear()  # the wire is cut while it is turned
    ward.spin_for(0.7)
    assert "nobody tells on reset_key" in ward.call("reset").message


def test_reduced_speed_is_on_and_stays(ward):
    ward.wait_mode(SafetyState.MODE_STANDBY)
    assert ward.states[-1].is_speed_reduced
    client = ward.node.create_client(SetBool, "safety/reduced_speed")
    ward.spin_until(client.service_is_ready, "safety/reduced_speed")
    for is_on in (False, True):
        future = client.call_async(SetBool.Request(data=is_on))
        ward.spin_until(future.done, "the answer")
        assert future.result().success is is_on
    ward.spin_for(0.2)
    assert ward.states[-1].is_speed_reduced


def test_a_base_is_no_faster_than_the_sector_allows_and_stays_stopped():
    bench = SupervisorBench("diffbot", Twist, "cmd_vel", "sector:=elder_care")
    try:
        fast = Twist()
        fast.linear.x = 0.6
        bench.start_commands(lambda: fast)
        bench.spin_until(lambda: bench.outputs and bench.outputs[-1][1].linear.x > 0.17, "the speed")
        bench.spin_for(1.0)
        assert max(message.linear.x for _, message in bench.outputs) == pytest.approx(0.18, abs=1e-9)
        bench.has_streams = False
        bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
        bench.has_streams = True
        bench.spin_for(6.5)  # resume_after_s is 5
        assert bench.mode == SafetyState.MODE_PROTECTIVE_STOP
        bench.call("disarm")
        assert bench.call("arm").success
    finally:
        assert bench.close() == 0


def test_a_joint_is_no_faster_than_the_sector_allows():
    bench = SupervisorBench("so101", Float64MultiArray, ARM_TOPIC, "sector:=decommissioning")
    try:
        far = Float64MultiArray(data=[0.6, *HOME[1:]])
        bench.start_commands(lambda: far)
        bench.spin_until(lambda: bench.outputs and bench.outputs[-1][1].data[0] > 0.55, "the way")
        values = [message.data[0] for _, message in bench.outputs]
        fastest = max(b - a for a, b in itertools.pairwise(values)) / 0.01
        assert 0.4 < fastest <= 0.48 + 1e-6  # 2.0 rad/s x 0.8 x 0.3
    finally:
        assert bench.close() == 0
