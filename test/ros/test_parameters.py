"""Parameters out of a dataclass: declared with ranges, all faults at once."""

from dataclasses import dataclass

import pytest
import rclpy
from rclpy.parameter import Parameter

from noetra_ros.core.config import setting
from noetra_ros.core.errors import ConfigError
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.parameters import NodeSettings, settings_table

pytestmark = pytest.mark.ros


@dataclass(frozen=True, kw_only=True)
class PumpSettings(NodeSettings):
    """A node's parameters."""

    rate_hz: float = setting("Hz", "strokes", minimum=1.0, maximum=50.0)
    mode: str = setting(description="how", choices=("soft", "hard"), default="soft")
    names: tuple[str, ...] = setting(description="who", default=())
    pause_s: float | None = setting("s", "null = none", minimum=0.0, default=None)


@pytest.fixture(scope="module", autouse=True)
def ros():
    rclpy.init(args=[])
    yield
    rclpy.try_shutdown()


def make(**values):
    overrides = [Parameter(name, value=value) for name, value in values.items()]
    node = GraphNode("pump", PumpSettings, parameter_overrides=overrides)
    try:
        return node.settings, {name: node.describe_parameter(name) for name in ("rate_hz", "mode", "robot")}
    finally:
        node.destroy_node()


def test_values_and_defaults_are_read_back():
    settings, _ = make(robot="so101", rate_hz=10, names=["a", "b"], pause_s=0.5)
    assert settings == PumpSettings(robot="so101", rate_hz=10.0, names=("a", "b"), pause_s=0.5)
    assert (settings.lock_step, settings.autostart, settings.mode) == (False, True, "soft")


def test_descriptors_carry_unit_range_and_choices():
    _, described = make(robot="so101", rate_hz=10.0)
    assert described["rate_hz"].description == "strokes [Hz]"
    assert described["rate_hz"].read_only
    span = described["rate_hz"].floating_point_range[0]
    assert (span.from_value, span.to_value) == (1.0, 50.0)
    assert described["mode"].additional_constraints == "soft, hard"


def test_all_faults_come_at_once():
    with pytest.raises(ConfigError) as caught:
        make(rate_hz=0.1, mode="rough", speed=3, lock_step="yes")
    assert {fault.key for fault in caught.value.faults} == {"robot", "rate_hz", "mode", "speed", "lock_step"}
    assert "/pump" in str(caught.value)


def test_a_threshold_without_default_is_missed():
    with pytest.raises(ConfigError, match="rate_hz: got nothing, expected float in Hz"):
        make(robot="so101")


def test_lock_step_needs_simulated_time():
    with pytest.raises(ConfigError, match="use_sim_time: got false"):
        make(robot="so101", rate_hz=10.0, lock_step=True)
    assert make(robot="so101", rate_hz=10.0, lock_step=True, use_sim_time=True)[0].lock_step


def test_the_table_for_the_reference():
    rows = settings_table(PumpSettings).splitlines()
    assert "| `rate_hz` | Hz | must be given | >= 1.0, <= 50.0 | strokes |" in rows
    assert '| `mode` | | `"soft"` | soft, hard | how |' in rows
