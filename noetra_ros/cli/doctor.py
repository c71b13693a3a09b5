"""Say what this machine has, what is missing and how to get it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import typer
from rich.console import Console
from rich.table import Table

from noetra_ros.cli.machine_checks import CHECKS, Finding, State

STYLES = {
    State.FINE: ("ok", "green"),
    State.LIMITED: ("limited", "yellow"),
    State.MISSING: ("missing", "red"),
}


def command() -> None:
    """Check Python, compiler, ROS, DDS, graphics, torch, robots and models.

    Ends with code 1 if something required is missing; what is merely limited does not count.
    """
    console = Console()
    with console.status("looking around"):
        findings = doctor()
    console.print(findings_table(findings))
    missing = [finding.check for finding in findings if finding.state is State.MISSING]
    if missing:
        console.print(f"{len(missing)} missing: {', '.join(missing)}", style="red")
        raise typer.Exit(1)
    console.print("nothing required is missing", style="green")


def doctor(checks: Sequence[Callable[[], Finding]] = CHECKS) -> list[Finding]:
    """Runs every check, in order; none of them raises."""
    return [check() for check in checks]


def findings_table(findings: Sequence[Finding]) -> Table:
    """What was found, for the terminal."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("check", "state", "found", "what to do"):
        table.add_column(title, overflow="fold")
    for finding in findings:
        word, style = STYLES[finding.state]
        table.add_row(finding.check, f"[{style}]{word}[/]", finding.found, finding.remedy)
    return table
