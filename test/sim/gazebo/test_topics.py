"""Bridge and controllers serve every topic that a profile names, with types that the bridge can translate."""

import dataclasses

import pytest
import yaml

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import config_names
from noetra_ros.robots.profile import Stream, load_robot
from noetra_ros.sim.gazebo.bridge import TYPES, Entry, bridge_yaml
from noetra_ros.sim.gazebo.topics import serve, topics_of

SO101_UNSERVED = {"servo_node/delta_twist_cmds", "gripper_controller/command"}


@pytest.mark.parametrize("name", config_names("robots"))
def test_every_topic_of_a_profile_is_served_or_said_why_not(name):
    profile = load_robot(name)
    service = serve(profile)
    assert topics_of(profile) == (service.served & topics_of(profile)) | set(service.missing)
    assert not service.served & set(service.missing)


def test_what_is_not_served_is_what_we_know_of():
    assert set(serve(load_robot("so101")).missing) == SO101_UNSERVED
    for name in ("diffbot", "fr3", "g1_upper_body", "mobile_ur5e"):
        assert serve(load_robot(name)).missing == {}


def test_every_further_kind_of_stream_is_served_or_said_why_not():
    arm = load_robot("so101")
    streams = {n: Stream(n, 100.0, 0.1) for n in ("imu", "wrench", "odom", "scan", "temperature")}
    further = dataclasses.replace(
        arm, streams={**arm.streams, **streams}, clouds={"c": Stream("c", 1.0, 1.0)}
    )
    service = serve(further)
    assert {"imu", "wrench", "odom"} <= service.served
    assert set(service.missing) == SO101_UNSERVED | {"scan", "temperature", "c"}


def test_types_are_those_of_the_bridges_table_and_agree_on_both_sides(profile):
    for entry in serve(profile).entries:
        assert entry.gazebo_type == TYPES[entry.ros_type]
        assert entry.gazebo_topic.startswith("/")
    by_topic = {}
    for entry in serve(profile).entries:
        assert by_topic.setdefault(entry.gazebo_topic, entry.gazebo_type) == entry.gazebo_type


def test_what_sensors_send_is_what_the_bridge_takes(sdf_world, files):
    sent = {s.findtext("topic") for s in sdf_world.iter("sensor")} | {"/clock", "/base_command"}
    sent |= {contact.findtext("topic") for contact in sdf_world.iter("contact")}
    sent |= {plugin.findtext("odom_topic") for plugin in sdf_world.iter("plugin")}
    for entry in files.service.entries:
        parents = {entry.gazebo_topic, entry.gazebo_topic.rpartition("/")[0]}
        beside = f"{entry.gazebo_topic.rpartition('/')[0]}/image"  # a camera without depth
        assert (parents | {beside}) & sent, entry


def test_both_twists_reach_the_controller_of_the_base():
    entries = {entry.ros_topic: entry for entry in serve(load_robot("diffbot")).entries}
    assert entries["cmd_vel"].direction == entries["cmd_vel_stamped"].direction == "ROS_TO_GZ"
    last = entries["base_controller/cmd_vel"]
    assert (last.direction, last.ros_type) == ("GZ_TO_ROS", "geometry_msgs/msg/TwistStamped")
    assert last.gazebo_topic == entries["cmd_vel"].gazebo_topic


def test_no_bridge_has_to_hear_itself(files):
    """It ignores what it says; what comes back goes through a second one."""
    seen = []
    for name in files.bridges:
        rows = yaml.safe_load(files.path(name).read_text(encoding="utf-8"))
        sides = [
            {row["gz_topic_name"] for row in rows if row["direction"] == d}
            for d in ("GZ_TO_ROS", "ROS_TO_GZ")
        ]
        assert not sides[0] & sides[1]
        seen += [row["ros_topic_name"] for row in rows]
    assert sorted(seen) == sorted(entry.ros_topic for entry in files.service.entries)


def test_the_file_has_the_keys_of_the_bridge():
    (row,) = yaml.safe_load(bridge_yaml([Entry("scan", "/scan", "sensor_msgs/msg/LaserScan")]))
    assert row == {
        "ros_topic_name": "scan",
        "gz_topic_name": "/scan",
        "ros_type_name": "sensor_msgs/msg/LaserScan",
        "gz_type_name": "gz.msgs.LaserScan",
        "direction": "GZ_TO_ROS",
    }


def test_topics_that_no_controller_can_have_are_named():
    arm = load_robot("so101")
    channel = dataclasses.replace(arm.channel(), topic="arm/targets")
    streams = {"joint_states": dataclasses.replace(arm.streams["joint_states"], topic="arm/joints")}
    odd = dataclasses.replace(arm, channels={**arm.channels, "arm": channel}, streams=streams)
    with pytest.raises(ConfigError) as error:
        serve(odd)
    assert "channels.arm.topic: got 'arm/targets', expected <controller>/commands" in str(error.value)
    assert "streams.joint_states.topic: got 'arm/joints', expected joint_states" in str(error.value)


def test_a_base_without_a_body_is_not_driven_and_says_so():
    base = load_robot("diffbot")
    service = serve(dataclasses.replace(base, sim=dataclasses.replace(base.sim, chassis=None)))
    assert set(service.missing) == {"cmd_vel", "cmd_vel_stamped", "scan"}
    assert not service.served & set(service.missing)
