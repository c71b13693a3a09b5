"""Print or refresh the tables of README and docs/safety.md, generated from code and configuration."""

from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path
from typing import Annotated, Any

import typer

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
    """One table for each node, in Markdown."""
    from noetra_ros.ros.parameters import settings_table

    parts = [
        f"`{node}` (file `config/{node[:-5]}.yaml`)\n\n{settings_table(_settings(node))}" for node in NODES
    ]
    return "\n\n".join(parts)


def hazards() -> str:
    """Hazard, check and test, in Markdown."""
    from noetra_ros.safety.hazards import hazard_table

    return hazard_table()


def checks() -> str:
    """Every check of the supervisor with its settings, in Markdown."""
    from noetra_ros.safety.checks import check_registry

    rows = ["| check | judges | settings |", "| --- | --- | --- |"]
    for name in check_registry.names():
        kind = check_registry.get(name)
        first_line = (importlib.import_module(kind.__module__).__doc__ or "").partition("\n")[0]
        own = ", ".join(f"`{field.name}`" for field in dataclasses.fields(kind))
        rows.append(f"| `{name}` | {first_line.removeprefix('Check: ')} | {own} |")
    return "\n".join(rows)


def barriers() -> str:
    """Every barrier of the supervisor, in Markdown."""
    from noetra_ros.safety.projection.barrier import barrier_registry

    rows = ["| barrier | what motion is held against |", "| --- | --- |"]
    for name in barrier_registry.names():
        module = importlib.import_module(f"{barrier_registry.package}.{name}")
        rows.append(
            f"| `{name}` | {(module.__doc__ or '').partition(chr(10))[0].removeprefix('Barrier: ')} |"
        )
    return "\n".join(rows)


MAKERS = {
    "interfaces": interfaces,
    "parameters": parameters,
    "hazards": hazards,
    "checks": checks,
    "barriers": barriers,
}


def filled(text: str) -> str:
    """A Markdown text with its generated parts made anew.

    A part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``; NAME is one of MAKERS.
    """
    pattern = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda part: f"{part[1]}{MAKERS[part[2]]()}\n{part[3]}", text)


def _settings(node: str) -> type[Any]:
    module = importlib.import_module(f"noetra_ros.ros.{node}")
    settings: type[Any] = getattr(module, NODES[node])
    return settings


def command(
    write: Annotated[
        Path | None, typer.Option(help="Markdown file whose generated parts are made anew.")
    ] = None,
) -> None:
    """Print the tables, or write them into a Markdown file between its markers."""
    if write is None:
        typer.echo(f"{interfaces()}\n\n{parameters()}")
        return
    write.write_text(filled(write.read_text(encoding="utf-8")), encoding="utf-8")
    typer.echo(f"{write}: tables are those of the code")
