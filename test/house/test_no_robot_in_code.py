"""A robot is a file: what perceives, decides, gates and simulates names none that ships."""

import re

import pytest

from noetra_ros.core.resources import config_names

PARTS = ("robots", "perception", "policy", "streaming", "safety", "sim", "data", "learning", "view")


@pytest.mark.parametrize("part", PARTS)
def test_no_code_names_a_robot(repo, part):
    names = re.compile("|".join(rf"""["']{re.escape(name)}["']""" for name in config_names("robots")))
    files = sorted((repo / "noetra_ros" / part).rglob("*.py"))
    assert files
    found = {str(path): names.findall(path.read_text(encoding="utf-8")) for path in files}
    assert {path: hits for path, hits in found.items() if hits} == {}
