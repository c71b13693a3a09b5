"""The demo's options and plan; the demo itself runs in `make demo`."""

import pytest

from noetra_ros.cli.demo import SENTENCES, STEPS, demo_plans
from noetra_ros.cli.main import main
from noetra_ros.evaluation.seeds import FIRST_EVALUATION_SEED
from noetra_ros.sim.task import TASKS


def test_a_window_without_a_display_is_refused_with_the_way_out(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["demo", "--view"]) == 2
    message = capsys.readouterr().err
    assert "no display" in message
    assert "out/demo/index.html" in message


def test_every_step_has_a_world_of_its_own_never_trained_on():
    seeds = [plan.seed for plan in demo_plans()]
    assert len(set(seeds)) == len(seeds) == len(SENTENCES) + 1 + 3
    assert min(seeds) >= FIRST_EVALUATION_SEED


@pytest.mark.parametrize(("task", "colour", "words"), SENTENCES)
def test_sentences_are_known_wordings_of_their_task(task, colour, words):
    assert words in TASKS.get(task).sentences(colour, "train")


def test_three_sentences_name_three_cubes():
    assert {colour for _, colour, _ in SENTENCES} == {"red", "green", "blue"}


def test_steps_are_start_sentences_bad_things_report():
    assert len(STEPS) == 1 + 3 + 1 + 3 + 1
