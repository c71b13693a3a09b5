"""`noetra doctor` ends with 1 exactly when something required is missing."""

import pytest
import typer

from noetra_ros.cli import doctor, machine_checks
from noetra_ros.cli.machine_checks import CHECKS, Finding, State


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_what_is_not_fine_says_what_to_do(check):
    finding = check()
    assert finding.check and finding.found
    assert finding.remedy or finding.state is State.FINE


@pytest.mark.parametrize(
    ("state", "is_failure"), [(State.FINE, False), (State.LIMITED, False), (State.MISSING, True)]
)
def test_exit_code(monkeypatch, state, is_failure):
    monkeypatch.setattr(doctor, "doctor", lambda: [Finding("torch", state, "none", "make setup")])
    if is_failure:
        with pytest.raises(typer.Exit) as end:
            doctor.command()
        assert end.value.exit_code == 1
    else:
        doctor.command()


def test_a_dds_profile_that_is_not_there_is_missing(monkeypatch):
    monkeypatch.setenv("FASTDDS_DEFAULT_PROFILES_FILE", "/nowhere/profile.xml")
    assert machine_checks.check_dds().state is State.MISSING


def test_another_dds_is_limited(monkeypatch):
    monkeypatch.setenv("RMW_IMPLEMENTATION", "rmw_cyclonedds_cpp")
    assert machine_checks.check_dds().state is State.LIMITED


def test_no_compiler_is_noticed(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert machine_checks.check_compiler().state is State.LIMITED


def test_missing_rclpy_is_noticed(monkeypatch):
    monkeypatch.setattr(machine_checks.importlib.util, "find_spec", lambda name: None)
    assert machine_checks.check_ros().state is State.MISSING


def test_a_broken_robot_profile_is_noticed(monkeypatch, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: broken\n")
    monkeypatch.setattr(machine_checks, "config_names", lambda kind: [str(broken)])
    assert machine_checks.check_robots().state is State.MISSING


def test_a_gpu_that_torch_cannot_use_is_noticed(monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(machine_checks, "has_nvidia_gpu", lambda: True)
    finding = machine_checks.check_torch()
    assert finding.state is State.LIMITED and "driver" in finding.remedy


def test_rights_that_are_refused_are_named(monkeypatch):
    monkeypatch.setattr(machine_checks, "is_locking_granted", lambda: False)
    monkeypatch.setattr(machine_checks, "is_real_time_granted", lambda niceness: True)
    finding = machine_checks.check_real_time()
    assert (finding.state, finding.found) == (State.LIMITED, "not granted: locked memory")
