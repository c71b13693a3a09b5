"""Make demonstrations in simulation with the scripted expert."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from noetra_ros.cli.demonstrate import Recorder, make_demonstration
from noetra_ros.cli.parallel_making import counting_progress, make_all
from noetra_ros.cli.wordings import training_sentences
from noetra_ros.core.errors import ConfigError, Fault, single_fault
from noetra_ros.evaluation.seeds import FIRST_EVALUATION_SEED
from noetra_ros.policy.backend import BackendOptions, PolicyBackend, create_backend
from noetra_ros.policy.demonstrations import (
    DemonstrationSet,
    episode_path,
    write_description,
    write_episode,
)
from noetra_ros.robots.profile import RobotProfile, load_robot
from noetra_ros.sim.experts.table import Expert
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS
from noetra_ros.sim.world import World, make_world

ROWS = 8
STEP_S = 0.1


def command(
    out: Annotated[Path, typer.Option(help="Folder for the demonstrations; what is there already is kept.")],
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    tasks: Annotated[str, typer.Option(help="Task names, separated by commas.")] = "reach,push,pick,place",
    episodes: Annotated[int, typer.Option(help="Demonstrations, all tasks together.", min=1)] = 1200,
    seed: Annotated[int, typer.Option(help="Seed of the first one; the next has seed + 1.", min=0)] = 0,
    variation: Annotated[str, typer.Option(help="Domain randomisation: none or train.")] = "train",
    processes: Annotated[int, typer.Option(help="Worker processes.", min=1)] = 2,
    driver: Annotated[
        Path | None,
        typer.Option(help="Model folder that drives while the expert says what would be right (DAgger)."),
    ] = None,
) -> None:
    """Simulated episodes under the expert with noise: pictures, joints and the expert's clean answers.

    Stop it at any time and start it again: it goes on with the episodes that are missing.
    """
    names = tuple(name.strip() for name in tasks.split(",") if name.strip())
    profile = load_robot(robot)
    description = describe(profile, names, seed, variation)
    if seed + episodes > FIRST_EVALUATION_SEED:
        raise single_fault("demos", "seed", seed, f"at most {FIRST_EVALUATION_SEED - episodes}")
    write_description(out, description)
    job = _Job(robot, description, out, driver)
    missing = [s for s in range(seed, seed + episodes) if not episode_path(out, s).is_file()]
    done, succeeded = 0, 0
    with counting_progress() as progress:
        bar = progress.add_task("demonstrations", total=episodes, completed=episodes - len(missing), note="")
        for is_success in make_all(_Worker, job, missing, processes):
            done, succeeded = done + 1, succeeded + is_success
            progress.update(bar, advance=1, note=f"{succeeded} of {done} fulfilled")
    typer.echo(f"{episodes} demonstrations in {out}; {succeeded} of {done} new ones fulfilled their sentence")


def describe(profile: RobotProfile, tasks: tuple[str, ...], seed: int, variation: str) -> DemonstrationSet:
    """What the run will make.

    Raises:
        ConfigError: every unknown task, a variation kept for evaluation, a robot without joints.
    """
    faults = [
        Fault("tasks", repr(t), f"one of {', '.join(TASKS.names())}") for t in tasks if t not in TASKS.names()
    ]
    if variation not in ("none", "train"):
        faults.append(Fault("variation", repr(variation), "none or train; eval is for evaluation only"))
    if not tasks:
        faults.append(Fault("tasks", "nothing", f"some of {', '.join(TASKS.names())}"))
    cameras = {name: profile.cameras[name] for name in profile.cameras_for("policy")}
    if not profile.joints or not cameras:
        faults.append(Fault("robot", profile.name, "an arm with cameras"))
    if faults:
        raise ConfigError("demos", faults)
    wordings = {t: {c: training_sentences(TASKS.get(t), c) for c in CUBE_COLOURS} for t in tasks}
    heldout = [s for t in tasks for c in CUBE_COLOURS for s in TASKS.get(t).sentences(c, "heldout")]
    return DemonstrationSet(
        robot=profile.name,
        joints=profile.joint_names,
        unit="rad",
        cameras={name: (c.width_px, c.height_px) for name, c in cameras.items()},
        step_s=STEP_S,
        rows=ROWS,
        tasks=tasks,
        seed=seed,
        variation=variation,
        sentences=wordings,
        heldout=tuple(heldout),
    )


@dataclass(frozen=True)
class _Job:
    """What a worker needs to know; small, because it is sent to it."""

    robot: str
    description: DemonstrationSet
    out: Path
    driver: Path | None


class _Worker:
    """World, expert and driving model of one process; built once."""

    def __init__(self, job: _Job) -> None:
        self.job = job
        profile = load_robot(job.robot)
        self.world: World = make_world(profile)
        self.expert = Expert(profile)
        self.driver: PolicyBackend | None = None
        if job.driver is not None:
            self.driver = create_backend("noetra_nano", BackendOptions(profile, checkpoint=job.driver))
            self.driver.load()

    def make(self, seed: int) -> bool:
        """Make and write the episode; whether it fulfilled its sentence."""
        d = self.job.description
        demonstration, is_success = make_demonstration(
            self.world,
            lambda wish_at: Recorder(self.expert, tuple(d.cameras), d.rows, wish_at, self.driver),
            d.tasks,
            seed,
            d.variation,
            self._sentence,
        )
        write_episode(self.job.out, demonstration)
        return is_success

    def _sentence(self, rng: np.random.Generator, task: str, colour: str) -> str:
        return str(rng.choice(self.job.description.sentences[task][colour]))
