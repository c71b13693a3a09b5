"""`noetra run`: wrong arguments, no graph, and what its exit codes are."""

import pytest

from noetra_ros.cli import run
from noetra_ros.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        ([""], "instruction"),
        (["go", "--time-limit", "0"], "--time-limit"),
        (["go", "--time-limit", "nan"], "--time-limit"),
    ],
)
def test_wrong_arguments_are_told_with_code_2(capsys, arguments, key):
    assert main(["run", *arguments]) == 2
    assert f"{key}: got" in capsys.readouterr().err


@pytest.mark.ros
def test_without_a_graph_it_says_what_is_missing_and_how_to_start_it(capsys):
    assert main(["run", "go", "--timeout", "1"]) == run.EXIT_NO_GRAPH
    assert "no policy offers run_task -> start one with: noetra up" in " ".join(
        capsys.readouterr().out.split()
    )


@pytest.mark.ros
def test_every_end_of_the_action_has_its_exit_code():
    from noetra_ros.action import RunTask

    ends = {n.removeprefix("END_").lower() for n in dir(RunTask.Result) if n.startswith("END_")}
    assert ends - {"unknown"} == set(run.EXIT_CODES)
    failures = [code for end, code in run.EXIT_CODES.items() if end not in ("time_limit", "completed")]
    assert len(set(failures)) == len(failures) and not {0, 1, 2} & set(failures)
