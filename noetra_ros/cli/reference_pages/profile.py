"""Reference of the robot profile: every key of config/robots/<robot>.yaml, read from the dataclasses."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing
from typing import Any

from noetra_ros.core.markdown import code, plain, table
from noetra_ros.ros.parameters import default_words, range_words


def profile_pages() -> str:
    """A section for each dataclass of the profile, the whole first, in Markdown."""
    from noetra_ros.robots.profile import RobotProfile

    waiting: list[tuple[str, type[Any]]] = [("", RobotProfile)]
    sections, seen = [], set()
    while waiting:
        path, kind = waiting.pop(0)
        if kind in seen:
            continue
        seen.add(kind)
        hints = typing.get_type_hints(kind)
        rows = []
        for field in dataclasses.fields(kind):
            inner = _inner(hints[field.name])
            if inner is not None:
                waiting.append((_path(path, field.name, hints[field.name]), inner))
            rows.append(_row(field, hints[field.name]))
        sections.append(_section(path, kind, rows))
    return "\n\n".join(sections)


def _section(path: str, kind: type[Any], rows: list[tuple[str, ...]]) -> str:
    title = f"## {code(path)}" if path else "## The file"
    about = (kind.__doc__ or "").strip().partition("\n")[0]
    header = ("key", "type", "unit", "default", "range", "meaning")
    return "\n\n".join([title, plain(about), table(header, rows)])


def _row(field: dataclasses.Field[Any], hint: Any) -> tuple[str, ...]:
    about = field.metadata
    words = (plain(about.get(key, "")) for key in ("unit", "description"))
    unit, meaning = words
    limits = range_words(field) if about else ""
    return (code(field.name), plain(type_words(hint)), unit, default_words(field), plain(limits), meaning)


def type_words(hint: Any) -> str:
    """A type in words, e.g. ``list of 3 numbers``."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join("null" if each is type(None) else type_words(each) for each in arguments)
    if origin is dict:
        return f"{type_words(arguments[1])}, by name"
    if origin is tuple:
        count = "" if arguments[-1] is Ellipsis else f"{len(arguments)} × "
        return f"list of {count}{type_words(arguments[0])}"
    if dataclasses.is_dataclass(hint):
        return "section"
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return ", ".join(str(member.value) for member in hint)
    names = {float: "number", int: "whole number", str: "text", bool: "true or false"}
    return names[hint]


def _path(path: str, name: str, hint: Any) -> str:
    by_name = ".<name>" if "by name" in type_words(hint) else ""
    return f"{path}{'.' if path else ''}{name}{by_name}"


def _inner(hint: Any) -> type[Any] | None:
    """The dataclass within a type, if there is one."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return hint
    for argument in typing.get_args(hint):
        if (found := _inner(argument)) is not None:
            return found
    return None
