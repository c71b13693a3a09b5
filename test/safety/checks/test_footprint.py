"""The footprint check in figures: how near a base may come to things, on and around each of its limits."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWIST, snapshot
from scanning_base import CIRCLE, LONG, THINGS, around

from noetra_ros.safety.braking import braking_travel
from noetra_ros.safety.checks.footprint import FootprintClear
from noetra_ros.safety.limits import AxisLimits
from noetra_ros.safety.reckoning import Pose, SeenScan
from noetra_ros.safety.verdict import Action

MARGIN_M, GOES_ON_S, DT_S = 0.06, 0.1, 0.02
CHECK = FootprintClear(
    footprint_margin_m=MARGIN_M, approach_share=0.5, blind_speed_mps=0.0, controller_latency_s=0.04, **THINGS
)
SPEED = AxisLimits("vx", "m", -math.inf, math.inf, 0.6, 1.0, 20.0)
BASE = dataclasses.replace(
    TWIST, axes=(SPEED, SPEED, TWIST.axes[2]), footprint=CIRCLE, scanners=("scan",), period_s=DT_S
)
LONG_BASE = dataclasses.replace(BASE, footprint=LONG)
STILL = (0.0, 0.0, 0.0)
WAYS = {"ahead": (1.0, 0.0), "back": (-1.0, 0.0), "left": (0.0, 1.0), "right": (0.0, -1.0)}
ALONG = {name: (x, y, 0.0) for name, (x, y) in WAYS.items()}
each_way = pytest.mark.parametrize("way", WAYS)


def looking(twist, *points, sent=STILL, rising=STILL, limits=BASE, scans=None, cycle_s=0.06, **seen):
    """An instant of a base that is told a twist (None = nothing) and sees points."""
    scans = {"scan": around(*points)} if scans is None else scans
    return snapshot(
        limits=limits, command=None if twist is None else np.array(twist), command_kind=limits.kind,
        cycle_s=cycle_s, sent=sent, sent_velocity=sent, sent_acceleration=rising, wanted=twist,
        proposed=twist, proposed_rest=None, stop_rest=None, measured=None, joint_positions=None,
        scans={name: SeenScan(scan, **{"moved": Pose(), **seen}) for name, scan in scans.items()},
    )  # fmt: skip


def judge(twist, *points, check=CHECK, **about):
    return check.evaluate(looking(twist, *points, **about))


def scaled(way, size):
    return tuple(size * part for part in ALONG[way])


def placed(way, size_m):
    return tuple(size_m * part for part in WAYS[way])


def rest_m(speed, acceleration, share):
    """Way to rest of a base that goes on for the reaction time."""
    axis = dataclasses.replace(SPEED, acceleration=share * SPEED.acceleration)
    return speed * GOES_ON_S + braking_travel(speed, acceleration, axis, DT_S)[1]


@each_way
@pytest.mark.parametrize("speed", [0.1, 0.3, 0.6])
def test_an_approach_keeps_the_margin_where_it_comes_to_rest(way, speed):
    """Somebody stands in the way of a base that drives on: a gentle stop ends the margin before them."""
    twist, end_m = scaled(way, speed), 0.2 + MARGIN_M + rest_m(speed, 0.0, 0.5)
    assert judge(twist, placed(way, end_m + 0.011), sent=twist).action is Action.PASS
    assert judge(twist, placed(way, end_m - 0.001), sent=twist).action is Action.CLAMP


@each_way
def test_a_speed_that_still_rises_needs_more_room(way):
    twist, rising = scaled(way, 0.32), scaled(way, 1.0)
    about = {"sent": scaled(way, 0.30), "rising": rising}
    end_m = 0.2 + MARGIN_M + rest_m(0.32, 1.0, 0.5)
    assert judge(twist, placed(way, end_m + 0.011), **about).action is Action.PASS
    assert judge(twist, placed(way, end_m - 0.001), **about).action is Action.CLAMP
    assert end_m > 0.2 + MARGIN_M + rest_m(0.32, 0.0, 0.5) + 0.012, "as for a steady speed"


SOFT = dataclasses.replace(SPEED, jerk=2.0)  # 1 m/s2 runs out in half a second
SOFT_BASE = dataclasses.replace(BASE, axes=(SOFT, SOFT, TWIST.axes[2]))


@each_way
@pytest.mark.parametrize("speed", [0.3, 0.0, -0.05])
def test_an_acceleration_that_runs_out_slowly_carries_on_towards_what_is_there(way, speed):
    """Also of a base that turns round, and stands for an instant or still goes the other way."""
    sent, rising = scaled(way, speed or 1e-12), scaled(way, 1.0)
    about = {"sent": sent, "rising": rising, "limits": SOFT_BASE}
    end_m = 0.2 + 0.5 * MARGIN_M + speed * GOES_ON_S + braking_travel(speed, 1.0, SOFT, DT_S)[1]
    assert judge(None, placed(way, end_m - 0.002), **about).action is Action.STOP
    assert judge(None, placed(way, end_m + 0.03), **about).action is Action.PASS


@each_way
def test_a_slow_supervisor_goes_on_for_longer(way):
    twist = scaled(way, 0.3)
    end_m = 0.2 + MARGIN_M + rest_m(0.3, 0.0, 0.5) + 0.3 * 1.9
    about = {"sent": twist, "cycle_s": 1.96}
    assert judge(twist, placed(way, end_m + 0.011), **about).action is Action.PASS
    assert judge(twist, placed(way, end_m - 0.001), **about).action is not Action.PASS


@pytest.mark.parametrize(("speed", "expected"), [(8e-6, Action.PASS), (1.5e-5, Action.CLAMP)])
def test_what_is_nearer_than_the_margin_comes_no_closer_than_by_rounding(speed, expected):
    """A millionth of a metre: 15 um/s for the tenth of a second that the base goes on."""
    assert judge((speed, 0.0, 0.0), (0.22, 0.0)).action is expected


@each_way
@pytest.mark.parametrize("speed", [0.3, 0.6])
def test_between_commands_even_the_hardest_stop_keeps_half_the_margin(way, speed):
    """Nothing new came, the base goes on: it is stopped when full braking would no longer keep clear."""
    sent, end_m = scaled(way, speed), 0.2 + 0.5 * MARGIN_M + rest_m(speed, 0.0, 1.0)
    assert judge(None, placed(way, end_m + 0.011), sent=sent).action is Action.PASS
    verdict = judge(None, placed(way, end_m - 0.002), sent=sent)
    assert (verdict.action, verdict.scale, verdict.subject, verdict.unit) == (Action.STOP, 0.0, "base", "m")
    assert verdict.limit == 0.5 * MARGIN_M
    assert verdict.measured == pytest.approx(0.5 * MARGIN_M - 0.012, abs=1e-9)
    assert verdict.reason == "the base would come within 0.02 m of something"


def test_a_command_that_could_still_be_braked_is_braked_and_one_that_could_not_is_stopped():
    """0.6 m/s towards a person; how far away they are decides."""
    twist = (0.6, 0.0, 0.0)
    hard_m = 0.2 + 0.5 * MARGIN_M + rest_m(0.6, 0.0, 1.0)
    braked = judge(twist, (hard_m + 0.011, 0.0), sent=twist)
    assert (braked.action, braked.scale) == (Action.CLAMP, 0.0) and braked.reason.endswith(": braking")
    assert (braked.limit, braked.subject) == (MARGIN_M, "base")
    stopped = judge(twist, (hard_m - 0.002, 0.0), sent=twist)
    assert (stopped.action, stopped.scale, stopped.limit) == (Action.STOP, 0.0, 0.5 * MARGIN_M)
    assert "within 0.02 m" in stopped.reason


@pytest.mark.parametrize("at_m", [0.40, 0.45, 0.5, 0.6])
def test_the_share_that_is_left_is_free_and_little_more_is_not(at_m):
    """A base at 0.3 m/s is told to drive at 0.6 towards a wall."""
    sent, twist = (0.3, 0.0, 0.0), (0.6, 0.0, 0.0)
    verdict = judge(twist, (at_m, 0.0), sent=sent)
    assert verdict.action is Action.CLAMP
    stop = 0.3 - 0.4 * DT_S  # one period of jerk

    def mixed(share):
        return judge((stop + share * (0.6 - stop), 0.0, 0.0), (at_m, 0.0), sent=sent)

    assert verdict.scale * 32 == round(verdict.scale * 32), "found to 1/32"
    if verdict.scale > 0.0:
        assert mixed(verdict.scale).action is Action.PASS and verdict.reason.endswith(": slower")
    assert mixed(verdict.scale + 1.0 / 32.0).action is not Action.PASS


def test_among_these_shares_some_are_between_none_and_all():
    sent, twist = (0.3, 0.0, 0.0), (0.31, 0.0, 0.0)
    scales = [judge(twist, (at_m, 0.0), sent=sent).scale for at_m in np.arange(0.35, 0.6, 0.002)]
    assert scales == sorted(scales) and {0.0, 1.0} < set(scales)


def test_a_base_that_stands_is_clamped_not_stopped():
    """It is told to drive into what is a centimetre before it: it stays, and nothing has to be reset."""
    verdict = judge((0.6, 0.0, 0.0), (0.21, 0.0))
    assert (verdict.action, verdict.scale) == (Action.CLAMP, 0.0)


def test_what_is_near_may_be_left_in_every_way_but_towards():
    near = (0.22, 0.0)
    for way in ("back", "left", "right"):
        assert judge(scaled(way, 0.02), near, sent=scaled(way, 0.02)).action is Action.PASS
    assert judge((0.0, 0.0, 1.0), near, sent=(0.0, 0.0, 1.0)).action is Action.PASS
    assert judge((0.02, 0.0, 0.0), near, sent=(0.02, 0.0, 0.0)).action is not Action.PASS


def test_who_stands_and_is_told_to_stand_is_left_alone_whatever_touches_it():
    assert judge(STILL, (0.21, 0.0)).action is Action.PASS
    assert judge(None, (0.21, 0.0)).action is Action.PASS


def test_a_stop_that_is_commanded_at_speed_is_judged_by_what_it_asks_for():
    """A step to zero is asked for: what is asked is judged as nothing, the limits make the way of it."""
    assert judge(STILL, (0.21, 0.0), sent=(0.6, 0.0, 0.0)).action is Action.PASS


def test_what_is_asked_is_judged_also_where_only_one_axis_moves():
    assert judge((0.0, 0.0, 1.0), (0.1, 0.45), sent=(0.0, 0.0, 1.0), limits=LONG_BASE).action is Action.PASS
    swings_into = judge((0.0, 0.0, 1.0), (-0.5, -0.30), sent=(0.0, 0.0, 1.0), limits=LONG_BASE)
    assert swings_into.action is not Action.PASS


def test_the_corner_of_a_long_base_does_not_graze_somebody_in_the_middle_of_a_turn():
    """What is beside the tail is met on the way, not where the turn ends."""
    turning = (0.0, 0.0, 1.5)
    at_m = 0.62 * math.cos(-2.7), 0.62 * math.sin(-2.7)
    assert judge(turning, at_m, sent=turning, limits=LONG_BASE).action is not Action.PASS
    away = 0.75 * math.cos(-2.7), 0.75 * math.sin(-2.7)
    assert judge(turning, away, sent=turning, limits=LONG_BASE).action is Action.PASS


def test_of_two_things_the_worse_one_is_told():
    verdict = judge((0.4, 0.0, 0.0), (0.35, 0.0), (0.0, 0.3), sent=(0.4, 0.0, 0.0))
    alone = judge((0.4, 0.0, 0.0), (0.35, 0.0), sent=(0.4, 0.0, 0.0))
    assert (verdict.measured, verdict.reason) == (alone.measured, alone.reason)


def test_what_is_hit_for_sure_is_told_as_no_distance_and_measured_as_it_is():
    verdict = judge(None, (0.25, 0.0), sent=(0.6, 0.0, 0.0))
    assert "within 0.00 m" in verdict.reason and verdict.measured < -0.1


@pytest.mark.parametrize(("depth_m", "expected"), [(0.051, Action.PASS), (0.049, Action.CLAMP)])
def test_deeper_inside_than_its_own_parts_nothing_counts(depth_m, expected):
    """A post of the robot stands in the beam; a foot that is caught under the rim is none."""
    assert judge((0.1, 0.0, 0.0), (0.2 - depth_m, 0.0)).action is expected


def test_own_parts_do_not_hide_what_is_beside_them():
    assert judge((0.1, 0.0, 0.0), (0.1, 0.0), (0.22, 0.01), sent=(0.1, 0.0, 0.0)).action is not Action.PASS


def test_a_scan_from_before_the_base_moved_is_brought_to_now():
    """Somebody was seen a metre ahead; the base has come half a metre nearer since."""
    twist, moved = (0.4, 0.0, 0.0), Pose(0.6, 0.0, 0.0)
    assert judge(twist, (1.0, 0.0), sent=twist).action is Action.PASS
    assert judge(twist, (1.0, 0.0), sent=twist, moved=moved).action is not Action.PASS
    assert judge(twist, (0.0, 0.4), sent=twist, moved=Pose(0.0, 0.0, math.pi / 2)).action is not Action.PASS


def test_of_dense_scans_the_room_between_beams_counts_as_taken():
    """Of 1440 beams two go together: what stands for them may be anywhere between."""
    step = math.pi / 720
    dense = around(beams=1440, step=step)
    ranges = dense.ranges_m.copy()
    ranges[700:740] = 0.475
    wall = dataclasses.replace(dense, ranges_m=ranges)
    twist = (0.3, 0.0, 0.0)
    beside = float(wall.few_points[1].max())
    assert beside > 0.0
    found = judge(None, sent=(0.6, 0.0, 0.0), scans={"scan": wall})
    thin = judge(None, (0.475, 0.0), sent=(0.6, 0.0, 0.0))
    assert found.measured == pytest.approx(thin.measured - beside, abs=2e-4)
    edge_m = 0.2 + MARGIN_M + rest_m(0.3, 0.0, 0.5)
    for gap_m, expected in ((beside + 0.012, Action.PASS), (beside - 0.0002, Action.CLAMP)):
        ranges[700:740] = edge_m + gap_m
        moved = dataclasses.replace(dense, ranges_m=ranges.copy())
        assert judge(twist, sent=twist, scans={"scan": moved}).action is expected


def test_each_of_two_scanners_counts():
    both = dataclasses.replace(BASE, scanners=("front", "rear"))
    free, taken, twist = around(), around((0.27, 0.0)), (0.3, 0.0, 0.0)
    for front, rear, expected in ((free, free, Action.PASS), (taken, free, None), (free, taken, None)):
        action = judge(twist, sent=twist, limits=both, scans={"front": front, "rear": rear}).action
        assert (action is Action.PASS) is (expected is Action.PASS)
    lacking = judge(twist, limits=both, scans={"front": free})
    assert lacking.action is Action.STOP and lacking.reason.endswith("no scan of rear")


FAR = (2.0, 0.0)
FROZEN = {
    "a little": (Pose(0.02, 0.0, 0.0), FAR, Action.PASS),
    "too far": (Pose(0.0201, 0.0, 0.0), FAR, Action.STOP),
    "back": (Pose(-0.0201, 0.0, 0.0), FAR, Action.STOP),
    "aslant": (Pose(0.015, -0.015, 0.0), FAR, Action.STOP),
    "turned a little": (Pose(0.0, 0.0, 0.05), FAR, Action.PASS),
    "turned": (Pose(0.0, 0.0, 0.051), FAR, Action.STOP),
    "turned back": (Pose(0.0, 0.0, -0.051), FAR, Action.STOP),
    "only its own parts": (Pose(1.0, 0.0, 0.0), (0.1, 0.0), Action.PASS),
    "what touches it": (Pose(1.0, 0.0, 0.0), (0.16, 0.0), Action.STOP),
}


@pytest.mark.parametrize(("repeated", "point", "expected"), FROZEN.values(), ids=FROZEN)
def test_a_scanner_that_repeats_itself_while_the_base_moves_is_frozen(repeated, point, expected):
    verdict = judge((-0.1, 0.0, 0.0), point, repeated=repeated)
    assert verdict.action is expected
    if expected is Action.STOP:
        assert (verdict.subject, verdict.scale) == ("scan", 0.0) and "frozen" in verdict.reason


AHEAD_ONLY = around(beams=181, first=-math.pi / 2)
BACK_ONLY = around(beams=181, first=math.pi / 2)
BLIND = {
    "ahead": ((0.3, 0.0, 0.0), BASE, Action.PASS),
    "back": ((-0.3, 0.0, 0.0), BASE, Action.CLAMP),
    "aslant back": ((-0.2, 0.2, 0.0), BASE, Action.CLAMP),
    "round on the spot": ((0.0, 0.0, 1.0), BASE, Action.PASS),
    "long, round on the spot": ((0.0, 0.0, 1.0), LONG_BASE, Action.CLAMP),
}


@pytest.mark.parametrize(("twist", "limits", "expected"), BLIND.values(), ids=BLIND)
def test_where_no_scanner_looks_nothing_is_driven(twist, limits, expected):
    """A child plays behind a robot whose scanner looks ahead: it does not start, and stops if it has."""
    about = {"limits": limits, "scans": {"scan": AHEAD_ONLY}}
    for sent, blind in ((STILL, Action.CLAMP), (twist, Action.STOP)):
        verdict = judge(twist, sent=sent, **about)
        assert verdict.action is (blind if expected is Action.CLAMP else Action.PASS)
        if expected is Action.CLAMP:
            assert "no scanner looks" in verdict.reason and math.isnan(verdict.measured)


def test_blind_and_near_are_both_counted():
    """What is seen ahead does not hide that nothing is seen behind, nor the other way round."""
    half = around((0.32, 0.0), beams=181, first=-math.pi / 2)
    scans = {"scan": half}
    assert judge((-0.3, 0.0, 0.0), scans=scans).action is Action.CLAMP
    towards = judge((0.3, 0.0, 0.0), sent=(0.3, 0.0, 0.0), scans=scans)
    assert towards.action is not Action.PASS and "within" in towards.reason
    own_part = {"scan": around((0.1, 0.0), beams=181, first=-math.pi / 2)}
    assert judge((-0.3, 0.0, 0.0), scans=own_part).action is Action.CLAMP


def test_a_second_scanner_that_looks_back_opens_the_way_back():
    both = dataclasses.replace(BASE, scanners=("front", "rear"))
    twist = (-0.3, 0.0, 0.0)
    scans = {"front": AHEAD_ONLY, "rear": BACK_ONLY}
    assert judge(twist, sent=twist, limits=both, scans=scans).action is Action.PASS


def test_one_scanner_all_round_is_enough():
    both = dataclasses.replace(BASE, scanners=("front", "top"))
    scans, twist = {"front": AHEAD_ONLY, "top": around()}, (-0.3, 0.0, 0.0)
    assert judge(twist, sent=twist, limits=both, scans=scans).action is Action.PASS


@pytest.mark.parametrize(("creep_mps", "expected"), [(0.1, Action.PASS), (0.0999, Action.CLAMP)])
@pytest.mark.parametrize("twist", [(-0.1, 0.0, 0.0), (0.0, 0.0, 0.1 / math.hypot(0.6, 0.2))])
def test_slowly_enough_it_may_go_where_nothing_looks(creep_mps, expected, twist):
    """The speed is that of the fastest point of the rim: 0.1 m/s of a corner that turns, too."""
    creeping = dataclasses.replace(CHECK, blind_speed_mps=creep_mps + 1e-9)
    verdict = judge(twist, limits=LONG_BASE, scans={"scan": AHEAD_ONLY}, check=creeping)
    assert verdict.action is expected


@pytest.mark.parametrize("turning", [1.2e-5, 2.8e-5])
def test_ground_is_new_from_a_millionth_of_a_metre_on(turning):
    """The tail of a long base swings out by 0.6 m times the angle; 0.1 s of it."""
    verdict = judge((0.0, 0.0, turning), limits=LONG_BASE, scans={"scan": AHEAD_ONLY})
    assert (verdict.action is Action.PASS) is (turning < 1.6e-5)


def test_exactly_as_slowly_as_it_may_it_goes():
    creeping = dataclasses.replace(CHECK, blind_speed_mps=0.125)
    scans = {"scan": AHEAD_ONLY}
    assert judge((-0.125, 0.0, 0.0), scans=scans, check=creeping).action is Action.PASS


def test_where_the_turn_ends_counts_as_well_as_its_middle():
    """Its scanner looks left: the tail swings through there, and on to the right."""
    left_only = around(beams=181, first=0.0)
    _, stop_rad, _ = braking_travel(1.5, 0.0, TWIST.axes[2], DT_S)
    held_s = (1.5 * math.pi - stop_rad) / 1.5
    about = {"sent": (0.0, 0.0, -1.5), "limits": LONG_BASE, "scans": {"scan": left_only}}
    verdict = judge(None, cycle_s=held_s - CHECK.controller_latency_s, **about)
    assert verdict.action is Action.STOP and "no scanner looks" in verdict.reason


def test_what_the_base_swings_over_on_its_way_counts_as_new_ground():
    """A cart whose scanner looks back turns once round itself: it ends where it stood and swept the front."""
    turning, (_, stop_rad, _) = (0.0, 0.0, 1.5), braking_travel(1.5, 0.0, TWIST.axes[2], DT_S)
    held_s = (2.0 * math.pi - stop_rad) / 1.5
    about = {"sent": turning, "limits": LONG_BASE, "scans": {"scan": BACK_ONLY}}
    verdict = judge(None, cycle_s=held_s - CHECK.controller_latency_s, **about)
    assert verdict.action is Action.STOP and "no scanner looks" in verdict.reason


def test_places_that_are_no_numbers_are_never_free():
    """What was sent was lost: where the things that were seen are by now is not known."""
    twist, nowhere = (0.1, 0.0, 0.0), Pose(math.nan, 0.0, 0.0)
    assert judge(twist, (2.0, 0.0), sent=twist, moved=nowhere).action is Action.STOP
    assert judge(twist, (2.0, 0.0), moved=nowhere).action is Action.CLAMP


def test_a_time_that_is_no_number_is_no_verdict():
    """The supervisor stops at an exception in a check."""
    with pytest.raises(ValueError, match="NaN"):
        judge((0.1, 0.0, 0.0), (2.0, 0.0), sent=(0.1, 0.0, 0.0), cycle_s=math.nan)


def test_without_a_footprint_there_is_nothing_to_judge():
    assert judge((0.6, 0.0, 0.0), (0.21, 0.0), limits=dataclasses.replace(BASE, footprint=None)).reason == ""
