"""Where a tool comes to, against its way added up in small parts, also while the frame turns with it."""

import numpy as np
import pytest
from late_tool import rotation

from noetra_ros.safety.limiter import AxisMotion
from noetra_ros.safety.limits import AxisLimits
from noetra_ros.safety.tool_path import path_of, path_until_rest, reach_of, start_box, straight_reach

PARTS = 40
AXES = (AxisLimits("v", "m", -np.inf, np.inf, 0.4, 1.5, 30.0),) * 3 + (
    AxisLimits("w", "rad", -np.inf, np.inf, 2.0, 10.0, 200.0),
) * 3


def way_m(rows, turn):
    """(k, 3) places of a tool along twists in its own frame, in small parts."""
    place, places = np.zeros(3), [np.zeros(3)]
    for row in rows:
        dt_s = row[0] / PARTS
        for _ in range(PARTS):
            place = place + turn @ rotation(0.5 * row[4:] * dt_s) @ row[1:4] * dt_s
            turn = turn @ rotation(row[4:] * dt_s)
            places.append(place)
    return np.array(places)


def drawn(seed):
    rng = np.random.default_rng(seed)
    rows = np.column_stack([rng.uniform(0.01, 0.05, 8), rng.uniform(-1.0, 1.0, (8, 6)) * 0.4])
    rows[:, 4:] *= 8.0
    return rows, rotation(rng.uniform(-2.0, 2.0, 3))


@pytest.mark.parametrize("seed", range(20))
def test_a_tool_whose_frame_turns_goes_no_farther_than_foretold(seed):
    rows, turn = drawn(seed)
    low, high = reach_of(path_of(rows), turn, 0.0)
    places = way_m(rows, turn)
    assert (low - 1e-6 <= places).all() and (places <= high + 1e-6).all()


@pytest.mark.parametrize("seed", range(20))
def test_it_may_be_wherever_any_last_part_of_its_way_leads(seed):
    rows, turn = drawn(seed)
    box = start_box(np.ones(3), turn, rows)
    ends = np.array([np.ones(3) + way_m(rows[first:], turn)[-1] for first in range(len(rows) + 1)])
    assert (box.lower_m - 1e-6 <= ends).all() and (ends <= box.upper_m + 1e-6).all()


def test_a_turn_takes_a_tool_aside():
    rows = np.array([[0.2, 0.4, 0.0, 0.0, 0.0, 0.0, 2.0]])
    aside_m = way_m(rows, np.eye(3))[-1, 1]
    assert aside_m == pytest.approx(0.4 / 2.0 * (1.0 - np.cos(0.4)), rel=1e-3)
    assert reach_of(path_of(rows), np.eye(3), 0.0)[1][1] >= aside_m > 0.01
    still = rows.copy()
    still[:, 4:] = 0.0
    assert reach_of(path_of(still), np.eye(3), 0.0)[1][1] == 0.0


@pytest.mark.parametrize("speed", [-0.3, 0.0, 0.2])
@pytest.mark.parametrize("acceleration", [-1.5, 0.0, 0.9])
def test_along_axes_that_stand_both_ways_of_reckoning_agree(speed, acceleration):
    motions = [AxisMotion(0.0, speed * share, acceleration * share) for share in (1.0, -0.5, 0.2, 0.0, 0, 0)]
    low, high = straight_reach(motions, AXES, 0.01, 0.02)
    stepwise = reach_of(path_until_rest(motions, AXES, 0.01, 0.02), np.eye(3), 0.0)
    assert np.allclose((low, high), stepwise, atol=1e-9)


def test_a_tool_that_was_told_nothing_is_where_it_was_measured():
    box = start_box(np.ones(3), np.eye(3), np.zeros((0, 7)))
    assert box.lower_m.tolist() == box.upper_m.tolist() == [1.0] * 3 and box.turn_rad == 0.0


STRAIGHT_ON = np.array([[0.5, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0], [0.25, 0.0, -0.8, 0.0, 0.0, 0.0, 0.0]])
TURNING = np.array([[0.5, 0.4, 0.0, 0.0, 0.3, 0.0, 0.4], [0.25, 0.0, 0.8, 0.0, 0.0, 2.0, 0.0]])


def test_a_way_in_figures():
    """Half a second at 0.4 m/s, then a quarter at 0.8; turns count by their size."""
    path = path_of(TURNING)
    assert path.way_m == pytest.approx(np.array([[0, 0, 0], [0.2, 0, 0], [0.2, 0.2, 0]]))
    assert path.length_m == pytest.approx([0.0, 0.2, 0.4])
    assert path.turn_rad == pytest.approx([0.0, 0.25, 0.75])


def test_a_tool_that_follows_late_is_anywhere_on_the_last_part_of_its_way():
    box = start_box(np.ones(3), np.eye(3), STRAIGHT_ON)
    assert box.lower_m == pytest.approx([1.0, 0.8, 1.0]) and box.upper_m == pytest.approx([1.2, 1.0, 1.0])
    assert box.turn_rad == 0.0
    turned = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    aside = start_box(np.ones(3), turned, STRAIGHT_ON)
    assert aside.lower_m == pytest.approx([1.0, 1.0, 1.0]) and aside.upper_m == pytest.approx([1.2, 1.2, 1.0])


def test_what_turned_may_be_off_by_its_length_times_its_angle():
    box = start_box(np.zeros(3), np.eye(3), TURNING)
    assert box.turn_rad == pytest.approx(0.75)
    assert box.upper_m == pytest.approx(np.array([0.2, 0.2, 0.0]) + 0.4 * 0.75)
    assert box.lower_m == pytest.approx(-0.4 * 0.75 * np.ones(3))


def test_what_was_turned_before_counts_for_what_comes():
    """The frame looks another way already than it was last seen to."""
    path = path_of(STRAIGHT_ON)
    low, high = reach_of(path, np.eye(3), 0.5)
    assert high == pytest.approx([0.2 + 0.4 * 0.5, 0.5 * 0.2, 0.4 * 0.5])
    assert low[1] == pytest.approx(-0.2 - 0.4 * 0.5)
    after = reach_of(path_of(TURNING), np.eye(3), 0.5)[1]
    assert after[0] == pytest.approx(0.2 + 0.4 * 1.25)


@pytest.mark.parametrize("goes_on_s", [np.nan])
def test_a_time_that_is_no_number_reaches_nowhere_that_is_known(goes_on_s):
    low, high = straight_reach([AxisMotion(0.0, 0.1, 0.0)] * 6, AXES, 0.01, goes_on_s)
    assert np.isnan(low).all() and np.isnan(high).all()
