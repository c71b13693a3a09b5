from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.core.obstacles import DetectedObject
from noetra_ros.evaluation.detection_scores import Found, Judged, Wanted
from noetra_ros.evaluation.scene_judge import (
    as_numbers,
    people_covers,
    place_errors,
    places_on_table,
    score,
)
from noetra_ros.perception.detector import Detection
from noetra_ros.sim.labels import INSTANCES, Labels
from noetra_ros.sim.scene import ObjectTruth, SceneTruth

BOX = np.array([0.0, 0.0, 10.0, 10.0])
AWAY = np.array([50.0, 0.0, 60.0, 10.0])
TURN = np.array([0.0, 0.0, 0.0, 1.0])


def lifted(label, position_m, box=BOX):
    return DetectedObject(label, 0.9, "front", box, np.array(position_m), TURN, np.full(3, 0.03))


def truth(**positions_m):
    still = np.array([1.0, 0.0, 0.0, 0.0])
    objects = {n: ObjectTruth(np.array(p), still, np.array(p)) for n, p in positions_m.items()}
    return SceneTruth(0.0, objects, np.array([0.2, 0.1, 0.0]), np.zeros(3), 0.0)


def test_only_what_stands_on_the_table_beside_the_bowl_has_a_place():
    places = places_on_table(
        truth(
            red_cube=[0.3, 0.0, 0.014],
            green_cube=[0.2, 0.1, 0.014],  # in the bowl
            blue_cube=[0.3, 0.1, 0.2],  # held
            purple_ball=[0.3, -0.1, 0.0125],
            yellow_cylinder=[0.0, 0.0, -3.0],  # away
        )
    )
    assert set(places) == {"bowl", "red_cube", "purple_ball"}
    assert places["bowl"] == pytest.approx([0.2, 0.1, 0.014])


def test_place_errors_are_of_found_things_alone():
    places = {"red_cube": np.array([0.3, 0.0, 0.014]), "bowl": np.array([0.2, 0.1, 0.014])}
    wanted = (Wanted("red_cube", BOX), Wanted("bowl", AWAY), Wanted("hand", BOX))
    near = lifted("red_cube", [0.303, 0.004, 0.014])
    assert place_errors([near], wanted, places) == pytest.approx([0.005])
    assert place_errors([lifted("red_cube", [0.3, 0, 0], AWAY)], wanted, places) == []
    assert place_errors([lifted("red_cube", [np.nan] * 3)], wanted, places) == [float("inf")]
    assert place_errors([near], (Wanted("red_cube", BOX, is_ignored=True),), places) == []


def test_people_are_counted_by_thing_and_by_picture():
    somebody = Judged((Found("hand", 0.9, BOX),), (Wanted("person", BOX), Wanted("hand", AWAY)))
    nobody = Judged((Found("person", 0.6, BOX), Found("person", 0.2, AWAY)), ())
    told = score([somebody, nobody], [0.01, 0.02, 0.06], [0.5, 0.49], ("person", "hand"), threshold=0.5)
    assert (told.people_found, told.people_covered, told.people) == (1, 1, 2)
    assert (told.people_pictures_found, told.people_pictures, told.false_people) == (1, 1, 1)
    assert told.place_error_median_m == 0.02 and told.places == 3


def test_a_person_is_covered_by_whatever_is_called_person_or_hand():
    ids = np.zeros((10, 20), np.int32)
    ids[:, :4], ids[:, 10:14] = INSTANCES.index("person"), INSTANCES.index("left_hand")
    ids[0, 18] = INSTANCES.index("right_hand")  # too little to be asked for
    mask = ids == INSTANCES.index("person")
    mask[:5] = False
    hand = Detection("hand", 0.9, np.array([0.0, 5, 4, 10]), mask)
    boxed = Detection("person", 0.9, np.array([9.0, 0, 13, 10]))
    cup = Detection("red_cube", 0.9, np.array([0.0, 0, 20, 10]))
    assert people_covers(Labels(ids), [hand, boxed, cup]) == [0.5, 0.75]


def test_numbers_for_a_file_hold_no_nan():
    told = as_numbers({"all": score([], [], [], ("cup",), 0.5)})["all"]
    assert told["map50"] is None and told["by_label"] == {"cup": None} and told["pictures"] == 0
