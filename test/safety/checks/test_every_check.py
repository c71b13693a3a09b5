"""The contract of all checks: found by file, no defaults, pure, and each has a case that it refuses."""

import dataclasses
import math

import numpy as np
import pytest
from made_snapshots import (
    GRIPPER,
    PEOPLE,
    TWIST,
    TWO_JOINTS,
    gripping,
    moving_tool,
    snapshot,
    so101_limits,
    wanting,
)
from obstacles_around import WATCHING, obstacle, with_people

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.planar_scan import PlanarScan
from noetra_ros.robots.footprint import Footprint
from noetra_ros.safety.check import build_checks, check_registry
from noetra_ros.safety.limits import TogetherLimits
from noetra_ros.safety.others import Others
from noetra_ros.safety.reckoning import Pose, SeenScan
from noetra_ros.safety.verdict import Action, Verdict

VALUES = {
    "command_timeout_s": 0.1,
    "heartbeat_sources": ["policy"],
    "heartbeat_timeout_s": 0.25,
    "estop_sources": ["topic:/line"],
    "estop_timeout_s": 0.25,
    "tracking_slow_share": 0.6,
    "max_lead_periods": 1.5,
    "trust_slow_below": 0.05,
    "trust_stop_below": 0.01,
    "trust_slow_scale": 0.3,
    "trust_timeout_s": 1.0,
    "footprint_margin_m": 0.06,
    "approach_share": 0.5,
    "blind_speed_mps": 0.0,
    "touch_labels": [],
    **PEOPLE,
}
BASE = dataclasses.replace(
    TWIST, footprint=Footprint(((0.0, 0.0),), 0.2), scanners=("scan",), cornering_mps2=0.3
)
SO101 = so101_limits()
TOOL = moving_tool((0.0,) * 6).limits
TURNS = dataclasses.replace(TWO_JOINTS, together=TogetherLimits(0.5))
FAR = (0.0, 0.5, 0.9, 0.9, 0.0, 0.6)


def driving(twist, ahead_m=5.0):
    """A base that stands and is told to drive, with something ahead."""
    scan = PlanarScan((0.0, 0.0), -math.pi, math.pi / 2, np.array([5.0, 5.0, ahead_m, 5.0]))
    still = (0.0, 0.0, 0.0)
    return snapshot(
        limits=BASE, command=np.array(twist), command_kind=BASE.kind, cycle_s=0.02, sent=still,
        sent_velocity=still, sent_acceleration=still, wanted=twist, proposed=twist, stop_rest=None,
        measured=None, joint_positions=None, scans={"scan": SeenScan(scan, Pose())},
    )  # fmt: skip


REFUSED = {
    "acceleration": wanting(0.51, -0.5),
    "clock": snapshot(clock_step_s=-0.001),
    "cornering": driving((0.5, 0.0, 1.0)),
    "estop": snapshot(is_estop_pressed=True),
    "estop_chain": snapshot(estop_age_s={}),
    "finite": snapshot(command=np.array([math.nan, 0.0]), wanted=None),
    "grip_force": gripping(efforts=(9.0,)),
    "heartbeat": snapshot(heartbeat_age_s={}),
    "footprint": driving((0.5, 0.0, 0.0), ahead_m=0.27),
    "force_limit": with_people(obstacle((0.5, 0.0, 0.3))),
    "jerk": wanting(0.502, -0.5),
    "policy_trust": snapshot(policy_trust=0.0, policy_trust_age_s=0.1),
    "position": wanting(1.5, 0.0),
    "perception": with_people(scene=None),
    "rate": snapshot(lead_s=0.05),
    "together": snapshot(limits=TURNS, others=Others(stop="base: scan is silent")),
    "reduced_speed": with_people(is_speed_reduced=True),
    "separation": with_people(obstacle((0.5, 0.0, 0.3))),
    "shape": snapshot(command=np.zeros(3), wanted=None),
    "sole_writer": snapshot(other_writers=("/joystick",)),
    "stale": snapshot(command_age_s=1.0),
    "tool_travel": moving_tool((0.1, 0.0, 0.0, 0.0, 0.0, 0.0), wall_x_m=0.0),
    "tracking_error": snapshot(measured=(0.5, 0.5)),
    "velocity": wanting(0.6, -0.5),
    "workspace": snapshot(
        limits=SO101,
        proposed=FAR,
        proposed_rest=FAR,
        stop_rest=lambda: (0.0,) * 6,
        joint_positions=np.array(FAR),
    ),
}
NAMES = check_registry.names()
OF_PEOPLE = ("perception", "separation", "force_limit", "reduced_speed")

OF_BASE = ("footprint", "cornering")


def build(name):
    own = {"together": TURNS, "workspace": SO101, "grip_force": GRIPPER, "tool_travel": TOOL}
    limits = {**own, **dict.fromkeys(OF_PEOPLE, WATCHING), **dict.fromkeys(OF_BASE, BASE)}.get(
        name, snapshot().limits
    )
    return build_checks([name], VALUES, limits).running[name]


def test_every_check_has_a_case_here():
    assert sorted(REFUSED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_passes_a_healthy_instant(name):
    healthy = snapshot(policy_trust=1.0, policy_trust_age_s=0.1)
    if name in OF_BASE:
        healthy = driving((0.008, 0.0, 0.02))
    healthy = {
        "grip_force": gripping(efforts=(1.0,)),
        "together": snapshot(limits=TURNS, others=Others()),
        "tool_travel": moving_tool((0.01,) * 6),
    }.get(name, healthy)
    verdict = build(name).evaluate(with_people() if name in OF_PEOPLE else healthy)
    assert (verdict.check, verdict.action) == (name, Action.PASS)


@pytest.mark.parametrize("name", NAMES)
def test_refuses_its_case_with_a_reason(name):
    verdict = build(name).evaluate(REFUSED[name])
    assert isinstance(verdict, Verdict)
    assert verdict.check == name
    assert verdict.action > Action.PASS
    assert verdict.reason


@pytest.mark.parametrize("name", NAMES)
def test_is_pure(name):
    check = build(name)
    assert repr(check.evaluate(REFUSED[name])) == repr(check.evaluate(REFUSED[name]))


@pytest.mark.parametrize("name", NAMES)
def test_is_frozen(name):
    kind = check_registry.get(name)
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen


@pytest.mark.parametrize("name", NAMES)
def test_thresholds_have_no_default(name):
    for field in dataclasses.fields(check_registry.get(name)):
        assert field.default is dataclasses.MISSING
        assert field.default_factory is dataclasses.MISSING
        assert field.metadata["description"]


@pytest.mark.parametrize("name", NAMES)
def test_says_when_it_stops_and_what_it_cannot_catch(name):
    text = check_registry.get(name).__doc__.lower()
    assert any(word in text for word in ("stop", "clamp", "fault", "refuse", "brake"))
    assert "cannot" in text


def test_only_what_goes_by_itself_may_be_armed_against():
    """A stale stream or a pressed button has to be seen to before; a person who stands near has not."""
    told = [name for name in NAMES if getattr(check_registry.get(name), "may_be_armed_against", False)]
    assert told == ["force_limit", "policy_trust", "separation", "together"]


def test_a_missing_threshold_is_an_error_that_names_it():
    with pytest.raises(ConfigError, match="stale: command_timeout_s: got nothing"):
        build_checks(["stale"], {}, snapshot().limits)


def test_an_empty_list_is_an_error():
    with pytest.raises(ConfigError, match="checks: got none that can judge this channel"):
        build_checks([], VALUES, snapshot().limits)


def test_every_fault_is_named_at_once():
    with pytest.raises(ConfigError) as caught:
        build_checks(["stale", "telepathy", "rate", "rate"], {}, snapshot().limits)
    assert len(caught.value.faults) == 5  # stale, telepathy, rate twice, and rate is named twice
    assert "telepathy" in str(caught.value)


def test_checks_that_cannot_judge_are_told():
    checks = build_checks(["position", "workspace"], VALUES, snapshot().limits)
    assert list(checks.running) == ["position"]
    assert "no workspace" in checks.unmet["workspace"]
