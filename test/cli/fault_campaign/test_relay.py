"""The relay on real DDS: passes on, fails one source of several, does not connect with less."""

import time

import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from std_msgs.msg import Header

from noetra_ros.cli.fault_campaign.injection import INJECTIONS, FailureSettings
from noetra_ros.cli.fault_campaign.relay import Relay, Wire
from noetra_ros.ros.interfaces import STATE

pytestmark = pytest.mark.ros
WIRE = Wire("beat", "relay_test/beat", Header, STATE)


class Bench:
    """A giver and a taker with a relay between them."""

    def __init__(self):
        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.node = rclpy.create_node("relay_bench", context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.executor.add_node(self.node)
        self.relay = Relay(self.node, WIRE)
        self.giver = self.node.create_publisher(Header, WIRE.topic, STATE.profile())
        self.taken = []
        self.node.create_subscription(
            Header, WIRE.relayed, lambda m: self.taken.append(m.frame_id), STATE.profile()
        )

    def give(self, *names, until, limit_s=10.0):
        """Give again and again until something was taken, or the time is up; what was taken."""
        end_s = time.monotonic() + limit_s
        while not until(self.taken) and time.monotonic() < end_s:
            for name in names:
                self.giver.publish(Header(frame_id=name))
            self.executor.spin_once(timeout_sec=0.01)
        return self.taken

    def close(self):
        self.relay.close()
        self.node.destroy_node()
        rclpy.try_shutdown(context=self.context)


@pytest.fixture
def bench():
    made = Bench()
    yield made
    made.close()


def test_it_passes_on_fails_and_heals(bench):
    assert "a" in bench.give("a", until=lambda taken: "a" in taken)
    bench.relay.fail(INJECTIONS.get("off")(FailureSettings(0.1)), lambda beat: beat.frame_id == "a")
    bench.give("b", until=lambda taken: "b" in taken)  # what was under way has come
    bench.taken.clear()
    assert {*bench.give("a", "b", until=lambda taken: len(taken) > 5)} == {"b"}
    bench.relay.heal()
    assert "a" in bench.give("a", until=lambda taken: "a" in taken)


def test_a_giver_who_offers_less_is_not_heard_until_it_heals(bench):
    bench.give("a", until=lambda taken: "a" in taken)
    bench.relay.mismatch()
    bench.taken.clear()
    assert "b" not in bench.give("b", until=lambda taken: "b" in taken, limit_s=1.0)
    bench.relay.heal()
    assert "c" in bench.give("c", until=lambda taken: "c" in taken)
