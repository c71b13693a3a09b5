"""ROS parameters from a frozen dataclass: unit, meaning and range declared; all faults at once."""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from dataclasses import dataclass
from typing import Any, TypeVar

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.node import Node

from noetra_ros.core.config import load, setting
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.markdown import code, plain, table
from noetra_ros.ros.sectors import sector_names, with_sectors

Settings = TypeVar("Settings")

# Parameters that rclpy itself owns; they may stand in a params file beside ours.
FOREIGN_PARAMETERS = ("use_sim_time", "start_type_description_service")
FOREIGN_PREFIXES = ("qos_overrides.",)
INT64_MAX = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class NodeSettings:
    """Parameters that every node has."""

    robot: str = setting(description="robot profile: a name in config/robots, or a path ending in .yaml")
    sector: str = setting(
        description="names of config/sectors or YAML files, by comma; the most restrictive value of each "
        "safety setting is in force; empty = none",
        default="",
    )
    lock_step: bool = setting(
        description="simulated time waits for the graph (simulation only); needs use_sim_time", default=False
    )
    autostart: bool = setting(description="configure and activate without being asked", default=True)


def declare_settings(node: Node, settings_type: type[Settings], section: str) -> Settings:
    """Declare one read-only parameter for each field; their values with the sectors laid over them.

    Args:
        node: where they are declared; their values come from params files and ``-p`` arguments.
        settings_type: flat frozen dataclass whose fields are made by `core.config.setting`.
        section: what sectors call the node, however it was renamed.

    Raises:
        ConfigError: every unknown, missing, mistyped or out-of-range parameter at once.
    """
    given = {
        name: parameter.value
        for name, parameter in node._parameter_overrides.items()  # rclpy shows them nowhere before declaring
        if not _is_foreign(name)
    }
    settings = load(settings_type, given, f"parameters of {node.get_fully_qualified_name()}")
    if isinstance(settings, NodeSettings):
        settings, changed = with_sectors(settings, section, sector_names(settings.sector))
        for words in changed:
            node.get_logger().info(f"sector: {words}")
    hints = typing.get_type_hints(settings_type)
    for field in dataclasses.fields(typing.cast(Any, settings_type)):
        value = getattr(settings, field.name)
        descriptor = _descriptor(field, hints[field.name], value)
        plain = list(value) if isinstance(value, tuple) else value
        node.declare_parameter(field.name, plain, descriptor, ignore_override=True)
    return settings


def require_sim_time(node: Node, lock_step: bool) -> None:
    """Lock-step without simulated time would mix two clocks.

    Raises:
        ConfigError: `lock_step` is true and `use_sim_time` is not.
    """
    if lock_step and not node.get_parameter("use_sim_time").value:
        fault = Fault("use_sim_time", "false", "true, because lock_step is true", "add -p use_sim_time:=true")
        raise ConfigError(f"parameters of {node.get_fully_qualified_name()}", [fault])


def settings_table(settings_type: type[Any]) -> str:
    """The table of a node's parameters in docs/reference/parameters.md, in Markdown."""
    rows = []
    for field in dataclasses.fields(settings_type):
        unit, meaning = plain(field.metadata["unit"]), plain(field.metadata["description"])
        rows.append((code(field.name), unit, default_words(field), plain(range_words(field)), meaning))
    return table(["parameter", "unit", "default", "range", "meaning"], rows)


def _is_foreign(name: str) -> bool:
    return name in FOREIGN_PARAMETERS or name.startswith(FOREIGN_PREFIXES)


def _descriptor(field: dataclasses.Field[Any], kind: Any, value: Any) -> ParameterDescriptor:
    unit = field.metadata["unit"]
    text = field.metadata["description"] + (f" [{unit}]" if unit else "")
    descriptor = ParameterDescriptor(name=field.name, description=text, read_only=True)
    descriptor.additional_constraints = ", ".join(field.metadata["choices"])
    # rclpy cannot see a type in nothing, nor in an empty list.
    descriptor.dynamic_typing = value is None or value == ()
    low, high = field.metadata["minimum"], field.metadata["maximum"]
    if low is None and high is None:
        return descriptor
    if _is_optional_or(float, kind):
        low_value = -sys.float_info.max if low is None else float(low)
        high_value = sys.float_info.max if high is None else float(high)
        descriptor.floating_point_range = [FloatingPointRange(from_value=low_value, to_value=high_value)]
    elif _is_optional_or(int, kind):
        low_number = -INT64_MAX if low is None else int(low)
        high_number = INT64_MAX if high is None else int(high)
        descriptor.integer_range = [IntegerRange(from_value=low_number, to_value=high_number)]
    return descriptor


def _is_optional_or(wanted: type, kind: Any) -> bool:
    """True for `wanted` itself and for `wanted | None`."""
    is_union = typing.get_origin(kind) in (typing.Union, types.UnionType)
    return kind is wanted or (is_union and wanted in typing.get_args(kind))


def default_words(field: dataclasses.Field[Any]) -> str:
    """The default of a setting for its table, as YAML has it, in Markdown."""
    if field.default is not dataclasses.MISSING:
        return code(json.dumps(field.default, ensure_ascii=False))
    if field.default_factory is not dataclasses.MISSING:
        return code(json.dumps(field.default_factory(), ensure_ascii=False))
    return "must be given"


def range_words(field: dataclasses.Field[Any]) -> str:
    """The allowed values of a setting for its table: words, or bounds."""
    if field.metadata["choices"]:
        return ", ".join(field.metadata["choices"])
    low, high = field.metadata["minimum"], field.metadata["maximum"]
    words = [f">= {low}" if low is not None else "", f"<= {high}" if high is not None else ""]
    return ", ".join(word for word in words if word)
