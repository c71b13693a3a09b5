"""Who serves each topic of a profile in Gazebo: the bridge, a controller of ros2_control, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from noetra_ros.core.types import CommandKind
from noetra_ros.robots.controllers import Controller, controller_type
from noetra_ros.robots.profile import Camera, RobotProfile
from noetra_ros.sim.gazebo.bridge import TO_GAZEBO, Entry
from noetra_ros.sim.gazebo.controllers import BASE_CONTROLLER, base_channels, gazebo_controllers
from noetra_ros.sim.gazebo.sensors import camera_topic, gazebo_topic, kind_of, pads_of, touch_topic

CLOCK = "/clock"
BASE_COMMAND = "base_command"  # Gazebo's side of the way from the profile's topics to the base's controller
STREAM_TYPES = {
    "odom": "nav_msgs/msg/Odometry",
    "scan": "sensor_msgs/msg/LaserScan",
    "imu": "sensor_msgs/msg/Imu",
    "wrench": "geometry_msgs/msg/WrenchStamped",
}


@dataclass(frozen=True)
class Service:
    """How the topics of a robot come about in Gazebo.

    Attributes:
        entries: of the bridge.
        controllers: of ros2_control.
        missing: topics of the profile that nobody serves, with the reason.
    """

    entries: tuple[Entry, ...]
    controllers: tuple[Controller, ...]
    missing: dict[str, str]

    @property
    def served(self) -> set[str]:
        """Every ROS topic that somebody serves."""
        by_controllers = {topic for controller in self.controllers for topic in controller.topics}
        return by_controllers | {entry.ros_topic for entry in self.entries}


def serve(profile: RobotProfile, namespace: str = "") -> Service:
    """Plans bridge and controllers for a profile.

    Raises:
        ConfigError: a topic that no controller of ros2_control can have.
    """
    entries = [Entry(CLOCK, CLOCK, "rosgraph_msgs/msg/Clock")]
    for camera in profile.cameras.values():
        entries += _camera_entries(camera, namespace)
    entries += _stream_entries(profile, namespace)
    entries += _base_entries(profile, namespace)
    for pad in pads_of(profile):
        topic = touch_topic(pad)
        entries.append(Entry(topic, gazebo_topic(topic, namespace), "ros_gz_interfaces/msg/Contacts"))
    return Service(tuple(entries), gazebo_controllers(profile), _missing(profile))


def beside(camera: Camera, word: str) -> str:
    """Topic of a camera beside its pictures."""
    return f"{camera.topic.rpartition('/')[0]}/{word}"


def topics_of(profile: RobotProfile) -> set[str]:
    """Every topic that a profile names."""
    found = {channel.topic for channel in profile.channels.values()}
    found |= {stream.topic for stream in (*profile.streams.values(), *profile.clouds.values())}
    found |= {microphone.topic for microphone in profile.microphones.values()}
    for camera in profile.cameras.values():
        found |= {camera.topic, beside(camera, "camera_info")}
        found |= {beside(camera, "depth")} if camera.has_depth else set()
    return found


def _camera_entries(camera: Camera, namespace: str) -> list[Entry]:
    below = camera_topic(camera, namespace)
    entries = [
        Entry(camera.topic, f"{below}/image", "sensor_msgs/msg/Image"),
        Entry(beside(camera, "camera_info"), f"{below}/camera_info", "sensor_msgs/msg/CameraInfo"),
    ]
    if camera.has_depth:
        entries.append(Entry(beside(camera, "depth"), f"{below}/depth_image", "sensor_msgs/msg/Image"))
    return entries


def _stream_entries(profile: RobotProfile, namespace: str) -> list[Entry]:
    """Streams that a sensor or the odometry publisher makes; see `_missing` for what each needs."""
    missing = _missing(profile)
    return [
        Entry(stream.topic, gazebo_topic(stream.topic, namespace), STREAM_TYPES[kind])
        for name, stream in profile.streams.items()
        if (kind := kind_of(name, stream)) in STREAM_TYPES and stream.topic not in missing
    ]


def _base_entries(profile: RobotProfile, namespace: str) -> list[Entry]:
    """Twists go through Gazebo to the base's controller, which takes stamped ones only; see `in_processes`.

    A twist without a stamp arrives with the stamp zero, and the controller puts the time of arrival there
    (ros2_controllers ed360c97d6e9, diff_drive_controller.cpp). Its time-out stops the base.
    """
    missing = _missing(profile)
    channels = {n: c for n, c in base_channels(profile).items() if c.topic not in missing}
    if not channels:
        return []
    on_gazebo = gazebo_topic(BASE_COMMAND, namespace)
    given = [Entry(c.topic, on_gazebo, _full(c.message), TO_GAZEBO) for c in channels.values()]
    return [*given, Entry(f"{BASE_CONTROLLER}/cmd_vel", on_gazebo, "geometry_msgs/msg/TwistStamped")]


def _full(message: str) -> str:
    package, _, name = message.partition("/")
    return f"{package}/msg/{name}"


def _missing(profile: RobotProfile) -> dict[str, str]:
    sim = profile.sim
    has_hand, has_chassis = (sim is not None and part is not None for part in _parts(profile))
    found = {}
    for channel in profile.channels.values():
        if channel.kind is CommandKind.EE_TWIST:
            found[channel.topic] = "a Cartesian controller (MoveIt Servo) makes joint motions of it"
        elif channel.kind is not CommandKind.BASE_TWIST and not controller_type(channel):
            found[channel.topic] = f"no controller of ros2_control takes {channel.message} for this"
        elif channel.kind is CommandKind.BASE_TWIST and not has_chassis:
            found[channel.topic] = "the profile has no sim.chassis"
    for name, stream in profile.streams.items():
        kind = kind_of(name, stream)
        if kind == "scan" and not has_chassis:
            found[stream.topic] = "the profile has no sim.chassis, which carries the scanner"
        elif kind == "wrench" and not has_hand:
            found[stream.topic] = "the profile has no sim.hand, where forces are sensed"
        elif kind not in STREAM_TYPES and name != "joint_states":
            found[stream.topic] = "no sensor for such a stream"
    found |= {
        stream.topic: "clouds of further sensors are not simulated" for stream in profile.clouds.values()
    }
    return found | {m.topic: "sound is not simulated" for m in profile.microphones.values()}


def _parts(profile: RobotProfile) -> Sequence[object | None]:
    return (None, None) if profile.sim is None else (profile.sim.hand, profile.sim.chassis)
