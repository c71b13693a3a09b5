from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from noetra_ros.perception.models.scene_grouping import Grouping
from noetra_ros.perception.models.scene_network import SceneAnswer

GROUPING = Grouping(2, ("cube", "person"), score_threshold=0.5, centre_threshold=0.3, least_area_px=4)
HEIGHT, WIDTH = 16, 24


def answer(patches, centres=()):
    """An answer that is sure of itself.

    Args:
        patches: (class, rows, columns, voted column and row) of each patch.
        centres: (thing, cell row, cell column).
    """
    classes = torch.zeros(1, 4, HEIGHT, WIDTH)
    classes[:, 0] = 4.0
    heat = torch.full((1, 2, HEIGHT // 2, WIDTH // 2), -6.0)
    votes = torch.zeros(1, 2, HEIGHT // 2, WIDTH // 2)
    for number, rows, columns, place in patches:
        classes[0, number, rows, columns] = 9.0
        for cell_row in range(rows.start // 2, (rows.stop + 1) // 2):
            for cell_column in range(columns.start // 2, (columns.stop + 1) // 2):
                here = torch.tensor([2 * cell_column + 0.5, 2 * cell_row + 0.5])
                votes[0, :, cell_row, cell_column] = torch.tensor(place) - here
    for thing, row, column in centres:
        heat[0, thing, row, column] = 3.0
    return SceneAnswer(classes, heat, votes)


def found(*arguments):
    things = GROUPING.detections(answer(*arguments))
    return sorted((d.label, d.box_px.tolist()) for d in things)


def test_nothing_but_background_gives_nothing():
    assert found([]) == []


def test_a_patch_is_a_thing_even_where_no_centre_was_seen():
    patch = (2, slice(4, 8), slice(6, 10), (7.5, 5.5))
    assert found([patch]) == [("cube", [6, 4, 10, 8])]
    assert found([patch], [(0, 2, 3)]) == [("cube", [6, 4, 10, 8])]


def test_touching_things_of_a_class_are_told_apart_by_their_votes():
    left = (3, slice(2, 12), slice(2, 10), (5.5, 6.5))
    right = (3, slice(2, 12), slice(10, 18), (13.5, 6.5))
    assert found([left, right], [(1, 3, 2), (1, 3, 6)]) == [
        ("person", [2, 2, 10, 12]),
        ("person", [10, 2, 18, 12]),
    ]


def test_a_thing_cut_in_two_by_something_nearer_is_one():
    parts = [(2, slice(2, 12), slice(2, 6), (8.5, 6.5)), (2, slice(2, 12), slice(10, 14), (8.5, 6.5))]
    assert found(parts, [(0, 3, 4)]) == [("cube", [2, 2, 14, 12])]


def test_a_stray_patch_belongs_to_nothing():
    parts = [(2, slice(2, 10), slice(2, 10), (5.5, 5.5)), (2, slice(14, 15), slice(22, 23), (5.5, 5.5))]
    assert found(parts, [(0, 2, 2)]) == [("cube", [2, 2, 10, 10])]


def test_a_centre_of_another_class_draws_no_pixels():
    patch = (2, slice(2, 12), slice(2, 18), (9.5, 6.5))
    assert found([patch], [(0, 3, 4), (1, 3, 8)]) == [("cube", [2, 2, 18, 12])]


def test_things_that_are_too_small_or_too_uncertain_are_dropped():
    assert found([(2, slice(2, 4), slice(2, 3), (2.0, 2.0))]) == []
    unsure = answer([(2, slice(2, 8), slice(2, 8), (5.0, 5.0))])
    unsure.classes.mul_(0.02)
    assert GROUPING.detections(unsure) == []


def test_masks_scores_and_order():
    sure, less = (2, slice(0, 4), slice(0, 4), (1.5, 1.5)), (3, slice(8, 16), slice(8, 16), (11.5, 11.5))
    mixed = answer([sure, less], [(0, 0, 0), (1, 5, 5)])
    mixed.classes[0, 0, 8:16, 8:16] = 8.0
    first, second = GROUPING.detections(mixed)
    assert (first.label, second.label) == ("cube", "person") and first.score > second.score > 0.5
    assert first.mask.sum() == 16 and second.mask.shape == (HEIGHT, WIDTH)
    assert np.isclose(second.score, float(torch.tensor([8.0, 9.0, 0.0, 0.0]).softmax(0)[1]), atol=1e-4)


def test_in_doubt_it_is_a_person():
    doubtful = answer([(3, slice(2, 8), slice(2, 8), (5.0, 5.0))], [(1, 2, 2)])
    doubtful.classes[0, 0, 2:8, 2:8] = 9.5
    assert GROUPING.detections(doubtful) == []
    assert [d.label for d in replace(GROUPING, people_bias=1.0).detections(doubtful)] == ["person"]
    cube = answer([(2, slice(2, 8), slice(2, 8), (5.0, 5.0))])
    cube.classes[0, 0, 2:8, 2:8] = 9.5
    assert replace(GROUPING, people_bias=1.0).detections(cube) == []


def test_what_is_seen_as_a_thing_is_not_in_doubt():
    cube = answer([(2, slice(2, 8), slice(2, 8), (5.0, 5.0))], [(0, 2, 2)])
    cube.classes[0, 3, 2:8, 2:8] = cube.classes[0, 2, 2:8, 2:8] - 0.5  # nearly a person
    assert [d.label for d in replace(GROUPING, people_bias=1.0).detections(cube)] == ["cube"]
