"""The value in force of every setting of a graph, and where it came from: defaults, files, robot, sectors."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from noetra_ros.core.config import load, read_yaml
from noetra_ros.core.errors import single_fault
from noetra_ros.core.resources import config_file
from noetra_ros.core.types import CommandKind
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.ros.node_parameters import parameter_file
from noetra_ros.ros.node_settings import NODE_SETTINGS, check_sectors
from noetra_ros.ros.sectors import Effective, Said, said_by, settle
from noetra_ros.ros.setting_directions import DIRECTIONS, LATER_WINS
from noetra_ros.safety.axis_limits import AxisLimits
from noetra_ros.safety.capping import capped
from noetra_ros.safety.limit_settings import LimitSettings
from noetra_ros.safety.limits import ChannelLimits, channel_limits

DEFAULT = "default of the code"
ASKED = "asked for"
# What a start of its own gives: without it a node cannot be described.
GIVEN = {"blackbox": {"blackbox_path": "DIR of --blackbox"}}


@dataclasses.dataclass(frozen=True)
class SettingsInForce:
    """Everything that is in force.

    Attributes:
        settings: by node and setting.
        limits: of speed and grip, by channel and axis: what the robot profile and the sectors leave.
        units: by node and setting; limits carry theirs in their name.
    """

    settings: Mapping[str, Mapping[str, Effective]]
    limits: Mapping[str, Effective]
    units: Mapping[str, Mapping[str, str]]


def settings_in_force(robot: str, sectors: Sequence[str], params_file: Path | None = None) -> SettingsInForce:
    """Lay defaults, shipped parameter files, `params_file` and sectors over one another, as each node does.

    Args:
        robot: profile name or path.
        sectors: names or files, in their order.
        params_file: parameters that override the shipped ones; None = none.

    Raises:
        ConfigError: an unknown robot or sector, or every fault of the first file that has some.
    """
    profile = load_robot(robot)
    check_sectors(sectors)
    settings = {node: _of_node(node, robot, sectors, params_file) for node in NODE_SETTINGS}
    units = {
        node: {field.name: field.metadata["unit"] for field in dataclasses.fields(kind)}
        for node, kind in NODE_SETTINGS.items()
    }
    path = config_file("robots", robot)
    file = f"config/robots/{path.name}" if path.stem == robot else str(path)
    return SettingsInForce(settings, _limits(profile, file, settings["supervisor"]), units)


def _of_node(node: str, robot: str, sectors: Sequence[str], params_file: Path | None) -> dict[str, Effective]:
    kind = NODE_SETTINGS[node]
    layers = [(f"config/{node}.yaml", _parameters(parameter_file(node), node))]
    layers += [] if params_file is None else [(str(params_file), _parameters(params_file, node))]
    layers.append((ASKED, {"robot": robot, "sector": ",".join(sectors), **GIVEN.get(node, {})}))
    given = {name: value for _, layer in layers for name, value in layer.items()}
    settings = load(kind, given, f"parameters of {node}")
    laid = [said_by(sector, node, kind) for sector in sectors]
    found = {}
    for field in dataclasses.fields(kind):
        name = field.name
        stated = [Said(layer[name], file, name) for file, layer in layers if name in layer]
        if field.default is not dataclasses.MISSING:
            stated.insert(0, Said(field.default, DEFAULT, name))
        base = dataclasses.replace(stated[-1], value=getattr(settings, name))
        way = DIRECTIONS[node].get(name, LATER_WINS)
        effective = settle(way, [base, *(said[name] for said in laid if name in said)])
        found[name] = dataclasses.replace(effective, others=(*stated[:-1], *effective.others))
    return found


def _parameters(path: Path, node: str) -> dict[str, Any]:
    """Those of one node in a ROS parameter file; what is said of all nodes comes first."""
    content = read_yaml(path)
    found: dict[str, Any] = {}
    for name in ("/**", f"/**/{node}", node, f"/{node}"):
        part = content.get(name) or {}
        if not isinstance(part, dict) or not isinstance(part.get("ros__parameters", {}), dict):
            raise single_fault(str(path), name, repr(part), "ros__parameters: names and values")
        found |= part.get("ros__parameters", {})
    known = {field.name for field in dataclasses.fields(NODE_SETTINGS[node])}
    return {name: value for name, value in found.items() if name in known}


def _limits(profile: RobotProfile, file: str, supervisor: Mapping[str, Effective]) -> dict[str, Effective]:
    """Highest speed of every axis and hardest grip of every channel."""
    caps = LimitSettings(**{f.name: supervisor[f.name].value for f in dataclasses.fields(LimitSettings)})
    found: dict[str, Effective] = {}
    for name, channel in profile.channels.items():
        own = channel_limits(profile, channel)
        left = capped(own, caps, supervisor["tool_speed_mps"].value)
        speed = "tool_speed_mps" if own.kind is CommandKind.EE_TWIST else "base_speed_mps"
        for axis, before in zip(left.axes, own.axes, strict=True):
            key = f"channels.{name}, {axis.name}"
            cap = "speed_share" if axis.velocity == caps.speed_share * before.velocity else speed
            found[f"{name}.{axis.name} {_speed_unit(axis)}"] = _limit(
                axis.velocity, Said(before.velocity, file, key), supervisor[cap]
            )
        found |= _grip(name, own, left, file, supervisor, caps)
    return found


def _grip(
    name: str,
    own: ChannelLimits,
    left: ChannelLimits,
    file: str,
    supervisor: Mapping[str, Effective],
    caps: LimitSettings,
) -> dict[str, Effective]:
    if own.effort is None or left.effort is None:
        return {}
    cap = "grip_share" if left.effort.most == caps.grip_share * own.effort.most else "grip_force_n"
    robot = Said(own.effort.most, file, f"channels.{name}")
    return {f"{name}.grip {own.effort.unit}": _limit(left.effort.most, robot, supervisor[cap])}


def _limit(value: float, robot: Said, cap: Effective) -> Effective:
    """What is left of a limit of the robot."""
    if value == robot.value:
        return Effective(value, (robot,))
    by = tuple(Said(value, said.file, said.key, said.why) for said in cap.decided_by)
    return Effective(value, by, (robot,))


def _speed_unit(axis: AxisLimits) -> str:
    return f"{axis.unit}/s"
