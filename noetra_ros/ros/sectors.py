"""Sector overlays: what a place of use (a kitchen, a ward, a building site) demands of each node's settings.

A sector is a file config/sectors/<name>.yaml. Each node lays those that it is told of over its own
parameters: of a safety value the most restrictive that anybody states is in force, whatever the order; of any
other the last that is stated.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from noetra_ros.core.config import load, read_yaml, setting
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.core.resources import config_file
from noetra_ros.core.strictness import Direction, Rule
from noetra_ros.ros.setting_directions import DIRECTIONS, sayable

Settings = TypeVar("Settings")
FOLDER = "sectors"


@dataclass(frozen=True)
class Sector:
    """One file, its nodes' sections still plain: each node reads its own."""

    name: str = setting(description="name of the sector; equals the file name")
    description: str = setting(description="one line for a person: where, and who is around")
    supervisor: dict[str, Any] = setting(description="settings of supervisor_node", default_factory=dict)
    streamer: dict[str, Any] = setting(description="settings of streamer_node", default_factory=dict)
    perception: dict[str, Any] = setting(description="settings of perception_node", default_factory=dict)
    policy: dict[str, Any] = setting(description="settings of policy_node", default_factory=dict)
    blackbox: dict[str, Any] = setting(description="settings of blackbox_node", default_factory=dict)


@dataclass(frozen=True)
class Said:
    """A value that somebody states for a setting.

    Attributes:
        value: it.
        file: who states it: a file, or what stands for one.
        key: where in it.
        why: the source that the value rests on, or the reason of a choice; empty where the file gives none.
    """

    value: Any
    file: str
    key: str
    why: str = ""


@dataclass(frozen=True)
class Effective:
    """The value in force of one setting.

    Attributes:
        value: it.
        decided_by: who states it, or a part of it.
        others: who states something else: less restrictive, or earlier where the last one wins.
    """

    value: Any
    decided_by: tuple[Said, ...]
    others: tuple[Said, ...] = ()


def sector_names(text: str) -> list[str]:
    """Names in the parameter `sector`: by comma, each once."""
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def load_sector(name: str) -> Sector:
    """Load ``config/sectors/<name>.yaml``, or the YAML file `name`; the sections are not checked yet.

    Raises:
        ConfigError: no such sector (the known ones are listed), or no sector file.
    """
    path = config_file(FOLDER, name)
    sector = load(Sector, read_yaml(path), str(path))
    if sector.name != path.stem:
        fault = Fault("name", repr(sector.name), repr(path.stem), "name the file and the sector alike")
        raise ConfigError(str(path), [fault])
    return sector


@functools.cache
def section_type(node: str, settings_type: type[Any]) -> type[Any]:
    """Type of a node's section: each setting that a sector may say, with its value and the reason of it."""
    hints, ways = typing.get_type_hints(settings_type), sayable(node)
    fields = []
    for own in dataclasses.fields(settings_type):
        if own.name in ways:
            value = ("value", hints[own.name], field(metadata=own.metadata))
            why = ("why", str, setting(description="source of the value, or the reason of the choice"))
            kind = dataclasses.make_dataclass(f"Said_{own.name}", [value, why], frozen=True)
            fields.append((own.name, kind | None, field(default=None, metadata={"unit": ""})))
    return dataclasses.make_dataclass(f"{node.title()}Section", fields, frozen=True)


def said_by(sector: str, node: str, settings_type: type[Any]) -> dict[str, Said]:
    """What a sector says of a node, by setting.

    Args:
        sector: name or file.
        node: name of the node.
        settings_type: its parameters.

    Raises:
        ConfigError: no such sector, or every fault of the section.
    """
    path = config_file(FOLDER, sector)
    plain = getattr(load_sector(sector), node, {})
    kind = section_type(node, settings_type)
    try:
        section = load(kind, plain, str(path))
    except ConfigError as error:
        faults = [dataclasses.replace(fault, key=f"{node}.{fault.key}") for fault in error.faults]
        raise ConfigError(str(path), faults) from None
    found = {own.name: getattr(section, own.name) for own in dataclasses.fields(kind)}
    return {
        name: Said(said.value, f"config/{FOLDER}/{path.name}" if sector == path.stem else str(path),
                   f"{node}.{name}", said.why)
        for name, said in found.items()
        if said is not None
    }  # fmt: skip


def settle(way: Direction | Rule, said: Sequence[Said]) -> Effective:
    """The value in force of one setting.

    Args:
        way: its direction.
        said: all that is stated, the earliest first; at least one.
    """
    if isinstance(way, Rule):
        return Effective(said[-1].value, (said[-1],), tuple(said[:-1]))
    value = way.strictest([each.value for each in said])
    deciding = [each for each in said if way.is_as_strict(each.value, value)]
    if not deciding:  # put together of several: each that holds what the others leave out
        deciding = [each for i, each in enumerate(said) if _is_needed(way, said, i)]
    return Effective(value, tuple(deciding), tuple(each for each in said if each not in deciding))


def with_sectors(settings: Settings, node: str, sectors: Sequence[str]) -> tuple[Settings, list[str]]:
    """Settings of a node with sectors laid over them.

    Args:
        settings: what parameter files and arguments give.
        node: name of the node.
        sectors: names or files.

    Returns:
        The settings in force, and in words what the sectors changed.

    Raises:
        ConfigError: an unknown sector or a fault in one, or values in force that do not fit one another.
    """
    laid = [said_by(sector, node, type(settings)) for sector in sectors]
    changes: dict[str, Any] = {}
    words = []
    for name in dict.fromkeys(name for said in laid for name in said):
        own = Said(getattr(settings, name), "parameters", name)
        effective = settle(DIRECTIONS[node][name], [own, *(said[name] for said in laid if name in said)])
        if effective.value != own.value:
            changes[name] = effective.value
            files = ", ".join(said.file for said in effective.decided_by if said is not own)
            words.append(f"{name} is {effective.value!r} ({files}), not {own.value!r}")
    changed: Settings = dataclasses.replace(typing.cast(Any, settings), **changes)
    return changed, words


def whole_type(settings_types: Mapping[str, type[Any]]) -> type[Any]:
    """Type of a whole file, every section checked: for tools that know all nodes."""
    about = [(name, str, setting(description="see Sector")) for name in ("name", "description")]
    parts = [
        (node, section_type(node, kind) | None, field(default=None, metadata={"unit": ""}))
        for node, kind in settings_types.items()
    ]
    return dataclasses.make_dataclass("WholeSector", [*about, *parts], frozen=True)


def _is_needed(way: Direction, said: Sequence[Said], row: int) -> bool:
    """Without it the value in force would be less restrictive."""
    rest = [each.value for i, each in enumerate(said) if i != row]
    return not way.is_as_strict(way.strictest(rest), said[row].value)
