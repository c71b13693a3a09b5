"""Sideways acceleration, in figures: on the limit, beyond it, and with a speed that still rises."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import TWIST, snapshot

from noetra_ros.safety.checks.cornering import Cornering, sideways_mps2
from noetra_ros.safety.verdict import Action

STILL = (0.0, 0.0, 0.0)
LIMITS = dataclasses.replace(TWIST, cornering_mps2=0.25)


def turning(twist, sent=None, rising=STILL):
    sent = twist if sent is None else sent
    return snapshot(
        limits=LIMITS, command=None if twist is None else np.array(twist), command_kind=LIMITS.kind,
        sent=sent, sent_velocity=sent, sent_acceleration=rising, wanted=twist, proposed=twist, stop_rest=None,
        measured=None, joint_positions=None,
    )  # fmt: skip


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_on_the_limit_and_beyond(side):
    assert Cornering().evaluate(turning((0.5, 0.0, side * 0.5))).action is Action.PASS
    verdict = Cornering().evaluate(turning((0.5, 0.0, side * 0.501)))
    assert (verdict.action, verdict.limit, verdict.unit) == (Action.CLAMP, 0.25, "m/s2")
    assert verdict.measured == pytest.approx(0.2505)


def test_a_speed_that_still_rises_counts_as_what_it_comes_to():
    """A tall base that is still picking up speed in its curve: at 1 m/s2 it gains 0.025 m/s in any case."""
    held = turning((0.5, 0.0, 0.5))
    rising = turning((0.5, 0.0, 0.5), sent=(0.48, 0.0, 0.5), rising=(1.0, 0.0, 0.0))
    assert Cornering().evaluate(held).action is Action.PASS
    verdict = Cornering().evaluate(rising)
    assert verdict.action is Action.CLAMP and verdict.measured == pytest.approx(0.5 * 0.515, abs=0.006)


def test_the_share_that_is_left_keeps_the_limit_and_little_more_does_not():
    sent, twist = (0.4, 0.0, 0.4), (0.41, 0.0, 0.9)
    share = Cornering().evaluate(turning(twist, sent)).scale
    stop = (0.4 - 0.008, 0.0, 0.4 - 0.024)

    def judged(part):
        mixed = tuple(s + part * (value - s) for s, value in zip(stop, twist, strict=True))
        return Cornering().evaluate(turning(mixed, sent)).action

    assert 0.0 < share < 1.0 and share * 1024 == round(share * 1024)
    assert judged(share) is Action.PASS and judged(share + 1.0 / 1024.0) is Action.CLAMP


def test_both_directions_of_a_base_that_goes_sideways_count():
    assert sideways_mps2((0.3, 0.4, -2.0)) == pytest.approx(1.0)


def test_it_is_left_out_without_a_limit_or_a_command():
    assert Cornering().unmet(LIMITS) == ""
    assert "no base" in Cornering().unmet(dataclasses.replace(LIMITS, cornering_mps2=math.inf))
    assert Cornering().evaluate(turning(None, STILL)).action is Action.PASS
