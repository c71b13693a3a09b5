"""noetra eval --world timing: refuses what cannot work, writes numbers and a plot."""

import json

import pytest

from noetra_ros.cli.eval_timing import conditions_of, numbers_of, rates_of, timing_parameters
from noetra_ros.cli.main import main
from noetra_ros.evaluation.timed_loop import Condition


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--latency-ms", "soon"], ("--latency-ms", "50,100")),
        (["--latency-ms", "-1"], ("--latency-ms", "0 to 5000")),
        (["--splice", "blend,glue"], ("glue", "latest, rtc")),
        (["--correct-hz", "often"], ("--correct-hz", "25,50")),
        (["--correct", "glue"], ("glue", "noetra_nano_corrector")),
        (["--splice", "", "--alone"], ("--splice", "--correct")),
    ],
)
def test_wrong_options_are_refused_with_what_is_known(arguments, words, capsys):
    assert main(["eval", "--world", "timing", "--policy", "scripted", *arguments]) == 2
    message = capsys.readouterr().err
    assert [word for word in words if word not in message] == []


def test_every_latency_is_held_against_waiting():
    assert numbers_of("50,200") == (0.05, 0.2)
    names = [c.name for c in conditions_of((0.2,), ("rtc", "blend"), 0.2)]
    assert names == ["asynchronous rtc", "asynchronous blend", "synchronous 0.2 s", "synchronous whole chunk"]


def test_a_corrector_adds_a_condition_for_each_of_its_rates():
    assert rates_of("") == () and rates_of("25,50") == (25.0, 50.0)
    found = conditions_of((0.2,), ("rtc",), 0.2, (25.0, 50.0), 0.01)
    names = [c.name for c in found]
    assert names[1:3] == ["asynchronous, corrected at 25 Hz", "asynchronous, corrected at 50 Hz"]
    assert (found[1].splice, found[1].correct_latency_s) == ("corrected", 0.01)


@pytest.mark.gl
def test_a_run_with_moved_cubes_tells_when_the_arm_turned(tmp_path, capsys):
    file = tmp_path / "shift.json"
    of = ["--world", "timing", "--policy", "noetra_nano", "--task", "reach", "--episodes", "1", "--shift"]
    corrected = ["--correct", "noetra_nano_corrector", "--correct-hz", "25", "--alone", "--splice", ""]
    assert main(["eval", *of, *corrected, "--latency-ms", "200", "--json", str(file)]) == 0
    content = json.loads(file.read_text())
    (row,) = content["conditions"]
    assert row["condition"] == "asynchronous, corrected at 25 Hz" and row["reaction_mean_s"] < 0.08
    assert len(row["shifted"]["records"]) == 1 and row["shifted"]["turned_by_m"] == 0.005
    assert 0.0 < content["corrector"]["p50_ms"] <= content["corrector"]["p95_ms"]
    assert "turned" in capsys.readouterr().out


def test_the_graph_gets_the_same_latency_in_both_nodes():
    given = timing_parameters(Condition(0.2, "synchronous", 0.4, "rtc"))
    assert given["policy"]["injected_latency_s"] == given["streamer"]["injected_latency_s"] == 0.2
    assert given["streamer"]["splice"] == "rtc" and "splice" not in given["policy"]


def test_a_run_writes_numbers_and_a_plot(tmp_path, capsys):
    file = tmp_path / "timing.json"
    arguments = ["--world", "timing", "--policy", "scripted", "--task", "reach", "--episodes", "1"]
    assert main(["eval", *arguments, "--latency-ms", "100", "--json", str(file)]) == 0
    rows = json.loads(file.read_text())["conditions"]
    assert [row["successes"] for row in rows] == [1, 1, 1]
    assert rows[0]["time_ratio_to_pieces"] < 1.0 and rows[0]["pairs_with_pieces"] == 1
    assert len(rows[0]["records"]) == 1
    assert file.with_suffix(".png").stat().st_size > 10_000
    assert "asynchronous" in capsys.readouterr().out
