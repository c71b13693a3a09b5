"""The supervisor node over DDS with replay_path: what it decided is decided again, bit for bit."""

import math

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from noetra_ros.msg import SafetyState
from std_msgs.msg import Bool, Float64MultiArray
from supervisor_bench import HOME, SupervisorBench, joint_values

from noetra_ros.cli.main import main
from noetra_ros.safety import KERNEL
from noetra_ros.safety.replay.files import files_of
from noetra_ros.safety.replay.packing import array_of
from noetra_ros.safety.replay.reading import Recording

pytestmark = pytest.mark.ros

TOPIC = "forward_position_controller/commands"


class Swing:
    """Commands of a slow swing; one of them jumps, so that the supervisor has something to do."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        jump = 0.5 if self.count == 60 else 0.0
        pan = 0.1 * (1.0 - math.cos(0.02 * self.count)) + jump
        return Float64MultiArray(data=[pan, *HOME[1:]])


def test_a_run_is_recorded_and_replayed(tmp_path, capsys):
    bench = SupervisorBench("so101", Float64MultiArray, TOPIC, f"replay_path:={tmp_path}")
    diagnostics = []
    bench.node.create_subscription(DiagnosticArray, "/diagnostics", diagnostics.append, 10)
    swing = Swing()
    bench.start_commands(swing)
    bench.spin_until(lambda: swing.count > 200, "the swing")
    bench.estop.publish(Bool(data=True))
    bench.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
    bench.spin_until(lambda: diagnostics and "EMERGENCY" in diagnostics[-1].status[0].message, "diagnostics")
    values = {pair.key: pair.value for pair in diagnostics[-1].status[0].values}
    assert values["kernel"] == KERNEL.words()
    assert values["recording for replay"].endswith(" calls, 0 lost")
    assert bench.close() == 0
    (path,) = files_of(tmp_path)
    recording = Recording(path)
    records = list(recording.records())
    sent = [array_of(r.answer[0]).tolist() for r in records if r.answer is not None and r.answer[0]]
    got = joint_values(bench.outputs).tolist()
    assert recording.end == "the supervisor ended" and len(got) > 200
    assert sent[: len(got)] == got, "the file holds what the controller received"
    assert {"arm", "on_estop", "on_joint_state", "on_ros_clock", "disarm"} <= {r.call for r in records}
    assert main(["replay", str(path)]) == 0
    assert "bit for bit" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_told_at_the_start(tmp_path):
    (tmp_path / "calls").write_text("a file")
    bench = SupervisorBench("so101", Float64MultiArray, TOPIC, f"replay_path:={tmp_path / 'calls'}")
    _, errors = bench.process.communicate(timeout=60.0)
    bench.close()
    assert bench.process.returncode == 2 and "replay_path" in errors and "Traceback" not in errors
