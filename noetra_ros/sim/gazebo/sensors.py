"""The robot's sensors in SDF: cameras, laser, force and torque, touch, turn rate; and their topics.

Gazebo's cameras look along x with z up. Their optical frame is named in the pictures' headers by
`optical_frame_id`; other sensors take `gz_frame_id`, which gz-sensors reads and SDF does not list.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

import numpy as np
import pinocchio

from noetra_ros.core.types import FloatArray
from noetra_ros.robots.camera_mounts import FIXED, parent_from_optical
from noetra_ros.robots.profile import Camera, RobotProfile, Stream
from noetra_ros.sim.gazebo.base_inertia import WHEELS
from noetra_ros.sim.gazebo.frames import NOTHING, carrier
from noetra_ros.sim.gazebo.shapes import CARRIER_BIT, ENDLESS_BIT, ROOM_BIT
from noetra_ros.sim.gazebo.writing import add
from noetra_ros.sim.scene_description import Scene

# Columns: Gazebo's forward, left and up, in the optical frame.
OPTICAL_FROM_GAZEBO = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
SCAN_FRAME = "laser_link"
NEAR_M, FAR_M = 0.05, 20.0
EVERYTHING = 0xFFFFFFFF


def kind_of(name: str, stream: Stream) -> str:
    """What a stream of the profile is: `scan`, `odom`, `imu` or another word."""
    return stream.kind or name


def camera_topic(camera: Camera, namespace: str) -> str:
    """Gazebo's topic that those of a camera lie below."""
    return gazebo_topic(camera.topic.rpartition("/")[0], namespace)


def gazebo_topic(ros_topic: str, namespace: str) -> str:
    """The same name in Gazebo, absolute."""
    return "/".join(["", *(word for word in (*namespace.split("/"), *ros_topic.split("/")) if word)])


def horizontal_fov_rad(camera: Camera) -> float:
    """Of square pixels."""
    return float(2.0 * np.arctan(np.tan(camera.fovy_rad / 2.0) * camera.width_px / camera.height_px))


def add_cameras(profile: RobotProfile, scene: Scene, model: Element, namespace: str) -> Element | None:
    """Puts cameras on the robot's links; gives back a model of those that stand still, None without any."""
    standing = Element("model", name="cameras")
    add(standing, "static", True)
    stand = add(standing, "link", name="link")
    for name, camera in profile.cameras.items():
        link = stand if camera.parent_link == FIXED else carrier(model, camera.parent_link)
        frame = "" if camera.parent_link in (FIXED, link.get("name")) else camera.parent_link
        _add_camera(link, name, camera, scene, camera_topic(camera, namespace), frame)
    return standing if stand.find("sensor") is not None else None


def _add_camera(link: Element, name: str, camera: Camera, scene: Scene, topic: str, frame: str) -> None:
    kind = "rgbd_camera" if camera.has_depth else "camera"
    sensor = _sensor(link, name, kind, camera.rate_hz, topic if camera.has_depth else f"{topic}/image")
    pose = add(sensor, "pose", _gazebo_pose(parent_from_optical(camera)), rotation_format="quat_xyzw")
    if frame:
        pose.set("relative_to", frame)
    lens = add(sensor, "camera", name=name)
    add(lens, "horizontal_fov", horizontal_fov_rad(camera))
    image = add(lens, "image")
    for tag, value in (("width", camera.width_px), ("height", camera.height_px), ("format", "R8G8B8")):
        add(image, tag, value)
    clip = add(lens, "clip")
    near_m, far_m = (scene.view.near_m, scene.view.far_m) if scene.view is not None else (NEAR_M, FAR_M)
    add(clip, "near", near_m)
    add(clip, "far", far_m)
    if camera.noise_levels > 0.0:
        noise = add(lens, "noise")
        add(noise, "type", "gaussian")
        add(noise, "mean", 0.0)
        add(noise, "stddev", camera.noise_levels / 255.0)
    add(lens, "optical_frame_id", camera.frame)
    add(lens, "visibility_mask", EVERYTHING & ~(ENDLESS_BIT if camera.sees_room else ROOM_BIT))


def _gazebo_pose(parent_from_optical: FloatArray) -> list[float]:
    """x, y, z, quaternion xyzw of the sensor's own axes."""
    quat = pinocchio.Quaternion(parent_from_optical[:3, :3] @ OPTICAL_FROM_GAZEBO)
    return [*parent_from_optical[:3, 3].tolist(), *quat.coeffs().tolist()]


def _sensor(parent: Element, name: str, kind: str, rate_hz: float, topic: str, frame: str = "") -> Element:
    sensor = add(parent, "sensor", name=name, type=kind)
    add(sensor, "always_on", True)
    add(sensor, "update_rate", rate_hz)
    add(sensor, "topic", topic)
    if frame:
        add(sensor, "gz_frame_id", frame)
    return sensor


def add_streams(profile: RobotProfile, model: Element, namespace: str) -> None:
    """Laser, turn rate, and force and torque, as far as the profile names them; touch of every pad."""
    for name, stream in profile.streams.items():
        kind, topic = kind_of(name, stream), gazebo_topic(stream.topic, namespace)
        if kind == "scan" and profile.sim is not None and profile.sim.chassis is not None:
            base = carrier(model, profile.base_frame)
            _add_laser(base, profile, stream, topic)
            _hide_from_laser(model, [base.get("name", ""), *WHEELS])
        elif kind == "imu":
            _add_imu(model, profile.base_frame, name, stream.rate_hz, topic)
        elif kind == "wrench" and profile.sim is not None and profile.sim.hand is not None:
            _add_force_torque(model, profile.sim.hand.link, stream, topic)
    for pad, link in pads_of(profile).items():
        sensor = add(carrier(model, link), "sensor", name=f"{pad}_touch", type="contact")
        add(sensor, "always_on", True)
        contact = add(sensor, "contact")
        add(contact, "collision", pad)
        add(contact, "topic", gazebo_topic(touch_topic(pad), namespace))


def _add_imu(model: Element, frame: str, name: str, rate_hz: float, topic: str) -> None:
    link = carrier(model, frame)
    sensor = _sensor(link, name, "imu", rate_hz, topic, frame)
    if link.get("name") != frame:
        add(sensor, "pose", f"{NOTHING} {NOTHING}", relative_to=frame)


def pads_of(profile: RobotProfile) -> dict[str, str]:
    """Link of each finger pad by name of the pad."""
    hand = profile.sim.hand if profile.sim is not None else None
    boxes = hand.boxes if hand is not None else {}
    return {name: box.link for name, box in boxes.items() if box.is_pad}


def touch_topic(pad: str) -> str:
    """Where contacts of a pad are told; no profile names it."""
    return f"touch/{pad}"


def _add_laser(base: Element, profile: RobotProfile, stream: Stream, topic: str) -> None:
    chassis = profile.sim.chassis if profile.sim is not None else None
    assert chassis is not None, "add_streams asks for one"
    sensor = _sensor(base, "scan", "gpu_lidar", stream.rate_hz, topic, SCAN_FRAME)
    x, y, _ = stream.position_m
    add(sensor, "pose", (x, y, chassis.scanner_height_m, 0.0, 0.0, stream.yaw_rad))
    lidar = add(sensor, "lidar")
    beams = add(add(lidar, "scan"), "horizontal")
    step_rad = 2 * np.pi / chassis.scan_beams
    last_rad = float(np.pi - step_rad)
    for tag, value in (("samples", chassis.scan_beams), ("resolution", 1.0)):
        add(beams, tag, value)
    add(beams, "min_angle", -float(np.pi))
    add(beams, "max_angle", last_rad)
    reach = add(lidar, "range")
    add(reach, "min", chassis.scan_lower_m)
    add(reach, "max", chassis.scan_upper_m)
    add(lidar, "visibility_mask", EVERYTHING & ~CARRIER_BIT)  # gz-sensors8: src/GpuLidarSensor.cc takes it


def _hide_from_laser(model: Element, links: Iterable[str]) -> None:
    """The scanner may be inside the body: it does not see what carries it, in MuJoCo neither."""
    for name in links:
        for visual in model.iterfind(f"link[@name='{name}']/visual"):
            if visual.find("visibility_flags") is None:  # a second scanner may be there
                add(visual, "visibility_flags", CARRIER_BIT)


def _add_force_torque(model: Element, link: str, stream: Stream, topic: str) -> None:
    (joint,) = [each for each in model.findall("joint") if each.findtext("child") == link]
    sensor = _sensor(joint, "wrist", "force_torque", stream.rate_hz, topic, link)
    wrench = add(sensor, "force_torque")
    add(wrench, "frame", "child")
    add(wrench, "measure_direction", "child_to_parent")
