"""Each fault of a node on a small process of its own: it does what it says, and it can be undone."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from noetra_ros.cli.fault_campaign.node_fault import NODE_FAULTS

# Answers each line: "memory" and "write" try to get some, "idle" does nothing.
CHILD = """
import sys
path = sys.argv[1]
print("ready", flush=True)
for line in sys.stdin:
    try:
        if line.strip() == "memory":
            bytearray(200_000_000)
        if line.strip() == "write":
            with open(path, "a") as file:
                file.write("x")
        print("ok", flush=True)
    except (MemoryError, OSError) as error:
        print(type(error).__name__, flush=True)
"""


class Rig:
    """What a fault needs of a rig: one node, and whether it was started again."""

    def __init__(self, path):
        command = [sys.executable, "-S", "-c", CHILD, str(path)]
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self.child.stdout.readline() == "ready\n"
        self.tolerated, self.restarted = set(), []
        self.graph = SimpleNamespace(pids={"policy": self.child.pid}, restart=self.restarted.append)
        self.session = SimpleNamespace(wait_until=lambda is_done, timeout_s, what: self.wait_end())

    def pid(self, node):
        return self.graph.pids[node]

    def ask(self, word):
        self.child.stdin.write(f"{word}\n")
        return self.child.stdout.readline().strip()

    def state(self):
        return Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()[0]

    def wait_end(self):
        self.child.wait(10.0)
        self.graph.pids.clear()


@pytest.fixture
def rig(tmp_path):
    made = Rig(tmp_path / "file")
    yield made
    made.child.kill()
    made.child.communicate()


def test_killed_ends_it_and_starts_it_again(rig):
    fault = NODE_FAULTS.get("killed")()
    fault.do(rig, "policy")
    assert rig.child.wait(10.0) == -9 and rig.tolerated == {"policy"}
    fault.undo(rig, "policy")
    assert rig.restarted == ["policy"]


def test_a_killed_supervisor_stays_dead(rig):
    rig.graph.pids["supervisor"] = rig.child.pid
    fault = NODE_FAULTS.get("killed")()
    fault.do(rig, "supervisor")
    fault.undo(rig, "supervisor")
    assert rig.restarted == []


def test_restarted_asks_it_to_end_and_starts_it_after_that(rig):
    fault = NODE_FAULTS.get("restarted")()
    fault.do(rig, "policy")
    fault.undo(rig, "policy")
    assert rig.child.returncode == -15 and rig.restarted == ["policy"]


def test_frozen_stands_still_and_goes_on(rig):
    fault = NODE_FAULTS.get("frozen")()
    fault.do(rig, "policy")
    end_s = time.monotonic() + 10.0
    while rig.state() != "T" and time.monotonic() < end_s:
        os.sched_yield()
    assert rig.state() == "T"
    fault.undo(rig, "policy")
    assert rig.ask("idle") == "ok"


def test_out_of_memory_gets_no_more_until_it_is_undone(rig):
    fault = NODE_FAULTS.get("out_of_memory")()
    assert rig.ask("memory") == "ok"
    fault.do(rig, "policy")
    assert rig.ask("memory") == "MemoryError"
    fault.undo(rig, "policy")
    assert rig.ask("memory") == "ok"


def test_full_disk_lets_no_file_grow_until_it_is_undone(rig):
    fault = NODE_FAULTS.get("full_disk")()
    assert rig.ask("write") == "ok"
    fault.do(rig, "policy")
    assert rig.ask("write") == "OSError"
    fault.undo(rig, "policy")
    assert rig.ask("write") == "ok"
    assert resource.prlimit(rig.child.pid, resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_starved_takes_every_core_twice_and_gives_them_back(rig):
    fault = NODE_FAULTS.get("starved")()
    fault.do(rig, "all")
    loops = fault._loops
    assert len(loops) == 2 * len(os.sched_getaffinity(0)) and all(loop.poll() is None for loop in loops)
    fault.undo(rig, "all")
    assert all(loop.poll() == -9 for loop in loops)
