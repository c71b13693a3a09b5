"""A campaign in words: the tables of docs/faults.md and the page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from noetra_ros.evaluation.faults.records import CampaignResult, CellRow
from noetra_ros.evaluation.report.page import NOT_SAFETY_RATED, Page, Table, Tile, number_words

HEAD = (
    "station",
    "what fails",
    "how",
    "declared reaction",
    "within",
    "reached",
    "told p50 / max",
    "at rest p50 / max",
    "way, max",
    "afterwards",
)
AFTERWARDS = {
    "goes on": "goes on by itself",
    "latched": "latched until a reset",
    "stays": "stands until armed",
    "gone": "a node is missing",
}


def summary(result: CampaignResult) -> str:
    """One sentence: what was done and what came of it."""
    tried, met = len(result.tried), sum(row.is_ok for row in result.tried)
    trials = sum(row.trials for row in result.tried)
    passed = sum("limit" in fault for row in result.tried for fault in row.faults)
    return (
        f"{met} of {tried} cells reached their declared reaction in every one of their trials "
        f"({trials} trials, seeds {', '.join(map(str, result.seeds))}); "
        f"{passed or 'no'} limit passed or motion after a stop in the physics."
    )


def conditions(result: CampaignResult) -> str:
    """How it was measured."""
    voids = sum(trial.voids for trial in result.trials)
    return (
        f"Measured {result.date} with noetra_ros {result.version}, ROS 2 {result.ros or 'unknown'}, on "
        f"{result.machine}, shared with other work, no GPU, real time; {result.duration_s / 60:.0f} minutes. "
        f"{result.allowance_s * 1e3:.0f} ms of each declared time are an allowance for the relay, the way of "
        f"the report and a machine whose cores others use. {voids} trials were repeated because they showed "
        "nothing: the machine was held up for more than 50 ms, it let another input grow too old, or the "
        "robot stood."
    )


def cells(row: CellRow) -> list[str]:
    """One line of the table."""
    is_rest = row.declared not in ("pass on", "limited", "slowed")
    return [
        row.station,
        row.subject.replace("_", " "),
        row.fault.replace("_", " "),
        row.declared,
        _milliseconds(row.within_s) if row.declared not in ("pass on", "limited") else "–",
        f"{row.met} of {row.trials}",
        _pair(row.told_p50_s, row.told_max_s),
        _pair(row.rest_p50_s, row.rest_max_s) if is_rest else "–",
        number_words(row.travel_max, row.travel_unit) if is_rest else "–",
        AFTERWARDS[row.then],
    ]


def markdown(result: CampaignResult) -> str:
    """The generated part of docs/faults.md."""
    parts = [summary(result), "", conditions(result)]
    for kind, title in (("input", "Inputs"), ("node", "Nodes")):
        rows = [cells(row) for row in result.tried if row.kind == kind]
        if rows:
            parts += ["", f"## {title}", "", *_lines(HEAD, rows)]
    reasons = _reasons(result.tried)
    if reasons:
        parts += ["", "## Why so", "", *_lines(("what fails", "how", "declared", "why"), reasons)]
    senseless = [
        [row.station, row.subject.replace("_", " "), row.fault.replace("_", " "), row.senseless]
        for row in result.rows
        if row.senseless
    ]
    if senseless:
        parts += ["", "## No such cell", "", *_lines(("station", "what", "how", "why not"), senseless)]
    missed = [[name(row), fault] for row in result.tried for fault in row.faults]
    if missed:
        parts += ["", "## Not as declared", "", *_lines(("cell", "what was seen"), missed)]
    return "\n".join(parts)


def page(result: CampaignResult) -> Page:
    """The page of a campaign."""
    tried = result.tried
    met, trials = sum(row.is_ok for row in tried), sum(row.trials for row in tried)
    told = [row.told_max_s - row.within_s for row in tried if math.isfinite(row.told_max_s)]
    tables = [
        Table(f"{title}: what was done, what is declared, what came of it", HEAD, rows)
        for kind, title in (("input", "Inputs"), ("node", "Nodes"))
        if (rows := [cells(row) for row in tried if row.kind == kind])
    ]
    missed = [[name(row), fault] for row in tried for fault in row.faults]
    senseless = [[name(row), row.senseless] for row in result.rows if row.senseless]
    if missed:
        tables.append(Table("Not as declared", ("cell", "what was seen"), missed))
    tables.append(Table("Why so", ("what fails", "how", "declared", "why"), _reasons(tried)))
    if senseless:
        tables.append(Table("No such cell", ("cell", "why not"), senseless))
    return Page(
        title="Every input fails in every way, and nodes die",
        summary=summary(result),
        is_ok=result.is_ok,
        tiles=[
            Tile("cells", f"{met} of {len(tried)}", "as declared in every trial", met == len(tried)),
            Tile("trials", str(trials), f"seeds {', '.join(map(str, result.seeds))}"),
            Tile(
                "nearest to its time",
                _milliseconds(-max(told, default=math.nan)),
                "left of the declared time",
            ),
        ],
        tables=tables,
        notes=[
            NOT_SAFETY_RATED,
            "This is a simulation: MuJoCo physics, real ROS 2 nodes over real DDS. Rest, ways and limits are "
            "read from the physics by an oracle that shares no code with the supervisor.",
            conditions(result),
        ],
    )


def name(row: CellRow) -> str:
    """As the plan calls it."""
    return f"{row.station}/{row.subject}/{row.fault}"


def _reasons(rows: Sequence[CellRow]) -> list[list[str]]:
    """Each reason once."""
    found = {
        (row.subject.replace("_", " "), row.fault.replace("_", " "), row.declared, row.why): None
        for row in rows
        if row.why
    }
    return [list(key) for key in found]


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]


def _pair(p50_s: float, max_s: float) -> str:
    return "–" if math.isnan(max_s) else f"{p50_s * 1e3:.0f} / {_milliseconds(max_s)}"


def _milliseconds(time_s: float) -> str:
    return "–" if math.isnan(time_s) else f"{time_s * 1e3:.0f} ms"
