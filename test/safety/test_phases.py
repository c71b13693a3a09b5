"""Phases only ever tighten; a shadow counts what it is shown."""

import dataclasses

import numpy as np
import pytest
from supervised import SETTINGS

from noetra_ros.core.errors import ConfigError
from noetra_ros.core.phases import PHASES, SENDING, lowest
from noetra_ros.safety.phases import PhaseSettings, in_phase
from noetra_ros.safety.shadowing import Shadowing


def settings_of(**changes):
    return dataclasses.replace(SETTINGS, **changes)


@pytest.mark.parametrize("phase", PHASES)
def test_nothing_but_what_the_phase_is_for_changes(phase):
    before = settings_of()
    after = in_phase(before, phase)
    changed = {
        f.name for f in dataclasses.fields(before) if getattr(before, f.name) != getattr(after, f.name)
    }
    allowed = {"slow": {"speed_share", "reduced_speed", "reduced_speed_stays", "checks"}, "full": set()}
    assert changed <= allowed.get(phase, {"checks"})


def test_slow_caps_speed_and_cannot_be_switched_off():
    slow = in_phase(settings_of(speed_share=1.0, reduced_speed=False), "slow")
    assert (slow.speed_share, slow.reduced_speed, slow.reduced_speed_stays) == (0.25, True, True)
    assert "reduced_speed" in slow.checks


def test_slow_never_widens_a_tighter_cap():
    assert in_phase(settings_of(speed_share=0.1), "slow").speed_share == 0.1


@pytest.mark.parametrize("phase", ["dry_run", "shadow"])
def test_checks_of_what_is_sent_are_left_out_only_where_nothing_is_sent(phase):
    settings = settings_of(checks=("estop", "tracking_error", "sole_writer"))
    assert in_phase(settings, phase).checks == ("estop",)
    for sending in SENDING:
        assert {"tracking_error", "sole_writer"} <= {*in_phase(settings, sending).checks}


def test_no_check_left_is_refused():
    with pytest.raises(ConfigError, match="none that judges"):
        in_phase(settings_of(checks=("tracking_error",)), "dry_run")


def test_the_most_careful_phase_wins():
    assert lowest("full", "slow") == "slow"
    assert lowest("full", "dry_run") == lowest("dry_run", "shadow") == "dry_run"


def test_the_default_is_told():
    assert PhaseSettings().phase == "full"


def test_a_shadow_tells_the_joint_that_is_off_the_most():
    shadow = Shadowing(("a", "b"))
    shadow.compare(np.array([0.1, 0.0]), np.array([0.0, 0.3]))
    shadow.compare(np.array([0.1, 0.0]), np.array([0.0, 0.4]))
    assert shadow.root_mean_square == pytest.approx([0.1, np.sqrt(0.125)])
    assert shadow.largest == pytest.approx([0.1, 0.4])
    assert shadow.words().startswith("2 compared, rad: b 0.354 rms, 0.400 most")


@pytest.mark.parametrize("measured", [[np.nan, 0.0], [0.0]])
def test_a_shadow_leaves_out_what_is_no_measurement(measured):
    shadow = Shadowing(("a", "b"))
    shadow.compare(np.zeros(2), np.array(measured))
    assert shadow.words() == "nothing compared yet"


def test_a_deviation_is_that_of_command_and_measurement():
    shadow = Shadowing(("a",))
    assert shadow.root_mean_square.tolist() == [0.0]
    shadow.compare(np.array([0.5]), np.array([0.25]))
    assert shadow.largest.tolist() == [0.25] and shadow.root_mean_square.tolist() == [0.25]
