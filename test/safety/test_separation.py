import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noetra_ros.safety.separation import (
    TERMS,
    HumanSpeed,
    allowed_speed_mps,
    constant_braking_m,
    human_speed_mps,
    largest_share,
    required_separation,
)

WORKED = {
    "human_speed_mps": 1.6, "robot_speed_mps": 1.0, "reaction_s": 0.10, "stopping_s": 0.30,
    "stopping_m": constant_braking_m(1.0, 0.30), "intrusion_m": 0.20, "sensor_m": 0.10, "robot_m": 0.05,
}  # fmt: skip
PEOPLE = HumanSpeed(far_mps=1.6, near_mps=2.0, near_m=0.5, acceleration_mps2=4.0)
LEFT_M = (0.6, 1.14, 1.09, 1.04, 1.14, 1.19)
amounts = st.floats(0.0, 5.0)


def test_worked_case():
    assert required_separation(**WORKED).total_m == pytest.approx(1.24, abs=1e-9)


def test_worked_case_as_an_array():
    rows = {name: np.full(3, value) for name, value in WORKED.items()}
    assert required_separation(**rows).total_m == pytest.approx(np.full(3, 1.24), abs=1e-9)


def test_worked_case_inverted():
    speed = allowed_speed_mps(1.24, 1.6, 0.10, 0.30, 0.20, 0.10, 0.05)
    assert speed == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("term", "left_m"), list(zip(TERMS, LEFT_M, strict=True)))
def test_each_term_can_be_left_out(term, left_m):
    assert required_separation(**WORKED).without(term).total_m == pytest.approx(left_m, abs=1e-9)


@given(st.fixed_dictionaries(dict.fromkeys(WORKED, amounts)), st.sampled_from(list(WORKED)), amounts)
def test_monotone_in_every_term(values, name, more):
    before = required_separation(**values).total_m
    assert required_separation(**{**values, name: values[name] + more}).total_m >= before


@given(*[amounts] * 8)
def test_more_latency_never_allows_more_speed(distance, human, reaction, stopping, c, z_d, z_r, more_s):
    stopping += 0.01
    before = allowed_speed_mps(distance, human, reaction, stopping, c, z_d, z_r)
    assert allowed_speed_mps(distance, human, reaction + more_s, stopping, c, z_d, z_r) <= before
    assert allowed_speed_mps(distance, human, reaction, stopping + more_s, c, z_d, z_r) <= before


@given(*[amounts] * 7)
def test_the_allowed_speed_keeps_the_distance(distance, human, reaction, stopping, c, z_d, z_r):
    stopping += 0.01
    speed = allowed_speed_mps(distance, human, reaction, stopping, c, z_d, z_r)
    braking_m = constant_braking_m(speed, stopping)
    needed = required_separation(human, speed, reaction, stopping, braking_m, c, z_d, z_r).total_m
    assert speed == 0.0 or needed <= distance + 1e-9


def test_nan_allows_no_speed():
    assert allowed_speed_mps(math.nan, 1.6, 0.1, 0.3, 0.2, 0.1, 0.05) == 0.0


SPEEDS = {
    "unmeasured": (math.nan, 1.0, True, 1.6),
    "unmeasured, near": (math.nan, 0.4, True, 2.0),
    "sure and still": (0.0, 1.0, True, 0.4),
    "sure and walking away": (-1.0, 1.0, True, 0.4),
    "sure and running": (3.0, 1.0, True, 3.0),
    "unsure and still": (0.0, 1.0, False, 1.6),
    "unsure and running": (3.0, 1.0, False, 3.0),
    "walks to the limit of near in time": (math.nan, 0.659, True, 2.0),
    "does not": (math.nan, 0.661, True, 1.6),
}


@pytest.mark.parametrize(("directed", "distance", "is_sure", "expected"), SPEEDS.values(), ids=SPEEDS)
def test_human_speed(directed, distance, is_sure, expected):
    assert human_speed_mps(directed, distance, 0.1, PEOPLE, is_sure) == pytest.approx(expected)


@given(st.floats(-3.0, 3.0), amounts, amounts, amounts)
def test_a_longer_horizon_never_makes_people_slower(directed, distance, horizon, more):
    before = human_speed_mps(directed, distance, horizon, PEOPLE, True)
    assert human_speed_mps(directed, distance, horizon + more, PEOPLE, True) >= before


def test_the_largest_share_counts_only_below_the_first_that_fails():
    shares = np.array([0.0, 0.5, 1.0])
    required = np.array([[0.1, 0.2, 0.3], [0.1, 0.5, 0.2], [0.3, 0.4, 0.5], [math.nan, 0.0, 0.0]])
    assert largest_share(shares, required, np.full(4, 0.25)).tolist() == [0.5, 0.0, -1.0, -1.0]
    assert largest_share(shares, required[0], np.array(math.nan)) == -1.0


def test_a_term_that_is_left_out_is_zero_and_an_unknown_one_stays_unknown():
    terms = required_separation(**WORKED)
    assert terms.without("S_h").human_m == 0.0
    assert terms.without("S_h").without("S_h").human_m == 0.0
    assert math.isnan(required_separation(**{**WORKED, "intrusion_m": math.nan}).without("C").total_m)


def test_on_the_distance_of_near_a_person_still_walks():
    assert human_speed_mps(math.nan, 0.5, 0.0, PEOPLE, True) == 1.6
    assert human_speed_mps(math.nan, 0.499, 0.0, PEOPLE, True) == 2.0


def test_a_separation_that_just_suffices_does():
    shares, required = np.array([0.0, 1.0]), np.array([0.25, 0.5])
    assert largest_share(shares, required, np.array(0.5)) == 1.0
    assert largest_share(shares, required, np.array(0.25)) == 0.0


def test_who_does_not_move_at_all_is_not_made_faster_by_a_track_that_is_none():
    """Where people are assumed to stand, one that is not measured stands."""
    standing = HumanSpeed(0.0, 0.0, 0.0, 0.0)
    assert human_speed_mps(math.nan, 1.0, 0.1, standing, False) == 0.0
    assert human_speed_mps(0.5, 1.0, 0.1, standing, False) == 0.5
