"""The value in force of each setting is that of the nodes, and who decided it is named."""

import dataclasses

import pytest

pytest.importorskip("rclpy")

from noetra_ros.core.config import load
from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_names
from noetra_ros.ros.effective_settings import DEFAULT, GIVEN, settings_in_force
from noetra_ros.ros.node_parameters import parameter_file
from noetra_ros.ros.node_settings import NODE_SETTINGS
from noetra_ros.ros.sectors import with_sectors


@pytest.mark.parametrize("sector", config_names("sectors"))
@pytest.mark.parametrize("robot", config_names("robots"))
def test_it_is_what_each_node_would_have(robot, sector):
    import yaml

    found = settings_in_force(robot, [sector])
    for node, kind in NODE_SETTINGS.items():
        shipped = yaml.safe_load(parameter_file(node).read_text(encoding="utf-8"))["/**"]["ros__parameters"]
        given = shipped | {"robot": robot, "sector": sector} | GIVEN.get(node, {})
        own, _ = with_sectors(load(kind, given, node), node, [sector])
        assert {name: each.value for name, each in found.settings[node].items()} == {
            field.name: getattr(own, field.name) for field in dataclasses.fields(kind)
        }


def test_who_decided_and_who_was_less_strict_are_named():
    each = settings_in_force("so101", ["restaurant", "elder_care"]).settings["supervisor"]["speed_share"]
    assert [(said.file, said.key, said.value) for said in each.decided_by] == [
        ("config/sectors/elder_care.yaml", "supervisor.speed_share", 0.3)
    ]
    assert [(said.file, said.value) for said in each.others] == [
        (DEFAULT, 1.0),
        ("config/sectors/restaurant.yaml", 0.5),
    ]
    own = settings_in_force("so101", ["retail"]).settings["supervisor"]["command_timeout_s"]
    assert [(said.file, said.key) for said in own.decided_by] == [
        ("config/supervisor.yaml", "command_timeout_s")
    ]


def test_a_parameter_file_comes_between(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "/**: {ros__parameters: {resume_after_s: 9.0, reduced_speed_mps: 5.0}}\n"
        "supervisor: {ros__parameters: {resumes_by_itself: true}}\n"
        "streamer: {ros__parameters: {limit_fraction: 0.1}}\n",
        encoding="utf-8",
    )
    found = settings_in_force("so101", ["medical"], path).settings
    assert found["supervisor"]["resume_after_s"].decided_by[0].file == str(path)
    assert found["supervisor"]["reduced_speed_mps"].value == 0.1
    assert found["supervisor"]["resumes_by_itself"].value is False
    assert found["streamer"]["limit_fraction"].value == 0.1


def test_what_is_left_of_the_limits_of_the_robot():
    limits = settings_in_force("diffbot", ["elder_care"]).limits
    driving, turning = limits["base.vx m/s"], limits["base.wz rad/s"]
    assert (driving.value, driving.others[0].file) == (pytest.approx(0.18), "config/robots/diffbot.yaml")
    assert (turning.value, turning.decided_by[0].key) == (pytest.approx(0.45), "supervisor.speed_share")
    unchanged = settings_in_force("diffbot", []).limits["base.vx m/s"]
    assert (unchanged.value, unchanged.decided_by[0].file) == (0.6, "config/robots/diffbot.yaml")
    grip = settings_in_force("so101", ["medical"]).limits["gripper.grip Nm"]
    assert (grip.value, grip.decided_by[0].key) == (0.5, "supervisor.grip_share")


def test_the_speed_of_a_tool_is_what_is_left_of_its_twist(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("supervisor: {ros__parameters: {tool_speed_mps: 0.06}}\n", encoding="utf-8")
    twist = settings_in_force("so101", [], path).limits["tool.vx m/s"]
    assert twist.value == pytest.approx(0.06 / 3**0.5)
    assert (twist.decided_by[0].key, twist.decided_by[0].file) == ("tool_speed_mps", str(path))


def test_a_fault_in_any_section_is_told():
    with pytest.raises(ConfigError, match="'moon'"):
        settings_in_force("so101", ["moon"])
