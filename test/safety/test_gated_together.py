"""Channels that are gated together: what stops one stops all, and while one moves the others stand."""

import numpy as np
import pytest
from gated_robot import GatedRobot
from obstacles_around import obstacle, scene
from told_base import front_at

from noetra_ros.core.errors import ConfigError
from noetra_ros.safety.assembly import assemble_together
from noetra_ros.safety.checks.together import TogetherCheck
from noetra_ros.safety.modes import Mode
from noetra_ros.safety.settings import shipped_settings
from noetra_ros.safety.verdict import passed

AHEAD = (0.3, 0.0)
NAN_TWIST = (np.nan, 0.0)


def raised(robot, by_rad=0.3):
    """A posture beside the stowed one."""
    return robot.stowed + np.array([by_rad, 0.0, 0.0, 0.0, 0.0, 0.0])


def driving():
    robot = GatedRobot()
    robot.go(1.0, base=AHEAD)
    assert robot.twist[0] == pytest.approx(0.3)
    return robot


def reaching():
    robot = GatedRobot()
    robot.go(0.2, arm=raised(robot, 0.8))
    assert np.abs(robot.joints - robot.stowed).max() > 0.01
    return robot


@pytest.fixture
def waiting():
    """A robot whose streams were not heard yet."""
    robot = GatedRobot()
    robot.gate, _ = assemble_together(robot.profile, robot.profile.gated_with(""), shipped_settings())
    robot.events = []
    robot.take(robot.gate.tick(robot.now_ns))
    assert robot.mode is Mode.STARTUP
    return robot


def test_one_that_waits_for_streams_is_told_as_no_stop_of_the_other(waiting):
    waiting.step()  # all streams are heard
    waiting.step()
    assert waiting.mode is Mode.STANDBY and waiting.events == []


def test_nothing_is_armed_and_nothing_passes_before_all_streams_were_heard(waiting):
    assert waiting.gate.arm(waiting.now_ns).refusal.startswith("arm: cannot arm in STARTUP")
    decision = waiting.gate.on_command(waiting.command("arm", raised(waiting)), 0.0, "arm")
    assert not decision.report.is_armed and all(part.values is None for part in decision.parts)


def test_the_silence_of_one_in_motion_is_overdue_for_all():
    robot = driving()
    assert not robot.gate.is_command_overdue(robot.now_ns)
    assert robot.gate.is_command_overdue(robot.now_ns + 150_000_000)


def test_a_base_does_not_drive_on_when_its_arm_has_to_stop():
    robot = driving()
    robot.step(arm=np.full(6, np.nan), base=AHEAD)
    assert robot.mode is Mode.PROTECTIVE_STOP and robot.twist[0] < 0.3
    for _ in range(45):  # until the base rests; the stop ends by itself half a second after its cause
        robot.step(base=AHEAD)
        assert robot.mode is Mode.PROTECTIVE_STOP
    robot.go(0.05)
    assert robot.twist[0] < 0.1
    assert any("stops with arm" in reason for reason in robot.reasons("together"))


def test_an_arm_does_not_swing_on_when_the_base_under_it_has_to_stop():
    robot = reaching()
    robot.step(arm=raised(robot, 0.8), base=NAN_TWIST)
    assert robot.mode is Mode.PROTECTIVE_STOP
    robot.go(0.3, arm=raised(robot, 0.8))
    at_rest = robot.joints.copy()
    robot.go(0.1, arm=raised(robot, 0.8))
    assert np.array_equal(robot.joints, at_rest) and robot.mode is Mode.PROTECTIVE_STOP
    assert any("stops with base" in reason for reason in robot.reasons("together"))


def test_while_a_stop_is_told_nothing_moves_and_both_go_on_at_once():
    robot = driving()
    robot.step(arm=np.full(6, np.nan), base=AHEAD)
    while robot.twist.any():
        robot.step(base=AHEAD)
    for _ in range(200):
        if robot.mode is not Mode.PROTECTIVE_STOP:
            break
        robot.step(base=AHEAD)
        assert robot.mode is Mode.ACTIVE or not robot.twist.any()
    assert {gate.mode for gate in robot.gate._gates.values()} <= {Mode.ACTIVE, Mode.SLOWED}
    robot.go(2.0, base=AHEAD)
    assert robot.twist[0] == pytest.approx(0.3)


@pytest.mark.parametrize("moving", [driving, reaching])
def test_one_emergency_stop_stops_and_latches_both(moving):
    robot = moving()
    robot.take(robot.gate.on_estop("button", True, robot.now_ns))
    robot.go(1.0, arm=raised(robot), base=AHEAD)
    report = robot.gate.report(robot.now_ns)
    assert report.mode is Mode.EMERGENCY_STOP and report.is_at_rest and not robot.twist.any()
    assert robot.gate.reset(robot.now_ns).refusal
    robot.take(robot.gate.on_estop("button", False, robot.now_ns))
    assert robot.gate.reset(robot.now_ns).refusal == ""
    at_rest = robot.joints.copy()
    robot.go(1.0, arm=raised(robot), base=AHEAD)
    assert robot.mode is Mode.STANDBY and np.array_equal(robot.joints, at_rest) and not robot.twist.any()


def test_a_fault_in_a_check_of_one_channel_latches_the_other():
    robot = driving()

    class Fails:
        def evaluate(self, snapshot):
            raise RuntimeError("broken")

    robot.gate._gates["arm"]._round.checks["position"] = Fails()
    robot.step(base=AHEAD)
    assert robot.mode is Mode.FAULT
    assert robot.gate._gates["base"].mode is Mode.EMERGENCY_STOP
    robot.go(1.0, base=AHEAD)
    assert not robot.twist.any()


def test_while_the_base_drives_the_arm_stands_and_goes_on_after_it():
    robot = driving()
    robot.go(0.5, arm=raised(robot), base=AHEAD)
    assert np.array_equal(robot.joints, robot.stowed)
    assert any("stands while base moves" in reason for reason in robot.reasons("together"))
    while robot.twist.any():
        robot.step(arm=raised(robot), base=(0.0, 0.0))
    robot.go(0.45, arm=raised(robot), base=(0.0, 0.0))
    assert np.array_equal(robot.joints, robot.stowed)
    robot.go(1.5, arm=raised(robot), base=(0.0, 0.0))
    assert robot.joints == pytest.approx(raised(robot), abs=1e-3) and robot.mode is Mode.ACTIVE


def test_while_the_arm_moves_and_where_it_is_not_stowed_the_base_stands():
    robot = reaching()
    robot.go(0.3, arm=raised(robot, 0.8), base=AHEAD)
    assert not robot.twist.any()
    robot.go(3.0, arm=raised(robot, 0.8), base=AHEAD)
    assert not robot.twist.any() and robot.mode is Mode.ACTIVE
    assert any("from where it is stowed" in reason for reason in robot.reasons("together"))
    robot.go(3.0, arm=robot.stowed, base=AHEAD)
    assert robot.twist[0] == pytest.approx(0.3)


def drive_at_random(robot):
    """Periods in which the arm moved, the base moved, and both did."""
    rng, moved = np.random.default_rng(4), {"arm": 0, "base": 0, "both": 0}
    for _ in range(80):
        arm = robot.stowed + rng.uniform(-0.3, 0.3, 6) * (rng.random() > 0.4)
        base = rng.uniform(-0.4, 0.4, 2) * (rng.random() > 0.4)
        for _ in range(rng.integers(5, 80)):
            before = robot.joints.copy()
            robot.step(arm if rng.random() > 0.05 else None, base if rng.random() > 0.05 else None)
            is_moved, is_driven = bool(np.abs(robot.joints - before).max() > 0.0), bool(robot.twist.any())
            moved["arm"] += is_moved
            moved["base"] += is_driven
            moved["both"] += is_moved and is_driven
    return moved


def test_whatever_is_commanded_they_never_move_at_the_same_time():
    moved = drive_at_random(GatedRobot())
    assert moved["both"] == 0
    assert min(moved["arm"], moved["base"]) > 100, "they hardly moved: nothing is shown"


def test_without_the_check_they_do(monkeypatch):
    """The fuzz plays one channel at a time and cannot tell what this check is for; left out of the settings,
    nothing is set up at all.
    """
    monkeypatch.setattr(TogetherCheck, "evaluate", lambda check, snapshot: passed("together"))
    assert drive_at_random(GatedRobot())["both"] > 0


def test_a_channel_may_be_silent_while_it_rests_but_not_in_motion():
    robot = GatedRobot()
    robot.go(2.0, base=(0.0, 0.0))
    assert robot.mode is Mode.ACTIVE
    robot = driving()
    robot.go(0.12, arm=robot.stowed)
    assert robot.mode is Mode.PROTECTIVE_STOP and "no command" in robot.gate.report(robot.now_ns).reason


def test_silence_in_motion_lasts_until_the_source_speaks_again():
    robot = driving()
    robot.go(3.0, arm=robot.stowed)
    assert robot.mode is Mode.PROTECTIVE_STOP and not robot.twist.any()
    for _ in range(15):  # too seldom
        robot.step(arm=robot.stowed, base=AHEAD)
        robot.go(0.15, arm=robot.stowed)
    assert robot.mode is Mode.PROTECTIVE_STOP and not robot.twist.any()
    robot.go(2.0, arm=robot.stowed, base=AHEAD)
    assert robot.mode in (Mode.ACTIVE, Mode.SLOWED) and robot.twist.any()


def test_all_are_armed_or_none():
    robot = GatedRobot(start=np.full(6, np.nan))
    assert robot.refusal.startswith("arm: ") and robot.mode is Mode.STANDBY
    assert all(gate.mode is Mode.STANDBY for gate in robot.gate._gates.values())


def test_disarming_stops_both():
    robot = driving()
    robot.take(robot.gate.disarm(robot.now_ns))
    robot.go(1.0, arm=raised(robot), base=AHEAD)
    assert robot.mode is Mode.STANDBY and not robot.twist.any()


def test_without_its_check_it_is_not_built():
    with pytest.raises(ConfigError, match="gates arm, base together"):
        GatedRobot(checks=("clock", "estop", "finite", "shape", "stale"))


def with_person(ahead_m):
    robot = GatedRobot(watch_people=True)

    def seen(now_ns):
        return scene(
            obstacle((ahead_m, 0.0, 0.9), seen_ns=now_ns, velocity_mps=(0.0, 0.0, 0.0)), stamp_ns=now_ns
        )

    robot.scene = seen
    robot.step()
    robot.gate.arm(robot.now_ns)
    return robot


def test_a_base_that_carries_an_arm_keeps_away_from_people_by_its_own_speed():
    distances = (6.0, 2.4, 1.2)
    speeds = []
    for ahead_m in distances:
        robot = with_person(ahead_m)
        robot.go(2.0, base=(0.5, 0.0))
        speeds.append(robot.twist[0])
    assert speeds[0] == pytest.approx(0.45) and speeds[0] > speeds[1] and speeds[2] < 0.05, speeds


def test_what_stands_near_enough_for_a_standing_robot_is_too_near_for_a_driving_one():
    robot = with_person(6.0)
    robot.go(1.5, base=(0.5, 0.0))
    driving_m = robot.gate.report(robot.now_ns).separation.terms.total_m
    robot.go(1.5, base=(0.0, 0.0))
    standing_m = robot.gate.report(robot.now_ns).separation.terms.total_m
    assert driving_m > standing_m + 0.3


def test_somebody_before_the_arm_stops_a_base_in_motion():
    robot = with_person(6.0)
    robot.go(1.0, base=(0.5, 0.0))
    robot.scene = with_person(1.0).scene
    robot.step(base=(0.5, 0.0))
    assert robot.mode is Mode.PROTECTIVE_STOP and robot.twist[0] < 0.5
    assert any("stops with arm: " in reason for reason in robot.reasons("together"))


def test_a_table_top_before_the_base_slows_it_and_leaves_the_arm_alone():
    """It is the base's perception: the arm, whose people nobody watches, is not asked about it."""
    robot = GatedRobot(watch_obstacles=True)
    assert "perception was never heard" in robot.refusal
    robot.scene = lambda now_ns: scene(frame="base_link", stamp_ns=now_ns)
    robot.step()
    assert robot.gate.arm(robot.now_ns).refusal == ""
    assert "perception" in robot.parts["arm"].unmet and "perception" not in robot.parts["base"].unmet
    robot.go(1.5, base=AHEAD)
    assert robot.twist[0] == pytest.approx(0.3)
    robot.scene = lambda now_ns: scene(front_at(0.55, seen_ns=now_ns), frame="base_link", stamp_ns=now_ns)
    robot.go(1.5, base=AHEAD)
    assert 0.0 < robot.twist[0] < 0.25
    assert {e.verdict.subject for e in robot.events if e.verdict.check == "footprint"} == {"table 7"}
