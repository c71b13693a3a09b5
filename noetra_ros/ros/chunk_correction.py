"""Corrects the chunk that is followed while the policy works on its next answer, on a thread of its own."""

from __future__ import annotations

import dataclasses
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rclpy.node import Node

from noetra_ros.core.errors import ConfigError, single_fault
from noetra_ros.core.types import ActionChunk, CommandKind, Observation
from noetra_ros.policy.assembly import Incomplete
from noetra_ros.policy.correction.correcting import Correcting
from noetra_ros.policy.correction.corrector import CorrectorSpec, create_corrector
from noetra_ros.policy.picture_resize import as_given, ways_of
from noetra_ros.policy.preflight import require_preflight
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.policy.worker import InferenceWorker
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.camera_hub import CameraHub
from noetra_ros.ros.chunk_outlet import ChunkOutlet
from noetra_ros.ros.model_signature import require_signed
from noetra_ros.ros.policy_inputs import PolicyInputs
from noetra_ros.ros.policy_loading import PolicySettings, serving_of
from noetra_ros.ros.policy_seat import PolicySeat
from noetra_ros.ros.urgency import lower_thread

Send = Callable[[PolicySeat, ActionChunk, int], bool]


@dataclass(frozen=True)
class _Answer:
    """What the policy has said, and in which run."""

    seat: PolicySeat
    run: int
    chunk: ActionChunk


class ChunkCorrection:
    """Looks at each newer set of pictures and sends the corrected chunk, as any chunk is sent.

    The policy's own inference is never waited for: it has another thread, no more urgent than this one. A
    correction says nothing of trust; it ends where the answer that it corrects ends.

    Args:
        node: where subscriptions live.
        profile: the robot.
        settings: of the node.
        hub: cameras of the process.
        send: publishes a chunk; false where it is void.

    Raises:
        ConfigError: unknown corrector, unreadable or unsigned checkpoint, or whatever does not fit the robot.
    """

    def __init__(
        self, node: Node, profile: RobotProfile, settings: PolicySettings, hub: CameraHub, send: Send
    ) -> None:
        _require_real_time(settings)
        require_signed(settings.corrector_checkpoint, settings.model_signers)
        checkpoint = Path(settings.corrector_checkpoint) if settings.corrector_checkpoint else None
        corrector = create_corrector(settings.corrector, checkpoint)
        spec = as_policy(corrector.spec, profile)
        own_pace = dataclasses.replace(serving_of(settings, profile, is_simulation=False), period_s=0.0)
        require_preflight(spec, own_pace)
        self._node, self._ways, self._send = node, ways_of(profile.cameras), send
        self._correcting = Correcting(corrector)
        self._lock = threading.Lock()
        self._newest: _Answer | None = None
        self._followed: _Answer | None = None
        self._worker = InferenceWorker("correction")
        self._worker.call(lower_thread)
        on_unreadable = node.get_logger().error
        try:
            self._worker.call(corrector.load).result()
            self._inputs = PolicyInputs(
                node, spec, profile, None, settings, hub, self._on_beat, on_unreadable
            )
        except ConfigError:
            self._worker.close()
            raise

    def follow(self, seat: PolicySeat, run: int, chunk: ActionChunk) -> None:
        """The policy has answered; any thread."""
        with self._lock:
            self._newest = _Answer(seat, run, chunk)

    def forget(self) -> None:
        """Nothing is followed any more."""
        self._worker.drop()
        self._inputs.clear()
        with self._lock:
            self._newest = None

    def counts(self) -> dict[str, object]:
        """For /diagnostics."""
        correcting = self._correcting
        told = {"corrections": correcting.corrected, "corrections refused": correcting.refused}
        return {**told, "last refusal": correcting.last_reason}

    def close(self) -> None:
        """Take the wires off, give the network back."""
        self._inputs.close()
        self._worker.close()

    def _on_beat(self) -> None:
        with self._lock:
            answer = self._newest
        if answer is None:
            return
        found = self._inputs.take(self._now_ns(), answer.seat.session.instruction)
        if not isinstance(found, Incomplete):
            self._worker.submit(functools.partial(self._look, answer, found))

    def _look(self, answer: _Answer, observation: Observation) -> None:
        """On the worker's thread."""
        self._take_over(answer)
        corrected = self._correcting.look(as_given(observation, self._ways))
        if corrected is not None:
            self._send(answer.seat, corrected, answer.run)

    def _take_over(self, answer: _Answer) -> None:
        before = self._followed
        if answer is before:
            return
        if before is None or (before.seat, before.run) != (answer.seat, answer.run):
            self._correcting.forget()
        self._correcting.follow(answer.chunk)
        self._followed = answer

    def _now_ns(self) -> int:
        return int(self._node.get_clock().now().nanoseconds)


class Uncorrected:
    """Nobody corrects."""

    def forget(self) -> None:
        """Nothing to forget."""

    def counts(self) -> dict[str, object]:
        """Nothing to count."""
        return {}

    def close(self) -> None:
        """Nothing to give back."""


def correction_of(
    node: Node, profile: RobotProfile, settings: PolicySettings, hub: CameraHub, outlet: ChunkOutlet
) -> ChunkCorrection | Uncorrected:
    """What the settings ask for, told of each answer that goes out.

    Raises:
        ConfigError: as `ChunkCorrection`.
    """
    if not settings.corrector:
        return Uncorrected()
    correction = ChunkCorrection(node, profile, settings, hub, outlet.send_correction)
    outlet.on_answer = correction.follow
    return correction


def as_policy(spec: CorrectorSpec, profile: RobotProfile) -> PolicySpec:
    """What a corrector needs, as the preflight and the observation take it.

    Its pictures come as often as the robot's cameras give them, at most as often as it was trained for.
    """
    rates_hz = [profile.cameras[n.name].rate_hz for n in spec.cameras if n.name in profile.cameras]
    return PolicySpec(
        model=spec.model,
        kind=CommandKind.JOINT_POSITION,
        joints=spec.joints,
        actions=spec.joints,
        unit="rad",
        rows=spec.rows,
        step_s=spec.step_s,
        start_offset_s=spec.step_s,
        replan_s=1.0 / min([spec.rate_hz, *rates_hz]),
        cameras=spec.cameras,
        needs_instruction=True,
    )


def _require_real_time(settings: PolicySettings) -> None:
    """Corrections come when they come.

    Raises:
        ConfigError: settings that a correction would make worthless, or that would make it so.
    """
    for name, is_wrong in (
        ("lock_step", settings.lock_step),
        ("injected_latency_s", settings.injected_latency_s > 0.0),
        ("execution", settings.execution != "asynchronous"),
    ):
        if is_wrong:
            expected = "real time, asynchronous, no injected latency, where there is a corrector"
            remedy = "`noetra eval --world timing --correct` has the experiments in simulated time"
            raise single_fault("policy", name, getattr(settings, name), expected, remedy)
