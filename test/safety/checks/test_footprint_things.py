"""The footprint check and what perception tells: which distance, height, speed and age is in the way."""

import dataclasses
import math

import numpy as np
import pytest
from obstacles_around import NOW_NS, scene
from scanning_base import LONG, around
from told_base import BASE, CHECK, DT_S, GOES_ON_S, LARGER_M, MARGIN_M, SPEED, STILL, front_at, judge, thing

from noetra_ros.core.obstacles import ObstacleKind, Shape
from noetra_ros.robots.footprint import Footprint
from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.reckoning import Pose, SeenScan
from noetra_ros.safety.verdict import Action

NOT_KNOWN = (math.nan, math.nan, math.nan)
AHEAD = (0.3, 0.0, 0.0)
OBJECT = {"kind": ObstacleKind.OBJECT}


def rest_m(speed, share):
    axis = dataclasses.replace(SPEED, acceleration=share * SPEED.acceleration)
    return speed * GOES_ON_S + braking_travel(speed, 0.0, axis, DT_S)[1]


def high(lower_m, upper_m):
    return dataclasses.replace(BASE, footprint=Footprint(((0.0, 0.0),), 0.2, (lower_m, upper_m)))


def test_a_scene_of_nothing_passes():
    assert judge((0.6, 0.0, 0.0), sent=(0.6, 0.0, 0.0)).action is Action.PASS


@pytest.mark.parametrize("speed", [0.1, 0.3, 0.6])
def test_a_table_top_that_the_scanner_does_not_see_is_kept_clear_of_like_a_wall(speed):
    twist, end_m = (speed, 0.0, 0.0), 0.2 + MARGIN_M + rest_m(speed, 0.5)
    assert judge(twist, front_at(end_m + 0.011), sent=twist).action is Action.PASS
    verdict = judge(twist, front_at(end_m - 0.001), sent=twist)
    assert (verdict.action, verdict.subject, verdict.unit, verdict.limit) == (
        Action.CLAMP, "table 7", "m", MARGIN_M
    )  # fmt: skip
    assert verdict.measured == pytest.approx(MARGIN_M - 0.011, abs=1e-6)
    assert "within 0.05 m of table 7: " in verdict.reason


def test_too_near_for_a_gentle_stop_it_is_stopped_and_says_at_what():
    hard_m = 0.2 + 0.5 * MARGIN_M + rest_m(0.6, 1.0)
    about = {"sent": (0.6, 0.0, 0.0)}
    assert judge(None, front_at(hard_m + 0.011), **about).action is Action.PASS
    verdict = judge(None, front_at(hard_m - 0.002), **about)
    assert (verdict.action, verdict.scale, verdict.subject) == (Action.STOP, 0.0, "table 7")
    assert verdict.reason == "the base would come within 0.02 m of table 7"


WAYS_OFF = {
    "behind": ((-0.6, 0.0, 0.3), AHEAD, Action.PASS),
    "beside": ((0.6, 0.36, 0.3), AHEAD, Action.PASS),
    "into the side of the way": ((0.6, 0.24, 0.3), (0.6, 0.0, 0.0), Action.CLAMP),
    "round on the spot": ((0.3, 0.0, 0.3), (0.0, 0.0, 1.0), Action.PASS),
    "away from what is near": ((0.31, 0.0, 0.3), (-0.3, 0.0, 0.0), Action.PASS),
    "towards what is near": ((0.31, 0.0, 0.3), (0.05, 0.0, 0.0), Action.CLAMP),
    "over the base": ((0.3, 0.0, 0.7), (0.05, 0.0, 0.0), Action.CLAMP),
}


@pytest.mark.parametrize(("at_m", "twist", "expected"), WAYS_OFF.values(), ids=WAYS_OFF)
def test_only_what_lies_in_the_way_counts(at_m, twist, expected):
    assert judge(twist, thing(at_m)).action is expected


def test_the_tail_of_a_long_base_does_not_swing_into_a_low_box():
    """A cart turns on the spot; its tail would come to a box that stands to the right of it."""
    long, turning = dataclasses.replace(BASE, footprint=LONG), (0.0, 0.0, 1.0)
    assert judge(turning, thing((-0.5, -0.32, 0.05)), limits=long, sent=turning).action is not Action.PASS
    assert judge(turning, thing((-0.5, 0.35, 0.05)), limits=long, sent=turning).action is Action.PASS
    assert judge(AHEAD, thing((-0.5, -0.32, 0.05)), limits=long).action is Action.PASS


HEIGHTS = {
    "a table over a flat robot": (0.70, (0.0, 0.3), Action.PASS),
    "the same over a tall one": (0.70, (0.0, 0.68), Action.CLAMP),
    "just above, but not for sure": (0.34, (0.0, 0.3), Action.CLAMP),
    "surely above": (0.352, (0.0, 0.3), Action.PASS),
    "a mat that it drives over": (-0.06, (0.03, 0.3), Action.PASS),
    "a step": (0.0, (0.03, 0.3), Action.CLAMP),
}


@pytest.mark.parametrize(("middle_m", "height_m", "expected"), HEIGHTS.values(), ids=HEIGHTS)
def test_only_what_is_at_the_height_of_the_base_counts(middle_m, height_m, expected):
    box = thing((0.4, 0.0, middle_m), (0.1, 1.0, 0.04))
    assert judge(AHEAD, box, limits=high(*height_m)).action is expected


def test_without_a_height_everything_counts_at_any_height():
    for z_m in (-5.0, 0.0, 50.0):
        assert judge(AHEAD, thing((0.4, 0.0, z_m))).action is Action.CLAMP


def test_what_falls_counts_from_above():
    lamp = thing((0.4, 0.0, 1.0), velocity_mps=(0.0, 0.0, -2.0), **OBJECT)
    assert judge(AHEAD, lamp, limits=high(0.0, 0.3)).action is Action.CLAMP
    assert judge(AHEAD, thing((0.4, 0.0, 1.0)), limits=high(0.0, 0.3)).action is Action.PASS


@pytest.mark.parametrize("shape", [Shape.SPHERE, Shape.CAPSULE, Shape.BOX])
def test_each_shape_is_as_large_as_it_is(shape):
    """Its nearest point lies at 0.5 m; lying along the way, or across."""
    sizes_m = {Shape.SPHERE: (0.2, 0.0, 0.0), Shape.CAPSULE: (0.05, 0.3, 0.0), Shape.BOX: (0.4, 0.1, 0.1)}
    along_x = (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5)) if shape is Shape.CAPSULE else (0.0, 0.0, 0.0, 1.0)
    at = {"quat_xyzw": along_x, "shape": shape}
    end_m = 0.2 + MARGIN_M + LARGER_M + rest_m(0.3, 0.5)
    for gap_m, expected in ((0.011, Action.PASS), (-0.001, Action.CLAMP)):
        box = thing((end_m + gap_m + 0.2, 0.0, 0.2), sizes_m[shape], **at)
        assert judge(AHEAD, box, sent=AHEAD).action is expected


def test_an_unsure_track_is_larger():
    end_m = 0.2 + MARGIN_M + rest_m(0.3, 0.5)
    unsure = front_at(end_m + 0.011, position_std_m=0.05)  # 2 x 0.05 instead of 0.03
    assert judge(AHEAD, unsure, sent=AHEAD).action is Action.CLAMP
    surer = front_at(end_m + 0.011 + 0.07, position_std_m=0.05)
    assert judge(AHEAD, surer, sent=AHEAD).action is Action.PASS


def test_what_comes_towards_the_base_is_in_its_way_earlier():
    """At 1 m a trolley that stands leaves 0.3 m/s; one that comes at 0.8 m/s does not."""
    for mps, passes in ((0.0, True), (-0.8, False)):
        trolley = front_at(1.0, velocity_mps=(mps, 0.0, 0.0), **OBJECT)
        assert (judge(AHEAD, trolley, sent=AHEAD).action is Action.PASS) is passes
    assert (
        judge((-0.3, 0.0, 0.0), front_at(1.0, velocity_mps=(-0.2, 0.0, 0.0), **OBJECT)).action is Action.PASS
    )


def test_what_crosses_the_way_is_seen_coming_however_its_speed_is_meant():
    """Over ground it comes from the left at 1 m/s and meets the base; as seen from the base it also backs."""
    sent = (0.6, 0.0, 0.0)
    for told_mps in ((0.0, -1.0, 0.0), (-0.6, -1.0, 0.0)):
        person = thing((0.55, 0.9, 0.5), velocity_mps=told_mps, kind=ObstacleKind.PERSON, labels=())
        verdict = judge(sent, person, sent=sent)
        assert verdict.action is not Action.PASS and verdict.subject == "person 7"
    beyond = thing((0.55, 0.9, 0.5), velocity_mps=(0.0, 1.0, 0.0), **OBJECT)
    assert judge(sent, beyond, sent=sent).action is Action.PASS


UNMEASURED = {
    "an object": ({"velocity_mps": NOT_KNOWN, **OBJECT}, False),
    "one number is missing": ({"velocity_mps": (0.0, math.nan, 0.0), **OBJECT}, False),
    "not for sure": ({"velocity_mps": STILL, "position_std_m": 0.11, **OBJECT}, False),
    "measured to stand": ({"velocity_mps": STILL, **OBJECT}, True),
    "a fixture": ({"velocity_mps": NOT_KNOWN}, True),
}


@pytest.mark.parametrize(("about", "passes"), UNMEASURED.values(), ids=UNMEASURED)
def test_what_was_not_measured_may_come_as_fast_as_a_person(about, passes):
    assert (judge(AHEAD, front_at(1.1, **about), sent=AHEAD).action is Action.PASS) is passes


def test_the_base_may_leave_somebody_who_comes_after_it():
    follower = thing((-0.5, 0.0, 0.5), velocity_mps=(0.5, 0.0, 0.0), kind=ObstacleKind.PERSON)
    assert judge((0.6, 0.0, 0.0), follower, sent=(0.6, 0.0, 0.0)).action is Action.PASS


def test_the_way_since_the_scene_is_taken_off():
    """Seen 1 m ahead; by what was sent the base has come half a metre nearer since, or has turned to it."""
    table = front_at(1.0)
    assert judge(AHEAD, table, sent=AHEAD).action is Action.PASS
    moved = {"moved": lambda span_s: Pose(5.0 * span_s, 0.0, 0.0)}
    assert judge(AHEAD, table, sent=AHEAD, **moved).action is Action.PASS
    assert judge(AHEAD, table, sent=AHEAD, age_s=0.14, **moved).action is not Action.PASS
    aside = thing((0.0, 0.45, 0.3))
    assert judge(AHEAD, aside, sent=AHEAD).action is Action.PASS
    turned = {"moved": lambda span_s: Pose(0.0, 0.0, 5.0 * math.pi * span_s)}
    assert judge(AHEAD, aside, sent=AHEAD, **turned).action is not Action.PASS


def test_a_base_that_did_not_follow_its_commands_is_reckoned_with_as_well():
    """It was told to back off and did not: what was told half a metre ahead counts there, too."""
    stuck = {"moved": lambda span_s: Pose(-5.0 * span_s, 0.0, 0.0)}
    assert judge(AHEAD, front_at(0.38), sent=AHEAD, **stuck).action is Action.CLAMP
    assert judge(AHEAD, front_at(0.41), sent=AHEAD, **stuck).action is Action.PASS


def test_what_was_not_seen_for_longer_than_the_scene_is_as_old_as_that():
    """Hidden for 0.2 s, while the base came 1 m nearer."""
    moved = {"moved": lambda span_s: Pose(5.0 * span_s, 0.0, 0.0)}
    hidden = front_at(1.8, seen_ns=NOW_NS - 200_000_000)
    assert judge(AHEAD, hidden, sent=AHEAD, **moved).action is not Action.PASS
    assert judge(AHEAD, front_at(1.8), sent=AHEAD, **moved).action is Action.PASS


OWN = {
    "a mast in the middle": (thing((0.0, 0.0, 0.5)), Action.PASS),
    "not deep enough inside": (thing((0.12, 0.0, 0.2)), Action.CLAMP),
    "a load": (thing((0.1, 0.0, 0.4), (0.5, 0.5, 0.1), labels=("tray",), **OBJECT), Action.PASS),
    "a load beside it": (thing((0.35, 0.0, 0.4), labels=("tray",), **OBJECT), Action.CLAMP),
    "a load and more": (
        thing((0.1, 0.0, 0.4), (0.5, 0.5, 0.1), labels=("hand", "tray"), **OBJECT),
        Action.CLAMP,
    ),
    "no name": (thing((0.1, 0.0, 0.4), (0.5, 0.5, 0.1), labels=(), **OBJECT), Action.CLAMP),
    "a person": (
        thing((0.1, 0.0, 0.4), (0.5, 0.5, 0.1), labels=("tray",), kind=ObstacleKind.PERSON),
        Action.CLAMP,
    ),
}


@pytest.mark.parametrize(("own", "expected"), OWN.values(), ids=OWN)
def test_its_own_body_and_its_load_are_not_in_its_way(own, expected):
    assert judge((0.05, 0.0, 0.0), own).action is expected


def test_what_cannot_be_judged_is_not_passed():
    assert judge(AHEAD, thing((2.0, 0.0, 0.1), position_std_m=math.nan)).action is Action.CLAMP
    lost = judge(AHEAD, thing((2.0, 0.0, 0.1)), moved=lambda span_s: Pose(math.nan, 0.0, 0.0), sent=AHEAD)
    assert lost.action is Action.STOP and lost.reason.endswith("table 7 is not known")
    assert judge(STILL, sent=STILL, scene=None).reason.endswith("perception was never heard")
    elsewhere = judge(STILL, scene=scene(frame="map"))
    assert (elsewhere.action, elsewhere.subject) == (Action.STOP, "scene")
    assert elsewhere.reason == "what is around the base is told in the frame 'map', expected 'base_link'"
    assert judge(AHEAD, moved_within=None).action is Action.STOP
    with pytest.raises(ValueError, match="orientation"):
        judge(AHEAD, thing((2.0, 0.0, 0.1), quat_xyzw=(0.0, 0.0, 0.0, 0.0)))


def test_a_scan_that_is_lost_is_not_hidden_by_a_thing_that_is_known():
    scans = {"scan": SeenScan(around((2.0, 0.0)), Pose(math.nan, 0.0, 0.0))}
    assert judge(AHEAD, front_at(0.7), scans=scans, sent=AHEAD).action is Action.STOP


def test_of_scan_and_perception_the_worse_one_is_told():
    scans = {"scan": SeenScan(around((0.36, 0.0)), Pose())}
    near, far = front_at(0.33), front_at(0.38)
    assert judge(AHEAD, far, scans=scans, sent=AHEAD).subject == "base"
    assert judge(AHEAD, near, scans=scans, sent=AHEAD).subject == "table 7"
    two = judge(AHEAD, far, dataclasses.replace(near, track_id=8), sent=AHEAD)
    assert two.subject == "table 8"


def test_where_it_does_not_count_nothing_is_asked_of_perception():
    off = dataclasses.replace(BASE, obstacle_frame="")
    assert judge(AHEAD, front_at(0.3), limits=off, scene=None, moved_within=None).action is Action.PASS


def test_without_a_scanner_it_goes_no_faster_than_blind():
    """Perception does not say where it looks."""
    limits = dataclasses.replace(BASE, scanners=())
    creeping = dataclasses.replace(CHECK, blind_speed_mps=0.1)
    for mps, expected in ((0.1, Action.PASS), (0.11, Action.CLAMP)):
        assert judge((mps, 0.0, 0.0), limits=limits, scans={}, check=creeping).action is expected
    assert (
        judge((0.1, 0.0, 0.0), front_at(0.27), limits=limits, scans={}, check=creeping).action is Action.CLAMP
    )


def test_a_share_is_found_between_none_and_all():
    scales = [judge((0.31, 0.0, 0.0), front_at(x_m), sent=AHEAD).scale for x_m in np.arange(0.35, 0.6, 0.002)]
    assert scales == sorted(scales) and {0.0, 1.0} < set(scales)
