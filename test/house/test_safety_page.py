"""docs/safety.md tells what the code does: every check answers a hazard, every test that is named exists."""

import ast
from pathlib import Path

import pytest

from noetra_ros.cli.reference import filled
from noetra_ros.safety.checks import check_registry
from noetra_ros.safety.hazards import load_hazards
from noetra_ros.safety.projection.barrier import barrier_registry

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "safety.md"
HAZARDS = load_hazards()


def test_every_check_answers_a_hazard_and_every_check_named_exists():
    named = {check for hazard in HAZARDS.values() for check in hazard.checks}
    assert named == {*check_registry.names()}


def test_every_barrier_answers_a_hazard_and_every_barrier_named_exists():
    named = {barrier for hazard in HAZARDS.values() for barrier in hazard.barriers}
    assert named == {*barrier_registry.names()}


@pytest.mark.parametrize("name", HAZARDS)
def test_every_test_named_exists(name):
    assert HAZARDS[name].tests, "a hazard without evidence"
    for test in HAZARDS[name].tests:
        file, _, function = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert function in found if function else any(word.startswith("test_") for word in found), test


def test_the_page_is_that_of_the_code():
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text) == text, "run: noetra reference --write docs/safety.md"
    assert text.count("<!-- generated:") == 3
