"""Show the value in force of every setting for a robot and its place of use, and where each came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from noetra_ros.ros.effective_settings import SettingsInForce
    from noetra_ros.ros.sectors import Effective, Said

LIMITS = "limits that are left of the robot's own"
DIMENSIONLESS = "1"


def command(
    robot: Annotated[str, typer.Option(help="Robot profile: a name in config/robots, or a YAML file.")],
    sector: Annotated[
        list[str] | None,
        typer.Option(help="Place of use: a name in config/sectors, or a YAML file; once for each."),
    ] = None,
    params_file: Annotated[
        Path | None, typer.Option(help="Parameters that override the shipped ones, as for noetra up.")
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only what sectors decide, with the reason of each value.")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write everything, with reasons, as JSON.")
    ] = None,
) -> None:
    """Lay sectors over parameter files over defaults, as the nodes do, and say who decided what.

    Of a safety value the most restrictive one is in force, whatever the order; of any other the last.
    """
    from noetra_ros.ros.effective_settings import settings_in_force  # rclpy: not for `noetra --help`

    found = settings_in_force(robot, tuple(sector or ()), params_file)
    if json_file is not None:
        json_file.write_text(
            json.dumps(plain(found, robot, sector or []), indent=1, ensure_ascii=False) + "\n",
            encoding="utf-8",
        )
    console = Console(highlight=False)
    places = ", ".join(sector or []) or "no sector"
    console.print(f"{robot} in {places}", style="bold", markup=False)
    for title, settings in {**found.settings, LIMITS: found.limits}.items():
        shown = {name: each for name, each in settings.items() if not changed or is_of_sector(each)}
        if shown:
            console.print()
            console.print(title, style="bold")
            console.print(table(shown, found.units.get(title, {}), has_reasons=changed and title != LIMITS))


def is_of_sector(effective: Effective) -> bool:
    """True where a sector states the value in force."""
    return any(said.why for said in effective.decided_by)


def table(settings: Mapping[str, Effective], units: Mapping[str, str], has_reasons: bool = False) -> Table:
    """Settings for the terminal; what a sector decided is bold."""
    made = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for title in ("setting", "in force", "said by", "why" if has_reasons else "instead of"):
        made.add_column(title, overflow="fold")
    for name, each in settings.items():
        unit = units.get(name, "")
        value = Text(f"{words(each.value)} {'' if unit == DIMENSIONLESS else unit}".rstrip())
        by = Text("\n".join(f"{said.file} {said.key}" for said in each.decided_by))
        whys = dict.fromkeys(said.why for said in each.decided_by)
        last = list(whys) if has_reasons else [other(said) for said in each.others]
        style = "bold" if is_of_sector(each) else ""
        made.add_row(Text(name), value, by, Text("\n".join(last)), style=style)
    return made


def other(said: Said) -> str:
    """A value that is not in force."""
    return f"{words(said.value)} ({said.file})"


def words(value: Any) -> str:
    """A value for a person."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value if item != "") or "none"
    return f"{value:g}" if isinstance(value, float) else str(value) or '""'


def plain(found: SettingsInForce, robot: str, sectors: list[str]) -> dict[str, Any]:
    """Everything as JSON has it."""
    return {
        "robot": robot,
        "sectors": sectors,
        "settings": {
            node: {
                name: {"unit": found.units[node].get(name, ""), **_plain(each)}
                for name, each in settings.items()
            }
            for node, settings in found.settings.items()
        },
        "limits": {name: _plain(each) for name, each in found.limits.items()},
    }


def _plain(effective: Effective) -> dict[str, Any]:
    def said(each: Said) -> dict[str, Any]:
        return {"value": each.value, "file": each.file, "key": each.key, "why": each.why}

    return {
        "value": effective.value,
        "decided_by": [said(each) for each in effective.decided_by],
        "others": [said(each) for each in effective.others],
    }
