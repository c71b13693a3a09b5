"""The simulation node: a MuJoCo robot that speaks exactly what a real robot speaks."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType

from noetra_ros.core.config import setting
from noetra_ros.core.errors import ConfigError, single_fault
from noetra_ros.robots import RobotProfile, load_robot
from noetra_ros.robots.camera_choice import cameras_asked_for
from noetra_ros.ros import interfaces
from noetra_ros.ros.conversions import ns_to_stamp
from noetra_ros.ros.lifecycle import GraphNode
from noetra_ros.ros.lock_step_pace import START_ON, LockStepPace
from noetra_ros.ros.parameters import NodeSettings
from noetra_ros.ros.real_time_pace import RealTimePace
from noetra_ros.ros.sim_cameras import Cameras, CameraThread
from noetra_ros.ros.sim_controllers import Controllers
from noetra_ros.ros.sim_sensors import (
    Episode,
    Sensors,
    steps_per_tick,
    tick_period_ns,
    tick_rate_hz,
    truth_every,
)
from noetra_ros.ros.spin import run_node
from noetra_ros.ros.trace_saving import TraceSaver
from noetra_ros.sim.camera_faults import CameraFault
from noetra_ros.sim.task import TASKS
from noetra_ros.sim.variation import LEVELS
from noetra_ros.sim.world import make_world
from noetra_ros.srv import CameraFault as CameraFaultCall
from noetra_ros.srv import ResetWorld

DIAGNOSTICS_S = 1.0
SHOWN_AT = 2  # of the ticks in which an episode settles


@dataclass(frozen=True, kw_only=True)
class SimNodeSettings(NodeSettings):
    """Parameters of the simulation node."""

    render: bool = setting(description="draw and publish the cameras of the profile", default=True)
    cameras: tuple[str, ...] = setting(
        description="names of the cameras that are drawn; empty = all of the profile", default=()
    )
    seed: int = setting(description="seed of the first episode", minimum=0, default=0)
    variation: str = setting(
        description="variation of the first episode", choices=("none", "train", "eval"), default="none"
    )
    start_on: str = setting(
        description="lock-step: after a reset time is held until this; running = armed, policy at work",
        choices=START_ON,
        default="running",
    )
    answer_timeout_s: float = setting(
        "s",
        "lock-step: an answer of the graph that takes longer is an error",
        minimum=0.1,
        maximum=600.0,
        default=10.0,
    )


class SimNode(GraphNode[SimNodeSettings]):
    """Wires a `sim.World` to the graph.

    Args:
        **node_arguments: passed on to rclpy.
    """

    takes_sim_time = False
    niceness = -5

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__("sim", SimNodeSettings, **node_arguments)

    def configure(self) -> None:
        """Build the world, wire controllers, sensors and cameras."""
        settings = self.settings
        profile = load_robot(settings.robot)
        self.tick_hz = tick_rate_hz(profile)
        self.world = make_world(profile)
        self.world.reset(settings.seed, settings.variation)
        self.steps = steps_per_tick(self.world, self.tick_hz)
        self.period_ns = tick_period_ns(self.world, self.tick_hz)
        self.episode = Episode(0, settings.seed, "", settings.variation, "")
        self.tick = self.settle_tick = 0
        self.real_time_factor = float("nan")
        self.traces = TraceSaver(self.world, waits=settings.lock_step)
        self.pace = self._make_pace(profile)
        self.controllers = Controllers(
            self,
            profile,
            self.world,
            on_taken=self.pace.on_command,
            is_deaf=lambda: self.pace.is_settling,
            buffer_period_s=0.0 if settings.lock_step else self.period_ns * 1e-9,
        )
        self.sensors = Sensors(self, profile, self.world, self.tick_hz, settings.lock_step)
        self.cameras = self._make_cameras(profile)
        self.diagnostics = interfaces.DIAGNOSTICS.publisher(self)
        callbacks = ((interfaces.RESET_WORLD, self.on_reset), (interfaces.CAMERA_FAULT, self.on_camera_fault))
        self.services_given = [self.create_service(s.kind, s.name, callback) for s, callback in callbacks]

    def _make_cameras(self, profile: RobotProfile) -> Cameras | CameraThread | None:
        """What draws; None where nothing is drawn."""
        names = cameras_asked_for(profile, self.settings.cameras) if self.settings.render else ()
        if not names:
            return None
        if not self.settings.lock_step:
            return CameraThread(self, profile, self.world, self.tick_hz, names)
        self.world.render(names[0])  # a machine that cannot draw says so now
        return Cameras(self, profile, self.world, self.tick_hz, names)

    def _make_pace(self, profile: RobotProfile) -> LockStepPace | RealTimePace:
        if self.settings.lock_step:
            settings = self.settings
            return LockStepPace(
                self,
                self.advance,
                settings.start_on,
                settings.answer_timeout_s,
                self._publish_truth,
                self._place_world,
                profile.gated_with,
            )
        return RealTimePace(self, self.advance, self.period_ns)

    def activate(self) -> None:
        """Let time run."""
        self._measured_at = (time.monotonic_ns(), self.world.time_ns)
        self.pace.start()
        self.timer = self.create_timer(
            DIAGNOSTICS_S, self.on_diagnostics, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def deactivate(self) -> None:
        """Let time stand still."""
        self.pace.stop()
        self.destroy_timer(self.timer)
        self.traces.end()

    def cleanup(self) -> None:
        """Give the world back."""
        self.pace.close()
        self.traces.close()
        if self.cameras is not None:
            self.cameras.close()
        for service in self.services_given:
            self.destroy_service(service)
        for subscription in self.controllers.subscriptions:
            self.destroy_subscription(subscription)
        self.world.close()

    def advance(self) -> tuple[int, bool, bool]:
        """Run one control period and publish what is due: the stamp, whether the policy's pictures were among
        it, and whether any was.
        """
        self.controllers.before_step(self.period_ns * 1e-9)
        self.world.step(self.steps)
        stamp_ns = self.world.time_ns
        self.sensors.publish(self.tick, stamp_ns)
        if self.pace.is_settling:
            return (
                stamp_ns,
                False,
                self._show_to_perception(stamp_ns),
            )  # all else begins with the first own tick
        if self.tick % truth_every(self.tick_hz) == 0:
            self._measure_pace()
            self._publish_truth()
        names = self.cameras.due(self.tick) if self.cameras is not None else ()
        is_seen = False
        if self.cameras is not None and names:
            is_seen = self.cameras.publish(self.world, names, stamp_ns, self.world.episode_s)
        self.tick += 1
        return stamp_ns, is_seen, bool(names)

    def _show_to_perception(self, stamp_ns: int) -> bool:
        """Once while an episode settles: who looks for people must know the new world before it begins."""
        self.settle_tick += 1
        if self.cameras is None or self.settle_tick != SHOWN_AT:
            return False
        names = self.cameras.perceived
        self.cameras.publish(self.world, names, stamp_ns, self.world.episode_s)
        return bool(names)

    def on_reset(self, request: ResetWorld.Request, response: ResetWorld.Response) -> ResetWorld.Response:
        """Service sim/reset: a new episode; in lock-step its first sim/physics_state says: time is held."""
        response.message = _refusal(request, self.world.people)
        if response.message:
            return response
        self.traces.end()
        number, variation = self.episode.number + 1, request.variation or "none"
        self.episode = Episode(number, int(request.seed), request.task, variation, request.person)
        self.traces.ask(request.trace_path)
        self._place_world()
        if self.cameras is not None:
            self.cameras.restart(self.episode.seed, variation, self.episode.person)
        self.pace.restart()
        response.success, response.episode = True, self.episode.number
        response.stamp = ns_to_stamp(self.world.time_ns)
        return response

    def on_camera_fault(
        self, request: CameraFaultCall.Request, response: CameraFaultCall.Response
    ) -> CameraFaultCall.Response:
        """Service sim/camera_fault: a camera lies from its next picture on."""
        try:
            if self.cameras is None:
                raise single_fault("camera fault", "camera", "no camera is drawn", "render:=true")
            fault = CameraFault(request.kind, request.amount, int(request.seed))
            self.cameras.set_fault(request.camera, fault)
            response.success = True
        except ConfigError as error:
            response.message = "; ".join(str(fault) for fault in error.faults)
        return response

    def _place_world(self) -> None:
        """Robot, things and recording at the start of the episode; time goes on."""
        self.world.reset(self.episode.seed, self.episode.variation, self.episode.person)
        self.controllers.restart()
        self.traces.begin()
        self.tick = self.settle_tick = 0

    def _publish_truth(self) -> None:
        """sim/physics_state; also when time begins to be held, so that a waiting client knows it."""
        self.sensors.publish_truth(self.world.time_ns, self.episode, self.real_time_factor)

    def _measure_pace(self) -> None:
        now = (time.monotonic_ns(), self.world.time_ns)
        wall_ns, simulated_ns = now[0] - self._measured_at[0], now[1] - self._measured_at[1]
        if wall_ns > 0 and simulated_ns > 0:
            self.real_time_factor = simulated_ns / wall_ns
        self._measured_at = now

    def on_diagnostics(self) -> None:
        """How the simulation is doing."""
        self.traces.check()
        values = {
            "time": "lock-step" if self.settings.lock_step else "real time",
            "time is held": str(self.pace.is_held),
            "real time factor": f"{self.real_time_factor:.2f}",
            "episode": str(self.episode.number),
            "pictures left out": str(getattr(self.cameras, "late", 0)),
            "commands refused": str(self.controllers.refused.total()),
        }
        status = DiagnosticStatus(
            level=DiagnosticStatus.OK,
            name=self.get_fully_qualified_name(),
            message="held until the episode may start" if self.pace.is_held else "running",
            hardware_id="simulation",
            values=[KeyValue(key=key, value=value) for key, value in values.items()],
        )
        message = DiagnosticArray(status=[status])
        message.header.stamp = ns_to_stamp(self.world.time_ns)
        self.diagnostics.publish(message)


def _refusal(request: ResetWorld.Request, people: tuple[str, ...]) -> str:
    """Why a reset cannot be done, in words; empty = it can."""
    faults = []
    if request.task and request.task not in TASKS.names():
        faults.append(f"task: got {request.task!r}, expected one of {', '.join(TASKS.names())}, or empty")
    if request.person and request.person not in people:
        expected = f"one of {', '.join(people)}, or empty" if people else "empty: nobody walks in this world"
        faults.append(f"person: got {request.person!r}, expected {expected}")
    if request.variation and request.variation not in LEVELS:
        faults.append(f"variation: got {request.variation!r}, expected one of {', '.join(LEVELS)}")
    if request.trace_path and not Path(request.trace_path).is_absolute():
        faults.append(f"trace_path: got {request.trace_path!r}, expected an absolute path")
    return "; ".join(faults)


def main() -> int:
    """Run the node as a process."""
    return run_node(SimNode)


if __name__ == "__main__":
    sys.exit(main())
