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
