"""Cases by hand in the words of Nav2's collision monitor, with 360 beams and with 24 000.

From its configuration guide (facts), and what is done here instead, on purpose:

- stop zone: no motion at all while `min_points` (4) or more lie in it. Here: no motion towards them, one echo
  is enough, and the way off stays open.
- slowdown zone, limit zone: a share of the speed, or a highest speed, while something lies in it, wherever
  the base is going. Here: only what lies in the way slows, however near the rest is.
- approach: as slow as it takes to keep contact `time_before_collision` away; the speed is in proportion to
  the gap. Here: as slow as it takes to brake within the gap, margin and delays included.
- of several zones the most aggressive counts. Here: of several things the one that leaves least.
- a source that is silent for `source_timeout` (2 s) stops the base; 0 switches that off. Here: a scan older
  than its `max_age_s` does, and it cannot be switched off.
"""

import math

import pytest
from made_snapshots import TWIST
from scanning_base import Base, around, driven

from noetra_ros.safety.modes import Mode

RADIUS_M, MARGIN_M = 0.2, 0.06
BRAKING_MPS2 = 0.5  # half of the limit of 1.0: `approach_share`
DELAY_S = 0.05  # a period, and the controller's latency
FULL_MPS = 0.6
AHEAD = (FULL_MPS, 0.0, 0.0)


@pytest.fixture(params=[360, 24_000], ids="{} beams".format)
def beams(request):
    """Of a full turn."""
    return request.param


def base_among(beams, *points_m):
    """A round base of 0.2 m; the points are met by one beam each."""
    return Base(scan=around(*points_m, beams=beams, step=2.0 * math.pi / beams))


def speed_after(beams, twist, *points_m):
    """m/s ahead that is left of a command that goes on for 1.6 s."""
    return driven(base_among(beams, *points_m), twist, 80).sent[-1][0]


def speed_by_hand(gap_m):
    """v with v DELAY + v^2 / (2 BRAKING) = gap - margin."""
    room_m = gap_m - MARGIN_M
    spent = BRAKING_MPS2 * DELAY_S
    return min(FULL_MPS, math.sqrt(spent**2 + 2.0 * BRAKING_MPS2 * room_m) - spent)


def test_stop_zone_one_echo_in_the_way_stops_a_moving_base_until_it_is_gone(beams):
    base = driven(base_among(beams), AHEAD)
    there = around((RADIUS_M + 0.05, 0.0), beams=beams, step=2.0 * math.pi / beams)
    free, base.scan = base.scan, there
    base.step(AHEAD)
    assert base.supervisor.mode is Mode.PROTECTIVE_STOP
    base.hold(AHEAD, 100)
    assert base.sent[-1][0] == 0.0
    base.scan = free
    base.hold(AHEAD, 150)
    assert base.supervisor.mode is Mode.ACTIVE and base.sent[-1][0] == FULL_MPS


def test_stop_zone_a_standing_base_is_held_and_may_drive_off(beams):
    touching = (RADIUS_M + 0.05, 0.0)
    assert speed_after(beams, AHEAD, touching) == 0.0
    assert speed_after(beams, (-FULL_MPS, 0.0, 0.0), touching) == -FULL_MPS


@pytest.mark.parametrize(
    "point_m", [(0.0, 0.35), (0.1, -0.3), (-0.3, 0.0)], ids=["aside", "close by", "behind"]
)
def test_slowdown_zone_what_is_near_but_not_in_the_way_does_not_slow(beams, point_m):
    assert speed_after(beams, AHEAD, point_m) == FULL_MPS


@pytest.mark.parametrize(
    ("gap_m", "speed_mps"),
    [(0.05, 0.0), (0.10, 0.177), (0.15, 0.276), (0.25, 0.412), (0.48, 0.6), (1.2, 0.6)],
)
def test_approach_the_speed_is_what_braking_leaves_of_the_gap(beams, gap_m, speed_mps):
    if gap_m > MARGIN_M:
        assert speed_by_hand(gap_m) == pytest.approx(speed_mps, abs=0.04)
    left_mps = speed_after(beams, AHEAD, (RADIUS_M + gap_m, 0.0))
    assert speed_mps - 0.04 <= left_mps <= speed_mps + 1e-3


@pytest.mark.parametrize("gap_m", [0.10, 0.15, 0.25, 0.48])
def test_approach_contact_is_never_nearer_in_time_than_braking_takes(beams, gap_m):
    """Nav2 keeps a time that is told; here it follows from the limits: delay and half of the braking time."""
    left_mps = speed_after(beams, AHEAD, (RADIUS_M + gap_m, 0.0))
    assert gap_m / left_mps > DELAY_S + left_mps / (2.0 * BRAKING_MPS2)


def test_of_several_things_the_one_that_leaves_least_counts(beams):
    near, far = (RADIUS_M + 0.15, 0.0), (RADIUS_M + 0.25, 0.05)
    alone = speed_after(beams, AHEAD, near)
    assert speed_after(beams, AHEAD, far) > alone
    assert speed_after(beams, AHEAD, near, far) == alone


def test_a_silent_source_stops_within_its_own_age_and_a_period(beams):
    base = driven(base_among(beams, (2.0, 1.0)), AHEAD)
    periods = round(TWIST.stream_max_age_s["scan"] / TWIST.period_s)
    base.is_silent = True
    base.hold(AHEAD, periods - 1)
    assert base.supervisor.mode is Mode.ACTIVE and base.sent[-1][0] == FULL_MPS
    base.hold(AHEAD, 3)
    assert base.supervisor.mode is Mode.PROTECTIVE_STOP
    assert "scan" in base.supervisor.report(base.now_ns).reason
    base.hold(AHEAD, 60)
    assert base.sent[-1][0] == 0.0
