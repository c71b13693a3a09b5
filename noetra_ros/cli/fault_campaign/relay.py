"""A relay between who gives an input and who takes it: passes on, until a failure is switched on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from std_msgs.msg import Header

from noetra_ros.cli.fault_campaign.injection import Injection
from noetra_ros.ros.interfaces import Quality


@dataclass(frozen=True)
class Wire:
    """One topic that is led through us.

    Attributes:
        name: of the wire; several inputs may share it.
        topic: as the giver publishes it.
        message: its type.
        offered: quality of the giver, which the relay offers as well.
    """

    name: str
    topic: str
    message: type[Any]
    offered: Quality

    @property
    def relayed(self) -> str:
        """Topic that the taker is made to listen to."""
        return f"{self.topic}_through_relay"


class Relay:
    """Leads a wire through `node`.

    Args:
        node: on whose executor it works.
        wire: what is led through.
    """

    def __init__(self, node: Node, wire: Wire) -> None:
        self._node, self.wire = node, wire
        self._failure: Injection | None = None
        self._concerns: Callable[[Any], bool] = lambda message: True
        self._heard_s: dict[str, float] = {}
        self._gap_s: dict[str, float] = {}
        quality = wire.offered.profile()
        self._publisher = node.create_publisher(wire.message, wire.relayed, quality)
        self._subscription = node.create_subscription(wire.message, wire.topic, self._take, quality)

    def fail(self, failure: Injection, concerns: Callable[[Any], bool] = lambda message: True) -> None:
        """From now on what `concerns` goes through the failure."""
        self._failure, self._concerns = failure, concerns

    def heal(self) -> None:
        """Pass everything on again, with the quality of the giver."""
        self._failure = None
        if self._publisher.qos_profile.reliability != self.wire.offered.profile().reliability:
            self._publish_with(self.wire.offered.profile())

    def mismatch(self) -> None:
        """Offer less than the taker asks for: DDS does not connect the two."""
        poor = self.wire.offered.profile()
        poor.reliability = ReliabilityPolicy.BEST_EFFORT
        self._publish_with(poor)

    def forget(self) -> None:
        """Begin anew to look for silence of the giver."""
        now_s = time.monotonic()
        self._heard_s = dict.fromkeys(self._heard_s, now_s)
        self._gap_s = dict.fromkeys(self._heard_s, 0.0)

    def silence_s(self, source: str = "") -> float:
        """Longest time since `forget` in which nothing came from the giver; of one of several sources."""
        return max(self._gap_s.get(source, 0.0), time.monotonic() - self._heard_s.get(source, 0.0))

    def close(self) -> None:
        """Take the wire off."""
        self._node.destroy_subscription(self._subscription)
        self._node.destroy_publisher(self._publisher)

    def _publish_with(self, quality: QoSProfile) -> None:
        self._node.destroy_publisher(self._publisher)
        self._publisher = self._node.create_publisher(self.wire.message, self.wire.relayed, quality)

    def _note(self, message: Any) -> None:
        source = message.frame_id if isinstance(message, Header) else ""
        now_s = time.monotonic()
        gap_s = now_s - self._heard_s.get(source, now_s)
        self._gap_s[source] = max(self._gap_s.get(source, 0.0), gap_s)
        self._heard_s[source] = now_s

    def _take(self, message: Any) -> None:
        self._note(message)
        if self._failure is None or not self._concerns(message):
            self._publisher.publish(message)
            return
        for passed in self._failure.take(message, time.monotonic()):
            self._publisher.publish(passed)
