"""The simulated cameras: pictures drawn on one fixed thread, in lock-step the node's own."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import CameraInfo

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import FloatArray
from noetra_ros.msg import SensorTick
from noetra_ros.robots.profile import Camera, RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import ns_to_stamp
from noetra_ros.ros.pictures import PictureMessage
from noetra_ros.ros.urgency import lower_thread
from noetra_ros.sim.camera_noise import with_noise
from noetra_ros.sim.cameras import Intrinsics
from noetra_ros.sim.world import World, make_world


class CameraOutput:
    """Topics of one camera.

    Args:
        node: where the publishers live.
        camera: the profile's camera.
        lens: its intrinsics.
        every: ticks between two pictures.
    """

    def __init__(self, node: Node, camera: Camera, lens: Intrinsics, every: int) -> None:
        prefix = camera.topic.rpartition("/")[0]
        size = (camera.height_px, camera.width_px)
        self.camera, self.every = camera, every
        self._image = interfaces.IMAGE.publisher(node, camera.topic)
        self._info = interfaces.CAMERA_INFO.publisher(node, f"{prefix}/camera_info")
        self._rgb = PictureMessage(*size, "rgb8", camera.frame)
        self._info_message = camera_info(lens, camera.frame)
        self._depth = None
        if camera.has_depth:
            self._depth = interfaces.DEPTH.publisher(node, f"{prefix}/depth")
            self._metres = PictureMessage(*size, "32FC1", camera.frame)

    def publish(self, picture: Any, stamp_ns: int) -> None:
        """A `sim.cameras.CameraImage` and its camera_info, under one stamp."""
        self._info_message.header.stamp = ns_to_stamp(stamp_ns)
        self._info.publish(self._info_message)
        if self._depth is not None:
            self._depth.publish(self._metres.filled(picture.depth_m, stamp_ns))
        self._image.publish(self._rgb.filled(picture.rgb, stamp_ns))


def camera_info(lens: Intrinsics, frame_id: str) -> CameraInfo:
    """A pinhole without distortion as CameraInfo."""
    message = CameraInfo(height=lens.height_px, width=lens.width_px, distortion_model="plumb_bob")
    message.header.frame_id = frame_id
    message.d = [0.0] * 5
    message.k = lens.matrix.ravel().tolist()
    message.r = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    message.p = [*lens.matrix[0], 0.0, *lens.matrix[1], 0.0, *lens.matrix[2], 0.0]
    return message


class Cameras:
    """Draws and publishes in the caller's thread.

    Args:
        node: where the publishers live.
        profile: the robot.
        world: any world of this robot; gives the intrinsics.
        tick_hz: how often `publish` may be called.
    """

    def __init__(self, node: Node, profile: RobotProfile, world: World, tick_hz: float) -> None:
        periods = {name: max(1, round(tick_hz / camera.rate_hz)) for name, camera in profile.cameras.items()}
        self._outputs = {
            name: CameraOutput(node, camera, world.intrinsics(name), periods[name])
            for name, camera in profile.cameras.items()
        }
        self._ticks = interfaces.SENSOR_TICK.publisher(node)

    def due(self, tick: int) -> tuple[str, ...]:
        """Names of the cameras that take a picture at this tick."""
        return tuple(name for name, output in self._outputs.items() if tick % output.every == 0)

    def publish(self, world: World, names: tuple[str, ...], stamp_ns: int) -> None:
        """Draw `world` and publish; its GL context belongs to the thread that draws first."""
        sent = []
        for name in names:
            output = self._outputs[name]
            output.publish(with_noise(world.render(name), name, output.camera, stamp_ns), stamp_ns)
            sent.append((name, stamp_ns))
        self._announce(stamp_ns, sent)

    def _announce(self, tick_ns: int, sent: list[tuple[str, int]]) -> None:
        """Who answers this tick learns which pictures belong to it: each camera's name and stamp."""
        message = SensorTick(sensors=[name for name, _ in sent], stamps=[ns_to_stamp(ns) for _, ns in sent])
        message.header.stamp = ns_to_stamp(tick_ns)
        self._ticks.publish(message)

    def restart(self, seed: int, variation: str) -> None:
        """A new episode has begun; the world shows it by itself."""

    def close(self) -> None:
        """Nothing to end: the world owns the GL memory."""


@dataclass(frozen=True)
class _Snapshot:
    """What the drawing thread needs to draw one instant."""

    names: tuple[str, ...]
    stamp_ns: int
    positions: FloatArray
    objects: FloatArray


@dataclass(frozen=True)
class _Restart:
    """A new episode: other colours, light and camera poses."""

    seed: int
    variation: str


class CameraThread:
    """Draws in a thread of its own, from a second world that is only posed: control never waits for pictures.

    Args:
        node: where the publishers live.
        profile: the robot.
        world: any world of this robot; gives the intrinsics.
        tick_hz: how often `publish` may be called.
    """

    def __init__(self, node: Node, profile: RobotProfile, world: World, tick_hz: float) -> None:
        self._profile = profile
        self._orders: queue.SimpleQueue[_Snapshot | _Restart | None] = queue.SimpleQueue()
        self._is_busy = threading.Event()
        self._is_ready = threading.Event()
        self._failure: Exception | None = None
        self._cameras = Cameras(node, profile, world, tick_hz)
        self.late = 0
        self._thread = threading.Thread(target=self._run, name="cameras", daemon=True)
        self._thread.start()

    def due(self, tick: int) -> tuple[str, ...]:
        """Names of the cameras that take a picture at this tick."""
        return self._cameras.due(tick)

    def publish(self, world: World, names: tuple[str, ...], stamp_ns: int) -> None:
        """Order pictures of `world` as it is posed now; left out (and counted) while others are being drawn.

        Raises:
            NoetraError: the drawing thread has failed.
        """
        if self._failure is not None:
            raise NoetraError(f"cameras: {self._failure}") from self._failure
        if not self._is_ready.is_set():
            return
        if self._is_busy.is_set():
            self.late += 1
            return
        self._is_busy.set()
        positions, objects = world.physics_state().positions, world.object_poses()
        self._orders.put(_Snapshot(names, stamp_ns, positions, objects))

    def restart(self, seed: int, variation: str) -> None:
        """A new episode has begun."""
        self._orders.put(_Restart(seed, variation))

    def close(self) -> None:
        """End the thread and give the GL memory back."""
        self._orders.put(None)
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        lower_thread()
        try:
            posed = make_world(self._profile)
            for name in self._profile.cameras:
                posed.render(name)
            self._is_ready.set()
            while (order := self._orders.get()) is not None:
                self._obey(order, posed)
            posed.close()
        except Exception as error:  # told to the node's own thread by `publish`
            self._failure = error

    def _obey(self, order: _Snapshot | _Restart, posed: World) -> None:
        if isinstance(order, _Restart):
            posed.reset(order.seed, order.variation)
            return
        posed.show(order.positions, order.objects)
        self._cameras.publish(posed, order.names, order.stamp_ns)
        self._is_busy.clear()
