"""Declared stops come from mode reports; the judge's counts are those of its oracles."""

import pytest
from made_traces import still_trace

from noetra_ros.evaluation.episode_judge import PhysicsJudge, stop_windows
from noetra_ros.evaluation.stop_oracle import StopWindow
from noetra_ros.evaluation.trace import PhysicsTrace
from noetra_ros.robots.profile import load_robot


def test_stopped_modes_become_windows():
    modes = [(0.0, "standby"), (1.0, "active"), (3.0, "protective_stop"), (4.0, "slowed")]
    assert stop_windows(modes, 9.0) == [
        StopWindow("standby", 0.0, 1.0),
        StopWindow("protective stop", 3.0, 4.0),
    ]


def test_a_stop_that_changes_its_name_stays_one_window():
    modes = [(0.0, "active"), (1.0, "protective_stop"), (2.0, "emergency_stop"), (3.0, "standby")]
    assert stop_windows(modes, 5.0) == [StopWindow("protective stop", 1.0, 5.0)]


@pytest.mark.parametrize("mode", ["active", "slowed"])
def test_no_stop_no_window(mode):
    assert stop_windows([(0.0, mode)], 5.0) == []


def test_counts_are_those_of_the_oracles():
    profile = load_robot("so101")
    made = still_trace()
    positions = 0.0 * made.positions.repeat(3, axis=1)
    velocities = positions.copy()
    velocities[400:, 0] = 3.0
    trace = PhysicsTrace(
        profile.joint_names, made.time_s, positions, velocities, positions.copy(), velocities != velocities
    )
    verdict = PhysicsJudge(profile).judge(trace, [StopWindow("e-stop", 0.1, 2.0)])
    assert verdict.limit_violations == 2  # the speed, and the acceleration to it
    assert verdict.commands_after_stop == 1
    assert verdict.contact_impacts == 0
    assert verdict.velocity_peak == pytest.approx(1.5)
