"""Render automatically labelled pictures to train recognition on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from noetra_ros.cli.parallel_making import counting_progress, make_all
from noetra_ros.core.errors import ConfigError, Fault
from noetra_ros.evaluation.rendered_scenes import VIEWS, View, views
from noetra_ros.evaluation.seeds import FIRST_EVALUATION_SEED
from noetra_ros.perception.scene_files import Scene, SceneSet, scene_path, write_scene, write_scene_set
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.sim.labels import INSTANCE_LABELS, INSTANCES
from noetra_ros.sim.world import World, make_world


def command(
    out: Annotated[Path, typer.Option(help="Folder for the scenes; what is there already is kept.")],
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    count: Annotated[int, typer.Option(help=f"Scenes, each seen at {VIEWS} instants.", min=1)] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the first one; the next has seed + 1.", min=0)] = 0,
    variation: Annotated[str, typer.Option(help="Domain randomisation: none or train.")] = "train",
    processes: Annotated[int, typer.Option(help="Worker processes.", min=1)] = 2,
) -> None:
    """Random lights, shades, cameras, arms, things and people; what each pixel shows comes with each picture.

    Stop it at any time and start it again: it goes on with the scenes that are missing.
    """
    profile = load_robot(robot)
    write_scene_set(out, describe(profile, seed, count, variation))
    missing = [s for s in range(seed, seed + count) if not scene_path(out, s).is_file()]
    with counting_progress() as progress:
        bar = progress.add_task("scenes", total=count, completed=count - len(missing), note="")
        for _ in make_all(SceneWorker, SceneJob(robot, variation, out), missing, processes):
            progress.update(bar, advance=1)
    typer.echo(f"{count} scenes in {out}, {len(missing)} of them new")


def describe(profile: RobotProfile, seed: int, count: int, variation: str) -> SceneSet:
    """What the run will make.

    Raises:
        ConfigError: seeds or a variation kept for evaluation, a robot without joints or cameras.
    """
    faults = []
    if variation not in ("none", "train"):
        faults.append(Fault("variation", repr(variation), "none or train; eval is for evaluation only"))
    if seed + count > FIRST_EVALUATION_SEED:
        faults.append(Fault("seed", str(seed), f"at most {FIRST_EVALUATION_SEED - count}"))
    if not profile.joints or not profile.cameras:
        faults.append(Fault("robot", profile.name, "an arm with cameras"))
    if faults:
        raise ConfigError("scenes", faults)
    return SceneSet(
        robot=profile.name,
        cameras={name: (c.width_px, c.height_px) for name, c in profile.cameras.items()},
        views=VIEWS,
        instances=INSTANCES,
        labels=tuple(INSTANCE_LABELS.values()),
        variation=variation,
    )


@dataclass(frozen=True)
class SceneJob:
    """What a worker needs to know."""

    robot: str
    variation: str
    out: Path


class SceneWorker:
    """One process's world."""

    def __init__(self, job: SceneJob) -> None:
        self._job = job
        self._world: World = make_world(load_robot(job.robot))

    def make(self, seed: int) -> bool:
        """Render and write one scene."""
        cameras = tuple(self._world.profile.cameras)
        seen: dict[str, list[View]] = {name: [] for name in cameras}
        for view in views(self._world, seed, self._job.variation, cameras):
            seen[view.camera].append(view)
        pictures = {name: np.stack([v.image.rgb for v in row]) for name, row in seen.items()}
        ids = {name: np.stack([v.labels.ids for v in row]).astype(np.uint8) for name, row in seen.items()}
        write_scene(self._job.out, Scene(seed, pictures, ids))
        return True
