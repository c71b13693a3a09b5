"""Runs the cells of the plan, station by station: one graph serves many, until a node of it dies."""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from noetra_ros import __version__
from noetra_ros.cli.fault_campaign.declared_values import declared_values
from noetra_ros.cli.fault_campaign.rig import FaultRig
from noetra_ros.cli.fault_campaign.trial_run import run_trial
from noetra_ros.core.errors import NoetraError
from noetra_ros.evaluation.faults.oracle import Outcome, judge
from noetra_ros.evaluation.faults.plan import Cell, FaultPlan, Then, cells_of
from noetra_ros.evaluation.faults.records import CampaignResult, TrialRecord, row_of
from noetra_ros.evaluation.limits import limits_of
from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.distribution import ros_distribution
from noetra_ros.ros.node_parameters import Value

NAN = float("nan")
MOST_VOIDS = 3  # after them the trial counts as it is
OnTrial = Callable[[Cell, int, Outcome], None]


@dataclass(frozen=True)
class Choice:
    """Which trials are run.

    Attributes:
        seeds: one trial of each cell for each.
        is_quick: only the cells that the plan marks.
        only: parts of the names of cells; empty = all.
        supervisor: further parameters of the supervisor, to see a campaign fail.
    """

    seeds: tuple[int, ...] = (0,)
    is_quick: bool = False
    only: tuple[str, ...] = ()
    supervisor: tuple[tuple[str, Value], ...] = ()

    def takes(self, cell: Cell) -> bool:
        """This cell is run."""
        if self.is_quick and not cell.is_quick:
            return False
        return not self.only or any(part in cell.name for part in self.only)


def planned_cells(plan: FaultPlan, choice: Choice) -> dict[str, list[Cell]]:
    """Cells by station, senseless ones too; those that end a graph come last."""
    found = {}
    for name, station in plan.stations.items():
        values = declared_values(load_robot(station.robot))
        cells = [cell for cell in cells_of(plan, name, values) if choice.takes(cell)]
        if cells:
            found[name] = sorted(cells, key=_ends_graph)
    return found


def run_campaign(plan: FaultPlan, choice: Choice, folder: Path, on_trial: OnTrial) -> CampaignResult:
    """Run all chosen cells.

    Args:
        plan: what is declared.
        choice: which trials.
        folder: for traces and audit logs.
        on_trial: told after each trial.
    """
    begun_s = time.monotonic()
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    planned = planned_cells(plan, choice)
    trials: list[TrialRecord] = []
    for station, cells in planned.items():
        runner = StationRunner(plan, station, choice, folder, on_trial)
        trials += runner.run([cell for cell in cells if not cell.plan.senseless])
    rows = [
        row_of(cell, [t for t in trials if (t.station, t.subject, t.fault) == _key(cell)])
        for cells in planned.values()
        for cell in cells
    ]
    return CampaignResult(
        rows=tuple(rows),
        trials=tuple(trials),
        seeds=choice.seeds,
        is_quick=choice.is_quick,
        allowance_s=plan.allowance_s,
        machine=describe_machine(),
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        version=__version__,
        ros=ros_distribution(),
        duration_s=time.monotonic() - begun_s,
    )


class StationRunner:
    """Runs cells at one station.

    Args:
        plan: what is declared.
        station: name.
        choice: which trials.
        folder: for traces.
        on_trial: told after each trial.
    """

    def __init__(
        self, plan: FaultPlan, station: str, choice: Choice, folder: Path, on_trial: OnTrial
    ) -> None:
        self._station, self._choice, self._folder = plan.stations[station], choice, folder
        self._on_trial = on_trial
        profile = load_robot(self._station.robot)
        self._limits = limits_of(profile)
        cells = cells_of(plan, station, declared_values(profile))
        self._freshness_s = {cell.subject: cell.freshness_s for cell in cells if cell.is_input}
        self._rig: FaultRig | None = None

    def run(self, cells: Iterable[Cell]) -> list[TrialRecord]:
        """All cells, each with all seeds."""
        trials = []
        try:
            for cell in cells:
                for seed in self._choice.seeds:
                    trials.append(self._record(cell, seed))
                    self._on_trial(cell, seed, trials[-1].outcome)
        finally:
            self._end_graph()
        return trials

    def _record(self, cell: Cell, seed: int) -> TrialRecord:
        """One trial; repeated where it showed nothing."""
        voids, outcome = 0, self._try(cell, seed)
        while outcome.is_void and voids < MOST_VOIDS:
            voids, outcome = voids + 1, self._try(cell, seed)
        return TrialRecord(cell.station, cell.subject, cell.fault, seed, outcome, voids)

    def _try(self, cell: Cell, seed: int) -> Outcome:
        try:
            trial = run_trial(self._graph(), cell, seed, self._limits, self._freshness_s)
        except NoetraError as error:
            self._end_graph()
            words = f"the trial broke off: {error}"
            return Outcome("nothing", NAN, NAN, NAN, "", False, (words,))  # it counts: nothing was shown
        if cell.plan.then is Then.GONE:
            self._end_graph()
        return judge(trial, cell, self._limits)

    def _graph(self) -> FaultRig:
        if self._rig is None:
            rig = FaultRig(self._station, self._folder, dict(self._choice.supervisor))
            self._rig = rig.__enter__()
        return self._rig

    def _end_graph(self) -> None:
        rig, self._rig = self._rig, None
        if rig is not None:
            with contextlib.suppress(NoetraError):
                rig.__exit__(None, None, None)


def _ends_graph(cell: Cell) -> bool:
    return cell.plan.then is Then.GONE


def _key(cell: Cell) -> Sequence[str]:
    return (cell.station, cell.subject, cell.fault)
