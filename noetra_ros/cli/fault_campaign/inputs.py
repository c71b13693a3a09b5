"""The inputs of the graph that can be made to fail: which topic, who takes it, and how it is remapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from noetra_ros.cli.fault_campaign.relay import Wire
from noetra_ros.evaluation.faults.plan import Station
from noetra_ros.robots.profile import RobotProfile
from noetra_ros.ros import interfaces
from noetra_ros.ros.interfaces import Topic

ESTOP_TOPIC = "line/estop"


@dataclass(frozen=True)
class Input:
    """An input that can fail.

    Attributes:
        wire: that it runs over.
        takers: nodes that are made to listen behind the relay.
        source: of several on the wire, the one that it is about (frame_id); empty = there is one.
        giver: node that it comes from.
    """

    wire: Wire
    takers: tuple[str, ...]
    giver: str
    source: str = ""

    def concerns(self, message: Any) -> bool:
        """This message of the wire belongs to it."""
        return not self.source or message.frame_id == self.source


def inputs_of(profile: RobotProfile, station: Station) -> dict[str, Input]:
    """Inputs of the graph of a robot, by the names of config/faults.yaml."""
    kind = interfaces.COMMAND_MESSAGES[profile.channel().message]
    found = {
        "command_in": Input(_wire(interfaces.COMMAND_IN, message=kind), ("supervisor",), "streamer"),
        "heartbeat_policy": _heartbeat("policy"),
        "heartbeat_streamer": _heartbeat("streamer"),
        "estop": Input(_wire(interfaces.ESTOP, ESTOP_TOPIC), ("supervisor",), ""),
        "chunk": Input(_wire(interfaces.POLICY_CHUNK), ("streamer",), "policy"),
        "clock": Input(_wire(interfaces.CLOCK), ("supervisor",), "sim"),
    }
    streams = {
        "joint_states": (interfaces.JOINT_STATES, ("supervisor", "streamer", "policy", "perception")),
        "odom": (interfaces.ODOM, ("supervisor",)),
        "scan": (interfaces.SCAN, ("supervisor",)),
    }
    for name, stream in profile.streams.items():
        topic, takers = streams[name]
        found[name] = Input(_wire(topic, stream.topic), takers, "sim")
    if station.perception or station.played_perception:
        found["heartbeat_perception"] = _heartbeat("perception")
        found["obstacles"] = Input(_wire(interfaces.OBSTACLES), ("supervisor",), "perception")
    if station.perception:
        found["depth"] = Input(_wire(interfaces.DEPTH, _depth_topic(profile)), ("perception",), "sim")
    return found


def remaps_of(inputs: Mapping[str, Input], nodes: tuple[str, ...]) -> dict[str, tuple[tuple[str, str], ...]]:
    """(from, to) by node: every taker listens behind its relays."""
    remaps: dict[str, dict[str, str]] = {}
    for one in inputs.values():
        for taker in one.takers:
            if taker in nodes:
                remaps.setdefault(taker, {})[one.wire.topic] = one.wire.relayed
    return {node: tuple(pairs.items()) for node, pairs in remaps.items()}


def _wire(topic: Topic, name: str = "", message: type[Any] | None = None) -> Wire:
    kind = message or topic.message
    assert kind is not None, f"{topic.name}: the profile gives its type"
    return Wire(name or topic.name, name or topic.name, kind, topic.offered)


def _heartbeat(source: str) -> Input:
    return Input(_wire(interfaces.HEARTBEAT), ("supervisor",), source, source)


def _depth_topic(profile: RobotProfile) -> str:
    (camera,) = [
        camera for camera in profile.cameras.values() if camera.has_depth and "perception" in camera.used_by
    ]
    return f"{camera.topic.rpartition('/')[0]}/depth"
