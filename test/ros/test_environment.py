"""ROS finds its settings without sourcing; what the user set stays."""

import xml.etree.ElementTree as ElementTree

import pytest

from noetra_ros.ros import environment


def test_an_empty_environment_gets_our_profile_under_one_name():
    environ: dict[str, str] = {}
    environment.prepare_environment(environ)
    given = {name: environ[name] for name in environment.DDS_PROFILE_VARIABLES if name in environ}
    assert given == {environment.dds_profile_variable(): str(environment.dds_profile_path())}


@pytest.mark.parametrize(
    ("package", "variable"),
    [("fastrtps", "FASTRTPS_DEFAULT_PROFILES_FILE"), ("fastdds", "FASTDDS_DEFAULT_PROFILES_FILE")],
)
def test_the_name_is_the_one_that_the_installed_fast_dds_reads(monkeypatch, tmp_path, package, variable):
    monkeypatch.setattr(environment.sys, "prefix", "/nowhere")
    (tmp_path / "share" / package).mkdir(parents=True)
    assert environment.dds_profile_variable({"AMENT_PREFIX_PATH": f"/ws/install:{tmp_path}"}) == variable


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
