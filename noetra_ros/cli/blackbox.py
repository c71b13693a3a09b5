"""Read the black box: which stops there were, what happened at one and why."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from noetra_ros.core.errors import single_fault
from noetra_ros.core.wording import wordings
from noetra_ros.data.blackbox.incident_reading import read_incident, read_metadata
from noetra_ros.data.blackbox.retention import incident_files

if TYPE_CHECKING:
    from noetra_ros.evaluation.incident_facts import IncidentFacts

BRIEF_ACTIONS = ("pass", "clamp")  # of verdicts: many, and seldom why


class Act(StrEnum):
    """What to do."""

    list = "list"
    show = "show"


def command(
    act: Annotated[Act, typer.Argument(help="list: the files of a folder; show: what one of them tells.")],
    path: Annotated[
        Path, typer.Argument(help="list: the folder that blackbox_path names; show: a file, or its folder.")
    ],
    plot: Annotated[Path | None, typer.Option(help="show: PNG to write.")] = None,
    page: Annotated[Path | None, typer.Option(help="show: HTML page to write.")] = None,
    language: Annotated[
        str, typer.Option(help="show: en, ja or both; default: what the black box was set to.")
    ] = "",
    every_event: Annotated[
        bool, typer.Option("--every-event", help="show: clamped commands and causes that went, too.")
    ] = False,
) -> None:
    """Explain a stop in plain words; of a folder, the newest one."""
    console = Console(highlight=False)
    if act is Act.list:
        _list(console, _files(path))
        return
    file = _files(path)[-1] if path.is_dir() else path
    _show(console, file, plot, page, every_event, language)


def _files(folder: Path) -> list[Path]:
    """Incident files, oldest first.

    Raises:
        ConfigError: there are none.
    """
    files = incident_files(folder)
    if not files:
        raise single_fault(
            "black box", "folder", str(folder), "a folder with files <UTC>-<mode>-<check>.mcap"
        )
    return files


def _list(console: Console, files: list[Path]) -> None:
    for file in files:
        line = f"{file.name}  {file.stat().st_size / 1e3:6.0f} kB  {read_metadata(file).get('reason', '')}"
        console.print(line, markup=False, soft_wrap=True)


def _show(
    console: Console, file: Path, plot: Path | None, page: Path | None, every_event: bool, language: str
) -> None:
    from noetra_ros.evaluation.incident_facts import facts_of
    from noetra_ros.evaluation.incident_story import tell

    recording = read_incident(file)
    facts, language = facts_of(recording), language or recording.metadata.get("language", "en")
    for wording in wordings(language):
        for paragraph in tell(facts, wording):
            console.print(paragraph, markup=False, soft_wrap=True)
            console.print()
    _print_timeline(console, facts, every_event)
    if plot is not None:
        from noetra_ros.evaluation.report.incident_plot import save_incident_png

        save_incident_png(facts, plot)
        console.print(f"plot: {plot}", markup=False, soft_wrap=True)
    if page is not None:
        from noetra_ros.evaluation.report.incident_page import incident_page
        from noetra_ros.evaluation.report.page import write_page

        write_page(incident_page(facts, file.name, language), page)
        console.print(f"page: {page}", markup=False, soft_wrap=True)


def _print_timeline(console: Console, facts: IncidentFacts, every_event: bool) -> None:
    from noetra_ros.evaluation.incident_timeline import terminal_colour, timeline

    table = Table("s", "", "", "", box=None, padding=(0, 2, 0, 0))
    left_out = 0
    for moment in timeline(facts):
        if moment.kind == "event" and moment.name in BRIEF_ACTIONS and not every_event:
            left_out += 1
            continue
        name = f"[{terminal_colour(moment)}]{moment.name.replace('_', ' ')}[/]"
        table.add_row(f"{moment.time_s:+.3f}", moment.kind, name, moment.words.replace("[", "\\["))
    console.print(table)
    if left_out:
        words = f"{left_out} clamped commands and causes that went are left out; --every-event shows them"
        console.print(words, style="dim")
