"""Tracks: the same number for the same thing, speeds when they are known, and hidden things stay."""

import numpy as np
import pytest
from ray_pictures import with_settings

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.perception.obstacle_fit import FittedShape
from noetra_ros.perception.tracking import Measurement, Tracker

STEP_NS = 100_000_000
UNTURNED, BALL = np.array([0.0, 0.0, 0.0, 1.0]), np.array([0.1, 0.0, 0.0])


def ball(x_m, y_m, stamp_ns, kind=ObstacleKind.UNKNOWN):
    fitted = FittedShape(Shape.SPHERE, np.array([x_m, y_m, 0.2]), UNTURNED, BALL, 0.004)
    return Measurement(fitted, 0.01, kind, 1.0, stamp_ns)


def in_sight(points):
    return np.zeros(len(points))


def behind_the_arm(points):
    return np.full(len(points), 0.05)


def run(*instants, hiding=in_sight, **changes):
    """A tracker after lists of measurements, one list each 0.1 s."""
    tracker = Tracker(with_settings(**changes))
    for k, places in enumerate(instants):
        tracker.update([ball(*place[:2], k * STEP_NS, *place[2:]) for place in places], k * STEP_NS, hiding)
    return tracker, (len(instants) - 1) * STEP_NS


def numbers(tracker, now_ns):
    return sorted(o.track_id for o in tracker.obstacles(now_ns))


def test_a_velocity_is_nan_until_it_is_known():
    steps = [[(0.1 * k, 0.0)] for k in range(6)]
    known = []
    for count in range(1, 7):
        tracker, now_ns = run(*steps[:count])
        known.append(bool(np.isfinite(tracker.obstacles(now_ns)[0].velocity_mps).all()))
    assert known == [False, False, True, True, True, True]
    assert tracker.obstacles(now_ns)[0].velocity_mps == pytest.approx([1.0, 0.0, 0.0], abs=0.05)


def test_two_things_that_pass_each_other_keep_their_numbers():
    steps = [[(0.05 * k, 0.15), (0.5 - 0.05 * k, -0.15)] for k in range(11)]
    tracker, now_ns = run(*steps)
    first, second = tracker.obstacles(now_ns)
    assert (first.track_id, second.track_id) == (1, 2)
    assert first.position_m[0] == pytest.approx(0.5)
    assert second.position_m[0] == pytest.approx(0.0)


def test_something_new_is_told_at_once_and_is_not_the_old_one():
    tracker, now_ns = run([(0.0, 0.0)], [(0.0, 0.0)], [(0.0, 0.0), (0.0, 0.9)])
    assert numbers(tracker, now_ns) == [1, 2]


def test_a_leap_is_something_new():
    tracker, now_ns = run([(0.0, 0.0)], [(0.0, 0.0)], [(0.0, 0.0)], [(1.0, 0.0)])
    assert numbers(tracker, now_ns) == [1, 2]


@pytest.mark.parametrize(("empty", "expected"), [(2, [1]), (3, [])])
def test_what_is_not_seen_any_more_is_kept_for_keep_s(empty, expected):
    assert numbers(*run([(0.0, 0.0)], *[[]] * empty, keep_s=0.25)) == expected


@pytest.mark.parametrize(("empty", "expected"), [(10, [1]), (11, [])])
def test_what_the_arm_hides_stays_protected_for_hidden_keep_s(empty, expected):
    tracker, now_ns = run([(0.0, 0.0)], *[[]] * empty, hiding=behind_the_arm, hidden_keep_s=1.0)
    assert numbers(tracker, now_ns) == expected
    assert all(o.is_protected for o in tracker.obstacles(now_ns))


def test_a_hidden_thing_stays_where_it_was_and_is_less_certain():
    seen = [[(0.1 * k, 0.0)] for k in range(5)]
    before = Tracker.obstacles(*run(*seen))[0]
    after = Tracker.obstacles(*run(*seen, [], [], hiding=behind_the_arm))[0]
    assert after.position_m == pytest.approx(before.position_m)
    assert after.position_std_m == pytest.approx(before.position_std_m + 0.05)
    assert after.seen_ns == before.seen_ns


def test_once_a_person_a_person_for_person_hold_s():
    person, thing = ObstacleKind.PERSON, ObstacleKind.OBJECT
    held = run([(0.0, 0.0, person)], *[[(0.0, 0.0, thing)]] * 5, person_hold_s=0.5)
    over = run([(0.0, 0.0, person)], *[[(0.0, 0.0, thing)]] * 6, person_hold_s=0.5)
    assert [Tracker.obstacles(*case)[0].kind for case in (held, over)] == [person, thing]


def test_the_published_shape_is_the_newest_one_not_a_smoothed_one():
    tracker, now_ns = run([(0.0, 0.0)], [(0.0, 0.0)], [(0.0, 0.0)], [(0.05, 0.0)])
    assert tracker.obstacles(now_ns)[0].position_m[0] == 0.05


def test_a_velocity_that_turned_out_wrong_is_not_known_for_a_while():
    steps = [[(0.1 * k, 0.0)] for k in range(6)] + [[(0.5, 0.0)]] * 5  # it stops from 1 m/s at once
    known = [
        bool(np.isfinite(Tracker.obstacles(*run(*steps[:n]))[0].velocity_mps).all()) for n in range(5, 12)
    ]
    assert known[:2] == [True, True]
    assert known[2] is False
    assert known[-1] is True
