"""The phase in force: the more careful of parameter and profile; never one that waits for ever."""

import dataclasses

import numpy as np
import pytest

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.phases import PHASES
from noetra_ros.robots.profile import load_robot
from noetra_ros.ros.node_parameters import GraphChoice, node_parameters
from noetra_ros.ros.phase_wiring import MEANINGS, PhaseWiring

ARM = load_robot("so101")


def wired(asked="full", released="full", is_simulated=False, is_lock_step=False):
    profile = dataclasses.replace(ARM, released_for=released)
    return PhaseWiring(profile, profile.channel(), asked, is_simulated, is_lock_step)


@pytest.mark.parametrize(
    ("asked", "released", "is_simulated", "expected"),
    [
        ("full", "full", False, "full"),
        ("full", "dry_run", False, "dry_run"),
        ("shadow", "slow", False, "shadow"),
        ("full", "dry_run", True, "full"),
        ("dry_run", "full", True, "dry_run"),
    ],
)
def test_the_phase_in_force(asked, released, is_simulated, expected):
    assert wired(asked, released, is_simulated).name == expected


@pytest.mark.parametrize("phase", ["dry_run", "shadow"])
def test_lock_step_would_wait_for_ever_for_what_is_not_sent(phase):
    with pytest.raises(ConfigError, match="slow or full in lock-step"):
        wired(phase, is_simulated=True, is_lock_step=True)


def test_only_the_last_phase_needs_no_warning():
    assert wired("full").warning == ""
    assert all(MEANINGS[phase] in wired(phase).warning for phase in PHASES[:-1])


def test_a_shadow_takes_the_joints_of_its_channel():
    profile = dataclasses.replace(ARM, released_for="full")
    shadow = PhaseWiring(profile, profile.channel("gripper"), "shadow", False, False)
    shadow.hear_joints(np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.6]))
    shadow.compare(np.array([0.5]))
    assert "gripper 0.100 rms" in shadow.words()


def test_a_graph_hands_on_a_phase_only_where_one_is_asked_for():
    choice = GraphChoice(robot="so101", is_simulated=False)
    assert "phase" not in node_parameters("supervisor", choice)
    asked = dataclasses.replace(choice, phase="dry_run")
    assert node_parameters("supervisor", asked)["phase"] == "dry_run"
    assert "phase" not in node_parameters("streamer", asked)
