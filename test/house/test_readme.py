"""The README is short, what it shows works, its table is that of the code, its links lead somewhere."""

import re
from pathlib import Path

from noetra_ros.cli.reference import filled
from noetra_ros.robots.profile import load_robot

REPO = Path(__file__).parents[2]
README = (REPO / "README.md").read_text(encoding="utf-8")
MOST_LINES = 260  # the rest is in docs/


def test_own_robot_loads(tmp_path):
    path = tmp_path / "my_base.yaml"
    path.write_text(re.search(r"```yaml\n(name: my_base.*?)```", README, re.DOTALL)[1], encoding="utf-8")
    assert load_robot(str(path)).channel().message == "geometry_msgs/TwistStamped"


def test_tables_are_those_of_the_code():
    assert filled(README) == README, "run: noetra reference --write README.md"


def test_it_stays_short():
    assert len(README.splitlines()) <= MOST_LINES


def test_links_and_pictures_are_there():
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", README)
    assert [target for target in targets if not (REPO / target).exists()] == []


def test_it_says_what_the_supervisor_is_not():
    assert "**non-safety-rated supervisory layer**" in README and "ISO 13849-1 or IEC 61508" in README
