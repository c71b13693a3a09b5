"""What counts as a thing, and what as a person."""

import numpy as np
import pytest
from ray_pictures import thing, with_settings

from noetra_ros.core.obstacles import ObstacleKind
from noetra_ros.perception.explanation import Explanations

CUBE = np.random.default_rng(0).uniform(-0.015, 0.015, (50, 3)).astype(np.float32) + np.float32(
    [0.3, 0.0, 0.015]
)


def judged(objects, points=CUBE, now_ns=0, **changes):
    explanations = Explanations(with_settings(**changes))
    explanations.add(objects, 0)
    explanations.forget_old(now_ns)
    return explanations.judge(points).kind


def cube(**changes):
    values = {"label": "red_cube", "position_m": [0.3, 0.0, 0.015], "size_m": [0.03, 0.03, 0.03]}
    return thing(**(values | changes))


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        ([], ObstacleKind.UNKNOWN),
        ([cube()], ObstacleKind.OBJECT),
        ([cube(score=0.4)], ObstacleKind.UNKNOWN),  # not certain enough
        ([cube(size_m=[0.3, 0.3, 0.3])], ObstacleKind.UNKNOWN),  # too large for a thing
        ([cube(position_m=[0.4, 0.0, 0.0])], ObstacleKind.UNKNOWN),  # elsewhere
        ([cube(position_m=[np.nan] * 3)], ObstacleKind.UNKNOWN),  # depth did not say where
        ([cube(label="hand", size_m=[0.1] * 3)], ObstacleKind.PERSON),
        ([cube(label="person", score=0.1, size_m=[1.0] * 3)], ObstacleKind.PERSON),  # unsure counts, too
    ],
)
def test_kind_of_a_cluster(seen, kind):
    assert judged(seen) is kind


def test_a_cluster_that_a_thing_explains_in_part_is_unknown():
    hand = CUBE + np.float32([0.04, 0.0, 0.0])
    assert judged([cube()], np.vstack([CUBE, hand])) is ObstacleKind.UNKNOWN


def test_two_things_that_touch_explain_one_cluster():
    second = CUBE + np.float32([0.04, 0.0, 0.0])
    both = [cube(), cube(label="blue_cube", position_m=[0.34, 0.0, 0.015])]
    assert judged(both, np.vstack([CUBE, second])) is ObstacleKind.OBJECT


@pytest.mark.parametrize(("age_s", "kind"), [(2.0, ObstacleKind.OBJECT), (2.1, ObstacleKind.UNKNOWN)])
def test_a_recognised_thing_is_remembered_for_object_hold_s(age_s, kind):
    assert judged([cube()], now_ns=round(age_s * 1e9), object_hold_s=2.0) is kind


def test_it_is_told_by_what_a_cluster_is_explained():
    explanations = Explanations(with_settings(fixtures=("tray=0.35,-0.1,0.0,0.5,0.1,0.03",)))
    assert explanations.judge(CUBE).labels == ()
    explanations.add([cube()], 0)
    assert explanations.judge(CUBE).labels == ("red_cube",)
    on_a_tray = np.vstack([CUBE, CUBE + np.float32([0.08, 0.0, 0.0])])
    assert explanations.judge(on_a_tray).labels == ("red_cube", "tray")


def test_a_thing_that_moved_explains_its_new_place_only():
    explanations = Explanations(with_settings())
    explanations.add([cube()], 0)
    explanations.add([cube(position_m=[0.33, 0.0, 0.015])], 1)
    assert explanations.judge(CUBE - np.float32([0.03, 0.0, 0.0]))[0] is ObstacleKind.UNKNOWN
