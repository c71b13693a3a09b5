"""What is missing is named with the package that brings it."""

import sys
from pathlib import Path

import pytest
from noetra_setup import machine
from noetra_setup.machine import Interpreter, Missing


def test_this_python_is_probed():
    found = machine.probe_python(Path(sys.executable), machine.clean_environ())
    assert found is not None and found.version == sys.version_info[:2]


@pytest.mark.parametrize("path", ["/nowhere/python3", "/bin/false"])
def test_what_is_no_python_is_passed_over(path):
    assert machine.probe_python(Path(path), {}) is None


def test_no_compiler_names_the_package(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert ["build-essential" in fault.remedy for fault in machine.missing_compiler()] == [True]


def test_no_graphics_names_the_package(monkeypatch):
    def no_library(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(machine.ctypes, "CDLL", no_library)
    assert ["libegl1" in fault.remedy for fault in machine.missing_graphics()] == [True]


def test_no_fitting_python_is_missing(monkeypatch):
    monkeypatch.setattr(machine, "candidate_pythons", lambda: [Path("/nowhere/python3")])
    assert isinstance(machine.find_wheel_python(), Missing)


def test_a_complete_python_is_preferred(monkeypatch):
    bare = Interpreter(Path("/bare"), (3, 12), has_venv=False, has_headers=True, has_rclpy=False)
    full = Interpreter(Path("/full"), (3, 11), has_venv=True, has_headers=True, has_rclpy=False)
    monkeypatch.setattr(machine, "candidate_pythons", lambda: [bare.path, full.path])
    monkeypatch.setattr(machine, "probe_python", lambda path, _: {bare.path: bare, full.path: full}[path])
    assert machine.find_wheel_python() == full
    monkeypatch.setattr(machine, "candidate_pythons", lambda: [bare.path])
    assert "python3.12-venv" in machine.find_wheel_python().remedy


def test_another_environments_variables_are_dropped():
    environ = {"LD_LIBRARY_PATH": "/x", "_ROS_WHEELS_BOOTSTRAP_COMPLETE": "1", "HOME": "/home"}
    assert machine.clean_environ(environ) == {"HOME": "/home"}
