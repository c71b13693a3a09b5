"""`noetra settings`: readable at a terminal for each robot and sector; JSON beside it."""

import json

import pytest

pytest.importorskip("rclpy")

from noetra_ros.cli.main import main
from noetra_ros.cli.settings import words
from noetra_ros.core.resources import config_names


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("sector", config_names("sectors"))
@pytest.mark.parametrize("robot", config_names("robots"))
def test_every_robot_in_every_sector_prints(capsys, robot, sector):
    assert main(["settings", "--robot", robot, "--sector", sector]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"{robot} in {sector}\n")
    for word in ("supervisor", "streamer", "perception", "policy", "blackbox", "limits that are left"):
        assert f"\n{word}" in told
    line = next(line for line in told.splitlines() if line.startswith("reset_by "))
    assert f"config/sectors/{sector}.yaml supervisor.reset_by" in line or "default of the code" in line
    assert all(len(line) <= 200 for line in told.splitlines())


def test_only_what_sectors_decide_comes_with_its_reason(capsys):
    assert main(["settings", "--robot", "so101", "--sector", "retail", "--changed"]) == 0
    told = capsys.readouterr().out
    assert "ISO 10218-1:2011, 5.6.2" in told and "command_timeout_s" not in told


def test_without_a_sector_it_shows_what_is_shipped(capsys):
    assert main(["settings", "--robot", "diffbot"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("diffbot in no sector\n")
    assert "command_timeout_s" in told and "config/sectors" not in told


def test_json_holds_everything(tmp_path, capsys):
    file = tmp_path / "settings.json"
    arguments = ["--sector", "elder_care", "--sector", "restaurant", "--json", str(file)]
    assert main(["settings", "--robot", "so101", *arguments]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["sectors"] == ["elder_care", "restaurant"]
    share = found["settings"]["supervisor"]["speed_share"]
    assert (share["value"], share["unit"]) == (0.3, "1")
    assert share["decided_by"][0]["file"] == "config/sectors/elder_care.yaml"
    assert share["decided_by"][0]["why"].startswith("chosen here; ISO 13482:2014")
    assert [other["value"] for other in share["others"]] == [1.0, 0.5]
    assert "arm.shoulder_pan rad/s" in found["limits"]


def test_an_unknown_place_ends_with_code_2(capsys):
    assert main(["settings", "--robot", "so101", "--sector", "moon"]) == 2
    assert "'moon'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "none"),
        (True, "true"),
        (("",), "none"),
        (("a", "b"), "a, b"),
        (0.25, "0.25"),
        ("", '""'),
        (3, "3"),
    ],
)
def test_values_for_people(value, expected):
    assert words(value) == expected
