"""What rclpy serialises is read back by the definition that we put beside it."""

import pytest

pytest.importorskip("rclpy")

from mcap.records import Schema
from mcap_ros2.decoder import DecoderFactory
from noetra_ros.msg import Obstacle, ObstacleArray, SafetyEvent
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CompressedImage

from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.blackbox_inputs import inputs_of
from noetra_ros.ros.message_schemas import full_type_name, schema_of

TYPES = {
    full_type_name(each.message): each.message
    for robot in ("so101", "diffbot")
    for each in inputs_of(load_robot(robot), "")
}


def decoded(message):
    kind = type(message)
    schema = Schema(1, schema_of(kind).encode(), "ros2msg", full_type_name(kind))
    return DecoderFactory().decoder_for("cdr", schema)(serialize_message(message))


@pytest.mark.parametrize("name", TYPES)
def test_every_recorded_type_has_a_definition_that_fits(name):
    read = decoded(TYPES[name]())
    assert [field for field in TYPES[name].get_fields_and_field_types() if not hasattr(read, field)] == []


def test_messages_in_messages_are_read():
    array = ObstacleArray(obstacles=[Obstacle(track_id=7, score=0.5)])
    array.header.stamp.sec = 12
    read = decoded(array)
    assert (read.header.stamp.sec, read.obstacles[0].track_id, read.obstacles[0].score) == (12, 7, 0.5)


def test_words_bytes_and_nan_are_read():
    assert decoded(CompressedImage(format="jpeg", data=b"\xff\xd8")).data == b"\xff\xd8"
    event = decoded(SafetyEvent(check="finite", measured=float("nan")))
    assert event.check == "finite" and event.measured != event.measured


def test_an_inner_type_is_there_once():
    assert schema_of(ObstacleArray).count("MSG: noetra_ros/Obstacle\n") == 1
