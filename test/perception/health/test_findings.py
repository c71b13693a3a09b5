"""Each finding alone: just inside its limit, just outside, and what it cannot judge."""

import numpy as np
import pytest

from noetra_ros.perception.health.black import Black
from noetra_ros.perception.health.blurred import Blurred, sharpness
from noetra_ros.perception.health.depth_holes import DepthHoles
from noetra_ros.perception.health.frozen import Frozen
from noetra_ros.perception.health.moved import Moved
from noetra_ros.perception.health.silent import Silent
from noetra_ros.perception.health.stamp_jump import StampJump
from noetra_ros.perception.sensor_sample import SensorFacts, SensorSample, SensorView

MS = 1_000_000
QUIET = SensorFacts("eye", 0.1)
NOISY = SensorFacts("eye", 0.1, noisy=("picture", "depth"))
CARRIED = SensorFacts("eye", 0.1, is_carried=True)
RANDOM = np.random.default_rng(5)
SHARP = RANDOM.integers(0, 255, (40, 40, 3), dtype=np.uint8)
FINE, SUSPECT, UNJUDGED = "fine", "suspect", "unjudged"


def sample(stamp_ms=0, arrival_ms=None, **parts):
    arrival_ms = stamp_ms if arrival_ms is None else arrival_ms
    return SensorSample("eye", stamp_ms * MS, arrival_ms * MS, **parts)


def judged(finding, newest, before=None, facts=QUIET, now_ms=0, memory=None):
    return finding.update(memory, SensorView(facts, now_ms * MS, newest, before))[1].judgement.value


@pytest.mark.parametrize(("now_ms", "expected"), [(350, FINE), (351, SUSPECT)])
def test_silent(now_ms, expected):
    assert judged(Silent(0.35), sample(0), now_ms=now_ms) == expected


def test_silent_says_how_old_data_that_comes_late_is():
    view = SensorView(QUIET, 900 * MS, sample(400, arrival_ms=900))
    assert Silent(0.35).update(None, view)[1].words == "newest data is 0.50 s old, allowed 0.35 s"


@pytest.mark.parametrize(
    ("stamp_ms", "arrival_ms", "expected"),
    [
        (200, 200, FINE),
        (250, 200, FINE),
        (251, 200, SUSPECT),  # in the future
        (100, 200, SUSPECT),  # stands still
        (99, 200, SUSPECT),  # goes back
        (900, 1000, FINE),  # comes back after a pause
    ],
)
def test_stamp_jump(stamp_ms, arrival_ms, expected):
    newest = sample(stamp_ms, arrival_ms)
    assert judged(StampJump(0.05), newest, before=sample(100)) == expected


@pytest.mark.parametrize(
    ("facts", "changed_px", "same", "expected"),
    [
        (NOISY, 0, False, FINE),
        (NOISY, 0, True, SUSPECT),  # noise never repeats itself
        (QUIET, 39, True, UNJUDGED),  # a still scene without noise does
        (QUIET, 40, True, SUSPECT),  # but not where the robot has moved in it
        (QUIET, 40, False, FINE),
    ],
)
def test_frozen(facts, changed_px, same, expected):
    before = sample(0, rgb=SHARP)
    rgb = SHARP.copy() if same else SHARP ^ 1
    newest = sample(100, rgb=rgb, changed_px=changed_px)
    assert judged(Frozen(3, 40), newest, before, facts) == expected


def test_frozen_depth_under_a_living_picture_is_found():
    depth_m = np.full((4, 4), np.nan, np.float32)
    before, newest = sample(0, rgb=SHARP, depth_m=depth_m), sample(100, rgb=SHARP ^ 1, depth_m=depth_m.copy())
    assert judged(Frozen(3, 40), newest, before, NOISY) == SUSPECT


@pytest.mark.parametrize(("level", "expected"), [(20, FINE), (19, SUSPECT), (0, SUSPECT)])
def test_black(level, expected):
    assert judged(Black(20.0, 2), sample(rgb=np.full((40, 40, 3), level, np.uint8))) == expected


def test_black_sees_through_one_lamp():
    rgb = np.zeros((40, 40, 3), np.uint8)
    rgb[:5, :5] = 255
    assert judged(Black(20.0, 2), sample(rgb=rgb)) == SUSPECT


def smooth(rgb):
    wide = np.pad(rgb.astype(float), ((2, 2), (2, 2), (0, 0)), mode="edge")
    return np.mean([wide[i : i + 40, j : j + 40] for i in range(5) for j in range(5)], axis=0).astype(
        np.uint8
    )


def test_blurred_against_the_cameras_own_median():
    known = (sharpness(SHARP),) * 3
    finding = Blurred(0.3, 3, 3)
    assert judged(finding, sample(rgb=SHARP), memory=known) == FINE
    assert judged(finding, sample(rgb=smooth(SHARP)), memory=known) == SUSPECT
    assert judged(finding, sample(rgb=smooth(SHARP)), memory=known[:2]) == UNJUDGED
    assert judged(finding, sample(rgb=smooth(SHARP)), memory=known, facts=CARRIED) == UNJUDGED


def test_a_blurred_picture_does_not_become_the_measure():
    known = (sharpness(SHARP),) * 3
    view = SensorView(QUIET, 0, sample(rgb=smooth(SHARP)))
    assert Blurred(0.3, 3, 3).update(known, view)[0] == known


def test_half_the_light_does_not_blur():
    assert sharpness(SHARP // 2) == pytest.approx(sharpness(SHARP), rel=0.02)


def body(share_off=0.0, off_m=0.0):
    """A body of 20 x 20 px at 1 m, its first rows measured `off_m` deeper, before a table at 1.5 m."""
    body_m = np.full((40, 40), np.inf, np.float32)
    body_m[10:30, 10:30] = 1.0
    depth_m = np.full((40, 40), 1.5, np.float32)
    depth_m[10:30, 10:30] = 1.0
    depth_m[10 : 10 + round(20 * share_off), 10:30] += off_m
    return {"body_m": body_m, "depth_m": depth_m}


@pytest.mark.parametrize(("share", "expected"), [(0.5, FINE), (0.55, SUSPECT)])
@pytest.mark.parametrize("hole", [np.nan, np.inf, -1.0])
def test_depth_holes(share, expected, hole):
    assert judged(DepthHoles(0.5, 0.5, 3, 40), sample(**body(share, hole))) == expected


def test_a_picture_full_of_holes_is_found_without_the_robot():
    depth_m = np.ones((10, 10), np.float32)
    depth_m[:5] = np.nan
    assert judged(DepthHoles(0.5, 0.5, 3, 40), sample(depth_m=depth_m)) == UNJUDGED
    depth_m[5, 0] = np.nan
    assert judged(DepthHoles(0.5, 0.5, 3, 40), sample(depth_m=depth_m)) == SUSPECT


@pytest.mark.parametrize(
    ("share", "off_m", "expected"),
    [
        (1.0, 0.025, FINE),  # within the tolerance
        (1.0, 0.04, SUSPECT),  # deeper
        (1.0, -0.04, SUSPECT),  # all of it nearer
        (0.5, -0.04, FINE),  # an arm close above a part of it
        (0.1, 0.5, FINE),  # few pixels; one row more has a neighbour that fits
        (0.2, 0.5, SUSPECT),  # seen through
        (0.5, -0.3, FINE),  # a hand in front
        (1.0, -0.3, UNJUDGED),  # wholly covered
    ],
)
def test_moved(share, off_m, expected):
    assert judged(Moved(0.03, 0.15, 0.12, 0.6, 3, 40), sample(**body(share, off_m))) == expected


def test_a_shift_by_one_pixel_is_no_finding_and_by_four_it_is():
    parts = body()
    for shift_px, expected in ((1, FINE), (4, SUSPECT)):
        depth_m = np.roll(parts["depth_m"], shift_px, axis=1)
        assert (
            judged(Moved(0.03, 0.15, 0.12, 0.6, 3, 40), sample(body_m=parts["body_m"], depth_m=depth_m))
            == expected
        )


@pytest.mark.parametrize("finding", [DepthHoles(0.5, 0.5, 3, 40), Moved(0.03, 0.15, 0.12, 0.6, 3, 40)])
def test_too_little_of_the_body_in_view_is_not_judged(finding):
    parts = body()
    parts["body_m"][:, 11:] = np.inf
    assert judged(finding, sample(**parts)) == UNJUDGED
