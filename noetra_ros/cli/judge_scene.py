"""Judge a detector on held-out rendered scenes: precision, recall of people, error of places."""

from __future__ import annotations

import json as json_format
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from noetra_ros.cli.parallel_making import counting_progress
from noetra_ros.evaluation.rendered_scenes import views
from noetra_ros.evaluation.scene_judge import ALL, CameraScore, SceneTally, as_numbers
from noetra_ros.evaluation.seeds import episode_seed
from noetra_ros.perception.detector import Detector, DetectorOptions, create_detector
from noetra_ros.perception.lifting import Lifter
from noetra_ros.robots.camera_choice import cameras_asked_for
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.sim.world import make_world

TABLE_TOP_M = 0.0


def command(
    detector: Annotated[str, typer.Option(help="Registered detector.")] = "noetra_scene",
    checkpoint: Annotated[
        Path | None, typer.Option(help="Its folder; without it the one that ships.")
    ] = None,
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    camera: Annotated[
        list[str] | None, typer.Option(help="A camera to look through; once for each; without it all.")
    ] = None,
    scenes: Annotated[int, typer.Option(help="Scenes, each at several instants.", min=1)] = 100,
    seed: Annotated[int, typer.Option(help="Which of the evaluation's scenes.", min=0)] = 0,
    device: Annotated[str, typer.Option(help="Where the detector runs: cpu or cuda.")] = "cpu",
    json: Annotated[Path | None, typer.Option(help="Where the numbers go.")] = None,
) -> None:
    """Scenes of the evaluation's seeds and variation, which training never sees.

    Depth is drawn for every camera, also for those whose profile promises none: places are told for each.
    """
    eyes = create_detector(detector, DetectorOptions(checkpoint, device))
    eyes.load()
    tally = _look(eyes, load_robot(robot), camera or (), scenes, seed)
    things, threshold = eyes.spec.labels, eyes.spec.score_threshold
    scores = tally.scores(things, threshold)
    _print(scores, f"{eyes.spec.model}, {scenes} scenes, threshold {threshold:g}")
    if json is not None:
        told = {"model": eyes.spec.model, "scenes": scenes, "seed": seed, "threshold": threshold}
        json.parent.mkdir(parents=True, exist_ok=True)
        json.write_text(json_format.dumps(told | {"cameras": as_numbers(scores)}, indent=1), encoding="utf-8")


def _look(eyes: Detector, profile: RobotProfile, asked: Sequence[str], scenes: int, seed: int) -> SceneTally:
    """Show it all scenes."""
    cameras = cameras_asked_for(profile, asked)
    world = make_world(profile)
    tally, lifter = SceneTally(), Lifter(support_m=TABLE_TOP_M)
    with counting_progress() as progress:
        bar = progress.add_task("scenes", total=scenes, note="")
        for number in range(scenes):
            for view in views(world, episode_seed(seed, number), "eval", cameras):
                tally.add(view, eyes.detect(view.image.rgb), eyes.spec.labels, lifter)
            progress.update(bar, advance=1)
    world.close()
    return tally


def _print(scores: dict[str, CameraScore], title: str) -> None:
    table = Table(title=title)
    names = ("pictures", "mAP@0.5", "people covered", "own box", "false", "places", "median", "p90")
    for name in ("camera", *names):
        table.add_column(name, justify="left" if name == "camera" else "right")
    for camera, s in scores.items():
        people = max(1, s.people)
        table.add_row(
            camera,
            str(s.pictures),
            f"{s.map50:.3f}",
            f"{s.people_covered / people:.4f} of {s.people}",
            f"{s.people_found / people:.4f}",
            str(s.false_people),
            str(s.places),
            f"{1000 * s.place_error_median_m:.1f} mm",
            f"{1000 * s.place_error_p90_m:.1f} mm",
        )
    Console().print(table)
    by_label = ", ".join(f"{label} {value:.3f}" for label, value in scores[ALL].by_label.items())
    typer.echo(f"average precision: {by_label}")
