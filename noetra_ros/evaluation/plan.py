"""What each episode asks for: world seed, task, named cube and wording, all drawn from the run's seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from noetra_ros.core.errors import single_fault
from noetra_ros.evaluation.seeds import choice_stream, episode_seed
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS

SENTENCE_CHOICES = ("train", "heldout", "mixed")
HELDOUT_EVERY = 3  # of mixed sentences, every third is worded as training never was
ALL_TASKS = ("reach", "push", "pick", "place")


@dataclass(frozen=True)
class EpisodePlan:
    """One episode before it is run.

    Attributes:
        index: from 0.
        seed: of the world.
        task: registered task.
        colour: of the cube that the sentence names.
        wording: ``train`` or ``heldout``.
        instruction: the sentence.
        time_limit_s: s of simulated time.
    """

    index: int
    seed: int
    task: str
    colour: str
    wording: str
    instruction: str
    time_limit_s: float


def resolve_tasks(task: str) -> tuple[str, ...]:
    """Tasks that a word on the command line names: one, several with commas between, or ``all``.

    Raises:
        ConfigError: an unknown task; lists the known ones.
    """
    known = TASKS.names()
    asked = ALL_TASKS if task == "all" else tuple(word.strip() for word in task.split(","))
    for name in asked:
        if name not in known:
            raise single_fault("evaluation", "task", repr(name), f"all, or one of {', '.join(known)}")
    return asked


def plan_episodes(
    tasks: Sequence[str], episodes: int, run_seed: int, sentences: str, more_s: float = 0.0
) -> list[EpisodePlan]:
    """The episodes of a run, `episodes` for each task.

    Args:
        tasks: registered tasks.
        episodes: for each task, at least 1.
        run_seed: the same number gives the same plan.
        sentences: ``train``, ``heldout``, or ``mixed`` for every third held out.
        more_s: s by which every task may take longer, because somebody will be in its way.

    Raises:
        ConfigError: no episode, a negative seed or an unknown choice of sentences.
    """
    if episodes < 1:
        raise single_fault("evaluation", "episodes", episodes, ">= 1")
    if sentences not in SENTENCE_CHOICES:
        raise single_fault(
            "evaluation", "sentences", repr(sentences), f"one of {', '.join(SENTENCE_CHOICES)}"
        )
    return [
        _plan(number * episodes + episode, task, run_seed, sentences, more_s)
        for number, task in enumerate(tasks)
        for episode in range(episodes)
    ]


def _plan(index: int, task: str, run_seed: int, sentences: str, more_s: float) -> EpisodePlan:
    seed = episode_seed(run_seed, index)
    stream = choice_stream(seed)
    colour = stream.choice(CUBE_COLOURS)
    is_heldout = sentences == "heldout" or (
        sentences == "mixed" and index % HELDOUT_EVERY == HELDOUT_EVERY - 1
    )
    wording = "heldout" if is_heldout else "train"
    definition = TASKS.get(task)
    instruction = stream.choice(definition.sentences(colour, wording))
    limit_s = definition.time_limit_s + more_s
    return EpisodePlan(index, seed, task, colour, wording, instruction, limit_s)
