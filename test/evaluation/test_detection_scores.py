"""Every expected number here was worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from noetra_ros.evaluation.detection_scores import (
    Found,
    Judged,
    Wanted,
    average_precision,
    mean_average_precision,
    overlaps,
    recall,
)

HERE, THERE, NOWHERE = (np.array([x, 0.0, x + 10.0, 10.0]) for x in (0.0, 20.0, 60.0))


def picture(found, wanted, label="cup"):
    return Judged(
        tuple(Found(label, score, box) for score, box in found), tuple(Wanted(label, box) for box in wanted)
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([0, 0, 10, 10], [0, 0, 10, 10], 1.0),
        ([0, 0, 10, 10], [5, 0, 15, 10], 50 / 150),
        ([0, 0, 2, 1], [0, 0, 1, 1], 0.5),
        ([0, 0, 10, 10], [10, 0, 20, 10], 0.0),
        ([0, 0, 4, 4], [1, 1, 3, 3], 4 / 16),
        ([0, 0, 0, 0], [0, 0, 0, 0], 0.0),
    ],
)
def test_overlap_of_two_boxes(first, second, expected):
    assert overlaps(np.array(first, float), np.array(second, float))[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ([(0.9, HERE), (0.8, THERE)], [HERE, THERE], 1.0),
        # Right, wrong, right: precision 1/1 up to recall 1/2, then 2/3 up to 1.
        ([(0.9, HERE), (0.8, NOWHERE), (0.7, THERE)], [HERE, THERE], 0.5 * 1 + 0.5 * 2 / 3),
        # Wrong first: precision 1/2 over the whole of recall.
        ([(0.9, NOWHERE), (0.8, HERE)], [HERE], 0.5),
        # The same thing twice: the second finding is wrong, but comes after all is found.
        ([(0.9, HERE), (0.8, HERE)], [HERE], 1.0),
        ([(0.9, HERE), (0.8, HERE)], [HERE, THERE], 0.5),
        # Two wrong ones, then two right: 1/3, 2/4; the envelope lifts the first to 1/2.
        ([(0.9, NOWHERE), (0.8, NOWHERE), (0.7, HERE), (0.6, THERE)], [HERE, THERE], 0.5),
        ([], [HERE], 0.0),
        ([(0.9, NOWHERE)], [HERE], 0.0),
    ],
)
def test_average_precision_of_one_picture(found, wanted, expected):
    assert average_precision([picture(found, wanted)], "cup") == pytest.approx(expected)


def test_findings_of_all_pictures_are_ranked_together():
    # By score: right (A), wrong (B), wrong (A), right (B) of 3: 1/3 * 1 + 1/3 * 2/4.
    a = picture([(0.9, HERE), (0.6, NOWHERE)], [HERE, THERE])
    b = picture([(0.8, NOWHERE), (0.5, HERE)], [HERE])
    assert average_precision([a, b], "cup") == pytest.approx(1 / 3 + 1 / 6)


def test_a_box_counts_from_the_asked_overlap_on():
    half = np.array([0.0, 0.0, 5.0, 10.0])
    assert average_precision([picture([(0.9, half)], [HERE])], "cup", 0.5) == 1.0
    assert average_precision([picture([(0.9, half)], [HERE])], "cup", 0.51) == 0.0


def test_the_better_of_two_things_is_taken():
    shifted = HERE + np.array([3.0, 0.0, 3.0, 0.0])
    both = picture([(0.9, shifted), (0.8, HERE)], [HERE, shifted])
    assert average_precision([both], "cup", 0.5) == 1.0


def test_an_ignored_thing_is_neither_asked_for_nor_wrong():
    wanted = (Wanted("cup", HERE), Wanted("cup", THERE, is_ignored=True))
    found = (Found("cup", 0.9, THERE), Found("cup", 0.8, HERE))
    assert average_precision([Judged(found, wanted)], "cup") == 1.0
    assert average_precision([Judged((), wanted[1:])], "cup") != 0.0  # nothing is asked for
    wrong = Found("cup", 0.95, NOWHERE)
    assert average_precision([Judged((wrong, *found), wanted)], "cup") == 0.5


def test_the_mean_leaves_out_classes_that_are_in_no_picture():
    pictures = [picture([(0.9, HERE)], [HERE], "cup"), picture([], [HERE], "ball")]
    mean, by_label = mean_average_precision(pictures, ("cup", "ball", "bowl"))
    assert mean == 0.5 and by_label["cup"] == 1.0 and by_label["ball"] == 0.0
    assert math.isnan(by_label["bowl"])


def test_recall_takes_classes_as_one_and_heeds_the_threshold():
    wanted = (Wanted("person", HERE), Wanted("hand", THERE), Wanted("cup", NOWHERE))
    found = (Found("hand", 0.9, HERE), Found("hand", 0.4, THERE), Found("cup", 0.9, THERE))
    assert recall([Judged(found, wanted)], ("person", "hand"), threshold=0.5) == (1, 2)
    assert recall([Judged(found, wanted)], ("person", "hand"), threshold=0.3) == (2, 2)
    assert recall([], ("person",), 0.5) == (0, 0)
