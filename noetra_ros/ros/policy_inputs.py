"""The subscribing half of the policy node: what the policy's modalities need becomes observations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rclpy.node import Node

from noetra_ros.core.types import Observation
from noetra_ros.policy.assembly import Incomplete
from noetra_ros.policy.modality import assembler_of
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros.camera_hub import CameraHub
from noetra_ros.ros.policy_loading import PolicySettings
from noetra_ros.ros.policy_source import SOURCES, Wiring

if TYPE_CHECKING:
    from noetra_ros.ros.truth_planner import TruthPlanner


class PolicyInputs:
    """Keeps the assembler filled; says when an observation that was not taken before may be complete.

    Args:
        node: where the subscriptions live.
        spec: what is needed.
        profile: the robot's topics.
        planner: takes the simulator's truth; None = nobody wants it.
        settings: timing and image transport.
        hub: the cameras of this process; None = their own.
        on_beat: called on the executor's thread when every part has reached a newer instant.
        on_unreadable: takes the reason where a message cannot be read.

    Raises:
        ConfigError: the profile does not say how a stream is aligned.
    """

    def __init__(
        self,
        node: Node,
        spec: PolicySpec,
        profile: RobotProfile,
        planner: TruthPlanner | None,
        settings: PolicySettings,
        hub: CameraHub | None,
        on_beat: Callable[[], None],
        on_unreadable: Callable[[str], None],
    ) -> None:
        every = settings.lock_step
        self._assembler = assembler_of(spec, profile.observation, every)
        self._on_beat, self._on_unreadable = on_beat, on_unreadable
        cameras = hub or CameraHub(node, profile, every, settings.image_transport)
        wiring = Wiring(node, profile, spec, planner, cameras, every, self._add, on_unreadable)
        self._leaves = [leave for name in SOURCES.names() for leave in SOURCES.get(name)(wiring)]

    @property
    def has_beat(self) -> bool:
        """Some part comes in; a policy that needs none is asked by the clock."""
        return self._assembler.has_beat

    def silence(self, now_ns: int) -> Incomplete | None:
        """What keeps the next observation from coming; None = nothing does."""
        return self._assembler.silence(now_ns)

    def take(self, now_ns: int, instruction: str) -> Observation | Incomplete:
        """The observation of the newest instant; once complete, the next `on_beat` is for a newer one."""
        return self._assembler.take(now_ns, instruction)

    def clear(self) -> None:
        """Forget everything that came."""
        self._assembler.clear()

    def close(self) -> None:
        """Take the wires off."""
        for leave in self._leaves:
            leave()

    def _add(self, label: str, stamp_ns: int, sample: Any) -> None:
        """Take a part; tell where it completes an instant."""
        try:
            self._assembler.add(label, stamp_ns, sample)
        except ValueError as error:
            self._on_unreadable(str(error))
            return
        if self._assembler.has_new_beat:
            self._on_beat()
