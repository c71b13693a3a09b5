"""The perception node: pictures, depth, scans and clouds in; obstacles, objects and sensor reports out."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock, ClockType
from sensor_msgs.msg import JointState as JointStateMessage
from std_msgs.msg import Header

from noetra_ros.core.errors import NoetraError
from noetra_ros.core.types import CameraFrame
from noetra_ros.msg import SensorTick
from noetra_ros.perception.examination import SCAN_STREAM
from noetra_ros.perception.frames import Pinhole
from noetra_ros.perception.gathering import Gatherer
from noetra_ros.perception.perceiver import Sighting
from noetra_ros.perception.pipeline import scene_sensors
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.camera_hub import CameraHub, Kind
from noetra_ros.ros.conversions import joint_state_from_message, ns_to_stamp, stamp_to_ns
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.perception_loading import PerceptionThreads, load_perceiver
from noetra_ros.ros.perception_messages import objects_to_message, scene_to_message
from noetra_ros.ros.perception_pictures import PictureOutputs
from noetra_ros.ros.perception_report import Latencies, markers_of, perception_status
from noetra_ros.ros.perception_settings import PerceptionChoice, PerceptionNodeSettings, chosen_cameras
from noetra_ros.ros.pictures import DepthPicture, Lens
from noetra_ros.ros.point_sensors import cloud_from_message, scan_from_message
from noetra_ros.ros.sensor_ticks import SensorTicks
from noetra_ros.ros.spin import run_node

NODE_NAME = "perception"
HEARTBEAT_S = 0.05
DIAGNOSTICS_S = 1.0


class PerceptionNode(GraphNode[PerceptionChoice]):
    """Wires perception to the graph.

    Args:
        **node_arguments: passed on to rclpy.
    """

    niceness = -4  # where people are decides what may move; names follow with less urgency

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__(NODE_NAME, PerceptionNodeSettings, **node_arguments)
        self._hub: CameraHub | None = None

    def configure(self) -> None:
        """Build the core, wire the topics."""
        settings = self.settings
        self.profile = load_robot(settings.robot)
        self.cameras = chosen_cameras(settings, self.profile)
        self.threads = PerceptionThreads()
        self.worker = self.threads.places
        try:
            self.perceiver = load_perceiver(settings, self.profile, self.cameras, self.threads)
        except NoetraError:
            self.threads.close()
            raise
        self.beat_sensors = scene_sensors(self.profile, settings)
        depth_cameras = [name for name in self.cameras if self.profile.cameras[name].has_depth]
        periods_s = {name: 1.0 / self.profile.cameras[name].rate_hz for name in self.cameras}
        self.gatherer = Gatherer(depth_cameras, periods_s, settings.lock_step)
        self.ticks = SensorTicks(self.gatherer, self.cameras, bool(self.profile.joint_names))
        self.latencies = Latencies()
        self.reports = self.perceiver.see(self.gatherer.take(), 0).scene.sensors
        self.scenes = 0
        self.unreadable = 0
        self.submitted_ns = 0
        self.episode = 0
        self.is_active = False
        self._wire_outputs()
        self._wire_inputs(depth_cameras)

    def _wire_outputs(self) -> None:
        topics = (
            interfaces.OBSTACLES,
            interfaces.OBJECTS,
            interfaces.MARKERS,
            interfaces.HEARTBEAT,
            interfaces.DIAGNOSTICS,
        )
        self.outputs = {topic.name: topic.publisher(self) for topic in topics}
        cameras = self.cameras if self.settings.annotate else ()
        self.pictures = PictureOutputs(self, self.profile, cameras)

    def _wire_inputs(self, depth_cameras: list[str]) -> None:
        every = self.settings.lock_step
        hub = self.hub()
        self.taps = [
            hub.tap(name, Kind.PICTURE, self.on_picture, self.on_unreadable) for name in self.cameras
        ]
        for name in depth_cameras:
            self.taps.append(hub.tap(name, Kind.DEPTH, self.on_depth, self.on_unreadable))
            on_lens = functools.partial(self.on_lens, name)
            self.taps.append(hub.tap(name, Kind.LENS, on_lens, self.on_unreadable))
        self.inputs = []
        streams = self.profile.streams
        if self.profile.joint_names:
            topic = streams["joint_states"].topic
            self.inputs.append(
                interfaces.JOINT_STATES.subscription(self, self.on_joints, topic, every_message=every)
            )
        if SCAN_STREAM in streams:
            topic = streams[SCAN_STREAM].topic
            self.inputs.append(interfaces.SCAN.subscription(self, self.on_scan, topic, every_message=every))
        for name, stream in self.profile.clouds.items():
            callback = functools.partial(self.on_cloud, name)
            self.inputs.append(
                interfaces.POINTS.subscription(self, callback, stream.topic, every_message=every)
            )
        if every:
            self.inputs.append(interfaces.SENSOR_TICK.subscription(self, self.on_tick, every_message=True))

    def hub(self) -> CameraHub:
        """Cameras that other nodes of this process can look through too; the same from first to last."""
        if self._hub is None:
            settings = self.settings
            profile = load_robot(settings.robot)
            self._hub = CameraHub(self, profile, settings.lock_step, settings.image_transport)
        return self._hub

    def activate(self) -> None:
        """Begin to look."""
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        periods: list[tuple[float, Callable[[], None]]] = [(DIAGNOSTICS_S, self.on_diagnostics)]
        if not self.settings.lock_step:
            periods += [(HEARTBEAT_S, self.beat), (self.settings.scene_period_s, self.on_watch)]
        self.timers_running = [self.create_timer(s, callback, clock=steady) for s, callback in periods]
        self.is_active = True

    def deactivate(self) -> None:
        """Look no longer."""
        self.is_active = False
        for timer in self.timers_running:
            self.destroy_timer(timer)
        self.threads.drop()

    def cleanup(self) -> None:
        """Take the wires off."""
        self.threads.close()
        for leave in self.taps:
            leave()
        for subscription in self.inputs:
            self.destroy_subscription(subscription)
        self.pictures.close()
        for publisher in self.outputs.values():
            self.destroy_publisher(publisher)

    def on_picture(self, frame: CameraFrame) -> None:
        """A colour picture."""
        self.gatherer.add_picture(frame, self._clock_ns())
        self._look(frame.camera)

    def on_depth(self, depth: DepthPicture) -> None:
        """A depth picture."""
        self.gatherer.add_depth(depth.camera, depth.stamp_ns, depth.depth_m, self._clock_ns())
        self._look(depth.camera)

    def on_lens(self, camera: str, lens: Lens) -> None:
        """Intrinsics."""
        pinhole = Pinhole(lens.fx_px, lens.fy_px, lens.cx_px, lens.cy_px)
        self.gatherer.add_lens(camera, pinhole, self._clock_ns())
        self._look(camera)

    def on_joints(self, message: JointStateMessage) -> None:
        """Measured joints."""
        self._take(
            lambda: self.gatherer.add_joints(joint_state_from_message(message, self.profile.joint_names))
        )
        self._look("joint_states")

    def on_scan(self, message: Any) -> None:
        """A laser scan."""
        stream = self.profile.streams[SCAN_STREAM]
        self.gatherer.add_scan(scan_from_message(message, SCAN_STREAM, stream))
        self._look(SCAN_STREAM)

    def on_cloud(self, name: str, message: Any) -> None:
        """Points of another sensor."""
        stream = self.profile.clouds[name]
        self._take(lambda: self.gatherer.add_cloud(cloud_from_message(message, name, stream)))
        self._look(name)

    def on_tick(self, message: SensorTick) -> None:
        """Lock-step: what there is to see of a tick."""
        if message.episode != self.episode:
            self.episode = int(message.episode)
            self.worker.call(self.perceiver.forget)
        stamps = [stamp_to_ns(stamp) for stamp in message.stamps]
        self.ticks.begin(stamp_to_ns(message.header.stamp), zip(message.sensors, stamps, strict=True))
        self._look("")

    def on_unreadable(self, words: str) -> None:
        """A message that cannot be read: for the sensor's health it never came."""
        self.unreadable += 1
        self.get_logger().error(words, throttle_duration_sec=5.0)

    def on_watch(self) -> None:
        """Silence has to be told, too."""
        if self._clock_ns() - self.submitted_ns >= self.settings.scene_period_s * 1e9:
            self._submit(self._clock_ns(), 0)

    def beat(self) -> None:
        """A sign of life."""
        self._beat_at(self._clock_ns())

    def on_diagnostics(self) -> None:
        """/diagnostics."""
        name = self.get_fully_qualified_name()
        counts = {
            "scenes": self.scenes,
            "unreadable messages": self.unreadable,
            "intakes joined": self.worker.replaced,
        }
        message = DiagnosticArray(status=[perception_status(name, self.reports, self.latencies, counts)])
        message.header.stamp = ns_to_stamp(self._clock_ns())
        self._publish(interfaces.DIAGNOSTICS, message)

    def _take(self, add: Callable[[], None]) -> None:
        try:
            add()
        except ValueError as error:
            self.on_unreadable(str(error))

    def _look(self, sensor: str) -> None:
        """Begin to work where there is something to work on."""
        if not self.is_active:
            return
        if self.settings.lock_step:
            tick_ns = self.ticks.pop_complete()
            if tick_ns:
                self._submit(tick_ns, tick_ns)
        elif sensor in self.beat_sensors and self.gatherer.has_sights:
            self._submit(self._clock_ns(), 0)

    def _submit(self, now_ns: int, tick_ns: int) -> None:
        self.submitted_ns = now_ns
        self.worker.submit(functools.partial(self._see, now_ns, tick_ns))

    def _see(self, now_ns: int, tick_ns: int) -> None:
        """On the worker's thread; what was seen goes back to the executor's."""
        seen: Sighting | Exception
        try:
            seen = self.perceiver.see(self.gatherer.take(), now_ns)
            self.pictures.draw(seen, self.perceiver)
        except Exception as error:  # told by `_on_seen`; without scenes the supervisor stops the robot
            seen = error
        if self.executor is not None:
            self.executor.create_task(self._on_seen, seen, tick_ns)

    def _on_seen(self, seen: Sighting | Exception, tick_ns: int) -> None:
        if not self.is_active:
            return
        if isinstance(seen, Exception):
            raise NoetraError(f"perception failed: {type(seen).__name__}: {seen}") from seen
        self.scenes += 1
        self.reports = seen.scene.sensors
        age_s = (self._clock_ns() - seen.scene.stamp_ns) * 1e-9
        self.latencies.add({**seen.durations_s, "age": age_s})
        self._publish(interfaces.OBSTACLES, scene_to_message(seen.scene))
        if seen.objects_ns:
            objects = objects_to_message(list(seen.objects), seen.objects_ns, seen.scene.frame)
            self._publish(interfaces.OBJECTS, objects)
        if self.outputs[interfaces.MARKERS.name].get_subscription_count():
            self._publish(interfaces.MARKERS, markers_of(seen.scene))
        self.pictures.publish()
        if tick_ns:
            self._beat_at(tick_ns)

    def _beat_at(self, stamp_ns: int) -> None:
        self._publish(interfaces.HEARTBEAT, Header(stamp=ns_to_stamp(stamp_ns), frame_id=NODE_NAME))

    def _publish(self, topic: interfaces.Topic, message: Any) -> None:
        self.outputs[topic.name].publish(message)

    def _clock_ns(self) -> int:
        return int(self.get_clock().now().nanoseconds)


def main() -> int:
    """Run the node as a process."""
    return run_node(PerceptionNode)


if __name__ == "__main__":
    sys.exit(main())
