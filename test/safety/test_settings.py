import dataclasses

import pytest
import yaml
from supervised import SETTINGS

from noetra_ros.core.config import load
from noetra_ros.core.errors import ConfigError
from noetra_ros.core.resources import share_folder
from noetra_ros.safety.check import check_registry
from noetra_ros.safety.settings import SupervisorSettings, check_values, without_blanks


def shipped():
    text = (share_folder() / "config" / "supervisor.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["/**"]["ros__parameters"]


def test_the_shipped_file_is_complete_and_known():
    settings = load(SupervisorSettings, shipped(), "config/supervisor.yaml")
    assert (settings.command_timeout_s, settings.heartbeat_timeout_s) == (0.1, 0.25)
    assert settings.resume_after_s == 0.5
    assert without_blanks(settings.heartbeat_sources) == ()


def test_the_shipped_file_runs_every_check_but_those_for_calibrated_policies():
    assert sorted([*shipped()["checks"], "policy_trust"]) == check_registry.names()


@pytest.mark.parametrize("key", sorted(shipped()))
def test_nothing_in_it_has_a_default(key):
    values = {name: value for name, value in shipped().items() if name != key}
    with pytest.raises(ConfigError, match=rf"{key}: got nothing"):
        load(SupervisorSettings, values, "mine.yaml")


def test_settings_of_own_checks_are_parsed():
    settings = dataclasses.replace(SETTINGS, check_settings=("reach_m=0.4", "names=[a, b]", ""))
    values = check_values(settings)
    assert (values["reach_m"], values["names"]) == (0.4, ["a", "b"])


def test_settings_of_own_checks_that_are_none_are_refused():
    settings = dataclasses.replace(SETTINGS, check_settings=("reach_m", "=3"))
    with pytest.raises(ConfigError) as caught:
        check_values(settings)
    assert [fault.key for fault in caught.value.faults] == ["check_settings[0]", "check_settings[1]"]


@pytest.mark.parametrize(
    ("sources", "checks", "is_refused"),
    [
        (("line",), ("estop", "estop_chain", "stale"), False),
        (("line",), ("estop", "stale"), True),
        (("line",), ("estop_chain", "stale"), True),
        (("",), ("stale",), False),
        ((), ("estop", "stale"), False),
    ],
)
def test_an_emergency_stop_that_nobody_reads_is_refused(sources, checks, is_refused):
    """Who wires a button believes that it stops the robot."""
    if is_refused:
        with pytest.raises(ConfigError, match="estop_sources without the checks that read them"):
            dataclasses.replace(SETTINGS, estop_sources=sources, checks=checks)
    else:
        assert dataclasses.replace(SETTINGS, estop_sources=sources, checks=checks).checks == checks


def test_more_checks_than_these_two_do_no_harm():
    checks = ("estop", "estop_chain")
    assert dataclasses.replace(SETTINGS, estop_sources=("line",), checks=checks).checks == checks


@pytest.mark.parametrize(("checks", "told"), [(("footprint",), "perception"), (("perception",), "footprint")])
def test_obstacles_are_watched_with_the_checks_that_do_it(checks, told):
    with pytest.raises(ConfigError, match=rf"no {told}, expected them, for watch_obstacles"):
        dataclasses.replace(SETTINGS, checks=checks, watch_obstacles=True)
    assert dataclasses.replace(SETTINGS, checks=("perception", "footprint"), watch_obstacles=True)
