"""Drives the real supervisor core through an episode and notes every call and answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from noetra_ros.core.obstacles import ObstacleScene
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.core.trajectory import Trajectory
from noetra_ros.core.types import Command, FloatArray
from noetra_ros.evaluation.fuzz.record import Call, Form, Record, Recorder, Told
from noetra_ros.evaluation.fuzz.setup import Setup
from noetra_ros.safety.report import Decision
from noetra_ros.safety.verdict import Action

ESTOP_TOPIC = "on topic estop"


class Rig:
    """A supervisor with a recorder on both sides.

    Args:
        setup: what is built.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup, self.bounds = setup, setup.bounds
        self.supervisor = setup.supervisor()
        bounds = self.bounds
        self.streams = tuple(bounds.stream_age_s)
        self.heartbeats = bounds.sources("heartbeat_sources")
        self.estops = (ESTOP_TOPIC, *bounds.sources("estop_sources"))
        self.recorder = Recorder(
            bounds.names, bounds.kind, len(bounds.profile.joint_names), bounds.frame, bounds.effort > 0.0
        )
        self.sent: FloatArray | None = None

    @property
    def mode(self) -> int:
        """Mode now, as a number."""
        return int(self.supervisor.mode)

    def record(self) -> Record:
        """The episode so far."""
        return self.recorder.record()

    def tick(self, now_ns: int) -> None:
        """The watchdog."""
        self._answered(Call.TICK, now_ns, self.supervisor.tick(now_ns))

    def command(self, command: Command, delay_s: float) -> None:
        """A command arrives."""
        form = self.recorder.command(command)
        decision = self.supervisor.on_command(command, delay_s)
        self._answered(Call.COMMAND, command.arrival_ns, decision, form=form, delay_s=delay_s)

    def trajectory(self, trajectory: Trajectory, delay_s: float) -> None:
        """A whole trajectory arrives."""
        self.recorder.trajectories.append(trajectory)
        decision, index = (
            self.supervisor.on_trajectory(trajectory, delay_s),
            len(self.recorder.trajectories) - 1,
        )
        self._answered(Call.TRAJECTORY, trajectory.arrival_ns, decision, source=index, delay_s=delay_s)

    def joints(self, positions: FloatArray, now_ns: int, delay_s: float, truth: FloatArray) -> None:
        """A joint state arrives; `truth` is where the joints are."""
        self.supervisor.on_joint_state(positions, now_ns, delay_s)
        self.recorder.joints(positions, truth)
        self._heard(Call.JOINTS, now_ns, delay_s=delay_s)

    def stream(self, index: int, now_ns: int, delay_s: float) -> None:
        """A message of another stream."""
        self.supervisor.on_stream(self.streams[index], now_ns, delay_s)
        self._heard(Call.STREAM, now_ns, source=index, delay_s=delay_s)

    def scan(self, index: int, scan: PlanarScan, now_ns: int, delay_s: float) -> None:
        """A laser scan arrives."""
        self.supervisor.on_scan(self.streams[index], scan, now_ns, delay_s)
        self._heard(Call.STREAM, now_ns, source=index, delay_s=delay_s)

    def heartbeat(self, index: int, now_ns: int) -> None:
        """A sign of life."""
        self.supervisor.on_heartbeat(self.heartbeats[index], now_ns)
        self._heard(Call.HEARTBEAT, now_ns, source=index)

    def estop(self, index: int, is_pressed: bool, now_ns: int) -> None:
        """An e-stop source tells its state; 0 is the topic."""
        decision = self.supervisor.on_estop(self.estops[index], is_pressed, now_ns)
        self._answered(Call.ESTOP, now_ns, decision, source=index, flag=is_pressed)

    def request(self, call: Call, now_ns: int) -> bool:
        """A person calls a service; whether it was done."""
        supervisor = self.supervisor
        answer = {
            Call.ARM: supervisor.arm,
            Call.DISARM: supervisor.disarm,
            Call.RESET: supervisor.reset,
            Call.ESTOP_CALL: lambda now: supervisor.estop(now, "called"),
        }[call]
        decision = answer(now_ns)
        self._answered(call, now_ns, decision)
        return not decision.refusal

    def scene(self, scene: ObstacleScene, now_ns: int, delay_s: float) -> None:
        """Perception speaks."""
        self.supervisor.on_scene(scene, now_ns, delay_s)
        self.recorder.scenes.append(scene)
        self._heard(Call.SCENE, now_ns, source=len(self.recorder.scenes) - 1, delay_s=delay_s)

    def unreadable(self, now_ns: int) -> None:
        """Perception speaks nonsense."""
        self.supervisor.on_unreadable_scene("fuzz")
        self._heard(Call.UNREADABLE, now_ns)

    def reduce(self, is_on: bool, now_ns: int) -> None:
        """Reduced speed is switched."""
        self._answered(Call.REDUCE, now_ns, self.supervisor.reduce_speed(is_on, now_ns), flag=is_on)

    def trust(self, trust: float, now_ns: int) -> None:
        """The policy tells how far it is to be trusted."""
        self.supervisor.on_trust(trust, now_ns)
        self._heard(Call.TRUST, now_ns, number=trust)

    def writers(self, are_others: bool, now_ns: int) -> None:
        """Another program publishes on the controller's topic, or has ended."""
        self.supervisor.on_other_writers(("intruder",) if are_others else ())
        self._heard(Call.WRITERS, now_ns, flag=are_others)

    def ros_clock(self, ros_ns: int, now_ns: int) -> None:
        """The ROS clock."""
        self.supervisor.on_ros_clock(ros_ns)
        self._heard(Call.ROS_CLOCK, now_ns, source=ros_ns)

    def _heard(self, call: Call, now_ns: int, **about: Any) -> None:
        report = self.supervisor.report(now_ns)
        self.recorder.add(call, now_ns, int(report.mode), report.scale, **about)

    def _answered(
        self, call: Call, now_ns: int, decision: Decision, form: Form = Form.RIGHT, **about: Any
    ) -> None:
        report, row = decision.report, self.recorder.count
        if decision.values is not None:
            self.sent = np.array(decision.values)
        for event in decision.events:
            if event.is_operator:
                continue
            verdict, is_gone = event.verdict, event.verdict.action is Action.PASS
            is_first = event.repeats == 1 and not is_gone
            self.recorder.told.append(
                Told(
                    row,
                    verdict.check,
                    int(verdict.action if event.ended is None else event.ended),
                    verdict.subject,
                    verdict.measured,
                    verdict.limit,
                    is_gone,
                    is_first,
                )
            )
        self.recorder.add(
            call, now_ns, int(report.mode), report.scale, form=form, sent=decision.values,
            is_refused=bool(decision.refusal), effort=decision.effort, **about,
        )  # fmt: skip
