"""The table of topics, services and actions is complete and usable."""

import pytest
from rclpy.qos import DurabilityPolicy, ReliabilityPolicy

from noetra_ros.ros import interfaces
from noetra_ros.ros.interfaces import Service, Topic

pytestmark = pytest.mark.ros


def rows(kind):
    return [value for value in vars(interfaces).values() if isinstance(value, kind)]


def test_every_row_is_in_the_table():
    assert {t.name for t in rows(Topic)} == {t.name for t in interfaces.TOPICS}
    assert {s.name for s in rows(Service)} == {s.name for s in interfaces.SERVICES}


def test_names_are_relative_but_for_the_global_two():
    absolute = {t.name for t in interfaces.TOPICS if t.name.startswith("/")}
    assert absolute == {"/clock", "/diagnostics"}


def test_every_offer_satisfies_its_request():
    for topic in interfaces.TOPICS:
        offered, requested = topic.offered.profile(), topic.requested.profile()
        if requested.reliability == ReliabilityPolicy.RELIABLE:
            assert offered.reliability == ReliabilityPolicy.RELIABLE, topic.name
        if requested.durability == DurabilityPolicy.TRANSIENT_LOCAL:
            assert offered.durability == DurabilityPolicy.TRANSIENT_LOCAL, topic.name


def test_late_comers_hear_the_safety_state():
    assert interfaces.SAFETY_STATE.offered.is_latched and interfaces.SAFETY_STATE.requested.is_latched


def test_the_readme_table_shows_type_and_quality():
    table = interfaces.interface_table()
    assert "| `estop` | std_msgs/Bool | reliable, keep 10 | a person |" in table
    assert "| `run_task` | noetra_ros/RunTask | policy |" in table


def test_names_and_types_of_the_profile_must_be_passed():
    with pytest.raises(ValueError, match="comes from the robot profile"):
        interfaces.COMMAND_IN._message(None)
    with pytest.raises(ValueError, match="comes from the robot profile"):
        interfaces.JOINT_STATES._name("")
