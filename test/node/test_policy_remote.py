"""The policy node with a model on another machine: a lost link is a named fault in time, and no chunk."""

from __future__ import annotations

import threading
import time

import pytest
import yaml
from noetra_ros.msg import PolicyStatus
from policy_bench import PolicyBench

from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.backends.hold import HoldBackend
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.conversions import stamp_to_ns

from ..policy.serving.conftest import Served

pytestmark = pytest.mark.ros

REPLY_WITHIN_S = 0.6


class HeldUp(HoldBackend):
    """Holds, and answers only while `gate` is set."""

    def __init__(self, options):
        super().__init__(options)
        self.gate = threading.Event()
        self.gate.set()

    def infer(self, observation):
        assert self.gate.wait(30)
        return super().infer(observation)


@pytest.fixture
def served():
    running = Served(HeldUp(BackendOptions(load_robot("so101"))))
    yield running
    running.backend.gate.set()
    running.close()


@pytest.fixture
def link(served, tmp_path):
    path = tmp_path / "link.yaml"
    settings = served.link(reply_within_s=REPLY_WITHIN_S)
    path.write_text(
        yaml.safe_dump({"url": settings.url, "token": settings.token, "reply_within_s": REPLY_WITHIN_S})
    )
    path.chmod(0o600)
    return str(path)


def test_a_model_that_falls_silent_is_a_fault_within_the_declared_time_and_comes_back_when_asked(
    served, link
):
    with PolicyBench(policy="remote", checkpoint=link, instruction="hold") as bench:
        bench.until(lambda: len(bench.chunks) >= 2, "chunks", bench.send_joints)
        served.backend.gate.clear()
        silent_s, silent_ns = time.monotonic(), bench.now_ns()
        bench.until(lambda: bench.statuses[-1].state == PolicyStatus.STATE_FAULT, "FAULT", bench.send_joints)
        took_s = time.monotonic() - silent_s
        assert "no answer within 0.6 s" in bench.statuses[-1].detail
        served.backend.gate.set()  # its late answer arrives now
        end_s = time.monotonic() + 0.5
        bench.until(lambda: time.monotonic() > end_s, "late answers", bench.send_joints)
        assert all(stamp_to_ns(chunk.header.stamp) <= silent_ns for chunk in bench.chunks)
        chunks = len(bench.chunks)
        bench.say("hold again")
        bench.until(lambda: len(bench.chunks) > chunks, "chunks again", bench.send_joints)
        assert took_s < 0.2 + REPLY_WITHIN_S + 1.0  # period, declared time, a busy machine


def test_a_server_that_ends_is_a_fault(served, link):
    with PolicyBench(policy="remote", checkpoint=link, instruction="hold") as bench:
        bench.until(lambda: bench.chunks, "a chunk", bench.send_joints)
        served.run(served.server.stop())
        bench.until(lambda: bench.statuses[-1].state == PolicyStatus.STATE_FAULT, "FAULT", bench.send_joints)
        assert "LinkError" in bench.statuses[-1].detail
