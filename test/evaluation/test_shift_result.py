"""When the arm turns to a moved cube: against the twin, in the direction of the new place."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from noetra_ros.evaluation.shift_result import ShiftedEpisode, shifted_summary, turned_ticks


class Flat:
    """Kinematics whose tool point is the first two joints, m."""

    def tool_pose(self, joints):
        return SimpleNamespace(point_m=np.array([joints[0], joints[1], 0.0]))


STILL = [np.zeros(2)] * 10
LEFT = [np.array([0.0, 0.002 * tick]) for tick in range(10)]  # 2 mm a tick towards +y


def test_it_has_turned_at_the_first_tick_that_is_five_millimetres_off():
    assert turned_ticks(LEFT, STILL, np.array([0.0, 0.03]), Flat()) == 4


def test_the_other_way_is_no_answer():
    assert math.isnan(turned_ticks(LEFT, STILL, np.array([0.0, -0.03]), Flat()))
    assert math.isnan(turned_ticks(LEFT, STILL, np.array([0.03, 0.0]), Flat()))


def test_after_the_twin_has_ended_nothing_is_compared():
    assert math.isnan(turned_ticks(LEFT, STILL[:3], np.array([0.0, 0.03]), Flat()))


def episode(index, is_shifted, success, turned_s):
    nan = math.nan
    shift = (1.0, 0.035, 0.04) if is_shifted else (nan, nan, nan)
    return ShiftedEpisode(index, "pick", 1, is_shifted, success, False, 4.0, *shift, turned_s)


def test_only_episodes_whose_cube_was_moved_count():
    rows = [episode(0, True, True, 0.1), episode(1, True, False, math.nan), episode(2, False, True, math.nan)]
    found = shifted_summary(rows)
    assert (found["shifted"], found["successes"], found["turned"]) == (2, 1, 1)
    assert found["turned_s_mean"] == pytest.approx(0.1) and found["answered_s_mean"] == pytest.approx(0.04)
    assert found["turned_by_m"] == 0.005
