from __future__ import annotations

import pytest

from noetra_ros.cli.wordings import training_sentences
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS

CASES = [(task, colour) for task in ("reach", "push", "pick", "place") for colour in CUBE_COLOURS]


@pytest.mark.parametrize(("name", "colour"), CASES)
def test_no_heldout_sentence_is_trained_on(name, colour):
    every = {s for task, c in CASES for s in TASKS.get(task).sentences(c, "heldout")}
    assert not set(training_sentences(TASKS.get(name), colour)) & every


@pytest.mark.parametrize(("name", "colour"), CASES)
def test_the_tasks_own_sentences_are_there_and_many_more(name, colour):
    sentences = training_sentences(TASKS.get(name), colour)
    assert set(TASKS.get(name).sentences(colour, "train")) <= set(sentences)
    assert len(sentences) >= 30 and all(colour in sentence for sentence in sentences)
