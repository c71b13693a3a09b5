"""Make episodes for a corrector: a slow policy's chunks, moved cubes, and what the expert would correct."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from noetra_ros.cli.demos import describe
from noetra_ros.cli.parallel_making import counting_progress, make_all
from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.expert_correction import ExpertCorrector
from noetra_ros.evaluation.moved_cube import CubeShifts, ShiftRange
from noetra_ros.evaluation.plan import EpisodePlan
from noetra_ros.evaluation.seeds import FIRST_EVALUATION_SEED
from noetra_ros.evaluation.timed_loop import Condition, TimedLoop
from noetra_ros.policy.correction.corrector import Corrector, CorrectorSpec, create_corrector
from noetra_ros.policy.correction.episodes import AheadTrack, write_track
from noetra_ros.policy.demonstrations import (
    Demonstration,
    DemonstrationSet,
    episode_path,
    write_description,
    write_episode,
)
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS

FIRST_SEED = 200_000
TASK_NAMES = "pick,place,pick,place,push,reach"
ROWS = 4
STEP_S = 0.1
KEEP_HZ = 12.5
LOOK_HZ = (25.0, 50.0)
LATENCY_S = (0.05, 0.45)
CORRECT_LATENCY_S = 0.01
SHARES = (0.0, 0.5, 1.0, 1.0)
NOISE_RAD = (0.0, 0.010, 0.020, 0.030)
SHIFTED_SHARE = 0.65
SHIFTS = ShiftRange(near_m=(0.05, 0.25), distance_m=(0.01, 0.05), not_before_s=0.3, most=3)
DRIVER = "noetra_nano_corrector"
DRIVEN_SHARE = 0.7
DRIVEN_NOISE = 0.5
IGNORE_RAD = (0.0, 0.03, 0.06)
# The expert is not bounded: what a corrector's bound has to be follows from what it corrects.
FREE_RAD = 10.0


def command(
    out: Annotated[Path, typer.Option(help="Folder for the episodes; what is there already is kept.")],
    policy: Annotated[str, typer.Option(help="Policy whose chunks are corrected.")] = "noetra",
    robot: Annotated[str, typer.Option(help="Robot profile: a name or a YAML file.")] = "so101",
    tasks: Annotated[str, typer.Option(help="Task names, separated by commas.")] = TASK_NAMES,
    episodes: Annotated[int, typer.Option(help="Episodes, all tasks together.", min=1)] = 700,
    seed: Annotated[
        int, typer.Option(help="Seed of the first one; the next has seed + 1.", min=0)
    ] = FIRST_SEED,
    processes: Annotated[int, typer.Option(help="Worker processes.", min=1)] = 2,
    driver: Annotated[
        Path | None,
        typer.Option(help="Corrector that drives in most episodes while the expert corrects it (DAgger)."),
    ] = None,
) -> None:
    """Episodes of the timed loop: latency from 50 to 450 ms, most with moved cubes, noisy execution, and the
    expert's clean answers. Stop it at any time and start it again: it goes on with what is missing.
    """
    make_corrections(Making(out, policy, robot, tasks, episodes, seed, processes, driver))


@dataclass(frozen=True)
class Making:
    """What to make; see the options of the command."""

    out: Path
    policy: str = "noetra"
    robot: str = "so101"
    tasks: str = TASK_NAMES
    episodes: int = 700
    seed: int = FIRST_SEED
    processes: int = 2
    driver: Path | None = None


def make_corrections(making: Making) -> None:
    """Make the episodes that are missing.

    Raises:
        ConfigError: unknown tasks, seeds of evaluation, or a folder of episodes that were made otherwise.
    """
    out, seed, episodes = making.out, making.seed, making.episodes
    names = tuple(name.strip() for name in making.tasks.split(",") if name.strip())
    description = replace(describe(load_robot(making.robot), names, seed, "train"), rows=ROWS)
    if seed + episodes > FIRST_EVALUATION_SEED:
        raise single_fault("corrections", "seed", seed, f"at most {FIRST_EVALUATION_SEED - episodes}")
    write_description(out, description)
    missing = [s for s in range(seed, seed + episodes) if not episode_path(out, s).is_file()]
    done, succeeded = 0, 0
    job = _Job(making.robot, making.policy, description, out, making.driver)
    with counting_progress() as progress:
        bar = progress.add_task("corrections", total=episodes, completed=episodes - len(missing), note="")
        for is_success in make_all(_Worker, job, missing, making.processes):
            done, succeeded = done + 1, succeeded + is_success
            progress.update(bar, advance=1, note=f"{succeeded} of {done} succeeded")
    typer.echo(f"{episodes} episodes in {out}; {succeeded} of {done} new ones succeeded")


@dataclass(frozen=True)
class _Job:
    """What a worker needs to know; small, because it is sent to it."""

    robot: str
    policy: str
    description: DemonstrationSet
    out: Path
    driver: Path | None


class _Worker:
    """World and policy of one process; built once."""

    def __init__(self, job: _Job) -> None:
        self.job, self.profile = job, load_robot(job.robot)
        self.loop = TimedLoop(self.profile, job.policy, job.description.variation)
        self.driver: Corrector | None = None
        if job.driver is not None:
            self.driver = create_corrector(DRIVER, job.driver)
            self.driver.load()

    def make(self, seed: int) -> bool:
        """Make and write the episode; whether it succeeded."""
        rng = np.random.default_rng([seed, 5])
        plan = self._plan(rng, seed)
        look_hz = float(rng.choice(LOOK_HZ))
        latency_s = float(rng.uniform(*LATENCY_S))
        condition = Condition(
            latency_s, splice="corrected", correct_hz=look_hz, correct_latency_s=CORRECT_LATENCY_S
        )
        corrector = self._expert(rng, plan, look_hz)
        self.loop.corrector = corrector
        is_shifted = rng.random() < SHIFTED_SHARE
        shifts = CubeShifts(SHIFTS, plan.colour, seed) if is_shifted else None
        trace = self.loop.run(plan, condition, shifts)
        write_track(self.job.out, seed, _track(corrector))
        write_episode(self.job.out, self._demonstration(corrector, seed))
        return trace.succeeded

    def _plan(self, rng: np.random.Generator, seed: int) -> EpisodePlan:
        tasks = self.job.description.tasks
        task, colour = tasks[seed % len(tasks)], str(rng.choice(CUBE_COLOURS))
        sentence = str(rng.choice(self.job.description.sentences[task][colour]))
        return EpisodePlan(0, seed, task, colour, "train", sentence, TASKS.get(task).time_limit_s)

    def _expert(self, rng: np.random.Generator, plan: EpisodePlan, look_hz: float) -> ExpertCorrector:
        is_driven = self.driver is not None and rng.random() < DRIVEN_SHARE
        return ExpertCorrector(
            self.profile,
            self.loop.world,
            self._spec(rng, is_driven, look_hz),
            (plan.task, plan.colour),
            tuple(self.job.description.cameras),
            float(rng.choice(SHARES)),
            float(rng.choice(NOISE_RAD)) * (DRIVEN_NOISE if is_driven else 1.0),
            round(look_hz / KEEP_HZ),
            rng,
            self.driver if is_driven else None,
        )

    def _spec(self, rng: np.random.Generator, is_driven: bool, look_hz: float) -> CorrectorSpec:
        """Bounds of this episode: wide for the expert, drawn for a driver, so that any may be declared."""
        names = self.job.description.joints
        limit, ignore = np.full(len(names), FREE_RAD), np.zeros(len(names))
        if is_driven:
            ignore += float(rng.choice(IGNORE_RAD))
            limit[-1] *= float(rng.random() < 0.5)
        cameras = self.driver.spec.cameras if is_driven and self.driver is not None else ()
        return CorrectorSpec(
            "expert", names, cameras, STEP_S, ROWS, limit, ignore, look_hz, CORRECT_LATENCY_S
        )

    def _demonstration(self, corrector: ExpertCorrector, seed: int) -> Demonstration:
        looks = len(corrector.joints)
        return Demonstration(
            tasks=np.full(looks, corrector.wish[0]),
            colours=np.full(looks, corrector.wish[1]),
            pictures={name: np.stack(stack) for name, stack in corrector.pictures.items()},
            joints=np.stack(corrector.joints).astype(np.float32),
            chunks=np.stack(corrector.answers).astype(np.float32),
            seed=seed,
            driver=self.loop.backend.spec.model,
        )


def _track(corrector: ExpertCorrector) -> AheadTrack:
    told = corrector.told
    return AheadTrack(
        np.array([ahead.base for ahead in told], np.float32),
        np.array([ahead.planned for ahead in told], np.float32),
        np.array([ahead.age_s for ahead in told], np.float32),
        np.array([ahead.left_s for ahead in told], np.float32),
    )
