"""The black box: keeps the last seconds of the graph, and writes them to a file when the robot is stopped."""

from __future__ import annotations

import functools
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.clock import Clock, ClockType
from rclpy.serialization import deserialize_message

from noetra_ros import __version__
from noetra_ros.core.errors import single_fault
from noetra_ros.data.blackbox.filing import file_incident
from noetra_ros.data.blackbox.incident import Incident, IncidentWatch, Report
from noetra_ros.data.blackbox.incident_file import IncidentContent
from noetra_ros.data.blackbox.retention import remove_aged, remove_parts
from noetra_ros.data.blackbox.ring import Record, Ring
from noetra_ros.msg import SafetyEvent, SafetyState
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros import interfaces
from noetra_ros.ros.blackbox_inputs import BlackboxInputs, inputs_of
from noetra_ros.ros.blackbox_report import BlackboxHealth, blackbox_status
from noetra_ros.ros.blackbox_settings import BlackboxSettings
from noetra_ros.ros.conversions import ns_to_stamp
from noetra_ros.ros.filing_thread import FilingThread
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.message_words import action_name, mode_name
from noetra_ros.ros.spin import run_node
from noetra_ros.ros.thumbnails import ThumbnailChoice, Thumbnails

NODE_NAME = "blackbox"
LOOK_S = 0.1
DIAGNOSTICS_S = 1.0
AGED_S = 600.0  # how often files are looked through for those that are too old


class BlackboxNode(GraphNode[BlackboxSettings]):
    """Listens only: the control path neither knows it nor waits for it.

    Args:
        **node_arguments: passed on to rclpy.
    """

    niceness = -1  # after all others of the graph; before other programs: a busy machine is a cause to record

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__(NODE_NAME, BlackboxSettings, **node_arguments)
        self._is_active = False

    def configure(self) -> None:
        """Make the folder, build the core, wire the topics."""
        settings = self.settings
        self._profile = load_robot(settings.robot)
        self._channel_name = settings.channel or self._profile.default_channel
        self._profile.channel(self._channel_name)
        self._folder = _prepared_folder(settings.blackbox_path)
        self._ring = Ring(int(settings.before_s * 1e9), settings.memory_bytes)
        self._watch = IncidentWatch(settings.window)
        self._filing = FilingThread(self._on_filed)
        self._readers = {"safety_state": self._on_state, "safety_event": self._on_event}
        self._diagnostics = interfaces.DIAGNOSTICS.publisher(self)
        self._inputs = BlackboxInputs(self, inputs_of(self._profile, self._channel_name), self._hear)
        self._thumbnails = self._wire_pictures()

    def activate(self) -> None:
        """Begin to keep."""
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        periods = {LOOK_S: self._on_look, DIAGNOSTICS_S: self._on_diagnostics, AGED_S: self._remove_aged}
        self._remove_aged()
        self._timers_running = [self.create_timer(s, call, clock=steady) for s, call in periods.items()]
        self._is_active = True

    def deactivate(self) -> None:
        """An incident under way is written with what there is of it."""
        self._is_active = False
        for timer in self._timers_running:
            self.destroy_timer(timer)
        self._write_due(at_once=True)

    def cleanup(self) -> None:
        """Take the wires off, write what waits."""
        if self._thumbnails is not None:
            self._thumbnails.close()
        self._inputs.close()
        self._filing.close()
        self.destroy_publisher(self._diagnostics)

    def _wire_pictures(self) -> Thumbnails | None:
        settings = self.settings
        if settings.pictures == "none":
            return None
        choice = ThumbnailChoice(
            int(1e9 / settings.thumbnail_rate_hz),
            settings.thumbnail_px,
            settings.thumbnail_quality,
            settings.pictures == "annotated",
        )
        return Thumbnails(self, self._profile, choice, self._inputs.add, self._keep_picture)

    def _hear(self, channel: int, role: str, data: bytes) -> None:
        """Every message: kept as it is; those of the supervisor are read as well."""
        if not self._is_active:
            return
        now_ns = time.monotonic_ns()
        self._ring.add(Record(channel, now_ns, data))
        reader = self._readers.get(role)
        if reader is not None:
            reader(data, now_ns)

    def _keep_picture(self, channel: int, at_ns: int, data: bytes) -> None:
        """On the thread of the pictures; the ring belongs to the executor's."""
        if self.executor is not None:
            self.executor.create_task(self._ring.add, Record(channel, at_ns, data))

    def _on_state(self, data: bytes, now_ns: int) -> None:
        state: SafetyState = deserialize_message(data, SafetyState)
        report = Report(mode_name(state.mode), state.reason, tuple(state.active_checks))
        self._hold_if(self._watch.hear(report, now_ns))

    def _on_event(self, data: bytes, now_ns: int) -> None:
        event: SafetyEvent = deserialize_message(data, SafetyEvent)
        self._watch.hear_cause(event.check, action_name(event.action), event.reason)

    def _hold_if(self, is_begun: bool) -> None:
        if is_begun and self._watch.open is not None:
            self._ring.hold(self._watch.open.from_ns)

    def _on_look(self) -> None:
        self._hold_if(self._watch.listen(time.monotonic_ns()))
        self._write_due(at_once=self._ring.is_full)

    def _write_due(self, at_once: bool = False) -> None:
        incident = self._watch.pop_due(time.monotonic_ns(), at_once)
        if incident is None:
            return
        content = self._content(incident, is_cut=self._ring.is_full)
        self._ring.release()
        file = functools.partial(file_incident, self._folder, self.settings.bounds, incident, content)
        if not self._filing.put(file):
            self.get_logger().error("black box: an incident is lost, others still wait for the disk")

    def _content(self, incident: Incident, is_cut: bool) -> IncidentContent:
        records = self._ring.records(incident.from_ns, incident.until_ns)
        offset_ns = time.time_ns() - time.monotonic_ns()
        metadata = {
            **self._about_robot(),
            **_about_incident(incident, offset_ns),
            "is_cut": str(is_cut).lower(),
        }
        ordered = sorted(records, key=lambda record: record.at_ns)
        return IncidentContent(tuple(self._inputs.channels), ordered, offset_ns, metadata)

    def _about_robot(self) -> dict[str, str]:
        channel = self._profile.channel(self._channel_name)
        is_simulated = bool(self.get_parameter("use_sim_time").value)
        return {
            "version": __version__,
            "robot": self._profile.name,
            "channel": self._channel_name,
            "command_kind": channel.kind.value,
            "joints": json.dumps(channel.joints),
            "is_simulated": str(is_simulated).lower(),
            "is_lock_step": str(self.settings.lock_step).lower(),
            "language": self.settings.language,
        }

    def _on_filed(self, path: Path) -> None:
        self.get_logger().warning(f"the robot was stopped: {path}  ->  noetra blackbox show {path}")

    def _remove_aged(self) -> None:
        if self.settings.keep_days is None:
            return
        for path in remove_aged(self._folder, datetime.now(UTC), self.settings.keep_days):
            self.get_logger().info(f"{path.name} is older than {self.settings.keep_days:g} days: removed")

    def _on_diagnostics(self) -> None:
        if self._thumbnails is not None:
            self._thumbnails.look_for_sources()
        parts = (self._ring, self._filing, self._thumbnails)
        health = BlackboxHealth.of(self._folder, self.settings, *parts, time.monotonic_ns())
        status = blackbox_status(self.get_fully_qualified_name(), health)
        if health.error:
            self.get_logger().error(health.error, throttle_duration_sec=60.0)
        message = DiagnosticArray(status=[status])
        message.header.stamp = ns_to_stamp(self.get_clock().now().nanoseconds)
        self._diagnostics.publish(message)


def _prepared_folder(path: str) -> Path:
    """The folder, made where there is none, without what a power cut left.

    Raises:
        ConfigError: it cannot be made or written to.
    """
    if not path:
        raise single_fault("blackbox", "blackbox_path", "nothing", "a folder", "blackbox_path:=FOLDER")
    folder = Path(path).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_parts(folder)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise single_fault(
            "blackbox", "blackbox_path", str(error), "a folder that can be written to"
        ) from error
    return folder


def _about_incident(incident: Incident, offset_ns: int) -> dict[str, str]:
    first = incident.stops[0]
    return {
        "mode": first.mode,
        "check": first.check,
        "reason": first.reason,
        "stop_utc_ns": str(first.at_ns + offset_ns),
        "stops": str(len(incident.stops)),
    }


def main() -> int:
    """Run the node as a process."""
    return run_node(BlackboxNode)


if __name__ == "__main__":
    sys.exit(main())
