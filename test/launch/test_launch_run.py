"""Launch files where ROS's launch is installed: they are valid, come up, and a dead node stops the robot."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from noetra_ros.core.resources import share_folder

pytestmark = [pytest.mark.ros, pytest.mark.usefixtures("real_launch")]
FOLDER = share_folder() / "launch"
FILES = sorted(path.name for path in FOLDER.glob("*.launch.py"))
NODES = ("supervisor", "sim", "streamer", "policy")
LIMIT_S = 90.0
STARTED = re.compile(r"\[(\w+)_node-\d+\]: process started with pid \[(\d+)\]")


def described(file):
    """The launch description of a file."""
    from launch.launch_description_sources import get_launch_description_from_python_launch_file

    return get_launch_description_from_python_launch_file(str(FOLDER / file))


@pytest.mark.parametrize("file", FILES)
def test_every_argument_has_default_and_description(file):
    declared = described(file).get_launch_arguments()
    assert {"robot", "namespace", "autostart", "params_file", "log_level"} <= {
        argument.name for argument in declared
    }
    for argument in declared:
        assert argument.default_value is not None, argument.name
        assert "." in argument.description, argument.name  # launch adds the choices behind it


def test_bringup_offers_choices_where_there_are_few():
    choices = {a.name: a.choices for a in described("bringup.launch.py").get_launch_arguments()}
    assert choices["sim"] == ["mujoco", "none"]
    assert {"noetra_nano", "hold", "scripted", "none"} <= set(choices["policy"])
    assert "debug" in choices["log_level"] and "true" in choices["arm"]


REFUSED = [
    ("bringup.launch.py", "sim:=gazebo", "gazebo"),
    ("bringup.launch.py", "policy:=telepathy", "telepathy"),
    ("bringup.launch.py", "log_level:=loud", "loud"),
    ("bringup.launch.py", "arm:=perhaps", "perhaps"),
    ("bringup.launch.py", "use_sim_time:=yes", "yes"),
    ("safety.launch.py", "robot:=hal9000", "'hal9000'"),
    ("safety.launch.py", "sector:=moon", "'moon'"),
    ("safety.launch.py", "params_file:=/nowhere.yaml", "/nowhere.yaml"),
    ("policy.launch.py", "checkpoint:=/nowhere", "/nowhere"),
    ("blackbox.launch.py", "robot:=so101", "blackbox_path"),
    ("view.launch.py", "language:=latin", "latin"),
    ("real_robot.launch.xml", "log_level:=loud", "loud"),
]
ALONE = {
    "safety.launch.py": ("supervisor",),
    "sim.launch.py": ("sim",),
    "streamer.launch.py": ("streamer",),
    "policy.launch.py": ("policy",),
    "perception.launch.py": ("perception",),
    "perception_policy.launch.py": ("perception", "policy"),
    "blackbox.launch.py": ("blackbox",),
    "view.launch.py": ("view",),
    "real_robot.launch.xml": ("supervisor", "streamer", "policy"),
}


class Launched:
    """A launch file in a process of its own."""

    def __init__(self, file, *arguments):
        script = Path(__file__).parent / "launched.py"
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(FOLDER / file), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.text = ""

    def read_until(self, words):
        """Read its output up to `words`."""
        for line in self.process.stdout:
            self.text += line
            if words in line:
                return
        pytest.fail(f"it ended without {words!r}:\n{self.text}")

    @property
    def pids(self):
        """Process id by node."""
        return {name: int(pid) for name, pid in STARTED.findall(self.text)}

    def wait_end(self):
        """Read the rest; gives the exit code."""
        rest, _ = self.process.communicate(timeout=LIMIT_S)
        self.text += rest
        return self.process.returncode


@pytest.fixture
def launched():
    """Starts a launch file; ends it after the test."""
    started = []

    def start(*arguments):
        started.append(Launched(*arguments))
        return started[-1]

    yield start
    for each in started:
        each.process.send_signal(signal.SIGINT)
        each.wait_end()
        left = [name for name, pid in each.pids.items() if Path(f"/proc/{pid}").exists()]
        assert left == []


def wait_armed():
    """Wait until all nodes are active and the supervisor lets commands through."""
    from noetra_ros.msg import SafetyState

    from noetra_ros.cli.graph_watch import GraphWatch

    with GraphWatch() as watch:
        watch.wait_active(NODES, LIMIT_S, lambda: "")
        assert watch.wait_mode([SafetyState.MODE_ACTIVE, SafetyState.MODE_PROTECTIVE_STOP], LIMIT_S)


def wait_active(nodes):
    """Wait until nodes are active."""
    from noetra_ros.cli.graph_watch import GraphWatch

    with GraphWatch() as watch:
        watch.wait_active(nodes, LIMIT_S, lambda: "")


AROUND = """
from launch import LaunchDescription
from launch.actions import GroupAction, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch_ros.actions import PushRosNamespace, SetRemap

def generate_launch_description():
    inside = IncludeLaunchDescription(
        PythonLaunchDescriptionSource({file!r}), launch_arguments=[("policy", "hold")]
    )
    return LaunchDescription([
        GroupAction([PushRosNamespace("cell_1"), SetRemap("front/image_raw", "elbow/image"), inside])
    ])
"""

BRINGUP = ("bringup.launch.py", "robot:=diffbot", "policy:=hold", "arm:=true")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_bringup_comes_up_armed_and_ends_on_ctrl_c(launched):
    running = launched(*BRINGUP)
    wait_armed()
    running.process.send_signal(signal.SIGINT)
    assert running.wait_end() == 0, running.text
    assert set(running.pids) == set(NODES)
    assert "Traceback" not in running.text


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_perception_and_policy_share_a_process_where_it_is_asked_for(launched):
    running = launched(
        "bringup.launch.py", "perception:=true", "share_process:=true", "policy:=hold", "log_level:=warn"
    )
    wait_active((*NODES, "perception"))
    running.process.send_signal(signal.SIGINT)
    assert running.wait_end() == 0, running.text
    assert set(running.pids) == {"supervisor", "sim", "streamer", "perception_policy"}
    assert "Traceback" not in running.text


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_subsystem_stands_in_the_namespace_around_it_and_hears_remapped_topics(launched, tmp_path):
    """As an integrator includes it."""
    around = tmp_path / "around.launch.py"
    around.write_text(AROUND.format(file=str(FOLDER / "perception_policy.launch.py")), encoding="utf-8")
    launched(str(around))
    import rclpy

    rclpy.init()
    node = rclpy.create_node("onlooker")
    end_s = time.monotonic() + LIMIT_S
    while node.count_subscribers("/cell_1/elbow/image") < 1 and time.monotonic() < end_s:
        time.sleep(0.1)
    names = {f"{space}/{name}" for name, space in node.get_node_names_and_namespaces()}
    seen = node.count_subscribers("/cell_1/elbow/image"), node.count_subscribers("/cell_1/front/image_raw")
    node.destroy_node()
    rclpy.shutdown()
    assert {"/cell_1/perception", "/cell_1/policy"} <= names
    assert seen[0] >= 1 and seen[1] == 0


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_when_a_node_dies_the_supervisor_outlives_the_rest(launched):
    running = launched(*BRINGUP)
    running.read_until("policy_node-4]: process started")
    wait_armed()
    os.kill(running.pids["policy"], signal.SIGKILL)
    running.read_until("policy has ended (-9): the supervisor stops the robot, then the rest ends")
    assert running.wait_end() == 1, running.text
    assert "supervisor_node-1]: process has finished cleanly" in running.text
    ends = re.findall(r"\[(\w+)_node-\d+\]: process has", running.text)
    assert set(ends) == set(NODES) and ends[0] == "policy"


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("file", "nodes"), ALONE.items())
def test_a_subsystem_comes_up_alone_and_ends_on_ctrl_c(launched, tmp_path, file, nodes):
    more = [f"blackbox:={tmp_path}"] if file == "blackbox.launch.py" else []
    running = launched(file, *more)
    wait_active(nodes)
    running.process.send_signal(signal.SIGINT)
    assert running.wait_end() == 0, running.text
    assert "Traceback" not in running.text


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("file", "argument", "words"), REFUSED)
def test_a_bad_argument_ends_the_launch_with_a_message_and_a_failure(launched, file, argument, words):
    running = launched(file, argument)
    assert running.wait_end() == 1, running.text
    assert words in running.text
    assert "Traceback" not in running.text


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_policy_is_started_again_where_asked_for_and_the_robot_stands_meanwhile(launched):
    from noetra_ros.msg import SafetyState

    from noetra_ros.cli.graph_watch import GraphWatch

    running = launched(*BRINGUP, "use_respawn:=true")
    running.read_until("policy_node-4]: process started")
    wait_armed()
    with GraphWatch() as watch:
        assert watch.wait_mode([SafetyState.MODE_ACTIVE], LIMIT_S)
        os.kill(running.pids["policy"], signal.SIGKILL)
        assert watch.wait_mode([SafetyState.MODE_PROTECTIVE_STOP], LIMIT_S)
        running.read_until("policy has ended (-9): it is started again")
        running.read_until("policy_node-4]: process started")
        assert watch.wait_mode([SafetyState.MODE_ACTIVE], LIMIT_S)
    running.process.send_signal(signal.SIGINT)
    assert running.wait_end() == 0, running.text


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_robot_goes_on_where_the_live_page_dies(launched):
    from noetra_ros.msg import SafetyState

    from noetra_ros.cli.graph_watch import GraphWatch

    running = launched(*BRINGUP, "view:=true", "port:=0")
    running.read_until("live page: http://127.0.0.1:")
    wait_armed()
    os.kill(running.pids["view"], signal.SIGKILL)
    running.read_until("view_node-5]: process has died")
    with GraphWatch() as watch:
        assert watch.wait_mode([SafetyState.MODE_ACTIVE], LIMIT_S)
    running.process.send_signal(signal.SIGINT)
    assert running.wait_end() == 0, running.text


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_sentence_of_the_launch_is_not_begun_again_by_itself(launched):
    running = launched("policy.launch.py", "use_respawn:=true", "instruction:=go")
    assert running.wait_end() == 1, running.text
    assert "would begin it again by itself" in running.text
