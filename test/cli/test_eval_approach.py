import json

from noetra_ros.cli.main import main


def test_numbers_are_written_and_the_exit_code_says_whether_it_passed(tmp_path):
    target = tmp_path / "approach.json"
    words = [
        "eval",
        "--world",
        "approach",
        "--n",
        "300",
        "--seed",
        "2",
        "--without",
        "S_h",
        "--json",
        str(target),
    ]
    assert main(words) == 0
    numbers = json.loads(target.read_text())
    assert numbers["separation"]["contacts"] == 0
    assert numbers["without"]["S_h"]["contacts"] > 0
    assert (numbers["seed"], numbers["paths"], numbers["has_passed"]) == (2, 300, True)


def test_an_unknown_term_is_told(capsys):
    assert main(["eval", "--world", "approach", "--without", "S_x"]) == 2
    assert "S_x" in capsys.readouterr().err
