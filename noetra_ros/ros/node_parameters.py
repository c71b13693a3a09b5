"""Which parameters each node of a graph gets; the same for `ros2 launch` and `noetra up`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from noetra_ros.core.resources import share_folder
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import load_robot

# Nodes that the supervisor has to hear of: it stops the robot when one falls silent.
HEARTBEATS = ("policy", "streamer", "perception")

# Between the command lines of perception and of the policy, where they share a process.
SEPARATOR = "--"

Value = str | bool | int | float | list[str]


@dataclass(frozen=True)
class GraphChoice:
    """What a person chooses of a graph.

    Attributes:
        robot: profile name or path.
        is_simulated: nodes take simulated time.
        policy: backend.
        perception: a perception node is part of the graph.
        checkpoint: folder of a model; empty = the one that ships.
        instruction: first sentence; empty = wait for one.
        lock_step: simulated time waits for the graph.
        arm: the supervisor arms itself; simulation only.
        phase: of the bring-up; empty = as the parameter files say.
        cameras: that the simulator draws; empty = all of the profile.
        heartbeats: nodes that the supervisor has to hear of.
        autostart: nodes configure and activate themselves.
        blackbox: folder of the black box; empty = none.
        sector: sectors, by comma; empty = none.
    """

    robot: str
    is_simulated: bool
    policy: str = ""
    perception: bool = False
    checkpoint: str = ""
    instruction: str = ""
    lock_step: bool = False
    arm: bool = False
    phase: str = ""
    cameras: tuple[str, ...] = ()
    heartbeats: tuple[str, ...] = ()
    autostart: bool = True
    blackbox: str = ""
    sector: str = ""


def parameter_file(node: str) -> Path:
    """The shipped parameter file of a node."""
    return share_folder() / "config" / f"{node}.yaml"


def node_parameters(node: str, choice: GraphChoice) -> dict[str, Value]:
    """Parameters of one node beside its parameter file."""
    values: dict[str, Value] = {
        "robot": choice.robot,
        "use_sim_time": choice.is_simulated,
        "autostart": choice.autostart,
        "lock_step": choice.lock_step,
    }
    if choice.sector:
        values["sector"] = choice.sector
    if node == "supervisor":
        values["heartbeat_sources"] = list(choice.heartbeats) or [""]
        values["arm_at_start"] = choice.arm
        if choice.phase:
            values["phase"] = choice.phase
        if choice.perception:
            values |= _watches(choice.robot)
    if node == "sim" and choice.cameras:
        values["cameras"] = list(choice.cameras)
    if node == "blackbox":
        values["blackbox_path"] = choice.blackbox
    if node == "policy":
        given = {"policy": choice.policy, "instruction": choice.instruction, "checkpoint": choice.checkpoint}
        values.update({name: value for name, value in given.items() if value})
    return values


def _watches(robot: str) -> dict[str, Value]:
    """What the supervisor does with perception: people around an arm, what is on the way of a base."""
    profile = load_robot(robot)
    kinds = {profile.channels[name].kind for name in profile.gated_with("")}
    has_ground = profile.base is not None and profile.base.footprint is not None
    is_base = CommandKind.BASE_TWIST in kinds and has_ground
    watches: dict[str, Value] = {"watch_obstacles": True} if is_base else {}
    return watches if kinds == {CommandKind.BASE_TWIST} and is_base else {**watches, "watch_people": True}


def ros_arguments(
    node: str,
    values: Mapping[str, Value],
    params_file: str = "",
    namespace: str = "",
    log_level: str = "info",
    remaps: Sequence[tuple[str, str]] = (),
) -> tuple[str, ...]:
    """Command line of one node.

    Args:
        node: its name.
        values: its parameters beside those of its parameter file.
        params_file: parameters that override the shipped file; empty = none.
        namespace: of the node; empty = none.
        log_level: of the node.
        remaps: old and new name of topics.
    """
    words = ["--ros-args", "--log-level", f"{node}:={log_level}"]
    if namespace.strip("/"):
        words += ["-r", f"__ns:=/{namespace.strip('/')}"]
    for old, new in remaps:
        words += ["-r", f"{old}:={new}"]
    for file in (str(parameter_file(node)), *([params_file] if params_file else [])):
        words += ["--params-file", file]
    for key, value in values.items():
        # JSON is YAML: a sentence stays a string whatever it looks like.
        words += ["-p", f"{key}:={json.dumps(value)}"]
    return tuple(words)


def heartbeats_of(nodes: Sequence[str]) -> tuple[str, ...]:
    """Those of `nodes` that give a heartbeat."""
    return tuple(name for name in HEARTBEATS if name in nodes)
