"""A run's plan repeats with its seed, mixes wordings as declared and names its cube in the sentence."""

import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.evaluation.plan import ALL_TASKS, plan_episodes, resolve_tasks
from noetra_ros.evaluation.seeds import FIRST_EVALUATION_SEED
from noetra_ros.sim.task import TASKS


def test_same_seed_same_plan_other_seed_other_worlds():
    assert plan_episodes(["pick"], 6, 3, "mixed") == plan_episodes(["pick"], 6, 3, "mixed")
    first, second = ({p.seed for p in plan_episodes(ALL_TASKS, 50, run_seed, "mixed")} for run_seed in (3, 4))
    assert len(first) == 200
    assert not first & second
    assert min(first | second) >= FIRST_EVALUATION_SEED


def test_every_third_of_mixed_sentences_is_held_out():
    wordings = [p.wording for p in plan_episodes(["push"], 6, 0, "mixed")]
    assert wordings == ["train", "train", "heldout"] * 2


@pytest.mark.parametrize("wording", ["train", "heldout"])
def test_sentences_are_of_their_split_and_name_the_colour(wording):
    for plan in plan_episodes(["place"], 20, 1, wording):
        assert plan.instruction in TASKS.get("place").sentences(plan.colour, wording)
        assert plan.colour in plan.instruction


def test_all_colours_occur():
    assert {p.colour for p in plan_episodes(["pick"], 30, 0, "train")} == {"red", "green", "blue"}


def test_heldout_sentences_are_never_trained_on():
    for task in ALL_TASKS:
        train, heldout = (TASKS.get(task).sentences("red", split) for split in ("train", "heldout"))
        assert not set(train) & set(heldout)


@pytest.mark.parametrize(
    ("word", "tasks"), [("all", ALL_TASKS), ("pick", ("pick",)), ("pick, place", ("pick", "place"))]
)
def test_task_words(word, tasks):
    assert resolve_tasks(word) == tasks


def test_unknown_task_lists_the_known_ones():
    with pytest.raises(ConfigError, match=r"dance.*pick"):
        resolve_tasks("dance")


@pytest.mark.parametrize(("episodes", "sentences"), [(0, "mixed"), (1, "shouted")])
def test_impossible_runs_are_refused(episodes, sentences):
    with pytest.raises(ConfigError):
        plan_episodes(["pick"], episodes, 0, sentences)
