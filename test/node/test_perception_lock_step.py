"""Lock-step with perception: the simulation waits for it, and a seed gives the same scenes again."""

import itertools

import pytest
import rclpy
from noetra_ros.srv import ResetWorld
from rclpy.executors import SingleThreadedExecutor

from noetra_ros.cli.graph import Graph
from noetra_ros.cli.graph_plan import GraphOptions
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import stamp_to_ns

pytestmark = [pytest.mark.ros, pytest.mark.gl, pytest.mark.slow, pytest.mark.timeout(300)]
SCENES = 25
OPTIONS = GraphOptions(
    policy="none",
    perception=True,
    lock_step=True,
    is_private=True,
    parameters={"perception": {"detector": "none"}, "sim": {"start_on": "reset"}},
)


class Listener:
    """Takes the scenes of an episode, by their time since its start."""

    def __init__(self):
        rclpy.init()
        self.node = rclpy.create_node("listener")
        self.executor = SingleThreadedExecutor()
        self.executor.add_node(self.node)
        self.scenes = []
        interfaces.OBSTACLES.subscription(self.node, self.scenes.append, every_message=True)
        self.reset = self.node.create_client(ResetWorld, "sim/reset")

    def __enter__(self):
        while not self.scenes:  # connected: from now on none is missed
            self.executor.spin_once(timeout_sec=10.0)
        return self

    def __exit__(self, *_):
        self.node.destroy_node()
        rclpy.try_shutdown()

    def episode(self, seed):
        """(time since the start, shapes) of the first scenes."""
        assert self.reset.wait_for_service(30.0)
        future = self.reset.call_async(
            ResetWorld.Request(seed=seed, task="pick", variation="eval", person="reach")
        )
        self.executor.spin_until_future_complete(future, timeout_sec=30.0)
        begin_ns = stamp_to_ns(future.result().stamp)
        while len(self.of_episode(begin_ns)) < SCENES:
            self.executor.spin_once(timeout_sec=10.0)
        return [
            (stamp_to_ns(s.header.stamp) - begin_ns, shapes(s)) for s in self.of_episode(begin_ns)[:SCENES]
        ]

    def of_episode(self, begin_ns):
        return [scene for scene in self.scenes if stamp_to_ns(scene.header.stamp) > begin_ns]


def shapes(scene):
    """What a scene says, but for the numbers of tracks, which count on from one episode to the next."""
    return sorted(
        (
            o.kind,
            o.shape,
            o.pose.position.x,
            o.pose.position.y,
            o.pose.position.z,
            o.size.x,
            o.size.y,
            o.size.z,
        )
        for o in scene.obstacles
    )


def test_the_same_seed_gives_the_same_scenes():
    with Graph(OPTIONS) as graph, graph.watch() as watch:
        watch.wait_active(OPTIONS.nodes, 120.0, graph.what_died)
        with Listener() as listener:
            first, other, again = (listener.episode(seed) for seed in (3, 4, 3))
    assert first == again
    assert first != other
    steps_ms = {(b[0] - a[0]) // 1_000_000 for a, b in itertools.pairwise(first)}
    assert steps_ms == {100}
