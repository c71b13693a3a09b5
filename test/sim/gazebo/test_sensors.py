"""Sensors of the generated model: its world has the plugins, frames and topics are the profile's."""

import dataclasses
from xml.etree import ElementTree

import pytest

from noetra_ros.robots.profile import Stream, load_robot
from noetra_ros.sim.gazebo.elements import unknown_in
from noetra_ros.sim.gazebo.folder import MODEL, scene_of, write_folder
from noetra_ros.sim.gazebo.plugins import SENSOR_SYSTEMS, System
from noetra_ros.sim.gazebo.tool import check_file, find_library
from noetra_ros.sim.scene_description import Seen

PLUGINS = {(system.value.filename, system.value.name) for system in System}


def test_plugins_are_those_of_the_table_each_once(sdf_world):
    for holder in (sdf_world, *sdf_world.findall("model")):
        found = [(plugin.get("filename"), plugin.get("name")) for plugin in holder.findall("plugin")]
        assert set(found) <= PLUGINS
        assert len(found) == len(set(found))


def test_every_sensor_has_the_plugin_that_it_needs(profile, sdf_world):
    loaded = {plugin.get("name") for plugin in sdf_world.findall("plugin")}
    kinds = {sensor.get("type") for sensor in sdf_world.iter("sensor")}
    assert bool(kinds) == bool(profile.cameras or profile.streams.keys() - {"joint_states"})
    assert {SENSOR_SYSTEMS[kind].value.name for kind in kinds} <= loaded


def test_cameras_name_optical_frame_rate_and_what_of_the_room_they_see(profile, scene, sdf_world):
    found = {s.get("name"): s for s in sdf_world.iter("sensor") if s.find("camera") is not None}
    for name, camera in profile.cameras.items():
        lens = found[name].find("camera")
        assert found[name].get("type") == ("rgbd_camera" if camera.has_depth else "camera")
        assert lens.findtext("optical_frame_id") == camera.frame
        assert float(found[name].findtext("update_rate")) == camera.rate_hz
        sees = int(lens.findtext("visibility_mask"))
        seen = {
            v.get("name"): int(v.findtext("visibility_flags") or -1) & sees for v in sdf_world.iter("visual")
        }
        for part in scene.fixed:
            shows = {Seen.BY_ALL: True, Seen.AS_ROOM: camera.sees_room, Seen.AS_ENDLESS: not camera.sees_room}
            assert bool(seen[f"{part.name}_visual"]) == shows[part.seen]
        assert all(flags for name, flags in seen.items() if name.startswith(("red_", "green_", "blue_")))


def test_the_laser_is_where_mujocos_is(sdf_world, profile):
    if profile.sim.chassis is None:
        pytest.skip("no laser")
    (laser,) = [s for s in sdf_world.iter("sensor") if s.get("type") == "gpu_lidar"]
    chassis, scan = profile.sim.chassis, profile.streams["scan"]
    expected = [*scan.position_m[:2], chassis.scanner_height_m, 0.0, 0.0, scan.yaw_rad]
    assert [float(w) for w in laser.findtext("pose").split()] == pytest.approx(expected)
    assert int(laser.findtext("lidar/scan/horizontal/samples")) == chassis.scan_beams
    assert float(laser.findtext("lidar/range/max")) == chassis.scan_upper_m


def test_the_laser_does_not_see_what_carries_it_and_cameras_do(sdf_world, robot, profile):
    if profile.sim.chassis is None:
        pytest.skip("no laser")
    seen = int(sdf_world.findtext(".//lidar/visibility_mask"))
    carry = {profile.base_frame, "left_wheel", "right_wheel"}
    own = [v for link in carry for v in robot.named[link].findall("visual")]
    assert len(own) == 3
    for visual in sdf_world.iter("visual"):
        flags = int(visual.findtext("visibility_flags", str(0xFFFFFFFF)))
        assert bool(flags & seen) == (visual not in own)
        for camera in sdf_world.iter("camera"):
            assert flags & int(camera.findtext("visibility_mask"))


def test_turn_rate_and_wrench_are_sensed_if_the_profile_names_them(tmp_path):
    arm = load_robot("so101")
    streams = {name: Stream(name, 100.0, 0.1) for name in ("imu", "wrench")}
    further = dataclasses.replace(arm, streams={**arm.streams, **streams})
    files = write_folder(further, scene_of(arm, 0), tmp_path)
    root = ElementTree.parse(files.path(MODEL)).getroot()
    (wrench,) = root.findall("model/joint/sensor")
    assert wrench.findtext("force_torque/frame") == "child"
    assert [s.findtext("topic") for s in root.iter("sensor") if s.get("type") == "imu"] == ["/imu"]
    assert unknown_in(root) == []
    if (library := find_library()) is not None:
        assert check_file(files.path(MODEL), library) == ""
