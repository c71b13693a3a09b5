"""A file holds what was given, by its own definitions; it is whole or not there."""

import resource

import pytest
from made_incidents import UTC_NS, content
from mcap.reader import make_reader

from noetra_ros.core.errors import ConfigError
from noetra_ros.data.blackbox.incident_file import write_incident
from noetra_ros.data.blackbox.incident_reading import read_incident, read_metadata


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "a.mcap"
    write_incident(path, content([1.5, 2.5], mode="fault"))
    recording = read_incident(path)
    assert [(h.at_ns - UTC_NS, h.topic, h.message.data) for h in recording.of("distance")] == [
        (0, "/distance", 1.5), (10**9, "/distance", 2.5),
    ]  # fmt: skip
    assert recording.metadata == read_metadata(path) == {"mode": "fault"}
    assert recording.of("nothing") == ()


def test_numbers_become_words_by_the_definition_in_the_file(tmp_path):
    path = tmp_path / "a.mcap"
    write_incident(path, content([1.5]))
    recording = read_incident(path)
    assert recording.word("distance", "KIND_", 3) == "far"
    assert recording.word("distance", "KIND_", 4) == "4"


def test_others_can_open_it(tmp_path):
    path = tmp_path / "a.mcap"
    write_incident(path, content([1.5]))
    with path.open("rb") as file:
        reader = make_reader(file)
        ((schema, channel, message),) = reader.iter_messages()
        assert reader.get_header().profile == "ros2"
    assert (schema.name, schema.encoding) == ("std_msgs/msg/Float64", "ros2msg")
    assert (channel.topic, channel.message_encoding, message.log_time) == ("/distance", "cdr", UTC_NS)


def test_a_write_that_fails_leaves_nothing_and_says_why(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))  # the kernel refuses, as a full disk does
    try:
        with pytest.raises(OSError, match="File too large"):
            write_incident(tmp_path / "a.mcap", content(range(1000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["short", "other", "none", "broken"])
def test_what_is_no_whole_file_of_ours_is_a_clear_error(tmp_path, damage):
    path = tmp_path / "a.mcap"
    write_incident(path, content(range(100), mode="fault"))
    whole = path.read_bytes()
    if damage == "none":
        path.unlink()
    else:
        middle = len(whole) // 2
        broken = whole[:200] + bytes(100) + whole[300:]
        path.write_bytes({"short": whole[:middle], "other": b"hello", "broken": broken}[damage])
    with pytest.raises(ConfigError, match="a whole MCAP file written by blackbox_node"):
        read_incident(path)
