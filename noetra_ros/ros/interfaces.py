"""Every topic, service and action of the graph: name, type, quality of service, giver, meaning. Once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Twist, TwistStamped, WrenchStamped
from nav_msgs.msg import Odometry
from rcl_interfaces.srv import SetParametersAtomically
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, CompressedImage, Image, JointState, Joy, LaserScan, PointCloud2
from std_msgs.msg import Bool, Float64, Float64MultiArray, Header, String
from std_srvs.srv import SetBool, Trigger
from trajectory_msgs.msg import JointTrajectory
from visualization_msgs.msg import MarkerArray

from noetra_ros.action import RunTask
from noetra_ros.core.markdown import code, plain, table
from noetra_ros.msg import (
    ActionChunk,
    DetectedObjectArray,
    ObstacleArray,
    PhysicsState,
    PolicyStatus,
    SafetyEvent,
    SafetyState,
    SensorTick,
    SeparationState,
    StreamerStatus,
)
from noetra_ros.srv import CameraFault, ResetWorld


@dataclass(frozen=True)
class Quality:
    """Quality of service of a topic, in the words of the reference."""

    depth: int
    is_reliable: bool = True
    is_latched: bool = False

    def profile(self) -> QoSProfile:
        """The same for rclpy."""
        return QoSProfile(
            history=HistoryPolicy.KEEP_LAST,
            depth=self.depth,
            reliability=ReliabilityPolicy.RELIABLE if self.is_reliable else ReliabilityPolicy.BEST_EFFORT,
            durability=DurabilityPolicy.TRANSIENT_LOCAL if self.is_latched else DurabilityPolicy.VOLATILE,
        )

    def __str__(self) -> str:
        words = ["reliable" if self.is_reliable else "best effort", f"keep {self.depth}"]
        return ", ".join([*words, "transient local"] if self.is_latched else words)


STATE = Quality(10)
SENSOR_OFFERED = Quality(10)
SENSOR_REQUESTED = Quality(5, is_reliable=False)
COMMAND = Quality(10)
LATCHED = Quality(1, is_latched=True)
LATCHED_OFFERED = Quality(10, is_latched=True)
EVENTS = Quality(200)


@dataclass(frozen=True)
class Topic:
    """One topic. Names are relative, so that namespaces and remaps work.

    Attributes:
        name: relative name; <...> stands for a name that the robot profile gives.
        message: its type; None where the robot profile gives it (command channels).
        offered: quality that our publishers offer.
        requested: quality that our subscribers ask for.
        giver: who publishes it.
        meaning: one line.
    """

    name: str
    message: type[Any] | None
    offered: Quality
    requested: Quality
    giver: str
    meaning: str

    def publisher(self, node: Node, name: str = "", message: type[Any] | None = None) -> Any:
        """A plain publisher on `node`; `name` and `message` where the profile gives them."""
        return node.create_publisher(self._message(message), self._name(name), self.offered.profile())

    def subscription(
        self,
        node: Node,
        callback: Callable[[Any], None],
        name: str = "",
        message: type[Any] | None = None,
        every_message: bool = False,
        is_raw: bool = False,
    ) -> Any:
        """A subscription on `node`.

        Args:
            node: where it lives.
            callback: takes the message.
            name: topic, where the profile gives it.
            message: type, where the profile gives it.
            every_message: ask for the quality offered (lock-step, recording) instead of the newest only.
            is_raw: hand over bytes as they came, not unpacked.
        """
        quality = (self.offered if every_message else self.requested).profile()
        return node.create_subscription(
            self._message(message), self._name(name), callback, quality, raw=is_raw
        )

    def _message(self, message: type[Any] | None) -> type[Any]:
        chosen = message or self.message
        if chosen is None:
            raise ValueError(f"the type of {self.name} comes from the robot profile: pass it")
        return chosen

    def _name(self, name: str) -> str:
        if not name and "<" in self.name:
            raise ValueError(f"the name of {self.name} comes from the robot profile: pass it")
        return name or self.name


@dataclass(frozen=True)
class Service:
    """One service or action.

    Attributes:
        name: relative name.
        kind: its type.
        giver: who serves it.
        meaning: one line.
    """

    name: str
    kind: type[Any]
    giver: str
    meaning: str


def _state(name: str, message: type[Any] | None, giver: str, meaning: str) -> Topic:
    return Topic(name, message, STATE, STATE, giver, meaning)


def _sensor(name: str, message: type[Any], meaning: str) -> Topic:
    return Topic(name, message, SENSOR_OFFERED, SENSOR_REQUESTED, "robot or sim", meaning)


JOINT_STATES = _sensor("<joint_states>", JointState, "measured joints")
ODOM = _sensor("<odom>", Odometry, "measured pose and twist of the base")
SCAN = _sensor("<scan>", LaserScan, "planar laser scan")
POINTS = _sensor("<points>", PointCloud2, "points of another sensor: x, y, z in m")
WRENCH = _sensor("<wrench>", WrenchStamped, "force and torque at the tool")
SIGNAL = Topic(
    "<signal>",
    None,
    SENSOR_OFFERED,
    SENSOR_REQUESTED,
    "robot or sim",
    "a numeric stream that a policy reads: wrench, odom, imu; type by its kind (noetra_ros/robots/signals)",
)
SOUND = Topic(
    "<microphone>",
    Image,
    SENSOR_OFFERED,
    STATE,
    "robot",
    "a block of audio: a row a sample, a column a channel, 16SC1 or 32FC1; stamp of the first row",
)
IMAGE = _sensor("<camera>/image_raw", Image, "colour picture, rgb8, optical frame")
COMPRESSED_IMAGE = _sensor("<camera>/image_raw/compressed", CompressedImage, "colour picture, JPEG or PNG")
DEPTH = _sensor(
    "<camera>/depth",
    Image,
    "depth picture, 32FC1 in m (REP-118): infinite = nothing within range, NaN = invalid",
)
CAMERA_INFO = _sensor("<camera>/camera_info", CameraInfo, "intrinsics of the camera")

INSTRUCTION = _state("instruction", String, "a person", "the sentence to follow; empty = stop following")
POLICY_CHUNK = _state(
    "policy/chunk", ActionChunk, "policy", "a short trajectory in answer to one observation"
)
POLICY_TRUST = _state(
    "policy/trust",
    Float64,
    "policy",
    "0..1 with each chunk: share of good episodes that ever look so strange",
)
POLICY_STATUS = _state("policy/status", PolicyStatus, "policy", "what the policy is doing")
STREAMER_STATUS = _state("streamer/status", StreamerStatus, "streamer", "what the streamer is doing")
HEARTBEAT = _state(
    "heartbeat", Header, "policy, streamer, perception", "20 Hz sign of life; frame_id = node name"
)

OBSTACLES = _state(
    "perception/obstacles",
    ObstacleArray,
    "perception",
    "what is around the robot, and whether sensors are well",
)
OBJECTS = _state("perception/objects", DetectedObjectArray, "perception", "what is recognised, and where")
MARKERS = _state("perception/markers", MarkerArray, "perception", "the obstacles, for RViz and Foxglove")
ANNOTATED = Topic(
    "perception/<camera>/annotated",
    Image,
    SENSOR_OFFERED,
    SENSOR_REQUESTED,
    "perception",
    "the picture with what was found in it, for people",
)

COMMAND_IN = Topic("command_in", None, COMMAND, COMMAND, "streamer", "commands to judge; type of the channel")
COMMAND_IN_OTHER = Topic(
    "command_in/<channel>",
    None,
    COMMAND,
    COMMAND,
    "a planner",
    "commands to judge for a channel that is gated together with the one of command_in; type of that channel",
)
COMMAND_OUT = Topic(
    "<channel>", None, COMMAND, COMMAND, "supervisor", "commands that passed, for the controller"
)
SHOWN = Topic(
    "safety/shown",
    None,
    COMMAND,
    COMMAND,
    "supervisor",
    "in the phases dry_run and shadow: what would have been sent; type of the channel",
)
ESTOP = _state("estop", Bool, "a person", "True = pressed; latches the emergency stop")
RESET_KEY = _state("reset_key", Bool, "a key switch", "True = turned; at 2 Hz or more, where reset_by is key")
JOY = _state("joy", Joy, "a joystick", "dead man's switch, where estop_sources names one")
SAFETY_STATE = Topic(
    "safety/state", SafetyState, LATCHED_OFFERED, LATCHED, "supervisor", "mode, and what is let through"
)
SEPARATION = _state(
    "safety/separation", SeparationState, "supervisor", "distance to people, and what is required of it"
)
SAFETY_EVENT = Topic(
    "safety/event", SafetyEvent, EVENTS, EVENTS, "supervisor", "why a command was changed or refused"
)

PHYSICS_STATE = _state(
    "sim/physics_state", PhysicsState, "sim", "truth of the simulated world, for judging only"
)
SENSOR_TICK = _state("sim/sensor_tick", SensorTick, "sim", "lock-step: what perception gets to see of a tick")
CLOCK = _state("/clock", Clock, "sim", "simulated time")
DIAGNOSTICS = _state("/diagnostics", DiagnosticArray, "every node", "health of each node")

ARM = Service("safety/arm", Trigger, "supervisor", "STANDBY -> ACTIVE; refused while a cause is present")
DISARM = Service("safety/disarm", Trigger, "supervisor", "controlled stop, then STANDBY")
RESET = Service("safety/reset", Trigger, "supervisor", "leaves a latched mode; never starts motion")
ESTOP_CALL = Service("safety/estop", Trigger, "supervisor", "emergency stop, latched")
REDUCED_SPEED = Service(
    "safety/reduced_speed", SetBool, "supervisor", "turns the mode reduced speed on or off; nothing else does"
)
RESET_WORLD = Service("sim/reset", ResetWorld, "sim", "starts an episode with a seed, a task and a variation")
CAMERA_FAULT = Service("sim/camera_fault", CameraFault, "sim", "makes a simulated camera lie, or ends that")
LOAD_MODEL = Service(
    "load_model",
    SetParametersAtomically,
    "policy",
    "brings up another model (policy, checkpoint, device) beside the running one; answers when it has taken "
    "over, or why it has not",
)
RUN_TASK = Service("run_task", RunTask, "policy", "follows one instruction for a limited time (action)")

TOPICS: tuple[Topic, ...] = (
    JOINT_STATES, ODOM, SCAN, POINTS, WRENCH, SIGNAL, SOUND, IMAGE, COMPRESSED_IMAGE, DEPTH, CAMERA_INFO,
    OBSTACLES, OBJECTS, MARKERS, ANNOTATED,
    INSTRUCTION, POLICY_CHUNK, POLICY_TRUST, POLICY_STATUS, STREAMER_STATUS, HEARTBEAT,
    COMMAND_IN, COMMAND_IN_OTHER, COMMAND_OUT, SHOWN, ESTOP, RESET_KEY, JOY,
    SAFETY_STATE, SAFETY_EVENT, SEPARATION,
    PHYSICS_STATE, SENSOR_TICK, CLOCK, DIAGNOSTICS,
)  # fmt: skip
SERVICES: tuple[Service, ...] = (
    ARM,
    DISARM,
    RESET,
    ESTOP_CALL,
    REDUCED_SPEED,
    RESET_WORLD,
    CAMERA_FAULT,
    LOAD_MODEL,
    RUN_TASK,
)

COMMAND_MESSAGES: dict[str, type[Any]] = {
    "std_msgs/Float64MultiArray": Float64MultiArray,
    "trajectory_msgs/JointTrajectory": JointTrajectory,
    "geometry_msgs/Twist": Twist,
    "geometry_msgs/TwistStamped": TwistStamped,
    "sensor_msgs/JointState": JointState,
}


def type_name(kind: type[Any] | None) -> str:
    """A message, service or action type as ROS writes it, e.g. ``std_msgs/Bool``."""
    if kind is None:
        return "type of the channel"
    return f"{kind.__module__.split('.')[0]}/{kind.__name__}"


def interface_table() -> str:
    """The tables of topics, services and actions in docs/reference/topics.md, in Markdown."""
    topics = [
        (code(t.name), type_name(t.message), str(t.offered), plain(t.giver), plain(t.meaning)) for t in TOPICS
    ]
    services = [(code(s.name), type_name(s.kind), plain(s.giver), plain(s.meaning)) for s in SERVICES]
    first = table(["topic", "type", "quality of service", "published by", "meaning"], topics)
    return f"{first}\n\n{table(['service or action', 'type', 'served by', 'meaning'], services)}"
