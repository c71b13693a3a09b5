"""Which tests a mutant meets: those that run a line of it, those of its own file for longer; never all."""

import json

import pytest
from mutants import Mutant
from mutate_safety import Selection, survives

FILE = "noetra_ros/safety/checks/clock.py"
OWN, OTHER, LONG = (
    "test/safety/checks/test_clock.py::test_table",
    "test/safety/test_modes.py::test_one",
    "test/safety/test_modes.py::test_long",
)


@pytest.fixture
def selection(tmp_path):
    covering = tmp_path / "covering.json"
    lines = {FILE: {"10": [1], "11": [0], "12": [2]}}
    covering.write_text(json.dumps({"tests": [[OTHER, 0.01], [OWN, 0.3], [LONG, 0.2]], "lines": lines}))
    return Selection(covering, False, [], 0.05)


def test_a_mutant_of_several_lines_meets_the_tests_of_each(selection):
    assert selection.covering(Mutant(FILE, 10, 0, "always", "x", "y", 12)) == [OWN, OTHER, LONG]
    assert selection.covering(Mutant(FILE, 11, 0, "always", "x", "y")) == [OTHER]


def test_tests_of_its_own_file_may_take_ten_times_as_long(selection):
    assert selection.short(Mutant(FILE, 10, 0, "always", "x", "y", 12)) == [OWN, OTHER]


def test_one_that_no_short_test_meets_is_no_reason_to_run_them_all(selection):
    """Pytest takes an empty list for the whole suite, in which something else may fail."""
    mutant = Mutant(FILE, 12, 0, "always", "x", "y")
    assert selection.of(mutant) == [] and survives(mutant, 1.0, selection) == "survived"
