"""The footprint check by hand cases: what is free, what is shortened, what stops, what no scanner sees."""

import dataclasses
import math

import pytest
from made_snapshots import TWIST
from scanning_base import CIRCLE, LONG, THINGS, Base, around, driven
from supervised import Supervised

from noetra_ros.safety.checks.footprint import FootprintClear
from noetra_ros.safety.modes import Mode


def test_with_nothing_near_commands_pass_bit_for_bit():
    base = driven(Base((3.0, 0.0), (-1.5, 1.0)), (0.5, 0.0, 0.3))
    assert base.sent[-1].tolist() == [0.5, 0.0, 0.3] and base.supervisor.mode is Mode.ACTIVE


def test_a_wall_ahead_leaves_a_slower_speed_and_one_behind_leaves_all():
    ahead = driven(Base((0.45, 0.0)), (0.5, 0.0, 0.0))
    assert 0.05 < ahead.sent[-1][0] < 0.45
    assert driven(Base((-0.45, 0.0)), (0.5, 0.0, 0.0)).sent[-1][0] == 0.5


def test_what_touches_already_leaves_only_ways_off():
    assert driven(Base((0.22, 0.0)), (0.5, 0.0, 0.0)).sent[-1][0] == 0.0
    assert driven(Base((0.22, 0.0)), (-0.5, 0.0, 0.0)).sent[-1][0] == -0.5
    assert driven(Base((0.22, 0.0)), (0.0, 0.0, 1.0)).sent[-1][2] == 1.0


def test_the_tail_of_a_long_base_does_not_sweep_somebody_when_it_turns():
    """A cart turns left on the spot; its tail would swing out to the right, where somebody stands."""
    beside = (-0.5, -0.3)
    assert driven(Base(beside, outline=LONG), (0.0, 0.0, 1.0)).sent[-1][2] == pytest.approx(0.0, abs=0.45)
    assert driven(Base(beside, outline=LONG), (0.0, 0.0, -1.0)).sent[-1][2] == -1.0
    assert driven(Base(beside, outline=LONG), (0.5, 0.0, 0.0)).sent[-1][0] == 0.5


def test_somebody_who_steps_into_the_way_of_a_moving_base_stops_it():
    base = driven(Base(), (0.6, 0.0, 0.0))
    base.scan = around((0.30, 0.0))
    base.step((0.6, 0.0, 0.0))
    assert base.supervisor.mode is Mode.PROTECTIVE_STOP
    assert "within 0.00 m" in base.supervisor.report(base.now_ns).reason
    base.scan = around()
    base.hold((0.6, 0.0, 0.0), 150)
    assert base.supervisor.mode is Mode.ACTIVE and base.sent[-1][0] == 0.6


def test_a_base_that_sees_only_ahead_does_not_drive_back():
    """Somebody stands behind a robot whose scanner looks ahead."""
    half = around(beams=181, first=-math.pi / 2)
    back = driven(Base(scan=half), (-0.3, 0.0, 0.0))
    assert back.sent[-1][0] == 0.0
    assert any("no scanner looks" in event.verdict.reason for event in back.events)
    assert driven(Base(scan=half), (0.3, 0.0, 0.0)).sent[-1][0] == 0.3
    assert driven(Base(scan=half), (0.0, 0.0, 1.0)).sent[-1][2] == 1.0  # a circle covers no new ground


def test_a_scanner_that_froze_stops_a_moving_base_and_not_a_standing_one():
    """Its window is iced over, or its driver hands out the last sweep for ever."""
    base = Base((2.0, 0.0))
    base.noise_m = 0.0
    base.start()
    base.hold((0.0, 0.0, 0.0), 100)
    assert base.supervisor.mode is Mode.ACTIVE
    base.hold((0.4, 0.0, 0.0), 100)
    assert base.supervisor.mode is Mode.PROTECTIVE_STOP or base.sent[-1][0] == 0.0
    assert any("frozen" in event.verdict.reason for event in base.events)


def test_without_any_scan_it_cannot_be_armed():
    base = Base()
    Supervised.step(base)
    decision = base.supervisor.arm(base.now_ns)
    assert "no scan of scan" in decision.refusal


def test_parts_of_the_robot_that_its_scanner_sees_are_no_obstacle():
    assert driven(Base((0.1, 0.0), (0.0, 0.12)), (0.5, 0.0, 0.0)).sent[-1][0] == 0.5


def test_between_two_commands_nobody_goes_on_to_what_was_not_let_through():
    """The stream pauses for 80 ms while the base is kept slow before a wall: it gains no speed meanwhile."""
    base = driven(Base((0.45, 0.0)), (0.5, 0.0, 0.0))
    slow = base.sent[-1][0]
    for _ in range(4):
        base.step()
    assert max(v[0] for v in base.sent[-4:]) <= slow + 1e-9


def test_it_is_left_out_without_outline_or_scanner():
    check = FootprintClear(
        footprint_margin_m=0.05, approach_share=0.5, blind_speed_mps=0.0, controller_latency_s=0.1, **THINGS
    )
    assert "no base with a footprint" in check.unmet(TWIST)
    assert "no stream of laser scans" in check.unmet(dataclasses.replace(TWIST, footprint=CIRCLE))
    assert check.unmet(dataclasses.replace(TWIST, footprint=CIRCLE, scanners=("scan",))) == ""
    assert check.unmet(dataclasses.replace(TWIST, footprint=CIRCLE, obstacle_frame="base_link")) == ""
