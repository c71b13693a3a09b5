"""What the black box listens to: topics, roles, quality of service. Messages stay serialised."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rclpy.node import Node

from noetra_ros.data.blackbox.incident_file import RecordedChannel
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.interfaces import Quality, Topic
from noetra_ros.ros.message_schemas import full_type_name, schema_of

# Best effort: takes what is offered reliably or not, and nobody waits for our acknowledgements. Deep: a
# second of a fast stream may wait while this process does something else.
FAST = Quality(200, is_reliable=False)
# Nothing of these may be missing; their senders say them once.
SAID_ONCE = Quality(200)
SAID_ONCE_LATCHED = Quality(200, is_latched=True)

STREAMS = {
    "joint_states": interfaces.JOINT_STATES,
    "odom": interfaces.ODOM,
    "wrench": interfaces.WRENCH,
}
GRAPH_TOPICS: dict[str, tuple[Topic, Quality]] = {
    "safety_state": (interfaces.SAFETY_STATE, SAID_ONCE_LATCHED),
    "safety_event": (interfaces.SAFETY_EVENT, SAID_ONCE),
    "separation": (interfaces.SEPARATION, FAST),
    "obstacles": (interfaces.OBSTACLES, FAST),
    "policy_status": (interfaces.POLICY_STATUS, SAID_ONCE),
    "policy_chunk": (interfaces.POLICY_CHUNK, FAST),
    "policy_trust": (interfaces.POLICY_TRUST, FAST),
    "streamer_status": (interfaces.STREAMER_STATUS, FAST),
}


@dataclass(frozen=True)
class Input:
    """One topic to listen to.

    Attributes:
        role: what it is to an incident.
        topic: its entry in the table of topics.
        quality: that is asked for.
        message: its type.
        name: where the profile gives it.
    """

    role: str
    topic: Topic
    quality: Quality
    message: type[Any]
    name: str = ""

    def listen(self, node: Node, hear: Callable[[bytes], None]) -> Any:
        """A subscription that hands over serialised messages."""
        asked = replace(self.topic, requested=self.quality)
        return asked.subscription(node, hear, self.name, self.message, is_raw=True)


def inputs_of(profile: RobotProfile, channel: str) -> list[Input]:
    """Everything but pictures."""
    chosen = profile.channel(channel)
    command = interfaces.COMMAND_MESSAGES[chosen.message]
    found = [
        Input("command_in", interfaces.COMMAND_IN, FAST, command),
        Input("command_out", interfaces.COMMAND_OUT, FAST, command, chosen.topic),
    ]
    for name, stream in profile.streams.items():
        if (topic := STREAMS.get(name)) is not None and topic.message is not None:
            found.append(Input(name, topic, FAST, topic.message, stream.topic))
    for role, (topic, quality) in GRAPH_TOPICS.items():
        assert topic.message is not None, "topics of the graph have a type"
        found.append(Input(role, topic, quality, topic.message))
    return found


class BlackboxInputs:
    """Subscribes to all inputs; numbers them as channels of a file.

    Args:
        node: where the subscriptions live.
        inputs: what to listen to.
        hear: takes (channel number, role, serialised message).
    """

    def __init__(self, node: Node, inputs: list[Input], hear: Callable[[int, str, bytes], None]) -> None:
        self._node = node
        self.channels: list[RecordedChannel] = []
        self._subscriptions = []
        for each in inputs:
            number = len(self.channels)
            subscription = each.listen(node, functools.partial(hear, number, each.role))
            self._subscriptions.append(subscription)
            self.add(subscription.topic_name, each.message, each.role)

    def add(self, topic: str, message: type[Any], role: str) -> int:
        """Another channel, whose messages come by another way; gives its number."""
        self.channels.append(RecordedChannel(topic, full_type_name(message), schema_of(message), role))
        return len(self.channels) - 1

    def close(self) -> None:
        """Take the wires off."""
        for subscription in self._subscriptions:
            self._node.destroy_subscription(subscription)
