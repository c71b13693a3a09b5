from __future__ import annotations

import numpy as np

from noetra_ros.perception.label_sets import BACKGROUND
from noetra_ros.perception.patches import mask_box, patches

NAMES = (BACKGROUND, "cup", "person")


def picture():
    classes = np.zeros((8, 10), dtype=int)
    classes[1:4, 1:5] = 1
    classes[4, 5] = 1  # touches by a corner
    classes[6:8, 8:10] = 1
    classes[0, 9] = 2
    certainty = np.full((8, 10), 0.9)
    certainty[6:8, 8:10] = 0.6
    return classes, certainty


def test_each_patch_is_one_thing_and_the_most_certain_comes_first():
    found = patches(*picture(), NAMES, least_score=0.5, least_area_px=2)
    assert [(d.label, round(d.score, 6)) for d in found] == [("cup", 0.9), ("cup", 0.6)]
    assert found[0].box_px.tolist() == [1, 1, 6, 5] and found[0].mask.sum() == 13


def test_uncertain_and_small_patches_are_dropped():
    assert len(patches(*picture(), NAMES, least_score=0.7, least_area_px=2)) == 1
    assert [d.label for d in patches(*picture(), NAMES, 0.5, 1)].count("person") == 1


def test_an_empty_picture_gives_nothing():
    assert patches(np.zeros((4, 4), int), np.ones((4, 4)), NAMES, 0.0, 1) == []


def test_a_box_ends_beyond_the_last_pixel():
    mask = np.zeros((5, 6), dtype=bool)
    mask[2, 3] = True
    assert mask_box(mask).tolist() == [3, 2, 4, 3]
