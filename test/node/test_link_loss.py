"""A model on another machine, its link silent in mid-motion: the robot rests within the declared time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import rclpy
import yaml
from noetra_ros.msg import PolicyStatus
from std_msgs.msg import String

from noetra_ros.cli.graph import Graph
from noetra_ros.cli.graph_plan import GraphOptions
from noetra_ros.cli.main import main
from noetra_ros.core.types import JointState
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import joint_state_from_message
from noetra_ros.ros.spin import make_executor

pytestmark = [pytest.mark.ros, pytest.mark.gl]

REPLY_WITHIN_S = 0.5
# After the declared time: what was asked for last was asked up to a period earlier; a stop takes its ramp.
REPLAN_S, BRAKING_S, BUSY_MACHINE_S = 0.2, 0.4, 1.0
MOVING_RADPS, RESTING_RADPS = 0.15, 0.02


class Watcher:
    """Joint speeds, the policy's state, and a voice."""

    def __init__(self) -> None:
        self.node = rclpy.create_node("link_watcher")
        self.executor = make_executor()
        self.executor.add_node(self.node)
        self.states: list[tuple[float, JointState]] = []
        self.status = PolicyStatus()
        profile = load_robot("so101")
        topic = profile.streams["joint_states"].topic
        names = profile.joint_names

        def keep(message):
            self.states.append((time.monotonic(), joint_state_from_message(message, names)))

        interfaces.JOINT_STATES.subscription(self.node, keep, topic)
        interfaces.POLICY_STATUS.subscription(self.node, lambda message: setattr(self, "status", message))
        self.instruction = interfaces.INSTRUCTION.publisher(self.node)

    def speed(self):
        """rad/s of the fastest joint."""
        return float(np.abs(self.states[-1][1].velocities).max()) if self.states else 0.0

    def until(self, is_done, what, limit_s=60.0):
        deadline_s = time.monotonic() + limit_s
        while not is_done():
            assert time.monotonic() < deadline_s, f"waited {limit_s} s for {what}; {self.status.detail}"
            self.executor.spin_once(timeout_sec=0.05)

    def spin(self, duration_s):
        end_s = time.monotonic() + duration_s
        self.until(lambda: time.monotonic() > end_s, "the time", duration_s + 5.0)


@pytest.fixture
def server(tmp_path):
    """`noetra serve` with a policy that swings; gives its process and the link file."""
    tokens = str(tmp_path / "tokens.yaml")
    assert main(["serve", "--tokens", tokens, "--invite", "arm1"]) == 0
    command = [sys.executable, "-m", "noetra_ros.cli.main", "serve", "--policy", "swing", "--port", "0"]
    process = subprocess.Popen([*command, "--tokens", tokens], stdout=subprocess.PIPE, text=True)
    port = next(
        found[1] for line in process.stdout if (found := re.search(r"http://127\.0\.0\.1:(\d+)/", line))
    )
    link = tmp_path / "arm1.link.yaml"
    settings = yaml.safe_load(link.read_text())
    link.write_text(
        yaml.safe_dump({**settings, "url": f"ws://127.0.0.1:{port}", "reply_within_s": REPLY_WITHIN_S})
    )
    yield process, link
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_link_that_goes_silent_is_a_robot_at_rest_and_late_answers_do_not_move_it(server):
    process, link = server
    options = GraphOptions(
        policy="remote", checkpoint=str(link), instruction="swing", arm=True, is_private=True
    )
    with Graph(options):
        rclpy.init(args=[])
        try:
            watcher = Watcher()
            watcher.until(lambda: watcher.speed() > MOVING_RADPS, "motion")
            watcher.spin(1.0)
            watcher.until(lambda: watcher.speed() > MOVING_RADPS, "motion")
            os.kill(process.pid, signal.SIGSTOP)  # the line is dead, nobody hangs up
            cut_s = time.monotonic()
            watcher.until(lambda: watcher.status.state == PolicyStatus.STATE_FAULT, "FAULT")
            watcher.spin(REPLAN_S + BRAKING_S + BUSY_MACHINE_S)
            moving_s = [
                at_s for at_s, state in watcher.states if np.abs(state.velocities).max() > RESTING_RADPS
            ]
            assert moving_s[-1] - cut_s < REPLY_WITHIN_S + REPLAN_S + BRAKING_S + BUSY_MACHINE_S
            rest = watcher.states[-1][1].positions
            os.kill(process.pid, signal.SIGCONT)  # what it was asked is answered now
            watcher.spin(1.0)
            assert np.abs(watcher.states[-1][1].positions - rest).max() < 0.01
            watcher.instruction.publish(String(data="swing again"))
            watcher.until(lambda: watcher.speed() > MOVING_RADPS, "motion after a person has asked again")
            print(f"link cut to rest: {moving_s[-1] - cut_s:.2f} s")
        finally:
            rclpy.try_shutdown()
