"""What a fault campaign gave: one record for each trial, one row for each cell, the whole as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.faults.oracle import Outcome
from noetra_ros.evaluation.faults.plan import Cell
from noetra_ros.evaluation.statistics import percentile


@dataclass(frozen=True)
class TrialRecord:
    """One trial.

    Attributes:
        station, subject, fault: of the cell.
        seed: of the trial.
        outcome: what the oracle made of it.
        voids: trials before it that showed nothing, because the machine was held up or the robot stood.
    """

    station: str
    subject: str
    fault: str
    seed: int
    outcome: Outcome
    voids: int = 0


@dataclass(frozen=True)
class CellRow:
    """A cell over all its trials; times in s, NaN = none.

    Attributes:
        kind: input or node.
        declared: reaction.
        within_s: declared time, allowance included.
        then: declared of the time after.
        trials, met: how many there were, and how many were as declared.
        seen: what was told or done.
        told_p50_s, told_max_s: until the mode was told.
        rest_p50_s, rest_max_s: until the physics was at rest.
        travel_max: largest way from the fault on, in `travel_unit`.
        is_latched: it stood until a person acted.
        faults: what was not as declared.
        why: of the declaration.
        senseless: why nothing was tried; empty = it was.
    """

    station: str
    kind: str
    subject: str
    fault: str
    hazard: str
    declared: str
    within_s: float
    then: str
    trials: int
    met: int
    seen: tuple[str, ...]
    told_p50_s: float
    told_max_s: float
    rest_p50_s: float
    rest_max_s: float
    travel_max: float
    travel_unit: str
    is_latched: bool
    faults: tuple[str, ...]
    why: str
    senseless: str

    @property
    def is_ok(self) -> bool:
        """As declared in every trial, and tried at all; a cell that makes no sense is no failure."""
        return bool(self.senseless) or self.met == self.trials > 0


@dataclass(frozen=True)
class CampaignResult:
    """A whole campaign.

    Attributes:
        rows: by cell, in the order of the plan.
        trials: in the order in which they were run.
        seeds: of the trials.
        is_quick: the short campaign.
        allowance_s: part of each declared time.
        machine, date, version, ros: what it was run on, when, by what.
        duration_s: of the whole.
    """

    rows: tuple[CellRow, ...]
    trials: tuple[TrialRecord, ...]
    seeds: tuple[int, ...]
    is_quick: bool
    allowance_s: float
    machine: str
    date: str
    version: str
    ros: str
    duration_s: float

    @property
    def is_ok(self) -> bool:
        """Every cell has reached its declaration."""
        return bool(self.rows) and all(row.is_ok for row in self.rows)

    @property
    def tried(self) -> tuple[CellRow, ...]:
        """Rows that were tried."""
        return tuple(row for row in self.rows if not row.senseless)


def row_of(cell: Cell, trials: Sequence[TrialRecord]) -> CellRow:
    """A cell over its trials."""
    outcomes = [t.outcome for t in trials]
    told, rest, travel = (
        _finite([getattr(o, name) for o in outcomes]) for name in ("told_s", "rest_s", "travel")
    )
    faults = tuple(f"seed {t.seed}: {fault}" for t in trials for fault in t.outcome.faults)
    return CellRow(
        station=cell.station,
        kind="input" if cell.is_input else "node",
        subject=cell.subject,
        fault=cell.fault,
        hazard=cell.hazard,
        declared="" if cell.plan.senseless else cell.reaction.value,
        within_s=cell.within_s,
        then=cell.plan.then.value,
        trials=len(trials),
        met=sum(o.is_ok for o in outcomes),
        seen=tuple(dict.fromkeys(o.seen for o in outcomes)),
        told_p50_s=percentile(told, 50),
        told_max_s=_most(told),
        rest_p50_s=percentile(rest, 50),
        rest_max_s=_most(rest),
        travel_max=_most(travel),
        travel_unit=outcomes[0].travel_unit if outcomes else "",
        is_latched=any(o.is_latched for o in outcomes),
        faults=faults,
        why=cell.plan.why,
        senseless=cell.plan.senseless,
    )


def as_document(result: CampaignResult) -> Mapping[str, object]:
    """The file of ``noetra faults --json``."""
    return {"format_version": 1, "is_ok": result.is_ok, **asdict(result)}


def read_result(path: Path) -> CampaignResult:
    """The result that ``noetra faults --json`` has written.

    Raises:
        ConfigError: no such file, or not such a result.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        trials = [
            TrialRecord(**{**trial, "outcome": _built(Outcome, trial["outcome"])})
            for trial in document["trials"]
        ]
        rows = tuple(_built(CellRow, row) for row in document["rows"])
        return _built(CampaignResult, {**document, "rows": rows, "trials": tuple(trials)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise single_fault(str(path), "file", error, "a result of noetra faults --json") from None


def joined(older: CampaignResult, newer: CampaignResult) -> CampaignResult:
    """The newer result, and what only the older one holds: the cells of other stations, say."""
    names = {(row.station, row.subject, row.fault) for row in newer.rows}
    rows = [row for row in older.rows if (row.station, row.subject, row.fault) not in names]
    trials = [trial for trial in older.trials if (trial.station, trial.subject, trial.fault) not in names]
    return replace(
        newer,
        rows=(*rows, *newer.rows),
        trials=(*trials, *newer.trials),
        seeds=tuple(sorted({*older.seeds, *newer.seeds})),
        duration_s=older.duration_s + newer.duration_s,
    )


def _built(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """A record of what JSON holds of it: lists are tuples, and null is a number that there is not."""
    known = {field.name: values[field.name] for field in fields(kind) if field.name in values}
    plain = {
        name: tuple(value) if isinstance(value, list) else math.nan if value is None else value
        for name, value in known.items()
    }
    return kind(**plain)


def _finite(values: Sequence[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _most(values: Sequence[float]) -> float:
    return max(values, default=math.nan)
