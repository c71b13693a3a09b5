"""How each message of the graph is turned into nonsense, or into a plausible lie; several ways for some."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geometry_msgs.msg import Point, Pose, Twist, TwistStamped, Vector3
from nav_msgs.msg import Odometry
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import Image, JointState, LaserScan
from std_msgs.msg import Bool, Float64MultiArray, Header

from noetra_ros.core.errors import single_fault
from noetra_ros.msg import ActionChunk, Obstacle, ObstacleArray
from noetra_ros.ros.pictures import depth_from_image

Falsehood = Callable[[Any], None]
FAR_S = 10**9  # 30 years
DEGREES = 180.0 / math.pi
OTHER_JOINTS = ("left_hip", "left_knee", "left_ankle")
GHOST_TRACK = 9999


def spoilt(table: Mapping[type, Sequence[Falsehood]], message: Any, variant: int) -> Any:
    """The message, changed in place.

    Raises:
        ConfigError: the table knows no such message: the plan must call the cell senseless.
    """
    ways = table.get(type(message))
    if not ways:
        raise single_fault("fault campaign", type(message).__name__, "no way to falsify it", "an entry")
    ways[variant % len(ways)](message)
    return message


def _scaled(field: str, factor: float) -> Falsehood:
    def scale(message: Any) -> None:
        setattr(message, field, [value * factor for value in getattr(message, field)])

    return scale


def _swapped(field: str) -> Falsehood:
    """The values of second and third, which stand far apart at home."""

    def swap(message: Any) -> None:
        values = list(getattr(message, field))
        values[1], values[2] = values[2], values[1]
        setattr(message, field, values)

    return swap


def _with_nan(field: str) -> Falsehood:
    def spoil(message: Any) -> None:
        setattr(message, field, [math.nan, *list(getattr(message, field))[1:]])

    return spoil


def _shortened(field: str) -> Falsehood:
    def shorten(message: Any) -> None:
        setattr(message, field, list(getattr(message, field))[:-1])

    return shorten


def _names_of_another_robot(message: Any) -> None:
    field = "name" if hasattr(message, "name") else "names"
    setattr(message, field, [OTHER_JOINTS[i % 3] + str(i) for i in range(len(getattr(message, field)))])


def _set(field: str, value: Any) -> Falsehood:
    return lambda message: setattr(message, field, value)


def _twist_nan(message: Twist) -> None:
    message.linear.x = math.nan


def _twist_upwards(message: Twist) -> None:
    message.linear.z = 1.0


def _twist_millimetres(message: Twist) -> None:
    message.linear.x *= 1000.0
    message.angular.z *= DEGREES


def _twist_reversed(message: Twist) -> None:
    message.linear.x, message.angular.z = -message.linear.x, -message.angular.z


def _stamped(falsehood: Falsehood) -> Falsehood:
    """The same on the twist of a stamped one."""
    return lambda message: falsehood(message.twist)


def _chunk_swapped(message: ActionChunk) -> None:
    message.names[1], message.names[2] = message.names[2], message.names[1]


def _odometry_nan(message: Odometry) -> None:
    message.pose.pose.position.x = message.twist.twist.linear.x = math.nan


def _odometry_far(message: Odometry) -> None:
    message.pose.pose.position.x += 10.0
    message.twist.twist.linear.x *= -1.0


def _depth(factor: float, offset_m: float) -> Falsehood:
    def change(message: Image) -> None:
        message.data = (depth_from_image(message) * factor + offset_m).astype("float32").tobytes()

    return change


def _picture_cut(message: Image) -> None:
    message.data = bytes(message.data)[: len(message.data) // 2]


def _scene_of_another_frame(message: ObstacleArray) -> None:
    message.header.frame_id = "moon"


def _scene_unreadable(message: ObstacleArray) -> None:
    message.obstacles = [Obstacle(kind=250, shape=250)]


def _ghost(message: ObstacleArray) -> None:
    """A person where the arm is."""
    ghost = Obstacle(track_id=GHOST_TRACK, kind=Obstacle.KIND_PERSON, shape=Obstacle.SHAPE_SPHERE)
    ghost.pose = Pose(position=Point(x=0.2, y=0.0, z=0.2))
    ghost.size, ghost.velocity = Vector3(x=0.15), Vector3()
    ghost.score, ghost.seen = 1.0, message.header.stamp
    message.obstacles = [*message.obstacles, ghost]


def _clock_ahead(message: Clock) -> None:
    message.clock.sec += 1


def _clock_far(message: Clock) -> None:
    message.clock.sec += FAR_S


GARBAGE: Mapping[type, Sequence[Falsehood]] = {
    Float64MultiArray: (_with_nan("data"), _shortened("data"), _set("data", [])),
    Twist: (_twist_nan, _twist_upwards),
    TwistStamped: (_stamped(_twist_nan), _stamped(_twist_upwards)),
    JointState: (_with_nan("position"), _shortened("position"), _names_of_another_robot),
    ActionChunk: (_with_nan("values"), _shortened("values"), _names_of_another_robot, _set("step_s", 0.0)),
    Header: (_set("frame_id", ""), _set("frame_id", "\N{REPLACEMENT CHARACTER}")),
    Image: (_picture_cut, _depth(math.nan, 0.0), _set("encoding", "nonsense")),
    ObstacleArray: (_scene_unreadable, _scene_of_another_frame, _set("sensors", [])),
    Odometry: (_odometry_nan,),
    LaserScan: (_set("ranges", []),),
    Clock: (_clock_far,),
}
LIES: Mapping[type, Sequence[Falsehood]] = {
    Float64MultiArray: (_swapped("data"), _scaled("data", DEGREES)),
    Twist: (_twist_millimetres, _twist_reversed),
    TwistStamped: (_stamped(_twist_millimetres), _stamped(_twist_reversed)),
    JointState: (_swapped("position"), _scaled("position", DEGREES)),
    ActionChunk: (_chunk_swapped, _scaled("values", DEGREES)),
    Header: (_set("frame_id", "camera_driver"),),
    Image: (_depth(1000.0, 0.0), _depth(1.0, 0.15)),
    ObstacleArray: (_ghost,),
    Odometry: (_odometry_far,),
    LaserScan: (_scaled("ranges", 1000.0),),
    Bool: (_set("data", True),),
    Clock: (_clock_ahead,),
}
