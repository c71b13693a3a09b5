"""What a person at the terminal sees of an evaluation: one line of progress, then a table."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.records import EpisodeRecord, EvaluationResult, Summary, summarise

TICK_S = 0.25


class EvalView:
    """A calm view; plain lines where the output is no terminal.

    Args:
        policy: backend.
        robot: profile.
        time_mode: as it is called in the result.
        total: episodes planned.
    """

    def __init__(self, policy: str, robot: str, time_mode: str, total: int) -> None:
        self.console = Console()
        self._records: list[EpisodeRecord] = []
        self._total = total
        self._told_s = 0.0
        self._plan: EpisodePlan | None = None
        self._progress = Progress(
            TextColumn(f"[bold]{policy}[/bold] on {robot}, {time_mode.replace('_', '-')}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
            console=self.console,
            transient=True,
        )
        self._bar = self._progress.add_task("starting the graph", total=total, rate="")

    def __enter__(self) -> EvalView:
        if self.console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begin(self, plan: EpisodePlan) -> None:
        """An episode begins."""
        self._plan = plan
        self._progress.update(self._bar, description=plan.instruction)

    def tick(self, sim_s: float) -> None:
        """An episode goes on; `sim_s` since its sentence."""
        if self._plan is not None and time.monotonic() - self._told_s > TICK_S:
            self._told_s = time.monotonic()
            self._progress.update(self._bar, description=f"{self._plan.instruction} · {sim_s:.0f} s")

    def end(self, record: EpisodeRecord) -> None:
        """An episode is judged."""
        self._records.append(record)
        done = sum(r.success for r in self._records)
        rate = f"{done}/{len(self._records)} done"
        self._progress.update(self._bar, advance=1, rate=rate)
        if not self.console.is_terminal:
            words = "success" if record.success else f"no success ({record.end_reason})"
            self.console.print(
                f"{len(self._records)}/{self._total} {record.instruction}: {words}, "
                f"{record.duration_s:.1f} s; {rate}",
                highlight=False,
                soft_wrap=True,
            )

    def summary(self, result: EvaluationResult, json: Path | None) -> None:
        """The numbers."""
        self.console.print(summary_table(result))
        self.console.print(physics_line(result), highlight=False)
        if json is not None:
            self.console.print(f"numbers: {json}", soft_wrap=True)


def summary_table(result: EvaluationResult) -> Table:
    """Success by task and wording."""
    head = f"{result.policy} on {result.robot}, {result.time_mode}, seed {result.seed}, {result.variation}"
    head += f", sector {result.sector}" if result.sector else ""
    table = Table(title=head, title_justify="left")
    for heading in ("task", "sentences", "success", "95 % interval", "wrong cube", "seconds"):
        table.add_column(heading, justify="left" if heading in ("task", "sentences") else "right")
    for task in dict.fromkeys(r.task for r in result.records):
        of_task = [r for r in result.records if r.task == task]
        _add_rows(table, task, of_task)
    return table


def _add_rows(table: Table, task: str, records: Sequence[EpisodeRecord]) -> None:
    table.add_row(task, "all", *_words(summarise(records)), style="bold")
    wordings = sorted({r.wording for r in records})
    for wording in wordings if len(wordings) > 1 else ():
        table.add_row("", wording, *_words(summarise([r for r in records if r.wording == wording])))


def _words(s: Summary) -> tuple[str, ...]:
    return (
        f"{s.successes}/{s.episodes} {100 * s.success_rate:.0f} %",
        f"{100 * s.wilson_low:.0f}–{100 * s.wilson_high:.0f} %",
        str(s.wrong_object),
        f"{s.seconds_per_episode:.1f}",
    )


def physics_line(result: EvaluationResult) -> str:
    """What the physics oracle found over all episodes, in one line."""
    s = summarise(result.records)
    return (
        f"physics: {s.limit_violations} limits passed, {s.commands_after_stop} commands after a stop, "
        f"{s.contact_impacts} contact impacts; supervisor: {s.safety_events} events; "
        f"{s.real_time_factor:.2f} x real time{_person_words(s) if result.perception else ''}"
    )


def _person_words(s: Summary) -> str:
    """How robot and people got on."""
    return (
        f"\npeople: {s.person_contacts} touches, {s.person_contacts_moving} of them by a link that moved "
        f"towards them (at most {s.fastest_contact_mps:.2f} m/s), {s.person_contacts_too_fast} too fast; "
        f"slowed {100 * s.slowed_share:.1f} %, stopped {100 * s.stopped_share:.1f} % of the time"
    )
