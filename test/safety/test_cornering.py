"""Sideways acceleration of a base: kept in every curve, whatever is asked; straight ways are not slowed."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_snapshots import TWIST
from supervised import SETTINGS, Supervised

from noetra_ros.safety.checks.cornering import Cornering, sideways_mps2

LIMIT = 0.3
CHECKS = (*SETTINGS.checks, "cornering")


def base():
    made = Supervised(dataclasses.replace(TWIST, cornering_mps2=LIMIT), (0.0, 0.0, 0.0), checks=CHECKS)
    made.start()
    return made


def test_a_fast_curve_is_shortened_and_said_to_be():
    """A tall shelf robot at full speed turns hard: it would tip."""
    robot = base()
    robot.hold((0.6, 0.0, 1.5), 100)
    assert sideways_mps2(tuple(robot.sent[-1])) == pytest.approx(LIMIT, rel=0.05)
    assert any("sideways" in event.verdict.reason for event in robot.events)


def test_a_stream_with_holes_does_not_pass_it_either():
    """Two of three commands are lost: the supervisor itself goes on to the last one, by the same rules."""
    robot = base()
    for k in range(200):
        robot.step((0.6, 0.0, 1.5) if k % 3 == 0 else None)
    assert max(sideways_mps2(tuple(v)) for v in robot.sent) <= LIMIT * (1.0 + 1e-9)
    assert any(event.verdict.check == "limiter" for event in robot.events), "nothing was bridged"


@pytest.mark.parametrize("twist", [(0.6, 0.0, 0.0), (0.0, 0.0, 1.5), (0.2, 0.0, 1.4)])
def test_what_is_within_passes_bit_for_bit(twist):
    robot = base()
    robot.hold(twist, 100)
    assert robot.sent[-1].tolist() == list(twist)


@given(st.lists(st.tuples(st.floats(-0.6, 0.6), st.floats(-1.5, 1.5)), min_size=1, max_size=8))
def test_no_order_of_commands_passes_it(twists):
    robot = base()
    for ahead, turning in twists:
        robot.hold((ahead, 0.0, turning), 12)
    assert max(sideways_mps2(tuple(v)) for v in np.array(robot.sent)) <= LIMIT * (1.0 + 1e-9)


def test_it_is_left_out_where_nothing_is_declared():
    assert "no base" in Cornering().unmet(TWIST)
