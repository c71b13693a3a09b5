"""Evaluate a policy: episodes through the whole graph, judged by the physics, as numbers in a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noetra_ros.cli.eval_approach import run_world
from noetra_ros.cli.eval_clutter import run_world as run_clutter
from noetra_ros.cli.eval_timing import (
    Chosen,
    Correction,
    numbers_of,
    rates_of,
    run_timing,
    timing_parameters,
)
from noetra_ros.cli.eval_view import EvalView
from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.contact_limits import contact_limits_mps
from noetra_ros.evaluation.episode_judge import PhysicsJudge, stop_windows
from noetra_ros.evaluation.machine import describe_machine
from noetra_ros.evaluation.person_oracle import judge_person
from noetra_ros.evaluation.plan import SENTENCE_CHOICES, EpisodePlan, plan_episodes, resolve_tasks
from noetra_ros.evaluation.records import EpisodeRecord, EvaluationResult, as_json, write_json
from noetra_ros.evaluation.task_oracle import TaskOracle
from noetra_ros.evaluation.timed_loop import Condition
from noetra_ros.evaluation.trace import read_trace
from noetra_ros.robots.profile import load_robot
from noetra_ros.streaming.execution import EXECUTIONS

if TYPE_CHECKING:
    from noetra_ros.cli.episodes import RawEpisode

TIME_MODES = ("lock_step", "real_time")
WORLDS = ("graph", "approach", "timing", "clutter")
VARIATIONS = ("none", "train", "eval")
LOG_FOLDER = Path("out/eval/log")
PERSON_KIND = "random"
PERSON_S = 40.0  # they stay for half a minute at most; the sentence may take that much longer


def command(
    policy: Annotated[str, typer.Option(help="Policy backend.")] = "noetra_nano",
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    task: Annotated[
        str, typer.Option(help="reach, push, pick, place, of a base drive; several by commas; all.")
    ] = "pick",
    episodes: Annotated[int, typer.Option(help="Episodes of each task.")] = 50,
    seed: Annotated[int, typer.Option(help="Seed of the run; its worlds are never those of training.")] = 0,
    time: Annotated[str, typer.Option(help=f"Time mode: {', '.join(TIME_MODES)}.")] = "lock_step",
    sentences: Annotated[
        str, typer.Option(help=f"{', '.join(SENTENCE_CHOICES)}: mixed = every third unknown to training.")
    ] = "mixed",
    variation: Annotated[
        str, typer.Option(help=f"Lights, shades, cameras, friction: {', '.join(VARIATIONS)}.")
    ] = "eval",
    checkpoint: Annotated[str, typer.Option(help="Folder of a model; empty = the one that ships.")] = "",
    perception: Annotated[
        bool, typer.Option("--perception", help="Watch for people; the supervisor keeps away from them.")
    ] = False,
    sector: Annotated[
        list[str] | None,
        typer.Option(help="World graph: place of use, a name of config/sectors or a file; once for each."),
    ] = None,
    person: Annotated[
        bool, typer.Option("--person", help="Somebody comes and goes in each episode; with --perception.")
    ] = False,
    world: Annotated[
        str,
        typer.Option(
            help="graph = episodes through the graph; approach = people walk up, kinematic; timing = latency "
            "injected in one loop, asynchronous against synchronous; clutter = an adversary goes for "
            "things and people, the supervisor's core in one loop with the physics."
        ),
    ] = "graph",
    latency_ms: Annotated[
        str, typer.Option(help="Injected latency; world timing: several, with commas between.")
    ] = "0",
    execution: Annotated[str, typer.Option(help=f"World graph: {', '.join(EXECUTIONS)}.")] = EXECUTIONS[0],
    execute_s: Annotated[
        float, typer.Option(help="World graph, synchronous: s of each chunk that are carried out; 0 = all.")
    ] = 0.0,
    splice: Annotated[
        str, typer.Option(help="How to pass to a newer chunk; world timing: several, with commas between.")
    ] = "blend",
    correct: Annotated[
        str, typer.Option(help="World timing: corrector of the chunks on their way; empty = none.")
    ] = "",
    correct_hz: Annotated[
        str, typer.Option(help="World timing: looks of the corrector a second, commas between; its own.")
    ] = "",
    correct_checkpoint: Annotated[
        str, typer.Option(help="World timing: folder of the corrector; empty = the one that ships.")
    ] = "",
    shift: Annotated[
        bool, typer.Option("--shift", help="World timing: each episode once more, the cube moved on the way.")
    ] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="World timing: without the synchronous conditions.")
    ] = False,
    n: Annotated[int, typer.Option("--n", help="Paths of the world approach.")] = 100_000,
    without: Annotated[
        str,
        typer.Option(help="World approach: the term of the separation to leave out; empty = each in turn."),
    ] = "",
    channel: Annotated[
        str, typer.Option(help="World graph: command channel of the policy; empty = the profile's default.")
    ] = "",
    json: Annotated[Path | None, typer.Option(help="Where the numbers go.")] = None,
    traces: Annotated[Path | None, typer.Option(help="Keep the physics traces in this folder.")] = None,
) -> None:
    """Run episodes in closed loop through the real graph, the supervisor on; success, limits and stops are
    judged by an oracle that reads the physics. Where a part of the graph fails there is no result.
    """
    _require_known(world, time, variation)
    if sector and world != "graph":
        raise single_fault("noetra eval", "--sector", ", ".join(sector), "the world graph")
    if world == "approach":
        raise typer.Exit(0 if run_world(n, seed, without, json) else 1)
    if world == "clutter":
        raise typer.Exit(0 if run_clutter(episodes, seed, json) else 1)
    kind = PERSON_KIND if person else ""
    plans = plan_episodes(resolve_tasks(task), episodes, seed, sentences, PERSON_S if person else 0.0)
    latencies_s = numbers_of(latency_ms)
    chosen = Chosen(robot, policy, checkpoint, variation, tuple(sector or ()), channel)
    if world == "timing":
        correction = Correction(correct, correct_checkpoint, rates_of(correct_hz), shift, alone)
        splices = [name for name in splice.split(",") if name]
        raise typer.Exit(run_timing(plans, chosen, latencies_s, splices, json, correction))
    condition = Condition(latencies_s[0], execution, execute_s, splice)
    with EvalView(policy, robot, time, len(plans)) as view, _trace_folder(traces) as folder:
        run = GraphRun(chosen, time, condition, perception or person, kind, folder, traces is not None)
        records = run.records(plans, view)
        result = EvaluationResult(
            policy, robot, time, task, seed, variation, sentences, describe_machine(), tuple(records),
            perception or person, kind, condition.latency_s, execution, splice, ",".join(chosen.sectors),
        )  # fmt: skip
        if json is not None:
            write_json(as_json(result), json)
        view.summary(result, json)


@dataclass(frozen=True)
class GraphRun:
    """Episodes through the whole graph.

    Attributes:
        chosen: what is evaluated.
        time: time mode.
        condition: latency, execution and splice.
        perception: somebody is watched for.
        kind: of the person who comes; empty = nobody.
        folder: where the traces go.
        keeps_traces: they stay there.
    """

    chosen: Chosen
    time: str
    condition: Condition
    perception: bool
    kind: str
    folder: Path
    keeps_traces: bool

    def records(self, plans: Sequence[EpisodePlan], view: EvalView) -> list[EpisodeRecord]:
        """Run and judge them one after another."""
        profile = load_robot(self.chosen.robot)
        from noetra_ros.cli.eval_graph import EvalGraph  # ROS loads only for a run that can begin

        oracle, judge = TaskOracle(profile), PhysicsJudge(profile)
        contact_limits = contact_limits_mps(profile) if self.perception else {}
        records = []
        with EvalGraph(
            self.chosen.policy, self.chosen.robot, self.time, self.chosen.checkpoint, LOG_FOLDER,
            self.perception, timing_parameters(self.condition), self.chosen.sectors,
            self.chosen.channel,
        ) as graph:  # fmt: skip
            runner = graph.runner(oracle, self.chosen.variation, self.folder, self.kind)
            for plan in plans:
                view.begin(plan)
                raw = runner.run(plan, view.tick)
                records.append(self._judged(raw, oracle, judge, contact_limits))
                view.end(records[-1])
        return records

    def _judged(
        self, raw: RawEpisode, oracle: TaskOracle, judge: PhysicsJudge, contact_limits: dict[str, float]
    ) -> EpisodeRecord:
        plan, trace = raw.plan, read_trace(raw.trace_path)
        verdict = oracle.judge(trace, plan.seed, self.chosen.variation, plan.task, plan.colour, raw.told_s)
        physics = judge.judge(trace, stop_windows(raw.modes, float(trace.time_s[-1])))
        with_person = None
        if self.perception:
            with_person = judge_person(trace.person, contact_limits, raw.modes, raw.told_s, raw.ended_s)
        if not self.keeps_traces:
            raw.trace_path.unlink()
        return raw.record(verdict, physics, str(raw.trace_path) if self.keeps_traces else "", with_person)


@contextmanager
def _trace_folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="noetra_eval_") as folder:
        yield Path(folder)


def _require_known(world: str, time: str, variation: str) -> None:
    _require(world, WORLDS, "world")
    _require(time, TIME_MODES, "time")
    _require(variation, VARIATIONS, "variation")


def _require(word: str, known: tuple[str, ...], key: str) -> None:
    if word not in known:
        raise single_fault("noetra eval", f"--{key}", repr(word), f"one of {', '.join(known)}")
