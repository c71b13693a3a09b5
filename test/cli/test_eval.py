"""noetra eval: refuses what cannot work; a short real run through the whole graph gives honest numbers."""

import json

import numpy as np
import pytest

from noetra_ros.cli.main import main

NUMBERS = (
    "policy robot time_mode task episodes successes success_rate wilson_low wilson_high wrong_object "
    "seconds_per_episode real_time_factor limit_violations commands_after_stop safety_events"
)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--robot", "so102"], ("so102", "so101")),
        (["--task", "dance"], ("dance", "pick")),
        (["--time", "warp"], ("warp", "lock_step, real_time")),
        (["--variation", "wild"], ("wild", "none, train, eval")),
        (["--sentences", "shouted"], ("shouted", "train, heldout, mixed")),
        (["--episodes", "0"], ("episodes", ">= 1")),
        (["--seed", "-1"], ("seed", ">= 0")),
    ],
)
def test_wrong_options_are_refused_with_what_is_known(arguments, words, capsys):
    assert main(["eval", *arguments]) == 2
    message = capsys.readouterr().err
    assert "Traceback" not in message
    for word in words:
        assert word in message


@pytest.mark.ros
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_short_run_through_the_whole_graph(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "f.json"
    arguments = ["eval", "--policy", "scripted", "--task", "reach", "--episodes", "2", "--sentences", "train"]
    assert main([*arguments, "--json", str(file), "--traces", str(tmp_path / "traces")]) == 0
    result = json.loads(file.read_text())
    assert [name for name in NUMBERS.split() if name not in result] == []
    assert (result["time_mode"], result["episodes"], len(result["records"])) == ("lock_step", 2, 2)
    assert result["successes"] == 2
    assert (result["limit_violations"], result["commands_after_stop"]) == (0, 0)
    assert all(0.0 < r["velocity_peak"] <= 1.0 for r in result["records"])
    assert {e["reason"] for e in result["records"][0]["safety_events"]} >= {"armed", "disarmed"}
    assert len(list((tmp_path / "traces").glob("*.npz"))) == 2
    assert "2/2" in capsys.readouterr().out


@pytest.mark.ros
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("latency", [(0.0, "blend"), (0.2, "rtc")], ids=["at once", "200 ms later"])
def test_a_seed_repeats_bit_for_bit_in_lock_step(tmp_path, latency):
    from noetra_ros.cli.eval_graph import EvalGraph
    from noetra_ros.cli.eval_timing import timing_parameters
    from noetra_ros.evaluation.plan import plan_episodes
    from noetra_ros.evaluation.task_oracle import TaskOracle
    from noetra_ros.evaluation.timed_loop import Condition
    from noetra_ros.evaluation.trace import read_trace
    from noetra_ros.robots.profile import load_robot

    (plan,) = plan_episodes(["reach"], 1, 5, "train")
    oracle, motions, successes_s = TaskOracle(load_robot("so101")), [], []
    more = timing_parameters(Condition(latency[0], splice=latency[1]))
    with EvalGraph("scripted", "so101", "lock_step", "", tmp_path / "log", parameters=more) as graph:
        runner = graph.runner(oracle, "eval", tmp_path)
        for _ in range(2):
            raw = runner.run(plan)
            trace = read_trace(raw.trace_path)
            assert raw.end_reason == "success"
            motions.append(trace.positions[trace.time_s <= raw.ended_s])  # the stop comes later
            verdict = oracle.judge(trace, plan.seed, "eval", plan.task, plan.colour, raw.told_s)
            successes_s.append(verdict.success_at_s - raw.told_s)
    seen = min(len(motion) for motion in motions)  # whoever looks on is told of the success when it can be
    assert seen > 250
    assert np.array_equal(motions[0][:seen], motions[1][:seen])
    assert successes_s[0] == pytest.approx(successes_s[1], abs=1e-9)


@pytest.mark.ros
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_node_that_dies_is_an_error_and_no_result(tmp_path):
    from noetra_ros.cli.eval_graph import EvalGraph
    from noetra_ros.cli.graph_session import GraphError
    from noetra_ros.evaluation.plan import plan_episodes
    from noetra_ros.evaluation.task_oracle import TaskOracle
    from noetra_ros.robots.profile import load_robot

    (plan,) = plan_episodes(["pick"], 1, 5, "train")
    oracle = TaskOracle(load_robot("so101"))
    with EvalGraph("hold", "so101", "lock_step", "", tmp_path / "log") as graph:
        runner = graph.runner(oracle, "eval", tmp_path)
        with pytest.raises(GraphError, match="streamer was killed by SIGKILL"):
            runner.run(plan, watch=lambda sim_s: graph.graph.kill("streamer"))


@pytest.mark.parametrize("world", ["approach", "timing", "clutter"])
def test_sectors_are_of_the_world_with_nodes(capsys, world):
    assert main(["eval", "--world", world, "--sector", "retail"]) == 2
    assert "--sector: got retail" in capsys.readouterr().err
