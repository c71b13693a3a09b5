"""Makes one demonstration: noisy execution, the expert's clean answers, sometimes a change of mind.

Whoever drives (the expert with noise, or a model), the recorded answer to each scene is the expert's: so the
data holds the way back from mistakes (DART, arXiv 1703.09327; DAgger, arXiv 1011.0686).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from noetra_ros.core.types import FloatArray
from noetra_ros.evaluation.world_view import observe
from noetra_ros.policy.backend import PolicyBackend
from noetra_ros.policy.demonstrations import Demonstration
from noetra_ros.sim.experts.table import Expert
from noetra_ros.sim.plain_loop import run_episode
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS, Judge
from noetra_ros.sim.world import World

NOISE_RAD = (0.0, 0.010, 0.020, 0.030)
ATTEMPTS = 3  # of an episode, until the expert fulfils its sentence
NOISE_MEMORY = 0.6  # share of the last step's noise that stays
CHANGE_OF_MIND_SHARE = 0.2
CHANGE_AFTER_S = (0.4, 4.0)
LINGER_S = 0.8


@dataclass(frozen=True)
class Wish:
    """A task and the colour of its cube, with a sentence."""

    task: str
    colour: str
    sentence: str = ""


@dataclass
class Recorder:
    """Answers as the expert would, keeps what it saw and answered, and lets a model drive if there is one.

    Args:
        expert: gives the answers.
        cameras: pictures to keep.
        rows: rows of an answer.
        wish_at: what is asked for at a time (s since the start).
        driver: model that moves the arm; None = the expert itself.
    """

    expert: Expert
    cameras: tuple[str, ...]
    rows: int
    wish_at: Callable[[float], Wish]
    driver: PolicyBackend | None = None
    seen: dict[str, list[np.ndarray]] = field(default_factory=dict)

    def __call__(self, world: World) -> FloatArray:
        """(rows, joints) rad: what is carried out."""
        truth = world.truth()
        assert truth is not None
        wish = self.wish_at(truth.time_s)
        observation = observe(world, self.cameras, wish.sentence)
        joints = observation.joints.positions
        answer = self.expert.action_chunk(truth, joints, wish.task, wish.colour, n=self.rows)
        self._keep("tasks", np.array(wish.task))
        self._keep("colours", np.array(wish.colour))
        self._keep("joints", joints.astype(np.float32))
        self._keep("chunks", answer.astype(np.float32))
        for name, frame in observation.frames.items():
            self._keep(name, frame.rgb.copy())
        return answer if self.driver is None else self.driver.infer(observation).values

    def _keep(self, key: str, value: np.ndarray) -> None:
        self.seen.setdefault(key, []).append(value)

    def demonstration(self, seed: int) -> Demonstration:
        """All that was kept."""
        stacks = {key: np.stack(rows) for key, rows in self.seen.items()}
        return Demonstration(
            tasks=stacks["tasks"],
            colours=stacks["colours"],
            pictures={name: stacks[name] for name in self.cameras},
            joints=stacks["joints"],
            chunks=stacks["chunks"],
            seed=seed,
            driver="expert" if self.driver is None else self.driver.spec.model,
        )


def make_demonstration(
    world: World,
    recorder_of: Callable[[Callable[[float], Wish]], Recorder],
    tasks: tuple[str, ...],
    seed: int,
    variation: str,
    sentence_of: Callable[[np.random.Generator, str, str], str],
) -> tuple[Demonstration, bool]:
    """Runs one episode; where noise made the expert fail, again with other noise and wishes.

    Args:
        world: is reset here.
        recorder_of: makes the recorder for a schedule of wishes.
        tasks: the seed's place in the list decides.
        seed: of world, wishes and noise.
        variation: level of domain randomisation.
        sentence_of: a wording for a task and colour.

    Returns:
        what was recorded, and whether the last wish was fulfilled.
    """
    for attempt in range(ATTEMPTS):
        rng = np.random.default_rng([seed, attempt])
        demonstration, is_success = _attempt(world, recorder_of, tasks, seed, variation, sentence_of, rng)
        if is_success or demonstration.driver != "expert":
            break
    return demonstration, is_success


def _attempt(
    world: World,
    recorder_of: Callable[[Callable[[float], Wish]], Recorder],
    tasks: tuple[str, ...],
    seed: int,
    variation: str,
    sentence_of: Callable[[np.random.Generator, str, str], str],
    rng: np.random.Generator,
) -> tuple[Demonstration, bool]:
    wishes = [_wish(rng, tasks[seed % len(tasks)], sentence_of)]
    change_s = 0.0
    if rng.random() < CHANGE_OF_MIND_SHARE:
        wishes.insert(0, _wish(rng, str(rng.choice(tasks)), sentence_of))
        change_s = float(rng.uniform(*CHANGE_AFTER_S))
    world.reset(seed, variation)
    truth = world.truth()
    assert truth is not None
    change_s += truth.time_s
    recorder = recorder_of(lambda now_s: wishes[0] if now_s < change_s else wishes[-1])
    judge = Judge(TASKS.get(wishes[-1].task), wishes[-1].colour)
    is_expert = recorder.driver is None
    noise = Noise(rng, float(rng.choice(NOISE_RAD))) if is_expert else None
    result = run_episode(world, recorder, judge, 1 if is_expert else 2, noise, LINGER_S)
    return recorder.demonstration(seed), result.succeeded


@dataclass
class Noise:
    """Slowly changing disturbance of the joints, (6,) rad a call."""

    rng: np.random.Generator
    spread_rad: float
    value: FloatArray = field(default_factory=lambda: np.zeros(6))

    def __call__(self) -> FloatArray:
        """The next disturbance, rad."""
        fresh = self.rng.normal(0.0, self.spread_rad, self.value.shape)
        self.value = NOISE_MEMORY * self.value + np.sqrt(1 - NOISE_MEMORY**2) * fresh
        return self.value


def _wish(
    rng: np.random.Generator, task: str, sentence_of: Callable[[np.random.Generator, str, str], str]
) -> Wish:
    colour = str(rng.choice(CUBE_COLOURS))
    return Wish(task, colour, sentence_of(rng, task, colour))
