"""The simulated cameras: pictures drawn on one fixed thread, in lock-step the node's own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import CameraInfo

from noetra_ros.core.errors import NoetraError, single_fault
from noetra_ros.core.types import FloatArray
from noetra_ros.msg import SensorTick
from noetra_ros.robots.profile import Camera, RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import NS_PER_S, ns_to_stamp
from noetra_ros.ros.pictures import PictureMessage
from noetra_ros.ros.urgency import raise_thread
from noetra_ros.sim.camera_faults import CameraFault, FaultyCamera
from noetra_ros.sim.camera_noise import with_noise
from noetra_ros.sim.cameras import Intrinsics
from noetra_ros.sim.world import World, make_world

CAMERA_NICENESS = -3  # a real camera does not wait for a processor; behind the control path


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
        names: of the cameras that are drawn.
    """

    def __init__(
        self, node: Node, profile: RobotProfile, world: World, tick_hz: float, names: Sequence[str]
    ) -> None:
        chosen = {name: profile.cameras[name] for name in names}
        self._outputs = {
            name: CameraOutput(node, camera, world.intrinsics(name), max(1, round(tick_hz / camera.rate_hz)))
            for name, camera in chosen.items()
        }
        self._lies = {name: FaultyCamera() for name in names}
        self._displaced: set[str] = set()
        self._answered = frozenset(profile.cameras_for("policy"))
        looked = profile.cameras_for("perception", "recognition")
        is_perceived = bool({*names} & {*profile.cameras_for("perception")})
        self.perceived = tuple(name for name in names if name in looked) if is_perceived else ()
        self._episode = 0
        self._ticks = interfaces.SENSOR_TICK.publisher(node)

    def due(self, tick: int) -> tuple[str, ...]:
        """Names of the cameras that take a picture at this tick."""
        return tuple(name for name, output in self._outputs.items() if tick % output.every == 0)

    def publish(self, world: World, names: tuple[str, ...], stamp_ns: int, episode_s: float) -> bool:
        """Draw `world` and publish; its GL context belongs to the thread that draws first.

        Args:
            world: what is seen.
            names: cameras that take a picture.
            stamp_ns: of the pictures.
            episode_s: since the start of the episode: noise repeats with it.

        Returns:
            True: each picture of the policy's went out, under this stamp, so that the policy can answer it.
        """
        sent = []
        for name in names:
            output, lies = self._outputs[name], self._lies[name]
            if name in self._displaced:
                world.displace_camera(name, *lies.fault.displacement())
            exposed_ns = round(episode_s * NS_PER_S)
            picture = with_noise(world.render(name), name, output.camera, exposed_ns)
            for shown, shown_ns in lies.pass_on(picture, stamp_ns):
                output.publish(shown, shown_ns)
                sent.append((name, shown_ns))
        self._displaced -= set(names)
        self._announce(stamp_ns, sent)
        return bool(names) and all((name, stamp_ns) in sent for name in names if name in self._answered)

    def set_fault(self, camera: str, fault: CameraFault) -> None:
        """Let a camera lie from its next picture on; empty = all that are drawn.

        Raises:
            ConfigError: no such camera is drawn.
        """
        for name in self.known(camera):
            self._lies[name].set(fault)
            self._displaced.add(name)

    def known(self, camera: str) -> tuple[str, ...]:
        """The cameras that a name stands for; empty = all that are drawn.

        Raises:
            ConfigError: no such camera is drawn.
        """
        if camera and camera not in self._outputs:
            raise single_fault("camera fault", "camera", repr(camera), f"one of {', '.join(self._outputs)}")
        return (camera,) if camera else tuple(self._outputs)

    def _announce(self, tick_ns: int, sent: list[tuple[str, int]]) -> None:
        """Who answers this tick learns which pictures belong to it: each camera's name and stamp."""
        message = SensorTick(sensors=[name for name, _ in sent], stamps=[ns_to_stamp(ns) for _, ns in sent])
        message.header.stamp = ns_to_stamp(tick_ns)
        message.episode = self._episode
        self._ticks.publish(message)

    def restart(self, seed: int, variation: str, person: str) -> None:
        """A new episode has begun; the world shows it by itself."""
        self._episode += 1

    def close(self) -> None:
        """Nothing to end: the world owns the GL memory."""


@dataclass(frozen=True)
class _Snapshot:
    """What the drawing thread needs to draw one instant."""

    names: tuple[str, ...]
    stamp_ns: int
    positions: FloatArray
    objects: FloatArray
    episode_s: float


@dataclass(frozen=True)
class _Restart:
    """A new episode: other colours, light and camera poses, another person."""

    seed: int
    variation: str
    person: str


@dataclass(frozen=True)
class _Break:
    """A camera begins to lie, or ends it."""

    camera: str
    fault: CameraFault


class CameraThread:
    """Draws in a thread of its own, from a second world that is only posed: control never waits for pictures.

    Args:
        node: where the publishers live.
        profile: the robot.
        world: any world of this robot; gives the intrinsics.
        tick_hz: how often `publish` may be called.
        names: of the cameras that are drawn.
    """

    def __init__(
        self, node: Node, profile: RobotProfile, world: World, tick_hz: float, names: Sequence[str]
    ) -> None:
        self._profile, self._names = profile, tuple(names)
        self._orders: queue.SimpleQueue[_Snapshot | _Restart | _Break | None] = queue.SimpleQueue()
        self._is_busy = threading.Event()
        self._is_ready = threading.Event()
        self._failure: Exception | None = None
        self._cameras = Cameras(node, profile, world, tick_hz, names)
        self.late = 0
        self._thread = threading.Thread(target=self._run, name="cameras", daemon=True)
        self._thread.start()

    def due(self, tick: int) -> tuple[str, ...]:
        """Names of the cameras that take a picture at this tick."""
        return self._cameras.due(tick)

    def publish(self, world: World, names: tuple[str, ...], stamp_ns: int, episode_s: float) -> bool:
        """Order pictures of `world` as it is posed now; left out (and counted) while others are being drawn.

        Raises:
            NoetraError: the drawing thread has failed.
        """
        if self._failure is not None:
            raise NoetraError(f"cameras: {self._failure}") from self._failure
        if not self._is_ready.is_set():
            return False
        if self._is_busy.is_set():
            self.late += 1
            return False
        self._is_busy.set()
        positions, objects = world.physics_state().positions, world.object_poses()
        self._orders.put(_Snapshot(names, stamp_ns, positions, objects, episode_s))
        return True

    def restart(self, seed: int, variation: str, person: str) -> None:
        """A new episode has begun."""
        self._orders.put(_Restart(seed, variation, person))

    def set_fault(self, camera: str, fault: CameraFault) -> None:
        """Let a camera lie; see `Cameras.set_fault`."""
        self._cameras.known(camera)
        self._orders.put(_Break(camera, fault))

    def close(self) -> None:
        """End the thread and give the GL memory back."""
        self._orders.put(None)
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        raise_thread(CAMERA_NICENESS)
        try:
            posed = make_world(self._profile)
            for name in self._names:
                posed.render(name)
            self._is_ready.set()
            while (order := self._orders.get()) is not None:
                self._obey(order, posed)
            posed.close()
        except Exception as error:  # told to the node's own thread by `publish`
            self._failure = error

    def _obey(self, order: _Snapshot | _Restart | _Break, posed: World) -> None:
        if isinstance(order, _Restart):
            posed.reset(order.seed, order.variation, order.person)
            return
        if isinstance(order, _Break):
            self._cameras.set_fault(order.camera, order.fault)
            return
        posed.show(order.positions, order.objects, order.episode_s)
        self._cameras.publish(posed, order.names, order.stamp_ns, order.episode_s)
        self._is_busy.clear()
