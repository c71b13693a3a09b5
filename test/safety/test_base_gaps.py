"""Gaps between a base and things: against points that are drawn densely, and by hand."""

import math

import numpy as np
import pytest
from obstacles_around import scene
from scanning_base import CIRCLE, LONG, THINGS
from told_base import CHECK, STILL, thing

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.robots.footprint import Footprint
from noetra_ros.safety.base_gaps import gaps_m
from noetra_ros.safety.base_things import things_around
from noetra_ros.safety.reckoning import Pose

EXACT = 0.03  # sensor_uncertainty_m of the settings, taken off again
NOW = np.zeros((1, 3))
NOT_MOVED = Pose()
STADIUM = Footprint(((-0.3, 0.0), (0.3, 0.0)), 0.2)


def gap(things, outline=CIRCLE, pose=STILL, span_s=0.0, age_s=0.0, twist=STILL, moved=NOT_MOVED):
    """m between the base and what was told; (m)."""
    around = things_around(scene(*things), age_s, lambda _: moved, twist, outline, CHECK)
    return gaps_m(around, outline, np.array([pose]), np.array([span_s]))[0] + EXACT


def test_the_uncertainty_that_is_taken_off_is_that_of_the_settings():
    assert THINGS["sensor_uncertainty_m"] == EXACT


BY_HAND = {
    "face to circle": (CIRCLE, thing((1.0, 0.0, 0.1), (0.2, 3.0, 0.1)), 0.7),
    "corner to circle": (CIRCLE, thing((0.6, 0.7, 0.1), (0.6, 0.6, 0.1)), 0.5 - 0.2),
    "corner to corner": (LONG, thing((0.8, 0.8, 0.1), (0.4, 0.4, 0.1)), math.hypot(0.3, 0.4)),
    "face to face": (LONG, thing((0.0, -1.0, 0.1), (5.0, 0.4, 0.1)), 0.6),
    "stadium and ball": (STADIUM, thing((0.6, 0.4, 0.1), (0.1, 0, 0), shape=Shape.SPHERE), 0.5 - 0.3),
    "over the whole base": (CIRCLE, thing((0.0, 0.0, 1.0), (4.0, 2.0, 0.1)), -1.2),
    "across it": (LONG, thing((0.0, 0.0, 1.0), (0.1, 8.0, 0.1)), -0.35),
}


@pytest.mark.parametrize(("outline", "box", "expected_m"), BY_HAND.values(), ids=BY_HAND)
def test_gaps_by_hand(outline, box, expected_m):
    assert gap([box], outline) == pytest.approx([expected_m], abs=1e-9)


def test_from_where_the_base_has_turned_to():
    """The nose of the cart comes round: its corner, 0.361 m away, points at the wall."""
    wall, turn = thing((0.0, 1.0, 0.1), (9.0, 0.2, 0.1)), math.pi / 2 - math.atan2(0.2, 0.3)
    assert gap([wall], LONG, (0.0, 0.0, turn)) == pytest.approx([0.9 - math.hypot(0.3, 0.2)], abs=1e-9)
    assert gap([wall], LONG, (0.0, 0.5, 0.0)) == pytest.approx([0.2], abs=1e-9)


def test_what_moves_covers_its_way_and_not_more():
    trolley = thing((2.0, 0.0, 0.1), (0.2, 0.2, 0.1), kind=ObstacleKind.OBJECT, velocity_mps=(-1.0, 0.0, 0.0))
    assert gap([trolley], span_s=0.5, age_s=0.2) == pytest.approx([1.9 - 0.2 - 0.7], abs=1e-9)
    assert gap([trolley], pose=(3.0, 0.0, 0.0), span_s=0.5) == pytest.approx([0.9 - 0.2], abs=1e-9)
    backing = gap([trolley], span_s=0.5, twist=(-2.0, 0.0, 0.0))  # over ground it would come at 3 m/s
    assert backing == pytest.approx([1.9 - 0.2 - 1.5], abs=1e-9)


def test_of_what_is_not_measured_every_direction_counts():
    unknown = thing((0.0, 3.0, 0.1), (0.2, 0.2, 0.1), kind=ObstacleKind.UNKNOWN, velocity_mps=(math.nan,) * 3)
    assert gap([unknown], span_s=1.0) == pytest.approx([2.9 - 0.2 - 1.6], abs=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_between_random_outlines_it_is_what_dense_points_say(seed):
    """The hull of a random box, told and seen after the base moved, and swept; the base at a random pose."""
    rng = np.random.default_rng(seed)
    outline = (CIRCLE, LONG, STADIUM, Footprint(((-0.5, -0.3), (0.4, 0.0), (-0.5, 0.3)), 0.1))[seed % 4]
    quat = rng.normal(size=4)
    box = thing(
        rng.uniform(-1.5, 1.5, 3), rng.uniform(0.0, 0.8, 3), quat_xyzw=quat, kind=ObstacleKind.OBJECT,
        velocity_mps=rng.uniform(-1.0, 1.0, 3) * (seed % 3 > 0), shape=list(Shape)[seed % 3],
    )  # fmt: skip
    moved, pose = Pose(*rng.uniform(-0.3, 0.3, 3)), rng.uniform(-1.0, 1.0, 3)
    found = gap([box], outline, pose, span_s=0.6, age_s=0.1, moved=moved)[0]
    assert found <= outside_m(box, moved, 0.7, outline, pose, rng) + 1e-6
    if found > 0.0:
        assert found == pytest.approx(outside_m(box, moved, 0.7, outline, pose, rng), abs=0.03)


def outside_m(box, moved, late_s, outline, pose, rng):
    """Least distance of 40 000 points in the hull of the thing's places from the rim; below 0 = inside."""
    w = box.quat_xyzw / np.linalg.norm(box.quat_xyzw)
    pick = rng.random((40_000, 3)) < 0.5
    if box.shape is Shape.BOX:
        local, radius_m = (pick - 0.5) * box.size_m, 0.0
    else:
        half_m = 0.5 * box.size_m[1] * (box.shape is Shape.CAPSULE)
        local, radius_m = (pick[:, 2:] * 2.0 - 1.0) * [0.0, 0.0, half_m], box.size_m[0]
    cross = 2.0 * np.cross(w[:3], local)
    points = box.position_m + local + w[3] * cross + np.cross(w[:3], cross)
    told = points[:, 0] + 1j * points[:, 1]
    seen = (told - complex(moved.x_m, moved.y_m)) * np.exp(-1j * moved.yaw_rad)
    speed = complex(*box.velocity_mps[:2]) * np.exp(-1j * moved.yaw_rad)
    places = np.where(rng.random(len(told)) < 0.5, told, seen) + late_s * speed * (
        rng.random(len(told)) < 0.5
    )
    # Corners of the hull, mixed: more of them near its edges than an even draw would give.
    others, share = rng.permutation(places), rng.random(len(places))
    places = np.concatenate([places, share * places + (1.0 - share) * others])
    from_pose = (places - complex(*pose[:2])) * np.exp(-1j * pose[2])
    away = outline.distance_m(np.column_stack([from_pose.real, from_pose.imag]))
    return float(away.min()) - radius_m
