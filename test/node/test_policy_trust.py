"""A policy that says that it is lost stops the robot, over real DDS."""

from __future__ import annotations

import pytest
from noetra_ros.msg import SafetyState
from std_msgs.msg import Float64, Float64MultiArray
from supervisor_bench import HOME, SupervisorBench

pytestmark = pytest.mark.ros
SETTINGS = ["trust_slow_below=0.05", "trust_stop_below=0.01", "trust_slow_scale=0.3", "trust_timeout_s=30.0"]
PARAMETERS = (
    "checks:=['estop', 'finite', 'stale', 'velocity', 'policy_trust']",
    f"check_settings:={SETTINGS}",
)


def test_a_lost_policy_is_stopped_and_goes_on_when_it_is_at_home_again():
    bench = SupervisorBench("so101", Float64MultiArray, "forward_position_controller/commands", *PARAMETERS)
    said = [0.6]
    try:
        trust = bench.node.create_publisher(Float64, "policy/trust", 10)
        bench.node.create_timer(0.05, lambda: trust.publish(Float64(data=said[0])))
        bench.spin_until(lambda: trust.get_subscription_count() > 0, "the supervisor listens")
        bench.start_commands(lambda: Float64MultiArray(data=list(HOME)))
        said[0] = 0.005
        bench.wait_mode(SafetyState.MODE_PROTECTIVE_STOP)
        bench.spin_until(lambda: is_lost(bench.events_of("policy_trust")), "an event that says how lost")
        said[0] = 0.6
        bench.wait_mode(SafetyState.MODE_ACTIVE)
    finally:
        assert bench.close() == 0


def is_lost(events):
    """A policy that was not heard at first is told, too."""
    return any("0.5 % of good episodes" in event.reason for event in events)
