"""The registry of what fills a policy's observation from topics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rclpy.node import Node

from noetra_ros.core.registry import Registry
from noetra_ros.policy.spec import PolicySpec
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.camera_hub import CameraHub

if TYPE_CHECKING:
    from noetra_ros.ros.truth_planner import TruthPlanner

Leave = Callable[[], None]


@dataclass(frozen=True)
class Wiring:
    """What a source is given.

    Attributes:
        node: where subscriptions live.
        profile: the robot.
        spec: what the policy needs.
        planner: takes the simulator's truth; None = nobody wants it.
        hub: cameras of the process.
        every_message: lock-step: no message may be left out.
        add: takes label, stamp in ns and sample of a part; never raises.
        on_unreadable: takes the reason where a message cannot be read.
    """

    node: Node
    profile: RobotProfile
    spec: PolicySpec
    planner: TruthPlanner | None
    hub: CameraHub
    every_message: bool
    add: Callable[[str, int, Any], None]
    on_unreadable: Callable[[str], None]

    def subscribe(
        self,
        topic: interfaces.Topic,
        read: Callable[[Any], tuple[str, int, Any]],
        name: str = "",
        message: type[Any] | None = None,
    ) -> Leave:
        """Subscribe; each message becomes a sample.

        Args:
            topic: quality of service, and name and type where they are fixed.
            read: label, stamp and sample of a message; raises ValueError where it cannot be read.
            name: of the topic, where the profile gives it.
            message: its type, where the profile gives it.

        Returns:
            Call it to end the subscription.
        """

        def on_message(content: Any) -> None:
            try:
                label, stamp_ns, sample = read(content)
            except ValueError as error:
                self.on_unreadable(str(error))
                return
            self.add(label, stamp_ns, sample)

        made = topic.subscription(self.node, on_message, name, message, self.every_message)
        return lambda: self.node.destroy_subscription(made)


Source = Callable[[Wiring], list[Leave]]
SOURCES: Registry[Source] = Registry("source of observations", "noetra_ros.ros.sources")
