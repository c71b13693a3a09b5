"""noetra fuzz."""

import json

from noetra_ros.cli.main import find_commands, main


def test_it_is_a_sub_command():
    assert "oracle" in find_commands()["fuzz"]


def test_a_short_campaign_is_written_down(tmp_path, capsys):
    path = tmp_path / "fuzz.json"
    arguments = ["fuzz", "--steps", "2000", "--robot", "diffbot", "--processes", "1", "--json", str(path)]
    assert main(arguments) == 0
    result = json.loads(path.read_text(encoding="utf-8"))
    assert result["steps"] >= 2000 and result["rules"] == {} and result["seed"] == 1
    assert "0 episodes with findings" in capsys.readouterr().out


def test_a_finding_is_repeated_by_its_number(capsys):
    arguments = ["fuzz", "--robot", "diffbot", "--processes", "1", "--without", "limit:jerk"]
    assert main(arguments) == 0
    words = capsys.readouterr().out.partition("--episode ")[2]
    number = words.partition(":")[0]
    assert main([*arguments, "--episode", number]) == 1
    assert "jerk" in capsys.readouterr().out


def test_a_wrong_name_is_told(capsys):
    assert main(["fuzz", "--without", "nonsense"]) == 2
    assert "limit:jerk" in capsys.readouterr().err


def test_what_no_channel_has_cannot_be_left_out(capsys):
    assert main(["fuzz", "--robot", "diffbot", "--without", "workspace"]) == 2
    assert "a channel of diffbot has" in capsys.readouterr().err


def test_each_is_left_out_and_what_is_not_played_is_told(tmp_path, capsys):
    path = tmp_path / "each.json"
    arguments = ["fuzz", "--robot", "diffbot", "--processes", "1", "--steps", "1", "--json", str(path)]
    assert main([*arguments, "--without", "each"]) == 1
    rows = {row["without"]: row for row in json.loads(path.read_text(encoding="utf-8"))["rows"]}
    assert rows["together"]["steps"] == 0 and rows["clock"]["steps"] > 0
    assert "NOT PLAYED" in capsys.readouterr().out
