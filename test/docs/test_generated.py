"""The generated parts of the documentation are what the code, the messages and the configuration say."""

import re

import pytest
from blocks import PAGES, REPO

from noetra_ros.cli.main import find_commands
from noetra_ros.cli.reference import MAKERS, filled, pages
from noetra_ros.core.resources import config_names


@pytest.mark.parametrize("page", pages(REPO / "docs"), ids=lambda page: page.name)
def test_they_are_those_of_the_code(page):
    text = page.read_text(encoding="utf-8")
    assert filled(text) == text, "run: noetra reference --write README.md --write docs"


def test_every_maker_is_used_and_every_marker_has_one():
    named = [
        name
        for page in PAGES
        for name in re.findall(r"^<!-- generated: (\w+) -->$", page.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(set(named)) == sorted(MAKERS)


def headings(page: str) -> list[str]:
    """Second-level headings of a page of the reference."""
    text = (REPO / "docs" / "reference" / page).read_text(encoding="utf-8")
    return re.findall(r"^## (.*)$", text, re.MULTILINE)


def test_every_command_message_and_sector_has_its_section():
    assert headings("commands.md") == [f"noetra {name}" for name in find_commands()]
    for folder, page in (("msg", "messages.md"), ("srv", "services.md"), ("action", "actions.md")):
        assert headings(page) == sorted(path.stem for path in (REPO / folder).glob(f"*.{folder}"))
    assert headings("sectors.md") == config_names("sectors")
