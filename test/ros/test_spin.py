"""A node as a process: its exit codes and how it ends."""

import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.ros
PROGRAM = """
import os, sys
from noetra_ros.core.errors import NoetraError
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.parameters import NodeSettings
from noetra_ros.ros.spin import run_node

class Toy(GraphNode):
    niceness = 3
    def __init__(self):
        super().__init__("toy", NodeSettings)
    def activate(self):
        self.timer = self.create_timer(0.05, self.tick)
        print("active", os.nice(0), flush=True)
    def tick(self):
        if self.settings.robot == "broken":
            raise NoetraError("the spring is loose")
    def deactivate(self):
        print("deactivated", flush=True)

sys.exit(run_node(Toy))
"""


def start(*parameters):
    words = [word for parameter in parameters for word in ("-p", parameter)]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--ros-args", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_deactivates_and_ends_with_0(number):
    process = start("robot:=so101")
    assert process.stdout.readline() == "active 3\n"
    process.send_signal(number)
    output, errors = process.communicate(timeout=30.0)
    assert (process.returncode, output) == (0, "deactivated\n")
    assert "Traceback" not in errors


def test_an_error_of_ours_ends_with_1_and_its_words():
    process = start("robot:=broken")
    output, errors = process.communicate(timeout=30.0)
    assert process.returncode == 1
    assert "toy: the spring is loose" in errors and "Traceback" not in errors
    assert "deactivated" in output


def test_a_wrong_set_up_ends_with_2_and_all_faults():
    process = start("speed:=3")
    _, errors = process.communicate(timeout=30.0)
    assert process.returncode == 2
    assert "speed: got an unknown key" in errors and "robot: got nothing" in errors
    assert "Traceback" not in errors
