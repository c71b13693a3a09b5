"""The subscribing half of the policy node: pictures, joints and truth into observations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from sensor_msgs.msg import JointState as JointStateMessage

from noetra_ros.core.types import CameraFrame, Observation
from noetra_ros.msg import PhysicsState
from noetra_ros.policy.assembly import NS_PER_S, Assembler, Incomplete, Needs, Timing
from noetra_ros.ros import interfaces
from noetra_ros.ros.camera_hub import CameraHub, Kind
from noetra_ros.ros.conversions import joint_state_from_message
from noetra_ros.ros.policy_loading import LoadedPolicy, PolicySettings

TRUTH = "the simulator's truth"


class PolicyInputs:
    """Keeps the assembler filled; says when an observation that was not taken before may be complete.

    Args:
        node: where the subscriptions live.
        policy: what is needed, and the robot's topics.
        settings: timing and image transport.
        hub: the cameras of this process; None = their own.
        on_beat: called on the executor's thread when every part has reached a newer instant.
        on_unreadable: takes the reason where a message cannot be read.
    """

    def __init__(
        self,
        node: Node,
        policy: LoadedPolicy,
        settings: PolicySettings,
        hub: CameraHub | None,
        on_beat: Callable[[], None],
        on_unreadable: Callable[[str], None],
    ) -> None:
        spec = policy.backend.spec
        others = (TRUTH,) if spec.needs_truth else ()
        needs = Needs(tuple(c.name for c in spec.cameras), bool(spec.joints), others)
        self._assembler = Assembler(needs, timing_of(settings))
        self._node, self._policy = node, policy
        self._on_beat, self._on_unreadable = on_beat, on_unreadable
        self._taken_ns = 0
        every = settings.lock_step
        looked = hub or CameraHub(node, policy.profile, every, settings.image_transport)
        self._taps = [
            looked.tap(need.name, Kind.PICTURE, self._on_picture, on_unreadable) for need in spec.cameras
        ]
        self._subscriptions = self._subscribe(every)

    @property
    def has_beat(self) -> bool:
        """Some part comes in; a policy that needs none is asked by the clock."""
        return self._assembler.has_beat

    def look(self, now_ns: int, instruction: str) -> Observation | Incomplete:
        """The observation of the newest instant; not taken."""
        return self._assembler.assemble(now_ns, instruction)

    def take(self, now_ns: int, instruction: str) -> Observation | Incomplete:
        """The same; where it is complete, the next `on_beat` is for a newer one."""
        found = self._assembler.assemble(now_ns, instruction)
        if isinstance(found, Observation):
            self._taken_ns = self._assembler.beat_ns
        return found

    def clear(self) -> None:
        """Forget everything that came."""
        self._assembler.clear()

    def close(self) -> None:
        """Take the wires off."""
        for leave in self._taps:
            leave()
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)

    def _subscribe(self, every_message: bool) -> list[Any]:
        made, policy = [], self._policy
        if policy.backend.spec.joints:
            topic = policy.profile.streams["joint_states"].topic
            made.append(
                interfaces.JOINT_STATES.subscription(
                    self._node, self._on_joints, topic, every_message=every_message
                )
            )
        if policy.planner is not None:
            made.append(interfaces.PHYSICS_STATE.subscription(self._node, self._on_truth, every_message=True))
        return made

    def _on_picture(self, frame: CameraFrame) -> None:
        self._add(lambda: self._assembler.add_frame(frame))

    def _on_joints(self, message: JointStateMessage) -> None:
        names = self._policy.profile.joint_names
        self._add(lambda: self._assembler.add_joints(joint_state_from_message(message, names)))

    def _on_truth(self, message: PhysicsState) -> None:
        planner = self._policy.planner
        assert planner is not None, "subscribed only with a planner"
        self._add(lambda: self._assembler.add_other(TRUTH, planner.add(message)))

    def _add(self, add: Callable[[], None]) -> None:
        """Take a part; tell where it completes an instant."""
        try:
            add()
        except ValueError as error:
            self._on_unreadable(str(error))
            return
        if self._assembler.beat_ns > self._taken_ns:
            self._on_beat()


def timing_of(settings: PolicySettings) -> Timing:
    """How old and how far apart the parts may be."""
    if settings.lock_step:  # parts of one tick have one stamp, and the stamps are the clock
        return Timing(None, 0)
    seconds = (settings.observation_max_age_s, settings.observation_tolerance_s)
    max_age_ns, tolerance_ns = (round(s * NS_PER_S) for s in seconds)
    return Timing(max_age_ns, tolerance_ns)
