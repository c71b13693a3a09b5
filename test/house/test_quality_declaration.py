"""The quality declaration names files, commands and figures that are there, and claims no more than that."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from noetra_ros.cli.main import find_commands

REPO = Path(__file__).parents[2]
TEXT = (REPO / "QUALITY_DECLARATION.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([^`]+)`", TEXT)))
ROOT_NAMES = {path.name for path in REPO.iterdir()}
PATHS = [name for name in NAMED if " " not in name and (name in ROOT_NAMES or "/" in name or "." in name)]


def evidence(name):
    """A record of docs/evidence."""
    return json.loads((REPO / "docs" / "evidence" / name).read_text(encoding="utf-8"))


def test_it_names_enough_to_be_checked():
    assert len(PATHS) > 30


@pytest.mark.parametrize("name", PATHS)
def test_a_named_path_exists(name):
    assert (REPO / name).exists()


@pytest.mark.parametrize("name", [name for name in NAMED if name.startswith(("noetra ", "make "))])
def test_a_named_command_exists(name):
    tool, word = name.split()[:2]
    targets = re.findall(r"^([a-z]+):", (REPO / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    known = {*targets} if tool == "make" else {*find_commands(), "--help"}
    assert word in known


def test_every_subject_of_the_rep_has_its_section():
    headings = re.findall(r"^## (\d) ", TEXT, re.MULTILINE)
    assert headings == ["1", "2", "3", "4", "5", "6", "7"]


def test_copyright_statements_and_the_level_agree():
    """Level 4 needs one in each source file; without them nothing above 5 may be claimed."""
    folders = ("noetra_ros", "bench", "launch", "test", "tools")
    sources = [path for folder in folders for path in (REPO / folder).rglob("*.py")]
    silent = [path for path in sources if "Copyright" not in path.read_text(encoding="utf-8")[:300]]
    assert ("| 3.iv ✗ |" in TEXT) == bool(silent)
    assert ("claims quality level 5" in TEXT) == bool(silent)


def test_the_version_is_told_as_it_is():
    version = ElementTree.parse(REPO / "package.xml").getroot().findtext("version")
    assert version and f"| 1.ii ✗ | stable version | {version}:" in TEXT


def test_figures_are_those_of_the_evidence():
    steps = [f"{evidence(name)['steps']:,}".replace(",", " ") for name in ("fuzz.json", "fuzz_base.json")]
    assert f"{steps[0]} and (base) {steps[1]} steps" in TEXT
    assert all(evidence(name)["episodes_with_findings"] == 0 for name in ("fuzz.json", "fuzz_base.json"))
    faults = (REPO / "docs" / "faults.md").read_text(encoding="utf-8")
    cells = re.search(r"(\d+ of \d+) cells reached", faults)
    assert cells and f"{cells[1]} cells as declared" in TEXT
    core = (REPO / "docs" / "evidence" / "safety_core.md").read_text(encoding="utf-8")
    assert "lines 98.9 %, branches 97.3 %" in TEXT and "lines 98.9 %, branches 97.3 %" in core
