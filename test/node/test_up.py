"""`noetra up` as a person runs it: it comes up, ends by signals, tells who died, leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from noetra_ros.cli.domain import PrivateDomain

pytestmark = [pytest.mark.ros, pytest.mark.slow, pytest.mark.timeout(240)]
LIMIT_S = 100.0
NODES = ("supervisor", "sim", "streamer", "policy")


class Up:
    """A running `noetra up`: a base that holds still, in a ROS domain of its own."""

    def __init__(self, *arguments):
        self.domain = PrivateDomain()
        command = [
            sys.executable,
            "-m",
            "noetra_ros.cli.main",
            "up",
            "--robot",
            "diffbot",
            "--policy",
            "hold",
        ]
        environment = {**os.environ, "ROS_DOMAIN_ID": str(self.domain.number), "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            [*command, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []
        self.pids = {}

    def read_until(self, words):
        """Read its output up to a line that holds `words`; notes its children on the way."""
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if words in line:
                self.pids = children_of(self.process.pid)
                return
        pytest.fail(f"it ended without {words!r}: {self.text}")

    def wait_children(self):
        """Wait until every node is a process."""
        end = time.monotonic() + LIMIT_S
        while set(self.pids) != set(NODES):
            assert time.monotonic() < end, f"only {', '.join(self.pids)} were started"
            time.sleep(0.02)
            self.pids = children_of(self.process.pid)

    def wait_end(self):
        """Read the rest; gives its exit code."""
        rest, _ = self.process.communicate(timeout=LIMIT_S)
        self.lines += rest.splitlines()
        return self.process.returncode

    @property
    def text(self):
        """All that it has printed."""
        return "\n".join(self.lines)

    def close(self):
        """End what a failed test has left."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.domain.release()


@pytest.fixture
def up():
    """Starts one; ends it after the test."""
    started = []

    def start(*arguments):
        started.append(Up(*arguments))
        return started[-1]

    yield start
    for each in started:
        each.close()


def children_of(pid):
    """Node name -> process id of its children, by their command lines."""
    text = "".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    found = {}
    for child in map(int, text.split()):
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        for name in NODES:
            if f"noetra_ros.ros.{name}_node" in words:
                found[name] = child
    return found


def wait_gone(pids):
    """Wait until none of the processes runs; gives those that still do."""
    end = time.monotonic() + LIMIT_S
    while (left := [pid for pid in pids.values() if is_running(pid)]) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def audit_of(folder):
    """Records of the supervisor's audit log."""
    (file,) = (folder / "audit").glob("audit-*.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_sigterm_ends_a_ready_graph_and_leaves_nothing(up):
    running = up()
    running.read_until("ready, not armed")
    assert set(running.pids) == set(NODES)
    running.process.send_signal(signal.SIGTERM)
    assert running.wait_end() == 0, running.text
    assert wait_gone(running.pids) == []
    assert "Traceback" not in running.text


def test_ctrl_c_ends_a_graph_that_is_still_starting(up):
    running = up()
    running.read_until("starting supervisor, sim, streamer, policy of diffbot")
    running.wait_children()
    running.process.send_signal(signal.SIGINT)
    assert running.wait_end() == 0, running.text
    assert wait_gone(running.pids) == []
    assert "Traceback" not in running.text


def test_a_node_that_dies_is_named_the_robot_stopped_and_the_rest_ended(up, tmp_path):
    running = up("--arm", "--record", str(tmp_path))
    running.read_until("ready and armed")
    os.kill(running.pids["streamer"], signal.SIGKILL)
    assert running.wait_end() == 1, running.text
    assert "streamer was killed by SIGKILL: stopping the robot" in running.text
    assert wait_gone(running.pids) == []
    assert (tmp_path / "supervisor.log").exists()
    modes = [r["after"] for r in audit_of(tmp_path) if r["kind"] == "mode"]
    armed = modes.index("ACTIVE")
    assert set(modes[armed + 1 :]) & {"PROTECTIVE_STOP", "STANDBY"}, modes


def test_a_killed_runner_leaves_no_orphan(up):
    running = up()
    running.read_until("ready, not armed")
    assert len(running.pids) == len(NODES)
    running.process.kill()
    running.process.wait(LIMIT_S)
    assert wait_gone(running.pids) == []
