"""ROS finds its settings without sourcing; what the user set stays."""

import xml.etree.ElementTree as ElementTree

import pytest

from noetra_ros.ros import environment


@pytest.mark.parametrize(
    ("distro", "name"),
    [
        ("jazzy", "FASTRTPS_DEFAULT_PROFILES_FILE"),
        ("kilted", "FASTDDS_DEFAULT_PROFILES_FILE"),
        ("lyrical", "FASTDDS_DEFAULT_PROFILES_FILE"),
    ],
)
def test_our_profile_goes_under_the_one_name_that_the_installed_fast_dds_reads(distro, name):
    environ = {"ROS_DISTRO": distro}
    environment.prepare_environment(environ)
    given = {n: environ[n] for n in environment.DDS_PROFILE_VARIABLES if n in environ}
    assert given == {name: str(environment.dds_profile_path())}


def test_without_a_sourced_distro_one_name_is_set_too():
    environ: dict[str, str] = {}
    environment.prepare_environment(environ)
    assert sum(name in environ for name in environment.DDS_PROFILE_VARIABLES) == 1


@pytest.mark.parametrize("name", environment.DDS_PROFILE_VARIABLES)
def test_the_users_profile_stays(name):
    environ = {name: "/mine.xml"}
    environment.prepare_environment(environ)
    assert [environ.get(n) for n in environment.DDS_PROFILE_VARIABLES if n in environ] == ["/mine.xml"]


def test_sourced_prefixes_come_first(monkeypatch, tmp_path):
    (tmp_path / "share" / "ament_index").mkdir(parents=True)
    monkeypatch.setattr(environment.sys, "prefix", str(tmp_path))
    environ = {"AMENT_PREFIX_PATH": "/ws/install"}
    environment.prepare_environment(environ)
    environment.prepare_environment(environ)
    assert environ["AMENT_PREFIX_PATH"] == f"/ws/install:{tmp_path}"


def test_the_profile_holds_camera_frames_and_reaches_other_machines():
    text = environment.dds_profile_path().read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    spaces = {"d": "http://www.eprosima.com/XMLSchemas/fastRTPS_Profiles"}
    kinds = [node.text for node in root.iterfind(".//d:transport_descriptor/d:type", spaces)]
    segment = root.find(".//d:segment_size", spaces)
    assert sorted(kinds) == ["SHM", "UDPv4"]
    assert segment is not None and int(segment.text) >= 10 * 640 * 480 * 3
