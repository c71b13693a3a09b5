"""Reference of the `noetra` command: every sub-command, its arguments and options, read from its function."""

from __future__ import annotations

import enum
import importlib
import inspect
import types
import typing
from typing import Any

import typer

from noetra_ros.cli.main import find_commands
from noetra_ros.core.markdown import code, plain, table


def command_list() -> str:
    """One line for each sub-command, in Markdown."""
    rows = [(code(f"noetra {name}"), plain(line)) for name, line in find_commands().items()]
    return table(["command", "does"], rows)


def command_pages() -> str:
    """A section for each sub-command, in Markdown."""
    return "\n\n".join(_section(name, line) for name, line in find_commands().items())


def _section(name: str, first_line: str) -> str:
    command = importlib.import_module(f"noetra_ros.cli.{name.replace('-', '_')}").command
    hints = typing.get_type_hints(command, include_extras=True)
    arguments, options = [], []
    for parameter in inspect.signature(command).parameters.values():
        kind, about = typing.get_args(hints[parameter.name])
        is_argument = isinstance(about, typer.models.ArgumentInfo)
        label = parameter.name.upper() if is_argument else _option(parameter.name, about)
        row = (_names(label, kind), _default(parameter), plain(about.help or "") + _bounds(about))
        (arguments if is_argument else options).append((label, row))
    words = [name, *(label for label, _ in arguments), *(["[OPTIONS]"] if options else [])]
    parts = [f"## noetra {name}", plain(first_line), f"```text\nnoetra {' '.join(words)}\n```"]
    parts += [plain(part) for part in _paragraphs(command)]
    rows = [row for _, row in [*arguments, *options]]
    return "\n\n".join([*parts, table(["argument or option", "default", "meaning"], rows)] if rows else parts)


def _option(name: str, about: Any) -> str:
    words = (about.default, *(about.param_decls or ()))  # Annotated: the first name is taken for the default
    named = [word for word in words if isinstance(word, str) and word.startswith("-")]
    return ", ".join(named) or f"--{name.replace('_', '-')}"


def _names(label: str, kind: Any) -> str:
    choices = _choices(kind)
    return code(label) + (f": {plain(', '.join(choices))}" if choices else "")


def _choices(kind: Any) -> list[str]:
    """Words that a parameter may be, where its type lists them."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return [str(member.value) for member in kind]
    if typing.get_origin(kind) in (types.UnionType, typing.Union, list):
        return [word for inner in typing.get_args(kind) for word in _choices(inner)]
    return []


def _default(parameter: inspect.Parameter) -> str:
    value = parameter.default
    if value is inspect.Parameter.empty:
        return "must be given"
    if value is None or value is False or value == "":
        return ""
    return code(str(value.value if isinstance(value, enum.Enum) else value))


def _bounds(about: Any) -> str:
    words = [f"at least {about.min}" if about.min is not None else ""]
    words.append(f"at most {about.max}" if about.max is not None else "")
    named = ", ".join(word for word in words if word)
    return f" ({named})" if named else ""


def _paragraphs(command: Any) -> list[str]:
    """A docstring's paragraphs, each on one line."""
    text = inspect.getdoc(command) or ""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
