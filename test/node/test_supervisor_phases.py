"""Phases of the bring-up on real DDS: in dry run and shadow not one command reaches the controller."""

from __future__ import annotations

import pytest
import yaml
from diagnostic_msgs.msg import DiagnosticArray
from noetra_ros.msg import SafetyState
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter
from std_msgs.msg import Float64MultiArray
from supervisor_bench import HOME, SupervisorBench, joint_values

from noetra_ros.cli.audit import _records
from noetra_ros.core.resources import config_file

pytestmark = pytest.mark.ros

TOPIC = "forward_position_controller/commands"


class PhaseBench(SupervisorBench):
    """Hears what is shown, and diagnostics, too."""

    def __init__(self, *parameters: str, robot: str = "so101") -> None:
        self.shown: list[Float64MultiArray] = []
        self.told_phase: list[str] = []
        super().__init__(robot, Float64MultiArray, TOPIC, *parameters)
        self.node.create_subscription(Float64MultiArray, "safety/shown", self.shown.append, 100)
        self.node.create_subscription(DiagnosticArray, "/diagnostics", self._on_diagnostics, 10)

    def _on_diagnostics(self, message):
        self.told_phase += [p.value for s in message.status for p in s.values if p.key == "phase"]


@pytest.fixture
def bench():
    made = []

    def make(*parameters, robot="so101"):
        made.append(PhaseBench(*parameters, robot=robot))
        return made[-1]

    yield make
    for one in made:
        assert one.close() == 0


def far():
    """A command that has to be limited on its way."""
    return Float64MultiArray(data=[1.0, *HOME[1:]])


@pytest.mark.parametrize("phase", ["dry_run", "shadow"])
def test_nothing_reaches_the_controller_whatever_happens(bench, phase):
    """The case that would have hurt someone: a robot in dry run that moves when it is disarmed or stopped."""
    arm = bench(f"phase:={phase}")
    arm.start_commands(far)
    arm.spin_until(lambda: len(arm.shown) > 60, "commands to be shown")  # longer than tracking would allow
    assert arm.mode in (SafetyState.MODE_ACTIVE, SafetyState.MODE_SLOWED)
    assert f"phase {phase}" in arm.states[-1].reason
    assert {state.phase for state in arm.states} == {phase}
    arm.call("disarm")
    arm.wait_mode(SafetyState.MODE_STANDBY)
    arm.call("arm")
    arm.call("estop")
    arm.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
    assert arm.states[-1].reason == "safety/estop was called"  # the black box finds a stop's cause by it
    arm.spin_for(0.3)
    assert arm.outputs == []
    assert arm.node.count_publishers("/controller/cmds") == 0  # there is none that could


def test_what_is_shown_is_gated(bench):
    arm = bench("phase:=dry_run")
    arm.start_commands(far)
    arm.spin_until(lambda: len(arm.shown) > 80, "commands to be shown")
    steps = [b.data[0] - a.data[0] for a, b in zip(arm.shown, arm.shown[1:], strict=False)]
    assert max(steps) <= 2.0 * 0.01 * (1 + 1e-6)
    assert arm.shown[-1].data[0] > 0.3


def test_a_shadow_tells_how_far_off_a_person_is(bench):
    arm = bench("phase:=shadow")
    arm.start_commands(far)
    arm.spin_until(lambda: any("shoulder_pan" in words for words in arm.told_phase), "the comparison")
    words = next(words for words in reversed(arm.told_phase) if "shoulder_pan" in words)
    assert words.startswith("shadow; ")
    assert words.split("rad: ")[1].startswith("shoulder_pan")  # the robot stands, the command turns the first


def test_slow_is_slow_and_stays_so(bench):
    arm = bench("phase:=slow")
    arm.start_commands(far)
    arm.spin_until(lambda: len(arm.outputs) > 60, "outputs")
    values = joint_values(arm.outputs)[:, 0]
    assert abs(values[1:] - values[:-1]).max() <= 0.25 * 2.0 * 0.01 * (1 + 1e-6)
    assert arm.states[-1].is_speed_reduced and arm.states[-1].phase == "slow"


def test_the_phase_is_not_raised_while_it_runs(bench):
    arm = bench("phase:=dry_run")
    client = arm.node.create_client(SetParameters, "/supervisor/set_parameters")
    arm.spin_until(client.service_is_ready, "the parameter service")
    request = SetParameters.Request(parameters=[Parameter("phase", value="full").to_parameter_msg()])
    answer = client.call_async(request)
    arm.spin_until(answer.done, "an answer")
    assert not answer.result().results[0].successful


def profile(folder, **changes):
    values = {**yaml.safe_load(config_file("robots", "so101").read_text(encoding="utf-8")), **changes}
    path = folder / "so101.yaml"
    path.write_text(yaml.safe_dump(values))
    return str(path)


def test_the_profile_holds_a_real_robot_back(bench, tmp_path):
    arm = bench("phase:=full", robot=profile(tmp_path, released_for="dry_run"))
    arm.start_commands(far)
    arm.spin_until(lambda: len(arm.shown) > 10, "commands to be shown")
    assert arm.outputs == []


def test_the_phase_is_in_the_audit_log(tmp_path):
    folder = tmp_path / "audit"
    arm = PhaseBench("phase:=dry_run", f"audit_path:={folder}", f"audit_key:={tmp_path / 'key.pem'}")
    arm.wait_mode(SafetyState.MODE_STANDBY)
    assert arm.close() == 0
    records = list(_records(folder, ()))
    start = next(record for record in records if record["kind"] == "start")
    assert start["parameters"]["phase"] == "dry_run"
    assert any("phase dry_run" in str(record.get("reason")) for record in records)


def test_a_guessed_limit_moves_no_real_robot(tmp_path):
    arm = SupervisorBench(
        profile(tmp_path, open_points={"joints.*.jerk_radps3": "take the maker's"}), Float64MultiArray, TOPIC
    )
    assert arm.process.wait(60) == 2
    assert "joints.*.jerk_radps3: got a guess" in arm.process.stderr.read()
