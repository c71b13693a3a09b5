"""Perception and policy on one executor: one subscription for each camera topic, the same frame in both."""

import json

import pytest
from perception_bench import shipped_parameters
from policy_bench import GOOD, FakeBackend, PolicyBench

from noetra_ros.policy.backend import BACKENDS
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.perception_policy_node import SEPARATOR, node_makers
from noetra_ros.ros.spin import make_executor

pytestmark = pytest.mark.ros
FRONT = "front/image_raw"


def arguments(values):
    return ["--ros-args", *(w for k, v in values.items() for w in ("-p", f"{k}:={json.dumps(v)}"))]


@pytest.fixture
def backend(monkeypatch):
    made = FakeBackend(load_robot("so101"))
    monkeypatch.setitem(BACKENDS._entries, "fake", lambda options: made)
    return made


def test_a_picture_is_received_once_and_the_same_array_reaches_both(backend):
    perception = {**shipped_parameters(), "detector": "none"}
    policy = {**GOOD, "policy": "fake", "instruction": "go"}
    with PolicyBench() as bench:  # plays robot and person; its own policy looks through no camera
        makers = node_makers([*arguments(perception), SEPARATOR, *arguments(policy)])
        nodes = [make() for make in makers]
        executor = make_executor()
        for node in nodes:
            executor.add_node(node)
            node.start()
        bench.executors.append(executor)
        assert [node.get_name() for node in nodes] == ["perception", "policy"]
        assert bench.node.count_subscribers(FRONT) <= 1
        shots = []
        gatherer = nodes[0].gatherer
        keep, gatherer.add_picture = (
            gatherer.add_picture,
            lambda frame, now: (shots.append(frame), keep(frame, now)),
        )

        def send():
            bench.send_picture()
            bench.send_joints()

        bench.until(lambda: backend.seen and shots, "an inference", send)
        assert bench.node.count_subscribers(FRONT) == 1
        seen = backend.seen[-1].frames["front"]
        assert any(shot.rgb is seen.rgb for shot in shots)
        for node in reversed(nodes):
            node.trigger_shutdown()
            executor.remove_node(node)
            node.destroy_node()
