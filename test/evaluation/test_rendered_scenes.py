from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.evaluation.rendered_scenes import AWAY_M, VIEWS, views
from noetra_ros.robots.profile import load_robot
from noetra_ros.sim.world import make_world

pytestmark = pytest.mark.gl


@pytest.fixture(scope="module")
def world(gl_backend):
    made = make_world(load_robot("so101"))
    yield made
    made.close()


def test_a_seed_gives_the_same_views_whatever_was_drawn_before(world):
    first = list(views(world, 11, "train", ("front", "overhead")))
    list(views(world, 12, "train", ("front",)))
    again = list(views(world, 11, "train", ("front", "overhead")))
    assert len(first) == 2 * VIEWS
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.labels.ids, two.labels.ids)
        np.testing.assert_array_equal(one.world_from_optical, two.world_from_optical)


def test_training_and_evaluation_draw_different_scenes(world):
    train, other = (next(views(world, 11, level, ("overhead",))) for level in ("train", "eval"))
    assert not np.array_equal(train.world_from_optical, other.world_from_optical)
    assert not np.array_equal(train.image.rgb, other.image.rgb)


def test_scenes_vary_in_all_that_recognition_must_not_rest_on(world):
    shown = [list(views(world, seed, "train", ("overhead",))) for seed in range(12)]
    labels = [{v.labels.labels[k] for k in np.unique(v.labels.ids)} for row in shown for v in row]
    people = sum("person" in seen for seen in labels)
    assert 10 < people < len(labels)
    assert any("hand" in seen for seen in labels) and any("bowl" not in seen for seen in labels)
    brightness = [v.image.rgb.mean() for row in shown for v in row]
    assert max(brightness) > 1.3 * min(brightness)


def test_truth_tells_where_things_are_even_where_they_are_away(world):
    for seed in range(8):
        for view in views(world, seed, "train", ("front",)):
            for name, thing in view.truth.objects.items():
                is_away = np.allclose(thing.position_m, AWAY_M)
                assert not (is_away and view.labels.mask(name).any())
