"""The black box beside a real supervisor: a stop becomes one file that tells what happened."""

import io
import math
import os
import resource
import subprocess
import sys
import time

import PIL.Image
import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from noetra_ros.msg import SafetyState
from sensor_msgs.msg import Image
from std_msgs.msg import Bool, Float64MultiArray
from supervisor_bench import COMMANDS, CONTROLLER, HOME, SupervisorBench

from noetra_ros.cli.main import main
from noetra_ros.data.blackbox.incident_reading import read_incident
from noetra_ros.data.blackbox.retention import incident_files
from noetra_ros.ros.node_parameters import parameter_file

pytestmark = pytest.mark.ros

BEFORE_S, AFTER_S = 1.5, 1.0
HOLD = Float64MultiArray(data=list(HOME))
NAN = Float64MultiArray(data=[math.nan] * 6)


class Scene:
    """A supervisor with its bench, and a black box that listens."""

    def __init__(self, folder, *parameters, after_s=AFTER_S, limit_bytes=None):
        self.folder, self.after_s, self.known = folder, after_s, set()
        self.is_closed = False
        self.process = start_blackbox(folder, f"after_s:={after_s}", *parameters, limit_bytes=limit_bytes)
        controller = "forward_position_controller/commands"
        self.bench = SupervisorBench("so101", Float64MultiArray, controller, "command_timeout_s:=0.5")
        self.diagnostics = []
        self.bench.node.create_subscription(DiagnosticArray, "/diagnostics", self._on_diagnostics, 10)

    def _on_diagnostics(self, message):
        self.diagnostics += [status for status in message.status if status.hardware_id == "blackbox"]

    def wait_ready(self):
        self.bench.spin_until(lambda: self.diagnostics, "the black box")
        self.bench.wait_mode(SafetyState.MODE_STANDBY)

    def run(self):
        """Arm, and pass commands for longer than a file is: a busy machine may have stopped the robot."""
        self.bench.spin_until(
            lambda: self.bench.commands.get_subscription_count() >= 3, "the black box to hear"
        )
        self.bench.start_commands(lambda: HOLD)
        self.bench.spin_until(lambda: self.passing_s() > BEFORE_S + self.after_s + 0.5, "an undisturbed time")
        self.known = set(incident_files(self.folder))

    def passing_s(self):
        """Seconds since commands pass without a stop, as the supervisor says."""
        states, passing = self.bench.states, (SafetyState.MODE_ACTIVE, SafetyState.MODE_SLOWED)
        first = next((i + 1 for i in reversed(range(len(states))) if states[i].mode not in passing), 0)
        return 0.0 if first == len(states) else stamp_s(states[-1]) - stamp_s(states[first])

    def stop_by_nan(self):
        self.bench.next_command = lambda: NAN
        self.bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)

    def go_on(self):
        self.bench.next_command = lambda: HOLD
        self.bench.wait_mode(SafetyState.MODE_ACTIVE)

    def wait_files(self, number):
        self.bench.spin_until(lambda: len(self.new_files()) >= number, f"{number} files")
        return self.new_files()

    def new_files(self):
        return [path for path in incident_files(self.folder) if path not in self.known]

    def close(self):
        self.process.terminate()
        _, errors = self.process.communicate(timeout=20.0)
        self.is_closed = True
        assert self.bench.close() == 0
        return self.process.returncode, errors


def stamp_s(message):
    return message.header.stamp.sec + message.header.stamp.nanosec * 1e-9


def start_blackbox(folder, *parameters, limit_bytes=None):
    given = (f"blackbox_path:={folder}", f"before_s:={BEFORE_S}", *parameters)
    remaps = (f"command_in:={COMMANDS}", f"forward_position_controller/commands:={CONTROLLER}")
    arguments = ["--params-file", str(parameter_file("blackbox"))]
    arguments += [word for remap in remaps for word in ("-r", remap)]
    arguments += [word for parameter in given for word in ("-p", parameter)]

    def limit():
        if limit_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    return subprocess.Popen(
        [sys.executable, "-m", "noetra_ros.ros.blackbox_node", "--ros-args", *arguments],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=dict(os.environ), preexec_fn=limit,
    )  # fmt: skip


@pytest.fixture
def scenes():
    """Makes scenes; ends what a failing test leaves."""
    made = []

    def make(*args, **kwargs):
        made.append(Scene(*args, **kwargs))
        made[-1].wait_ready()
        return made[-1]

    yield make
    for scene in made:
        if scene.process.poll() is None:
            scene.process.kill()
            scene.process.communicate()
        if not scene.is_closed:  # else its robot would go on speaking to the tests that follow
            scene.bench.close()


def test_nan_stops_the_robot_and_one_file_tells_it(scenes, tmp_path, capsys):
    scene = scenes(tmp_path / "box")
    scene.run()
    scene.stop_by_nan()
    (path,) = scene.wait_files(1)
    assert scene.close()[0] == 0
    assert path.name.endswith("-protective_stop-finite.mcap")
    recording = read_incident(path)
    stop_ns = int(recording.metadata["stop_utc_ns"])
    for role in ("command_in", "joint_states", "safety_state"):
        times_s = [(heard.at_ns - stop_ns) * 1e-9 for heard in recording.of(role)]
        assert times_s[0] < -0.9 * BEFORE_S and times_s[-1] > 0.1 * AFTER_S, role
    assert max(row[-1].at_ns for row in recording.heard.values()) > stop_ns + 0.7 * AFTER_S * 1e9
    assert {"command_out", "safety_event", "separation"} <= set(recording.heard)
    assert [h.message.check for h in recording.of("safety_event") if h.message.action == 4][-1:] == ["finite"]
    plot = tmp_path / "plot.png"
    assert main(["blackbox", "show", str(path), "--plot", str(plot)]) == 0
    shown = capsys.readouterr().out
    assert "finite: command of shoulder_pan is nan, not a number" in shown
    assert "held no number for shoulder_pan" in shown and "What to do" in shown
    assert PIL.Image.open(io.BytesIO(plot.read_bytes())).format == "PNG"


def test_two_stops_close_together_are_one_file_an_emergency_stop_later_another(scenes, tmp_path):
    scene = scenes(tmp_path, after_s=3.0)
    scene.run()
    scene.stop_by_nan()
    scene.go_on()
    scene.stop_by_nan()
    scene.go_on()
    (first,) = scene.wait_files(1)
    scene.bench.estop.publish(Bool(data=True))
    scene.bench.wait_mode(SafetyState.MODE_EMERGENCY_STOP)
    heard_s = time.monotonic() + 1.0  # what we were told may not have reached the black box yet
    scene.bench.spin_until(lambda: time.monotonic() > heard_s, "the black box to hear of it")
    code, _ = scene.close()  # the file is written at the end of the node, as far as it goes
    assert code == 0
    assert int(read_incident(first).metadata["stops"]) >= 2  # a busy machine stops the robot once more
    assert scene.new_files()[-1].name.endswith("-emergency_stop-estop.mcap")


def test_pictures_are_kept_small_and_few(scenes, tmp_path):
    scene = scenes(tmp_path, "thumbnail_px:=64", "thumbnail_rate_hz:=5.0")
    picture = Image(height=480, width=640, encoding="rgb8", step=1920, data=bytes(480 * 1920))
    front = scene.bench.node.create_publisher(Image, "front/image_raw", 10)
    scene.bench.node.create_timer(0.05, lambda: front.publish(picture))
    scene.bench.spin_until(front.get_subscription_count, "the black box to look")
    scene.run()
    scene.stop_by_nan()
    (path,) = scene.wait_files(1)
    scene.close()
    heard = read_incident(path).of("picture front")
    assert 3 <= len(heard) <= 5.0 * (BEFORE_S + AFTER_S) + 2
    assert heard[0].topic == "/front/image_raw/thumbnail"
    assert PIL.Image.open(io.BytesIO(bytes(heard[0].message.data))).size == (64, 48)


def test_a_disk_that_takes_nothing_is_an_error_and_no_crash(scenes, tmp_path):
    scene = scenes(tmp_path, limit_bytes=2000)
    scene.run()
    scene.stop_by_nan()
    said = "File too large"
    scene.bench.spin_until(lambda: said in scene.diagnostics[-1].message, "the error")
    assert scene.diagnostics[-1].level == DiagnosticStatus.ERROR
    assert incident_files(tmp_path) == [] and scene.process.poll() is None
    assert scene.close()[0] == 0


def test_little_free_space_is_an_error_before_anything_happens(scenes, tmp_path):
    scene = scenes(tmp_path, "free_min_bytes:=1000000000000000")
    assert scene.diagnostics[-1].level == DiagnosticStatus.ERROR
    assert "disk full" in scene.diagnostics[-1].message and "make room" in scene.diagnostics[-1].message
    scene.close()


def test_a_supervisor_that_is_killed_while_commands_pass_is_an_incident(scenes, tmp_path):
    scene = scenes(tmp_path, after_s=0.5)
    scene.run()
    scene.bench.process.kill()
    deadline_s = time.monotonic() + 30.0
    while not scene.new_files():
        assert time.monotonic() < deadline_s
        scene.bench.executor.spin_once(timeout_sec=0.05)
    assert scene.new_files()[-1].name.endswith("-silent-supervisor.mcap")


@pytest.mark.parametrize("path", ["", "/proc/nowhere"])
def test_a_folder_that_cannot_be_is_a_clear_error(path):
    process = start_blackbox(path or "''")
    _, errors = process.communicate(timeout=60.0)
    assert process.returncode == 2 and "blackbox_path" in errors and "Traceback" not in errors
