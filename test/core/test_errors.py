import pytest

from noetra_ros.core.errors import ConfigError, Fault, NoetraError, single_fault


def test_a_fault_reads_key_got_expected_remedy():
    fault = Fault("rate_hz", "-5", ">= 1 Hz", "give the rate of the controller")
    assert str(fault) == "rate_hz: got -5, expected >= 1 Hz -> give the rate of the controller"
    assert str(Fault("a", "1", "2")) == "a: got 1, expected 2"


def test_all_faults_are_in_the_message():
    error = ConfigError("robot.yaml", [Fault("a", "1", "2"), Fault("b", "3", "4")])
    assert str(error) == "robot.yaml: 2 faults\n  - a: got 1, expected 2\n  - b: got 3, expected 4"
    assert isinstance(error, NoetraError)


def test_one_fault_is_singular():
    error = single_fault("robot.yaml", "a", 1, "2")
    assert str(error).startswith("robot.yaml: 1 fault\n")
    assert error.faults == (Fault("a", "1", "2"),)


def test_an_error_without_faults_cannot_be_made():
    with pytest.raises(ValueError, match="at least one fault"):
        ConfigError("robot.yaml", [])
