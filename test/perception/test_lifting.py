from __future__ import annotations

import numpy as np
import pytest

from noetra_ros.perception.detector import Detection
from noetra_ros.perception.frames import DepthFrame, Pinhole
from noetra_ros.perception.lifting import Lifter, unplaced
from noetra_ros.robots.profile import load_robot

LENS = Pinhole(200.0, 200.0, 79.5, 59.5)
HEIGHT_M = 1.0
# Straight down from 1 m above the table, the top of the picture towards +x.
DOWN = np.array([[0.0, -1, 0, 0.3], [-1, 0, 0, 0.1], [0, 0, -1, HEIGHT_M], [0, 0, 0, 1]])
MASK = np.zeros((120, 160), dtype=bool)
MASK[50:60, 70:82] = True  # 0.05 m along y is 10 px at 1 m


def frame(depth_m):
    return DepthFrame(7, "overhead", depth_m.astype(np.float32), LENS, DOWN)


def box_scene(top_m=0.04):
    """A table with a box on it that fills the mask."""
    depth = np.full((120, 160), HEIGHT_M)
    depth[MASK] = HEIGHT_M - top_m
    return depth


def detection(mask=MASK, label="red_cube"):
    return Detection(label, 0.9, np.array([70.0, 50, 82, 60]), mask)


def true_centre(top_m=0.04):
    """Of the mask: columns 70..81, rows 50..59, so its middle is at 75.5, 54.5."""
    z = HEIGHT_M - top_m
    x, y = (75.5 - 79.5) / 200 * z, (54.5 - 59.5) / 200 * z
    return np.array([0.3 - y, 0.1 - x, top_m / 2])


def test_a_box_on_the_table_has_its_place_size_and_full_height():
    thing = Lifter(support_m=0.0).lift(detection(), frame(box_scene()))
    np.testing.assert_allclose(thing.position_m, true_centre(), atol=1e-3)
    np.testing.assert_allclose(thing.size_m, [10 * 0.96 / 200, 12 * 0.96 / 200, 0.04], atol=1e-3)
    np.testing.assert_allclose(np.abs(thing.quat_xyzw), [0, 0, 0, 1], atol=1e-9)
    assert (thing.label, thing.camera, thing.score) == ("red_cube", "overhead", 0.9)


def test_without_a_support_the_box_ends_where_the_points_end():
    thing = Lifter().lift(detection(), frame(box_scene()))
    assert thing.position_m[2] == pytest.approx(0.04) and thing.size_m[2] == pytest.approx(0.0, abs=1e-6)


def test_what_floats_far_above_the_table_does_not_reach_down_to_it():
    thing = Lifter(support_m=0.0).lift(detection(label="hand"), frame(box_scene(top_m=0.3)))
    assert thing.position_m[2] == pytest.approx(0.3) and thing.size_m[2] < 0.01


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, -1.0])
def test_holes_in_the_depth_do_not_count(bad):
    depth = box_scene()
    holes = MASK & (np.indices(MASK.shape).sum(axis=0) % 2 == 0)
    depth[holes] = bad
    thing = Lifter(support_m=0.0).lift(detection(), frame(depth))
    np.testing.assert_allclose(thing.position_m, true_centre(), atol=3e-3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_depth_that_says_nothing_gives_no_place_but_keeps_the_finding(bad):
    thing = Lifter(support_m=0.0).lift(detection(), frame(np.full((120, 160), bad)))
    assert np.isnan(thing.position_m).all() and np.isnan(thing.size_m).all()
    assert thing.label == "red_cube" and thing.box_px.tolist() == [70, 50, 82, 60]


def test_single_pixels_far_away_do_not_move_it():
    depth = box_scene()
    depth[50, 70:76], depth[55, 75] = 0.4, 3.0
    thing = Lifter(support_m=0.0).lift(detection(), frame(depth))
    np.testing.assert_allclose(thing.position_m, true_centre(), atol=5e-3)


def test_a_box_without_a_mask_is_looked_for_in_its_middle():
    depth = box_scene()
    found = Detection("red_cube", 0.9, np.array([68.0, 48, 84, 62]))
    thing = Lifter(support_m=0.0).lift(found, frame(depth))
    np.testing.assert_allclose(thing.position_m, true_centre(), atol=4e-3)


def test_the_turn_about_the_vertical_is_found():
    rows, columns = np.indices((120, 160))
    u, v = (columns - 79.5) / 200, (rows - 59.5) / 200
    turn = np.deg2rad(25.0)
    mask = (np.abs(u * np.cos(turn) + v * np.sin(turn)) < 0.12) & (
        np.abs(v * np.cos(turn) - u * np.sin(turn)) < 0.04
    )
    thing = Lifter().lift(detection(mask), frame(np.full((120, 160), HEIGHT_M)))
    # Columns run along -y and rows along -x: the long side lies at 65 degrees, so the short one at -25.
    yaw = 2 * np.arctan2(thing.quat_xyzw[2], thing.quat_xyzw[3])
    assert np.rad2deg(yaw) == pytest.approx(-25.0, abs=3.0)
    assert thing.size_m[:2] == pytest.approx([0.08, 0.24], abs=0.012)


def test_one_pixel_is_too_little_and_two_are_enough():
    mask = np.zeros_like(MASK)
    mask[50, 70] = True
    assert np.isnan(Lifter().lift(detection(mask), frame(box_scene())).position_m).all()
    mask[50, 71] = True
    assert np.isfinite(Lifter().lift(detection(mask), frame(box_scene())).position_m).all()


def test_a_camera_without_depth_gives_things_without_places():
    things = Lifter().lift_all([detection(), detection(label="bowl")], "front", None)
    assert [t.label for t in things] == ["red_cube", "bowl"]
    assert all(np.isnan(t.position_m).all() and t.camera == "front" for t in things)


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(ValueError, match="mask of shape"):
        Lifter().lift(detection(MASK[:60]), frame(box_scene()))


def test_an_unplaced_thing_shares_nothing_with_the_next():
    first, second = unplaced(detection(), "front"), unplaced(detection(), "front")
    first.position_m[0] = 1.0
    assert np.isnan(second.position_m).all()


@pytest.mark.gl
def test_things_of_a_rendered_scene_are_lifted_to_where_they_are(gl_backend):
    from noetra_ros.evaluation.rendered_scenes import views
    from noetra_ros.evaluation.scene_judge import depth_frame, places_on_table
    from noetra_ros.perception.patches import mask_box
    from noetra_ros.sim.world import make_world

    world = make_world(load_robot("so101"))
    errors = []
    for seed in range(6):
        for view in views(world, seed, "train", ("front",)):
            for label, place in places_on_table(view.truth).items():
                mask = view.labels.mask(label)
                if mask.sum() >= 12:
                    found = Detection(label, 1.0, mask_box(mask), mask)
                    thing = Lifter(support_m=0.0).lift(found, depth_frame(view))
                    errors.append(np.linalg.norm(thing.position_m - place))
    world.close()
    assert len(errors) > 20 and np.median(errors) < 0.006
