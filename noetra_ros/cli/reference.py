"""Print or refresh the generated parts of README and docs: topics, messages, commands, settings, sectors."""

from __future__ import annotations

import dataclasses
import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from noetra_ros.core.errors import single_fault
from noetra_ros.core.markdown import code, plain, table

# Node and where its settings live; the node's file name is the executable.
NODES = {
    "sim_node": "SimNodeSettings",
    "policy_node": "PolicySettings",
    "perception_node": "PerceptionNodeSettings",
    "streamer_node": "StreamerSettings",
    "supervisor_node": "SupervisorNodeSettings",
    "blackbox_node": "BlackboxSettings",
    "view_node": "ViewSettings",
}


def interfaces() -> str:
    """Tables of topics, services and actions, in Markdown."""
    from noetra_ros.ros.interfaces import interface_table

    return interface_table()


def parameters() -> str:
    """A section with a table for each node, in Markdown."""
    from noetra_ros.ros.parameters import settings_table

    heads = {node: f"## {node}\n\nFile `config/{node[:-5]}.yaml`.\n\n" for node in NODES}
    return "\n\n".join(head + settings_table(_settings(node)) for node, head in heads.items())


def hazards() -> str:
    """Hazard, check and test, in Markdown."""
    from noetra_ros.safety.hazards import hazard_table

    return hazard_table()


def checks() -> str:
    """Every check of the supervisor with its settings, in Markdown."""
    from noetra_ros.safety.checks import check_registry

    rows = []
    for name in check_registry.names():
        kind = check_registry.get(name)
        first_line = (importlib.import_module(kind.__module__).__doc__ or "").partition("\n")[0]
        own = ", ".join(f"`{field.name}`" for field in dataclasses.fields(kind))
        rows.append((code(name), plain(first_line.removeprefix("Check: ")), own))
    return table(["check", "judges", "settings"], rows)


def barriers() -> str:
    """Every barrier of the supervisor, in Markdown."""
    from noetra_ros.safety.projection.barrier import barrier_registry

    rows = []
    for name in barrier_registry.names():
        module = importlib.import_module(f"{barrier_registry.package}.{name}")
        first_line = (module.__doc__ or "").partition("\n")[0]
        rows.append((code(name), plain(first_line.removeprefix("Barrier: "))))
    return table(["barrier", "what motion is held against"], rows)


def page_part(module: str, maker: str, *arguments: str) -> Callable[[], str]:
    """A maker of `reference_pages`, imported when it is asked for."""

    def make() -> str:
        found = importlib.import_module(f"noetra_ros.cli.reference_pages.{module}")
        text: str = getattr(found, maker)(*arguments)
        return text

    return make


MAKERS: dict[str, Callable[[], str]] = {
    "interfaces": interfaces,
    "parameters": parameters,
    "hazards": hazards,
    "checks": checks,
    "barriers": barriers,
    "command_list": page_part("commands", "command_list"),
    "commands": page_part("commands", "command_pages"),
    "messages": page_part("messages", "interface_pages", "msg"),
    "services": page_part("messages", "interface_pages", "srv"),
    "actions": page_part("messages", "interface_pages", "action"),
    "profile": page_part("profile", "profile_pages"),
    "sector_list": page_part("sectors", "sector_list"),
    "sectors": page_part("sectors", "sector_pages"),
    "parts": page_part("parts", "part_pages"),
    "stops": page_part("stops", "stop_table"),
}


def filled(text: str) -> str:
    """A Markdown text with its generated parts made anew.

    A part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; NAME is one of MAKERS.
    """
    pattern = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda part: f"{part[1]}\n{MAKERS[part[2]]()}\n\n{part[3]}", text)


def pages(path: Path) -> list[Path]:
    """A Markdown file, or all below a folder that hold a generated part of ours.

    Raises:
        ConfigError: nothing is there, or none holds one.
    """
    files = sorted(path.rglob("*.md")) if path.is_dir() else [path]
    found = [each for each in files if each.is_file() and _has_part(each)]
    if not found:
        raise single_fault(
            "reference", "--write", path, "a Markdown file or folder with <!-- generated: NAME --> in it"
        )
    return found


def _has_part(path: Path) -> bool:
    named = re.findall(r"<!-- generated: (\w+) -->", path.read_text(encoding="utf-8"))
    return any(name in MAKERS for name in named)


def _settings(node: str) -> type[Any]:
    module = importlib.import_module(f"noetra_ros.ros.{node}")
    settings: type[Any] = getattr(module, NODES[node])
    return settings


def command(
    write: Annotated[
        list[Path] | None,
        typer.Option(help="Markdown file, or a folder of them, whose generated parts are made anew."),
    ] = None,
) -> None:
    """Print the tables of topics and parameters, or write generated parts between their markers.

    `noetra reference --write README.md --write docs` makes all of them anew.
    """
    if not write:
        typer.echo(f"{interfaces()}\n\n{parameters()}")
        return
    for path in (page for each in write for page in pages(each)):
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
        typer.echo(f"{path}: as the code says")
