import numpy as np
import pytest
from made_snapshots import TWO_JOINTS

from noetra_ros.safety.limiter import REST_STEP, AxisMotion, moved, next_position, stop_position
from noetra_ros.safety.stopping import stopping_table

TABLE = stopping_table(TWO_JOINTS)
AXIS, DT_S = TWO_JOINTS.axes[1], TWO_JOINTS.period_s


def driven_stop(motion):
    """(time, travel) of the stop that the limiter drives step by step."""
    start, steps = motion.position, 0
    while abs(motion.velocity) * DT_S > REST_STEP:
        motion = moved(motion, stop_position(motion, AXIS, DT_S), DT_S)
        steps += 1
    return steps * DT_S, motion.position - start


@pytest.mark.parametrize("row", range(1, len(TABLE.shares), 4))
def test_no_stop_of_the_limiter_is_longer_than_the_table(row):
    share, motion = TABLE.shares[row], AxisMotion(-2.0)
    for _ in range(60):  # speeds up as far as the scale allows, stopped at every instant
        motion = moved(motion, next_position(motion, 2.0, 0.0, AXIS, DT_S, share), DT_S)
        assert motion.velocity <= share * AXIS.velocity * (1.0 + 1e-6) + 1e-9
        time_s, travel = driven_stop(motion)
        assert time_s <= TABLE.time_s[row] + 1e-9
        assert travel <= TABLE.travel[row, 1] + 1e-9


def test_the_table_grows_and_begins_at_rest():
    assert (TABLE.time_s[0], TABLE.travel[0].max()) == (0.0, 0.0)
    assert np.all(np.diff(TABLE.time_s) >= 0.0)
    assert np.all(np.diff(TABLE.travel, axis=0) >= 0.0)


def test_times_between_rows_are_rounded_up():
    assert TABLE.time_at(0.0) == 0.0
    assert TABLE.time_at(TABLE.shares[7] - 1e-3) == TABLE.time_s[7]
    assert TABLE.time_at(2.0) == 2.0 * TABLE.time_s[-1]
