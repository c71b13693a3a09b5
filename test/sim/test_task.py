"""Every task keeps the contract; the judge wants things to last."""

import pytest
from made_scenes import made_scene

from noetra_ros.core.errors import ConfigError
from noetra_ros.sim.scene import CUBE_COLOURS
from noetra_ros.sim.task import TASKS, Judge

HANDLING = ["pick", "place", "push", "reach"]
ALL = ["drive", *HANDLING]


def test_the_tasks_of_the_package():
    assert TASKS.names() == ALL


@pytest.mark.parametrize("name", ALL)
def test_no_sentence_of_the_tests_was_trained_on(name):
    task = TASKS.get(name)
    assert task.name == name
    for colour in CUBE_COLOURS:
        train, heldout = task.sentences(colour, "train"), task.sentences(colour, "heldout")
        assert len(set(train)) >= 3 and len(set(heldout)) >= 3
        assert not set(train) & set(heldout)
        assert all(colour in sentence for sentence in train + heldout)


def test_no_two_tasks_share_a_sentence():
    sentences = [
        s for n in ALL for split in ("train", "heldout") for s in TASKS.get(n).sentences("red", split)
    ]
    assert len(sentences) == len(set(sentences))


@pytest.mark.parametrize("name", HANDLING)
def test_an_untouched_scene_is_neither_success_nor_wrong(name):
    task, scene = TASKS.get(name), made_scene()
    assert not task.is_success(scene, "red")
    assert not task.is_wrong_object(scene, "red")


@pytest.mark.parametrize(("colour", "split"), [("pink", "train"), ("red", "test")])
def test_unknown_words_are_refused(colour, split):
    with pytest.raises(ConfigError, match="expected one of"):
        TASKS.get("pick").sentences(colour, split)


def test_success_must_last_half_a_second():
    judge = Judge(TASKS.get("pick"), "red")
    lifted = (0.2, 0.0, 0.08)
    answers = [judge.update(made_scene(time_s=t, red_cube=lifted)) for t in (0.0, 0.2, 0.4, 0.5)]
    assert answers == [False, False, False, True]


def test_a_break_starts_the_half_second_again():
    judge = Judge(TASKS.get("pick"), "red")
    for time_s, height_m in ((0.0, 0.08), (0.4, 0.014), (0.5, 0.08), (0.9, 0.08)):
        judge.update(made_scene(time_s=time_s, red_cube=(0.2, 0.0, height_m)))
    assert not judge.succeeded


def test_a_wrong_object_stays_noted():
    judge = Judge(TASKS.get("pick"), "red")
    for time_s, height_m in ((0.0, 0.08), (0.3, 0.08), (0.4, 0.014)):
        judge.update(made_scene(time_s=time_s, green_cube=(0.18, 0.09, height_m)))
    assert judge.handled_wrong and not judge.succeeded
