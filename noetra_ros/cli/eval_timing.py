"""`noetra eval --world timing`: how much latency costs, asynchronous against synchronous, paired episodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from noetra_ros.cli.corrector_clock import time_corrector
from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.records import write_json
from noetra_ros.evaluation.report.timing_plot import write_timing_plot
from noetra_ros.evaluation.shift_result import TURNED_M, shifted_summary
from noetra_ros.evaluation.timed_loop import Condition, TimedLoop
from noetra_ros.evaluation.timing_outcome import Outcome
from noetra_ros.evaluation.timing_result import TimedEpisode, paired_time_ratio, summary
from noetra_ros.policy.backend import BackendOptions
from noetra_ros.policy.correction.corrector import Corrector, create_corrector
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.node_parameters import Value
from noetra_ros.streaming.splices import SPLICES

ASYNCHRONOUS = "asynchronous"
SYNCHRONOUS = "synchronous"
CORRECTED = "corrected"
MOST_LATENCY_MS = 5000.0
MOST_RATE_HZ = 100.0
TABLE_COLUMNS = 104
OF_EACH_SEAM = ("plan_jumps_radps2", "command_jumps_radps2", "gaps_rad")
SHIFT_HEADINGS = ("condition", "success", "s", "answered", "turned", "p95", "of")
HEADINGS = ("condition", "success", "s", "x sync", "idle", "reaction", "seam rad/s2", "fell back")


def numbers_of(text: str) -> tuple[float, ...]:
    """Latencies in s from milliseconds with commas between.

    Raises:
        ConfigError: not numbers between 0 and 5000.
    """
    expected = "milliseconds from 0 to 5000, commas between, e.g. 50,100,200,400"
    try:
        values = tuple(float(word) for word in text.split(","))
    except ValueError:
        raise single_fault("noetra eval", "--latency-ms", repr(text), expected) from None
    if not values or not all(0.0 <= value <= MOST_LATENCY_MS for value in values):
        raise single_fault("noetra eval", "--latency-ms", repr(text), expected)
    return tuple(value / 1e3 for value in values)


@dataclass(frozen=True)
class Correction:
    """How chunks are corrected.

    Attributes:
        corrector: registered name; empty = they are not.
        checkpoint: folder of its model; empty = the one that ships.
        rates_hz: of its looks, a condition for each; none = as it declares.
        is_shifted: every episode once more with the cube moved on the way.
        is_alone: without the synchronous conditions, which an earlier run has.
    """

    corrector: str = ""
    checkpoint: str = ""
    rates_hz: tuple[float, ...] = ()
    is_shifted: bool = False
    is_alone: bool = False

    def made(self) -> Corrector | None:
        """It, not yet loaded."""
        folder = Path(self.checkpoint) if self.checkpoint else None
        return create_corrector(self.corrector, folder) if self.corrector else None


def rates_of(text: str) -> tuple[float, ...]:
    """Looks a second from numbers with commas between; empty text = none.

    Raises:
        ConfigError: not numbers from 1 to 100.
    """
    expected = "looks a second from 1 to 100, commas between, e.g. 25,50"
    try:
        values = tuple(float(word) for word in text.split(",")) if text else ()
    except ValueError:
        raise single_fault("noetra eval", "--correct-hz", repr(text), expected) from None
    if not all(1.0 <= value <= MOST_RATE_HZ for value in values):
        raise single_fault("noetra eval", "--correct-hz", repr(text), expected)
    return values


def conditions_of(
    latencies_s: Sequence[float],
    splices: Sequence[str],
    piece_s: float,
    correct_hz: Sequence[float] = (),
    correct_latency_s: float = 0.0,
) -> list[Condition]:
    """For each latency: each splice, corrected, then synchronous by pieces and by whole chunks."""
    return [
        condition
        for latency_s in latencies_s
        for condition in (
            *(Condition(latency_s, ASYNCHRONOUS, splice=name) for name in splices),
            *(
                Condition(latency_s, ASYNCHRONOUS, 0.0, CORRECTED, rate_hz, correct_latency_s)
                for rate_hz in correct_hz
            ),
            Condition(latency_s, SYNCHRONOUS, piece_s),
            Condition(latency_s, SYNCHRONOUS, 0.0),
        )
    ]


@dataclass(frozen=True)
class Chosen:
    """What is evaluated.

    Attributes:
        robot: profile.
        policy: backend.
        checkpoint: folder of a model; empty = the one that ships.
        variation: of the worlds.
        sectors: that are laid over the parameters; world graph only.
        channel: command channel; empty = the profile's default; world graph only.
    """

    robot: str
    policy: str
    checkpoint: str
    variation: str
    sectors: tuple[str, ...] = ()
    channel: str = ""

    def loop(self, corrector: Corrector | None = None) -> TimedLoop:
        """Ready to run episodes; a corrector is loaded."""
        profile = load_robot(self.robot)
        options = BackendOptions(profile, checkpoint=Path(self.checkpoint) if self.checkpoint else None)
        return TimedLoop(profile, self.policy, self.variation, options, corrector)


def run_timing(
    plans: Sequence[EpisodePlan],
    chosen: Chosen,
    latencies_s: Sequence[float],
    splices: Sequence[str],
    target: Path | None,
    correction: Correction | None = None,
) -> int:
    """Run every plan under every condition, write numbers and a plot, show a table.

    Args:
        plans: the same for every condition.
        chosen: what is evaluated.
        latencies_s: injected, s.
        splices: registered names; the first one is held against synchronous execution.
        target: JSON file, rewritten after each condition; the plot lies beside it. None = none.
        correction: of the chunks, and whether cubes are moved; None = neither.

    Returns:
        0: it ran to its end.

    Raises:
        ConfigError: unknown robot, policy or splice.
    """
    for name in splices:
        SPLICES.get(name)
    correction = correction or Correction()
    corrector = correction.made()
    loop = chosen.loop(corrector)
    rates_hz, correct_latency_s, about = correction.rates_hz, 0.0, dict[str, Any]()
    if corrector is not None:
        rates_hz, correct_latency_s = rates_hz or (corrector.spec.rate_hz,), corrector.spec.latency_s
        about = {"corrector": {"model": corrector.spec.model, **time_corrector(loop, corrector)}}
    piece_s = loop.backend.spec.replan_s
    conditions = conditions_of(latencies_s, splices, piece_s, rates_hz, correct_latency_s)
    if correction.is_alone:
        conditions = [condition for condition in conditions if condition.execution == ASYNCHRONOUS]
    if not conditions:
        raise single_fault("noetra eval", "--splice", "nothing, with --alone", "a splice, or --correct")
    console, done = Console(), dict[Condition, Outcome]()
    if not console.is_terminal:
        console.width = TABLE_COLUMNS
    with _progress(console) as progress:
        bar = progress.add_task("", total=len(conditions) * len(plans))
        for condition in conditions:
            progress.update(bar, description=f"{condition.latency_s * 1e3:g} ms, {condition.name}")
            done[condition] = Outcome()
            for plan in plans:
                done[condition].add(loop, plan, condition, correction.is_shifted)
                progress.advance(bar)
            if not console.is_terminal:
                console.print(_line(condition, done[condition]), highlight=False, soft_wrap=True)
            if target is not None:
                write_json(document(chosen, done) | about, target)
    console.print(table_of(done))
    if correction.is_shifted:
        console.print(shifted_table(done))
    if target is not None:
        plot = write_timing_plot(document(chosen, done)["conditions"], target.with_suffix(".png"))
        console.print(f"numbers: {target}\nplot: {plot}")
    return 0


def timing_parameters(condition: Condition) -> dict[str, dict[str, Value]]:
    """The same for the nodes of the graph, by node and name."""
    both: dict[str, Value] = {
        "injected_latency_s": condition.latency_s,
        "execution": condition.execution,
        "execute_s": condition.execute_s,
    }
    return {"policy": both, "streamer": {**both, "splice": condition.splice}}


def document(chosen: Chosen, done: dict[Condition, Outcome]) -> dict[str, Any]:
    """The JSON file: a summary of each condition, with its time against synchronous, then every episode."""
    rows = []
    for condition, outcome in done.items():
        episodes = outcome.episodes
        row = summary(condition, episodes)
        for key, execute_s in (("pieces", None), ("whole_chunks", 0.0)):
            base = _synchronous(done, condition.latency_s, execute_s)
            ratio, pairs = paired_time_ratio(episodes, base)
            row |= {f"time_ratio_to_{key}": ratio, f"pairs_with_{key}": pairs}
        row["records"] = [_record(e) for e in episodes]
        if outcome.shifted:
            row["shifted"] = shifted_summary(outcome.shifted)
            row["shifted"]["records"] = [asdict(e) for e in outcome.shifted]
        rows.append(row)
    return {
        "policy": chosen.policy,
        "robot": chosen.robot,
        "variation": chosen.variation,
        "time_mode": "lock_step, latency in simulated time, no supervisor",
        "machine": describe_machine(),
        "conditions": rows,
    }


def _record(episode: TimedEpisode) -> dict[str, Any]:
    """One episode without the numbers of each seam, of which the summary tells the percentiles."""
    return {key: value for key, value in asdict(episode).items() if key not in OF_EACH_SEAM}


def table_of(done: dict[Condition, Outcome]) -> Table:
    """One line a condition."""
    table = Table(title="latency in simulated time, paired episodes", title_justify="left")
    for heading in HEADINGS:
        is_first = heading == HEADINGS[0]
        table.add_column(heading, justify="left" if is_first else "right", no_wrap=is_first)
    for condition, outcome in done.items():
        episodes = outcome.episodes
        s = summary(condition, episodes)
        ratio, _ = paired_time_ratio(episodes, _synchronous(done, condition.latency_s, None))
        fell_back = sum(s["splices"].values()) - s["splices"].get(condition.splice, 0)
        table.add_row(
            f"{1e3 * condition.latency_s:g} ms {condition.name}", f"{s['successes']}/{s['episodes']}",
            f"{s['time_s_mean']:.1f}", f"{ratio:.2f}", f"{100 * s['idle_share']:.1f} %",
            f"{s['reaction_mean_s']:.3f} s", f"{s['plan_jump_p95_radps2']:.1f}", str(fell_back),
        )  # fmt: skip
    return table


def _synchronous(
    done: dict[Condition, Outcome], latency_s: float, execute_s: float | None
) -> list[TimedEpisode]:
    """Episodes of the synchronous condition of one latency; None = by pieces."""
    for condition, outcome in done.items():
        is_asked = bool(condition.execute_s) if execute_s is None else condition.execute_s == execute_s
        if condition.latency_s == latency_s and condition.execution == SYNCHRONOUS and is_asked:
            return outcome.episodes
    return []


def shifted_table(done: dict[Condition, Outcome]) -> Table:
    """One line a condition: what became of the episodes whose cube was moved."""
    title = f"cube moved by 3 to 4 cm on the way; turned = setpoints {1e3 * TURNED_M:g} mm off the twin's"
    table = Table(title=title, title_justify="left")
    for heading in SHIFT_HEADINGS:
        is_first = heading == SHIFT_HEADINGS[0]
        table.add_column(heading, justify="left" if is_first else "right", no_wrap=is_first)
    for condition, outcome in done.items():
        s = shifted_summary(outcome.shifted)
        table.add_row(
            f"{1e3 * condition.latency_s:g} ms {condition.name}", f"{s['successes']}/{s['shifted']}",
            f"{s['time_s_mean']:.1f}", f"{s['answered_s_mean']:.3f} s", f"{s['turned_s_mean']:.3f} s",
            f"{s['turned_s_p95']:.3f} s", str(s["turned"]),
        )  # fmt: skip
    return table


def _line(condition: Condition, outcome: Outcome) -> str:
    s = summary(condition, outcome.episodes)
    text = (
        f"{condition.latency_s * 1e3:g} ms, {condition.name}: {s['successes']}/{s['episodes']}, "
        f"{s['time_s_mean']:.1f} s, idle {100 * s['idle_share']:.1f} %, "
        f"reaction {s['reaction_mean_s']:.3f} s, planned jump p95 {s['plan_jump_p95_radps2']:.1f} rad/s2"
    )
    if outcome.shifted:
        m = shifted_summary(outcome.shifted)
        text += (
            f"; cube moved: {m['successes']}/{m['shifted']}, {m['time_s_mean']:.1f} s, "
            f"answered {m['answered_s_mean']:.3f} s, turned {m['turned_s_mean']:.3f} s"
        )
    return text


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("timing, {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
