"""One judgement of speed and separation, with distances reckoned by hand from the terms of the standard."""

import dataclasses
import math

import numpy as np
import pytest

from noetra_ros.safety.judged_separation import Motion, judge_separation
from noetra_ros.safety.people_settings import SeparationSettings
from noetra_ros.safety.proximity import Proximity
from noetra_ros.safety.stopping import StoppingTable

# Binary fractions: sums are exact.
SETTINGS = SeparationSettings(
    human_speed_mps=1.0,
    near_human_speed_mps=1.0,
    near_distance_m=0.0,
    human_acceleration_mps2=8.0,
    max_track_std_m=0.125,
    controller_latency_s=0.0,
    intrusion_m=0.0625,
    sensor_uncertainty_m=0.03125,
    uncertainty_factor=2.0,
    robot_uncertainty_m=0.015625,
    slow_margin_m=0.125,
)
SHARES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
TABLE = StoppingTable(SHARES, 0.5 * SHARES, SHARES[:, np.newaxis] ** 2, 2.0 * SHARES[:, np.newaxis])
REACTION_S = 0.25
STILL = Motion((0.0,), (0.0,), (0.0,), 0.0)
UNMEASURED = math.nan


def near(*distances_m, std_m=0.0, human_mps=UNMEASURED, weight=1.0, is_person=True):
    """Two links; the first is as near to each person as told, the second a metre farther."""
    rows, count = np.array([distances_m, np.array(distances_m) + 1.0]), len(distances_m)
    return Proximity(
        links=("hand", "elbow"), track_ids=tuple(range(3, 3 + count)), distance_m=rows,
        weights=np.full((2, 2, count, 1), weight), human_mps=np.full((2, count), human_mps),
        std_m=np.full(count, std_m), lag_s=np.zeros(count), is_person=np.full(count, is_person),
    )  # fmt: skip


def judge(proximity, motion=STILL, settings=SETTINGS):
    reaction_s = np.full(len(proximity.track_ids), REACTION_S)
    return judge_separation(proximity, motion, reaction_s, TABLE, settings)


def needed_m(share, lag=0.0, margin_m=0.125, sensor_m=0.03125, human_mps=1.0):
    """S_h + S_r + S_s + C + Z_d + Z_r at a share of the limits."""
    horizon_s = REACTION_S + 0.5 * share
    robot_m = 2.0 * share * REACTION_S + share**2 + lag
    return human_mps * horizon_s + robot_m + 0.0625 + margin_m + sensor_m + 0.015625


STANDING_M = needed_m(0.0, margin_m=0.0)


@pytest.mark.parametrize("row", range(5))
def test_each_share_is_allowed_from_its_distance_on(row):
    on = judge(near(needed_m(SHARES[row])))
    assert (on.share, on.allowed_mps, on.is_kept) == (SHARES[row], 2.0 * SHARES[row], True)
    below = judge(near(needed_m(SHARES[row]) - 1e-9))
    assert below.share == (SHARES[row - 1] if row else 0.0)


def test_standing_still_needs_no_margin_and_nothing_less_suffices():
    """A hand that reaches in: the robot may rest up to here, nearer it stops for good."""
    on = judge(near(STANDING_M))
    assert (on.share, on.allowed_mps, on.is_kept) == (0.0, 0.0, True)
    below = judge(near(STANDING_M - 1e-9))
    assert (below.share, below.allowed_mps, below.is_kept) == (-1.0, -1.0, False)


def test_what_is_still_to_come_of_the_commands_before_counts():
    lagging = Motion((0.0,), (0.25,), (0.0,), 0.0)
    assert judge(near(needed_m(0.5, lag=0.25)), lagging).share == 0.5
    assert judge(near(needed_m(0.5, lag=0.25) - 1e-9), lagging).share == 0.25
    away = Motion((0.0,), (-0.25,), (0.0,), 0.0)
    assert judge(near(needed_m(0.5)), away).share == 0.5


def test_the_motion_under_way_has_its_own_terms():
    moving = Motion((1.5,), (0.0,), (0.375,), 0.75)
    judged = judge(near(9.0), moving)
    assert judged.directed_mps == 1.5
    assert judged.terms.human_m == REACTION_S + 0.375 and judged.terms.reaction_m == 1.5 * REACTION_S
    assert judged.terms.stopping_m == 0.375 and judged.terms.intrusion_m == 0.0625
    total_m = judged.terms.total_m
    assert judge(near(total_m), moving).is_kept, "on the limit"
    assert not judge(near(np.nextafter(total_m, 0.0)), moving).is_kept


def test_every_pair_has_to_be_kept_not_only_the_one_that_is_told():
    judged = judge(near(9.0, STANDING_M - 0.01))
    assert (judged.is_kept, judged.track_id, judged.link) == (False, 4, "hand")


@pytest.mark.parametrize("order", [(0.5, 9.0, 9.5), (9.0, 0.5, 9.5), (9.5, 9.0, 0.5)])
def test_the_pair_that_leaves_least_is_told(order):
    judged = judge(near(*order))
    assert (judged.distance_m, judged.track_id, judged.link) == (0.5, 3 + order.index(0.5), "hand")


def test_of_pairs_that_leave_alike_the_one_with_the_least_to_spare_is_told():
    """Two people who are far away: the nearer one."""
    assert judge(near(9.5, 9.0)).track_id == 4 and judge(near(9.0, 9.5)).track_id == 3
    assert judge(near(0.2, 0.1)).track_id == 4 and judge(near(0.1, 0.2)).track_id == 3


@pytest.mark.parametrize("order", [(math.nan, 0.1), (0.1, math.nan)])
def test_a_distance_that_is_no_number_is_worse_than_any(order):
    judged = judge(near(*order))
    assert judged.track_id == 3 + order.index(next(d for d in order if d != d))
    assert (judged.share, judged.allowed_mps, judged.is_kept) == (-1.0, -1.0, False)


def test_a_motion_that_is_no_number_leaves_nothing():
    """People are far away; what the robot does is not known."""
    judged = judge(near(9.0), Motion((math.nan,), (0.0,), (math.nan,), 0.0))
    assert (judged.share, judged.is_kept) == (-1.0, False)


def test_a_track_that_is_unsure_widens_its_own_bound():
    assert judge(near(needed_m(0.5, sensor_m=0.25), std_m=0.125)).share == 0.5
    assert judge(near(needed_m(0.5, sensor_m=0.25) - 1e-9, std_m=0.125)).share == 0.25


SLOW = dataclasses.replace(SETTINGS, human_acceleration_mps2=0.5)


@pytest.mark.parametrize(
    ("changes", "is_believed"),
    [({}, True), ({"std_m": 0.125}, True), ({"std_m": 0.1251}, False), ({"is_person": False}, False)],
)
def test_a_person_who_was_seen_to_stand_is_believed_where_the_track_is_sure(changes, is_believed):
    """They may set off meanwhile: 0.5 m/s2 until the robot stands."""
    moving = Motion((1.0,), (0.0,), (0.0,), 0.5)
    judged = judge(near(9.0, human_mps=0.0, **changes), moving, SLOW)
    horizon_s = REACTION_S + 0.25
    assert judged.terms.human_m == (0.5 * horizon_s if is_believed else 1.0) * horizon_s


def test_the_horizon_of_each_share_is_that_of_its_stop():
    for share in (0.5, 1.0):
        human_mps = 0.5 * (REACTION_S + 0.5 * share)
        limit_m = needed_m(share, human_mps=human_mps)
        assert judge(near(limit_m, human_mps=0.0), settings=SLOW).share == share
        assert judge(near(limit_m - 1e-9, human_mps=0.0), settings=SLOW).share < share


def test_links_that_hardly_move_are_hardly_slowed():
    judged = judge(near(STANDING_M + 0.125 + 0.5, weight=0.0))
    assert (judged.share, judged.allowed_mps) == (1.0, 0.0)
