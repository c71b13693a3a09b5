"""Judge the watch over sensors: frames until a lying camera is found out, and false alarms."""

from __future__ import annotations

import dataclasses
import json as json_format
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from noetra_ros.core.config import load
from noetra_ros.evaluation.seeds import episode_seed
from noetra_ros.evaluation.sensor_judge import (
    EXPECTED,
    Alarms,
    SensorRig,
    Trial,
    count_false_alarms,
    run_trial,
)
from noetra_ros.perception.examination import Examination
from noetra_ros.perception.sensor_finding import Finding, build_findings, found_within
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world


def command(
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    camera: Annotated[str, typer.Option(help="The camera that lies; with depth.")] = "overhead",
    trials: Annotated[int, typer.Option(help="Trials of each fault.", min=0)] = 20,
    frames: Annotated[
        int, typer.Option(help="Frames without a fault: 6000 are 10 minutes at 10 Hz.", min=0)
    ] = 6000,
    seed: Annotated[int, typer.Option(help="Which episodes.", min=0)] = 0,
    json: Annotated[Path | None, typer.Option(help="Where the numbers go.")] = None,
) -> None:
    """The arm moves, people come and go, pictures are rendered, as in operation; no ROS.

    Exit code 1 where a fault was not found within its stated number of frames, or called without cause.
    """
    from noetra_ros.ros.node_parameters import parameter_file  # no rclpy: only where the file is
    from noetra_ros.ros.perception_settings import PerceptionNodeSettings

    path = parameter_file("perception")
    values: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["/**"]["ros__parameters"]
    settings = load(PerceptionNodeSettings, values, str(path))
    findings = build_findings([name for name in settings.findings if name], vars(settings))
    profile = load_robot(robot)
    world = make_world(profile)

    def examination(cameras: tuple[str, ...]) -> SensorRig:
        return SensorRig(
            profile,
            world,
            cameras,
            lambda: Examination(profile, cameras, findings, settings.recover_frames, settings.joints_gap_s),
        )

    with Progress() as progress:
        one = examination((camera,))
        bar = progress.add_task("faults", total=trials * len(EXPECTED))
        done = []
        for number in range(trials):
            for kind in EXPECTED:
                done.append(run_trial(one, camera, kind, episode_seed(seed, number)))
                progress.advance(bar)
        bar = progress.add_task("no fault", total=frames)
        alarms = count_false_alarms(
            examination(tuple(profile.cameras)), frames, seed, lambda: progress.advance(bar)
        )
    world.close()
    limits = _limits(findings, one.period_s)
    Console().print(_table(done, limits))
    Console().print(f"{alarms.frames} frames without a fault: {alarms.false or 'no alarm'}")
    if json is not None:
        _write(json, done, alarms, limits)
    if alarms.false or any(not _is_good(trial, limits) for trial in done):
        raise typer.Exit(1)


def _limits(findings: dict[str, Finding], period_s: float) -> dict[str, int]:
    """Stated number of frames by fault."""
    by_verdict = {finding.verdict: found_within(finding, period_s) for finding in findings.values()}
    return {kind: by_verdict[verdict] for kind, verdict in EXPECTED.items()}


def _is_good(trial: Trial, limits: dict[str, int]) -> bool:
    return trial.frames is not None and trial.frames <= limits[trial.kind]


def _table(trials: list[Trial], limits: dict[str, int]) -> Table:
    table = Table(title="frames until a lying camera is called by its name")
    for name in ("fault", "trials", "within the stated", "stated", "most", "called first"):
        table.add_column(name)
    for kind, limit in limits.items():
        of_kind = [trial for trial in trials if trial.kind == kind]
        good = sum(_is_good(trial, limits) for trial in of_kind)
        found = [trial.frames for trial in of_kind if trial.frames is not None]
        first = ", ".join(sorted({trial.first.lower() or "nothing" for trial in of_kind}))
        table.add_row(kind, str(len(of_kind)), str(good), str(limit), str(max(found, default="-")), first)
    return table


def _write(path: Path, trials: list[Trial], alarms: Alarms, limits: dict[str, int]) -> None:
    numbers = {
        "stated_frames": limits,
        "trials": [dataclasses.asdict(trial) for trial in trials],
        "no_fault": dataclasses.asdict(alarms),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json_format.dumps(numbers, indent=1) + "\n", encoding="utf-8")
